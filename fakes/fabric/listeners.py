"""Gives each simulated host an address of its own on loopback, with WinRM's own ports."""

from __future__ import annotations

import errno
import secrets

from fakes.tls import Authority
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener

HTTP_PORT, HTTPS_PORT = 5985, 5986
_TRIES = 8


def listen(host: Host, authority: Authority) -> tuple[Listener, str]:
    """Start WinRM for a host.

    All of 127.0.0.0/8 is this machine on Linux, so a host gets an address that nobody else
    has, and labs run side by side. Where only 127.0.0.1 exists (macOS) it gets free ports.

    Returns:
        The running listener and its address.

    Raises:
        OSError: No address and port could be had.
    """
    for _ in range(_TRIES):
        address = f"127.{1 + secrets.randbelow(254)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
        certificate = authority.issue(address, "localhost", host.name)
        listener = Listener(
            host,
            address=address,
            http_port=HTTP_PORT,
            https_port=HTTPS_PORT,
            certificate=(certificate.cert, certificate.key),
        )
        try:
            listener.start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            if error.errno == errno.EADDRNOTAVAIL:
                break
            raise
        return listener, address
    certificate = authority.issue("127.0.0.1", "localhost", host.name)
    listener = Listener(host, certificate=(certificate.cert, certificate.key))
    listener.start()
    return listener, "127.0.0.1"
