"""Where and how WinRM is reached on a host."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from lab.errors import UsageError

Transport = Literal["ntlm", "basic", "kerberos", "credssp"]


@dataclass(frozen=True)
class Endpoint:
    """Where and how to reach WinRM on a host.

    Attributes:
        url: ``http://host:5985/wsman`` or ``https://host:5986/wsman``.
        transport: Kind of authentication.
        ca_file: PEM of the authority that signed the host's certificate; None: the
            system's.
        proxy: Whether proxies named in the environment are used.
    """

    url: str
    transport: Transport = "ntlm"
    ca_file: str | None = None
    proxy: bool = False

    @classmethod
    def parse(cls, address: str, transport: Transport = "ntlm") -> Endpoint:
        """Make an endpoint of ``host``, ``host:port`` or a URL.

        Raises:
            UsageError: Not an address, or Basic without TLS, which would show the password.

        >>> Endpoint.parse("10.0.0.5").url, Endpoint.parse("https://srv").url
        ('http://10.0.0.5:5985/wsman', 'https://srv:5986/wsman')
        """
        text = address if "://" in address else f"http://{address}"
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise UsageError(f"{address!r} is no WinRM address: {error}") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise UsageError(f"{address!r} is no WinRM address: use HOST, HOST:PORT or a URL")
        if transport == "basic" and parts.scheme == "http":
            raise UsageError(f"{address}: Basic over http would send the password in clear")
        name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        port = port or (5986 if parts.scheme == "https" else 5985)
        return cls(f"{parts.scheme}://{name}:{port}/wsman", transport, proxy=True)


def authorities() -> str:
    """Return the bundle named in the environment; said explicitly, or pywinrm warns of it."""
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return bundle or "legacy_requests"


def proxy_for(url: str) -> str | None:
    """Return the proxy the environment names for a URL; said explicitly, or pywinrm warns of it."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)
