"""Serves ASGI applications on sockets of this process, several in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fakes.tls import Certificate


def tcp_socket(address: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """Return a bound TCP socket; port 0 lets the system choose one.

    Raises:
        OSError: The address is not this machine's, or the port is taken.
    """
    # The protocol must be named: asyncio sets TCP_NODELAY only then, and without it every
    # answer of two writes waits 40 ms for a delayed acknowledgement.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return sock


def unix_socket(path: Path) -> socket.socket:
    """Return a bound unix socket; a file that an earlier process left is replaced.

    Raises:
        OSError: The folder is missing, or the path exceeds the system's 107 characters.
    """
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.bind(str(path))
    os.chmod(path, 0o666)  # noqa: PTH101, S103 - the gateway's relay may run under another user
    return sock


@contextlib.asynccontextmanager
async def serving(
    app: Any, sock: socket.socket, certificate: Certificate | None = None
) -> AsyncIterator[str]:
    """Serve an application until the context ends.

    Args:
        app: ASGI application.
        sock: Bound socket; closed at the end.
        certificate: Serve TLS with it.

    Yields:
        The base URL (``https://localhost:8443``); ``""`` for a unix socket.
    """
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ssl_certfile=str(certificate.cert) if certificate else None,
        ssl_keyfile=str(certificate.key) if certificate else None,
        timeout_graceful_shutdown=1,
        ws="none",
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    bound = Path(sock.getsockname()) if sock.family == socket.AF_UNIX else None
    await server.startup(sockets=[sock])  # not serve(): signals belong to the fabric
    ticking = asyncio.create_task(_tick(server))
    try:
        yield _url(sock, tls=certificate is not None)
    finally:
        ticking.cancel()
        _stop(server)
        if bound:
            bound.unlink(missing_ok=True)
        sock.close()


def _stop(server: Any) -> None:
    """Close the listener and the connections; uvicorn's own shutdown always takes 0.1 s."""
    for listener in server.servers:
        listener.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    for task in list(server.server_state.tasks):
        task.cancel()


async def _tick(server: Any) -> None:
    """Keep the Date header right; uvicorn's own loop would make each stop wait for its next turn."""
    seconds = 0
    while True:
        await server.on_tick(seconds * 10)  # it counts tenths
        seconds += 1
        await asyncio.sleep(1)


def _url(sock: socket.socket, *, tls: bool) -> str:
    if sock.family == socket.AF_UNIX:
        return ""
    host, port = sock.getsockname()[:2]
    # Certificates and the az CLI speak of localhost; other loopback addresses keep their own name.
    return f"{'https' if tls else 'http'}://{'localhost' if tls and host == '127.0.0.1' else host}:{port}"
