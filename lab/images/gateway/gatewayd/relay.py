"""Relay TCP connections to the fabric's unix sockets, byte for byte."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct
from pathlib import Path

CHUNK = 64 * 1024
log = logging.getLogger("gateway.relay")


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end of ``reader``, then pass the half-close on."""
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST, as a host does on whose port nobody listens any more."""
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.family != socket.AF_UNIX:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Relay:
    """One listening address and port whose connections go to one unix socket.

    Args:
        address: IPv4 address to listen on; it must be the machine's own already.
        port: TCP port.
        target: Path of the unix socket; looked up anew for each connection, so the
            fabric may start later than the gateway and may come back.
    """

    def __init__(self, address: str, port: int, target: Path) -> None:
        self.address = address
        self.port = port
        self.target = target
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen; raises `OSError` when the address is not ours or the port is taken."""
        self._server = await asyncio.start_server(self._serve, self.address, self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut the connections that are open."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            there, back = await asyncio.open_unix_connection(str(self.target))
        except OSError as error:
            log.warning("%s:%d: %s: %s", self.address, self.port, self.target, error)
            _reset(writer)
            return
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(reader, back))
                group.create_task(_pump(there, writer))
        except* OSError:
            _reset(writer)  # one side broke the connection: the other learns it at once
            back.transport.abort()
        finally:
            back.close()
            writer.close()
