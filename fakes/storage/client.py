"""A small blob client for the fabric's own use: page blobs, block blobs, snapshots.

The fabric must start fast and needs a dozen calls, so it does not import an SDK; the SDK
is the foreign client of the conformance tests. Calls block: from asyncio, use
``asyncio.to_thread``.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import quote, urlencode

from fakes.storage.errors import StorageError
from fakes.storage.signing import service_sas, shared_key

API_VERSION = "2021-12-02"
PAGE = 512
_LARGEST_WRITE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Endpoint:
    """Where an account's blob service is, and its key.

    Attributes:
        account: Account name.
        key: Account key, base64.
        host: Public host name, ``<account>.blob.core.windows.net``.
        address: Address to connect to.
        port: Port to connect to.
        tls: TLS context that trusts the lab's CA; ``None`` speaks plain HTTP.
    """

    account: str
    key: str
    host: str
    address: str
    port: int
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        """Return the account's public blob endpoint, without a trailing slash."""
        return f"{'https' if self.tls else 'http'}://{self.host}"


@dataclass(frozen=True)
class Blob:
    """One entry of a container listing; ``snapshot`` is empty for the base blob."""

    name: str
    snapshot: str
    kind: str
    size: int
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the service answered: status, lower-cased headers, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class BlobClient:
    """Blob calls on one account, signed with its key; usable from many threads at a time."""

    def __init__(self, endpoint: Endpoint, timeout: float = 30.0) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._lock = threading.Lock()
        self._idle: list[http.client.HTTPConnection] = []

    # -- containers ---------------------------------------------------------------
    def create_container(self, name: str) -> None:
        """Create a container; one that exists is left as it is."""
        try:
            self._call("PUT", f"/{name}", {"restype": "container"})
        except StorageError as error:
            if error.code != "ContainerAlreadyExists":
                raise

    def list_blobs(self, container: str, prefix: str = "", *, snapshots: bool = True) -> list[Blob]:
        """Return the blobs of a container, with their snapshots and metadata."""
        include = "metadata,snapshots" if snapshots else "metadata"
        query = {"restype": "container", "comp": "list", "include": include, "prefix": prefix}
        found: list[Blob] = []
        marker = ""
        while True:
            answer = self._call("GET", f"/{container}", {**query, "marker": marker} if marker else query)
            root = ET.fromstring(answer.body.decode("utf-8-sig"))  # noqa: S314 - our own Azurite's answer
            found += [_blob(entry) for entry in root.iter("Blob")]
            marker = root.findtext("NextMarker") or ""
            if not marker:
                return found

    # -- blobs --------------------------------------------------------------------
    def create_page_blob(
        self, container: str, name: str, size: int, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Create an empty page blob of ``size`` bytes (a multiple of 512)."""
        headers = {"x-ms-blob-type": "PageBlob", "x-ms-blob-content-length": str(size), **_meta(metadata)}
        self._call("PUT", _path(container, name), headers=headers)

    def put_pages(self, container: str, name: str, offset: int, data: bytes) -> None:
        """Write pages at ``offset``; both it and the length are multiples of 512."""
        for start in range(0, len(data), _LARGEST_WRITE):
            piece = data[start : start + _LARGEST_WRITE]
            first = offset + start
            headers = {"x-ms-page-write": "update", "x-ms-range": f"bytes={first}-{first + len(piece) - 1}"}
            self._call("PUT", _path(container, name), {"comp": "page"}, headers, piece)

    def page_ranges(self, container: str, name: str, snapshot: str = "") -> list[tuple[int, int]]:
        """Return the written ranges of a page blob as (first byte, last byte)."""
        answer = self._call("GET", _path(container, name), {"comp": "pagelist", **_at(snapshot)})
        root = ET.fromstring(answer.body.decode("utf-8-sig"))  # noqa: S314 - our own Azurite's answer
        ranges = root.findall("PageRange")
        return [(int(r.findtext("Start") or 0), int(r.findtext("End") or 0)) for r in ranges]

    def put_block_blob(
        self, container: str, name: str, data: bytes, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Create or replace a block blob."""
        headers = {
            "x-ms-blob-type": "BlockBlob",
            "Content-Type": "application/octet-stream",
            **_meta(metadata),
        }
        self._call("PUT", _path(container, name), headers=headers, body=data)

    def read(
        self, container: str, name: str, *, snapshot: str = "", first: int = 0, last: int | None = None
    ) -> bytes:
        """Return the bytes ``first`` to ``last`` (inclusive; to the end when left out)."""
        headers = {} if last is None else {"x-ms-range": f"bytes={first}-{last}"}
        return self._call("GET", _path(container, name), _at(snapshot), headers).body

    def head(self, container: str, name: str, snapshot: str = "") -> dict[str, str] | None:
        """Return a blob's properties as lower-cased headers, or ``None`` when it does not exist."""
        try:
            return self._call("HEAD", _path(container, name), _at(snapshot)).headers
        except StorageError as error:
            if error.status == 404:
                return None
            raise

    def delete(self, container: str, name: str, *, snapshot: str = "", with_snapshots: bool = False) -> None:
        """Delete a blob, or one snapshot of it, or it and all its snapshots."""
        headers = {"x-ms-delete-snapshots": "include"} if with_snapshots else {}
        self._call("DELETE", _path(container, name), _at(snapshot), headers)

    # -- snapshots ----------------------------------------------------------------
    def snapshot(self, container: str, name: str, metadata: Mapping[str, str] | None = None) -> str:
        """Take a snapshot and return its time stamp (``x-ms-snapshot``)."""
        answer = self._call("PUT", _path(container, name), {"comp": "snapshot"}, _meta(metadata))
        return answer.headers["x-ms-snapshot"]

    def snapshots(self, container: str, name: str) -> list[Blob]:
        """Return a blob's snapshots, oldest first."""
        entries = self.list_blobs(container, name)
        return sorted((b for b in entries if b.name == name and b.snapshot), key=lambda blob: blob.snapshot)

    def sas_url(self, container: str, name: str, permissions: str) -> str:
        """Return a blob's public URL with a service SAS."""
        end = self.endpoint
        query = service_sas(end.account, end.key, container, name, permissions=permissions)
        return f"{end.url}{_path(container, name)}?{query}"

    def request_url(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Make a request for somebody who signed it (the SAS is in the URL); any status is an answer.

        Raises:
            ValueError: The URL is not on this account.
        """
        base = self.endpoint.url + "/"
        if not url.lower().startswith(base.lower()):
            raise ValueError(f"{url.partition('?')[0]} is not on {base}")
        return self._exchange(
            method, url[len(base) - 1 :], {"Content-Length": str(len(body)), **headers}, body
        )

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # -- private ------------------------------------------------------------------
    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        end = self.endpoint
        text = urlencode(query or {}, quote_via=quote)
        sent = {
            "x-ms-date": formatdate(usegmt=True),
            "x-ms-version": API_VERSION,
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        sent["Authorization"] = shared_key(end.account, end.key, method, path, query=text, headers=sent)
        answer = self._exchange(method, f"{path}?{text}" if text else path, sent, body)
        if answer.status >= 400:
            code = answer.headers.get("x-ms-error-code", "")
            raise StorageError(answer.status, code, f"{method} {path}")
        return answer

    def _exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        connection = kept or self._connect()
        try:
            connection.request(method, target, body or None, {"Host": self.endpoint.host, **headers})
            response = connection.getresponse()
            answer = Answer(
                response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
            )
        except (http.client.HTTPException, ConnectionError):
            connection.close()
            if kept is None:
                raise
            return self._exchange(method, target, headers, body)  # the server had closed an idle connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle.append(connection)
        return answer

    def _connect(self) -> http.client.HTTPConnection:
        end = self.endpoint
        if end.tls is None:
            return http.client.HTTPConnection(end.address, end.port, timeout=self._timeout)
        return _NamedHTTPSConnection(end, self._timeout)


class _NamedHTTPSConnection(http.client.HTTPSConnection):
    """TLS to an address while asking for, and verifying, the account's public name."""

    def __init__(self, endpoint: Endpoint, timeout: float) -> None:
        assert endpoint.tls is not None
        super().__init__(endpoint.address, endpoint.port, timeout=timeout, context=endpoint.tls)
        self._context_of_lab = endpoint.tls
        self._public_name = endpoint.host

    def connect(self) -> None:
        """Connect, then shake hands under the public name."""
        http.client.HTTPConnection.connect(self)
        self.sock = self._context_of_lab.wrap_socket(self.sock, server_hostname=self._public_name)


def _path(container: str, name: str) -> str:
    return f"/{container}/{quote(name)}"


def _at(snapshot: str) -> dict[str, str]:
    return {"snapshot": snapshot} if snapshot else {}


def _meta(metadata: Mapping[str, str] | None) -> dict[str, str]:
    return {f"x-ms-meta-{name}": value for name, value in (metadata or {}).items()}


def _blob(entry: ET.Element) -> Blob:
    properties = entry.find("Properties")
    metadata = entry.find("Metadata")
    return Blob(
        name=entry.findtext("Name") or "",
        snapshot=entry.findtext("Snapshot") or "",
        kind=(properties.findtext("BlobType") or "") if properties is not None else "",
        size=int((properties.findtext("Content-Length") or 0) if properties is not None else 0),
        metadata={item.tag: item.text or "" for item in metadata} if metadata is not None else {},
    )
