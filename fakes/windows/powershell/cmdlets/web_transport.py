"""HTTP of the simulated host: real requests through the host's own network.

Failures are told apart as ``System.Net.HttpWebRequest`` tells them apart (WebExceptionStatus).
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

TCP_CONNECT_TIMEOUT = 21.0
"""Seconds until Windows gives up a connection attempt (three SYNs)."""
_REDIRECTS = {301, 302, 303, 307, 308}


class WebFailure(Exception):
    """No response: `status` is a name of WebExceptionStatus, `inner` the text of the inner exception."""

    def __init__(self, status: str, text: str, inner: str = "", inner_type: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.inner = inner
        self.inner_type = inner_type


@dataclass(frozen=True)
class Response:
    """An HTTP response, body read to its end."""

    url: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str, default: str = "") -> str:
        """A header's value, several joined by a comma."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ",".join(values) if values else default


class _Connection(http.client.HTTPConnection):
    """A connection whose socket comes from the host's network."""

    def __init__(self, network: Any, host: str, port: int, *, tls: bool, timeout: float | None) -> None:
        super().__init__(host, port, timeout=timeout or TCP_CONNECT_TIMEOUT)
        self._network = network
        self._tls = tls
        self._limit = timeout

    def connect(self) -> None:
        address = self.host if _is_address(self.host) else self._network.resolve(self.host)
        if address is None:
            raise WebFailure("NameResolutionFailure", f"The remote name could not be resolved: '{self.host}'")
        wait = min(self._limit or TCP_CONNECT_TIMEOUT, TCP_CONNECT_TIMEOUT)
        try:
            raw: socket.socket = self._network.connect(address, self.port, wait)
        except TimeoutError:
            if self._limit is not None and self._limit < TCP_CONNECT_TIMEOUT:
                raise WebFailure("Timeout", "The operation has timed out.") from None
            inner = (
                "A connection attempt failed because the connected party did not properly respond after a period of time, "
                f"or established connection failed because connected host has failed to respond {address}:{self.port}"
            )
            raise _unreachable(inner) from None
        except ConnectionRefusedError:
            inner = f"No connection could be made because the target machine actively refused it {address}:{self.port}"
            raise _unreachable(inner) from None
        raw.settimeout(self._limit or 100.0)
        self.sock = self._secure(raw) if self._tls else raw

    def _secure(self, raw: socket.socket) -> ssl.SSLSocket:
        context: ssl.SSLContext = self._network.tls_context()
        try:
            return context.wrap_socket(raw, server_hostname=self.host)
        except ssl.SSLCertVerificationError as error:
            text = "The remote certificate is invalid according to the validation procedure."
            raise WebFailure(
                "TrustFailure",
                "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS "
                "secure channel.",
                text,
                "System.Security.Authentication.AuthenticationException",
            ) from error
        except (ssl.SSLError, ConnectionError) as error:
            raise WebFailure(
                "SecureChannelFailure", "The request was aborted: Could not create SSL/TLS secure channel."
            ) from error


def _unreachable(inner: str) -> WebFailure:
    return WebFailure(
        "ConnectFailure",
        "Unable to connect to the remote server",
        inner,
        "System.Net.Sockets.SocketException",
    )


def _is_address(host: str) -> bool:
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return host.count(".") == 3


def send(
    network: Any,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    *,
    timeout: float | None = None,
    redirects: int = 5,
) -> Response:
    """Sends one request and follows redirections.

    Args:
        network: the host's network (``resolve``, ``connect``, ``tls_context``).
        method: the HTTP verb.
        url: absolute http or https address.
        headers: header lines.
        body: content, None for none.
        timeout: seconds for each wait, None for the system's own limits.
        redirects: how many redirections to follow.

    Raises:
        WebFailure: there was no response.
    """
    for _ in range(redirects + 1):
        response = _exchange(network, method, url, headers, body, timeout)
        target = response.header("Location")
        if response.status not in _REDIRECTS or not target or redirects == 0:
            return response
        url = urljoin(url, target)
        if response.status == 303 or (response.status in {301, 302} and method == "POST"):
            method, body = "GET", None
    return response


def _exchange(
    network: Any, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float | None
) -> Response:
    parts = urlsplit(url)
    tls = parts.scheme.lower() == "https"
    connection = _Connection(
        network, parts.hostname or "", parts.port or (443 if tls else 80), tls=tls, timeout=timeout
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = dict(headers)
    if body is None and method in {"PUT", "POST", "PATCH"}:
        sent.setdefault("Content-Length", "0")
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        if body is not None:
            sent["Content-Length"] = str(len(body))
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        return Response(url, answer.status, answer.reason, answer.getheaders(), content)
    except TimeoutError:
        raise WebFailure("Timeout", "The operation has timed out.") from None
    except (http.client.HTTPException, ConnectionError, ssl.SSLError) as error:
        raise WebFailure(
            "ConnectionClosed",
            "The underlying connection was closed: The connection was closed unexpectedly.",
        ) from error
    finally:
        connection.close()
