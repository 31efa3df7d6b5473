"""Microsoft's own blob SDK against the account that the lab starts, and against SAS the lab signs."""

import uuid

import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.transport import RequestsTransport
from azure.storage.blob import BlobClient as SdkBlob
from azure.storage.blob import BlobServiceClient

from fakes.storage.client import BlobClient
from fakes.storage.server import AzuriteServer

pytestmark = pytest.mark.azurite


class ToLoopback(RequestsTransport):
    """Carries requests for the account's public name to the port of the lab's Azurite."""

    def __init__(self, endpoint):
        super().__init__()
        self._endpoint = endpoint

    def send(self, request, **kwargs):
        end = self._endpoint
        request.headers["Host"] = end.host
        request.url = request.url.replace(end.url, f"http://{end.address}:{end.port}", 1)
        return super().send(request, **kwargs)


@pytest.fixture(scope="module")
def ours():
    with AzuriteServer("labstore") as server:
        client = BlobClient(server.endpoint())
        yield client
        client.close()


@pytest.fixture
def disk(ours):
    container = f"c{uuid.uuid4().hex[:12]}"
    ours.create_container(container)
    ours.create_page_blob(container, "os disk.vhd", 4096)
    ours.put_pages(container, "os disk.vhd", 512, b"x" * 512)
    return container, "os disk.vhd"


def sdk_blob(ours, url, **kwargs):
    return SdkBlob.from_blob_url(url, transport=ToLoopback(ours.endpoint), **kwargs)


def test_the_sdk_reads_and_snapshots_with_our_sas(ours, disk):
    with sdk_blob(ours, ours.sas_url(*disk, "rw")) as blob:
        assert [(r.start, r.end) for r in blob.list_page_ranges()] == [(512, 1023)]
        taken = blob.create_snapshot(metadata={"taskId": "42"})
    assert [s.snapshot for s in ours.snapshots(*disk)] == [taken["snapshot"]]


def test_the_sdk_is_refused_what_our_sas_does_not_grant(ours, disk):
    with sdk_blob(ours, ours.sas_url(*disk, "r")) as blob, pytest.raises(HttpResponseError) as refused:
        blob.create_snapshot()
    assert refused.value.status_code == 403


def test_our_snapshots_are_the_sdks_snapshots(ours, disk):
    container, name = disk
    stamp = ours.snapshot(container, name, {"taskid": "1"})
    ours.put_pages(container, name, 512, b"y" * 512)
    service = BlobServiceClient(
        ours.endpoint.url,
        credential={"account_name": "labstore", "account_key": ours.endpoint.key},
        transport=ToLoopback(ours.endpoint),
    )
    with service:
        listed = service.get_container_client(container).list_blobs(include=["snapshots", "metadata"])
        found = [(b.name, b.snapshot, b.metadata) for b in listed if b.snapshot]
        assert found == [(name, stamp, {"taskid": "1"})]
        old = service.get_blob_client(container, name, snapshot=stamp).download_blob(512, 4).readall()
        new = service.get_blob_client(container, name).download_blob(512, 4).readall()
    assert (old, new) == (b"xxxx", b"yyyy")
