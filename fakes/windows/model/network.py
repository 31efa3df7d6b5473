"""What a host's wire can do; the fabric gives a real one."""

from __future__ import annotations

import socket
import ssl
from typing import Protocol


class Network(Protocol):
    """The host's way out. Implementations run in the caller's thread and may block."""

    def resolve(self, name: str) -> str | None:
        """Return the address of a name, or None when no server answers for it."""

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        """Return a connected TCP socket.

        Raises:
            TimeoutError: Nothing answered (a rule dropped it) within ``timeout`` seconds.
            ConnectionRefusedError: The other side is there and refused.
        """

    def tls_context(self) -> ssl.SSLContext:
        """Return a client context that trusts what the host's certificate stores trust."""


class Unplugged:
    """The wire of a host that stands alone: no name resolves, nothing answers."""

    def resolve(self, name: str) -> str | None:  # noqa: ARG002 (the protocol's)
        """Return None."""
        return None

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        """Raise TimeoutError at once."""
        raise TimeoutError(f"{address}:{port} did not answer within {timeout:g} s: the host has no network")

    def tls_context(self) -> ssl.SSLContext:
        """Return the platform's default context."""
        return ssl.create_default_context()
