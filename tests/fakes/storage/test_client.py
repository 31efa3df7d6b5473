import http.client
import ssl
import uuid
from urllib.parse import urlsplit

import pytest

from fakes.storage.client import PAGE
from fakes.storage.errors import StorageError

pytestmark = pytest.mark.azurite


@pytest.fixture
def container(blobs):
    name = f"c{uuid.uuid4().hex[:12]}"
    blobs.create_container(name)
    return name


def anonymous(endpoint, method, url, headers=None, body=None):
    """A request with nothing but the URL, as an extension in a guest makes it."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(endpoint.address, endpoint.port, timeout=10)
    connection.connect()
    connection.sock = endpoint.tls.wrap_socket(connection.sock, server_hostname=parts.hostname)
    connection.request(
        method, f"{parts.path}?{parts.query}", body, {"Host": parts.hostname, **(headers or {})}
    )
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_pages_written_are_read_back_and_listed_as_ranges(blobs, container):
    blobs.create_page_blob(container, "os.vhd", 8 * PAGE, {"disk": "os"})
    blobs.put_pages(container, "os.vhd", 2 * PAGE, b"\x07" * PAGE)
    assert blobs.page_ranges(container, "os.vhd") == [(2 * PAGE, 3 * PAGE - 1)]
    assert blobs.read(container, "os.vhd", first=2 * PAGE, last=3 * PAGE - 1) == b"\x07" * PAGE
    assert blobs.head(container, "os.vhd")["x-ms-meta-disk"] == "os"


def test_a_snapshot_keeps_the_old_pages(blobs, container):
    blobs.create_page_blob(container, "os.vhd", 2 * PAGE)
    blobs.put_pages(container, "os.vhd", 0, b"a" * PAGE)
    taken = blobs.snapshot(container, "os.vhd", {"taskid": "1"})
    blobs.put_pages(container, "os.vhd", 0, b"b" * PAGE)
    assert blobs.read(container, "os.vhd", snapshot=taken, first=0, last=3) == b"aaaa"
    assert [(s.snapshot, s.metadata) for s in blobs.snapshots(container, "os.vhd")] == [
        (taken, {"taskid": "1"})
    ]


def test_an_absent_blob_is_none_and_its_deletion_an_error(blobs, container):
    assert blobs.head(container, "nothing") is None
    with pytest.raises(StorageError, match=r"DELETE .*nothing: 404"):
        blobs.delete(container, "nothing")


def test_a_blob_with_snapshots_is_not_deleted_without_asking_for_it(blobs, container):
    blobs.create_page_blob(container, "os.vhd", PAGE)
    blobs.snapshot(container, "os.vhd")
    with pytest.raises(StorageError) as refused:
        blobs.delete(container, "os.vhd")
    assert (refused.value.status, refused.value.code) == (409, "SnapshotsPresent")
    blobs.delete(container, "os.vhd", with_snapshots=True)
    assert blobs.head(container, "os.vhd") is None


def test_a_container_may_be_created_twice(blobs, container):
    blobs.create_container(container)


def test_block_blobs_are_replaced(blobs, container):
    blobs.put_block_blob(container, "status/a b.json", b"one")
    blobs.put_block_blob(container, "status/a b.json", b"two")
    assert blobs.read(container, "status/a b.json") == b"two"


def test_a_sas_takes_the_snapshot_and_no_more(blobs, container):
    blobs.create_page_blob(container, "os.vhd", PAGE)
    url = blobs.sas_url(container, "os.vhd", "rw")
    done = anonymous(blobs.endpoint, "PUT", url + "&comp=snapshot", {"x-ms-meta-taskid": "7"}, b"")
    assert done.status == 201
    assert blobs.snapshots(container, "os.vhd")[0].snapshot == done.headers["x-ms-snapshot"]
    refused = anonymous(blobs.endpoint, "DELETE", url)
    assert (refused.status, refused.headers["x-ms-error-code"]) == (403, "AuthorizationPermissionMismatch")


def test_a_forged_sas_is_refused(blobs, container):
    blobs.create_page_blob(container, "os.vhd", PAGE)
    url = blobs.sas_url(container, "os.vhd", "r").replace("sp=r", "sp=rw")
    refused = anonymous(blobs.endpoint, "PUT", url + "&comp=snapshot", body=b"")
    assert refused.status == 403


def test_the_certificate_is_for_the_public_name_only(blobs):
    end = blobs.endpoint
    plain = http.client.HTTPConnection(end.address, end.port, timeout=10)
    plain.connect()
    with pytest.raises(ssl.SSLCertVerificationError):
        end.tls.wrap_socket(plain.sock, server_hostname="other.blob.core.windows.net")
    plain.close()


def test_a_request_that_somebody_else_signed_is_made_for_them(blobs, container):
    url = blobs.sas_url(container, "status.json", "rw")
    headers = {"x-ms-blob-type": "BlockBlob", "x-ms-version": "2014-02-14"}
    assert blobs.request_url("PUT", url, headers, b"{}").status == 201
    assert blobs.request_url("GET", url, {}).body == b"{}"
    assert blobs.request_url("GET", url.partition("?")[0], {}).status in {401, 403, 404}
    with pytest.raises(ValueError, match="is not on") as refused:
        blobs.request_url("GET", "https://elsewhere.example/x?sig=secret", {})
    assert "secret" not in str(refused.value)
