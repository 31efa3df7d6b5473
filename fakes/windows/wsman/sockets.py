"""Sockets of the listener."""

from __future__ import annotations

import contextlib
import socket
import struct


def listen(address: str, port: int) -> socket.socket:
    """Return a listening socket; raises OSError that names address and port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(128)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"WinRM cannot listen on {address}:{port}: {error}") from error
    return listening


def shut(connection: socket.socket, how: int) -> None:
    """Shut one or both directions of a connection, plain or TLS, that may be gone already."""
    with contextlib.suppress(OSError):
        # Not SSLSocket.shutdown, which would let the rest of an answer leave in clear.
        socket.socket.shutdown(connection, how)


def reset(connection: socket.socket) -> None:
    """Close with a reset: nobody is there."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
