import pytest

from fakes.storage.client import BlobClient
from fakes.storage.server import AzuriteServer
from fakes.tls import Authority


@pytest.fixture(scope="session")
def azurite(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("ca"))
    certificate = authority.issue("labstore.blob.core.windows.net")
    server = AzuriteServer(
        "labstore", certificate=(certificate.cert, certificate.key), ca_file=authority.ca_file
    )
    with server:
        yield server


@pytest.fixture
def blobs(azurite):
    client = BlobClient(azurite.endpoint())
    yield client
    client.close()
