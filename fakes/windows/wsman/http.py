"""HTTP/1.1 as http.sys speaks it to WinRM clients: bounded requests, one write per answer.

Headers and body leave in one ``sendall``: two writes on a loopback connection cost
44 ms each time (Nagle meets delayed ACK).
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import BinaryIO

# http.sys defaults (MaxFieldLength, MaxRequestBytes): 16 KiB each; a token of
# NTLM with many AV pairs needs far less.
MAX_LINE = 16 * 1024
_HEX = re.compile(r"[0-9A-Fa-f]{1,16}")
MAX_HEADERS = 100
# MaxEnvelopeSizekb is 500 by default (winrm/config); sealing and MIME add less than 4 KiB.
MAX_BODY = 512 * 1024


class BadRequest(Exception):
    """The peer does not speak HTTP as we need it; answer with a status and close."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Request:
    """One request; header names are lower case, repeated ones joined by a comma."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    keep_alive: bool


@dataclass
class Response:
    """One answer; ``headers`` are (name, value) pairs besides those every answer has."""

    status: HTTPStatus
    body: bytes = b""
    content_type: str = "application/soap+xml;charset=UTF-8"
    headers: list[tuple[str, str]] = field(default_factory=list)
    close: bool = False

    def encode(self) -> bytes:
        """Return the bytes of the whole answer."""
        lines = [f"HTTP/1.1 {self.status.value} {self.status.phrase}"]
        if self.body:
            lines.append(f"Content-Type: {self.content_type}")
        lines.append("Server: Microsoft-HTTPAPI/2.0")
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines.append(f"Date: {formatdate(usegmt=True)}")
        if self.close:
            lines.append("Connection: close")
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


def read_request(stream: BinaryIO, connection: socket.socket) -> Request | None:
    """Read one request, or return None when the peer closed the connection.

    Args:
        stream: Buffered reader of the connection.
        connection: For the interim answer to ``Expect: 100-continue``.

    Raises:
        BadRequest: Malformed or larger than the limits above.
        OSError: The connection broke or timed out.
    """
    line = stream.readline(MAX_LINE + 1)
    if not line:
        return None
    parts = _text(line).split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest(HTTPStatus.BAD_REQUEST, "not an HTTP/1.x request line")
    method, path, protocol = parts
    headers = _read_headers(stream)
    if "100-continue" in headers.get("expect", "").lower():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = _read_body(stream, headers)
    wish = headers.get("connection", "").lower()
    keep_alive = wish != "close" if protocol == "HTTP/1.1" else wish == "keep-alive"
    return Request(method, path, headers, body, keep_alive)


def _text(line: bytes) -> str:
    if len(line) > MAX_LINE or not line.endswith(b"\n"):
        raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "line too long or cut")
    return line.rstrip(b"\r\n").decode("latin-1")


def _read_headers(stream: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MAX_HEADERS):
        line = _text(stream.readline(MAX_LINE + 1))
        if not line:
            return headers
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed header")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers")


def _read_body(stream: BinaryIO, headers: dict[str, str]) -> bytes:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _read_chunks(stream)
    text = headers.get("content-length", "0")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed Content-Length")
    return _read_exactly(stream, int(text))


def _read_chunks(stream: BinaryIO) -> bytes:
    body = bytearray()
    while True:
        size = _text(stream.readline(MAX_LINE + 1)).partition(";")[0].strip()
        if not _HEX.fullmatch(size):
            raise BadRequest(HTTPStatus.BAD_REQUEST, "malformed chunk size")
        length = int(size, 16)
        if len(body) + length > MAX_BODY:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body too large")
        body += _read_exactly(stream, length)
        if _text(stream.readline(MAX_LINE + 1)) or length == 0:
            return bytes(body)


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    if length > MAX_BODY:
        raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body too large")
    body = stream.read(length) if length else b""
    if len(body) != length:
        raise BadRequest(HTTPStatus.BAD_REQUEST, "body shorter than announced")
    return body
