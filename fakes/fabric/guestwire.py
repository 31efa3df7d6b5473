"""The folder through which a Linux guest's gateway reaches the fabric.

``<sockets>/<guest address>/`` holds one unix socket per service, the names that the guest
may resolve (``dns.json``) and the packet filter compiled from its interface's groups
(``ruleset.nft``). Files are replaced, never rewritten: the gateway watches the folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from fakes.arm.providers.network.effective import interface_view
from fakes.arm.store import ResourceStore
from fakes.fabric.serving import unix_socket
from fakes.network.nft import compile_ruleset

_CHUNK = 65536


class GuestWire:
    """The shared folder of one guest.

    Args:
        folder: Made here; short enough for unix sockets.
        store: The control plane's resources; a change of the network is followed.
        nic_id: The guest's network interface.
        names: Host name -> address, for the guest's name server.
    """

    def __init__(self, folder: Path, store: ResourceStore, nic_id: str, names: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._store = store
        self._nic_id = nic_id
        replace(folder / "dns.json", json.dumps(dict(names)) + "\n")
        self.write_ruleset()
        store.on_change(self._changed)

    def write_ruleset(self) -> None:
        """Compile what is in force for the interface now, where it differs from what was."""
        text = compile_ruleset(interface_view(self._store, self._nic_id))
        path = self.folder / "ruleset.nft"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            replace(path, text)

    def _changed(self, resource_id: str) -> None:
        if "/microsoft.network/" in resource_id.lower() and self._nic_id in self._store:
            self.write_ruleset()

    @contextlib.asynccontextmanager
    async def relaying(self, name: str, address: str, port: int) -> AsyncIterator[None]:
        """Carry the connections of a socket in the folder to a TCP port, byte for byte."""

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                there, back = await asyncio.open_connection(address, port)
                with contextlib.closing(back):
                    await asyncio.gather(_pump(reader, back), _pump(there, writer))
            writer.close()

        sock = unix_socket(self.folder / name)
        server = await asyncio.start_unix_server(carry, sock=sock)
        try:
            yield
        finally:
            server.close()
            (self.folder / name).unlink(missing_ok=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def replace(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)  # noqa: PTH105 - atomicity is the point, and os says so
