"""The cloud side: a namespace whose addresses are the services that an NSG can block."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
from pathlib import Path

from . import link
from .names import read_names
from .relay import Relay
from .watch import FolderWatch

HTTPS_PORT = 443
PR_SET_PDEATHSIG = 1
log = logging.getLogger("gateway.cloud")


class Cloud:
    """Serves each address of ``dns.json`` on port 443 with the fabric's storage."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._relays: dict[str, Relay] = {}

    async def refresh(self) -> None:
        """Take up new addresses and let go of those that are no longer named."""
        wanted = set(read_names(self._folder).values())
        for address in self._relays.keys() - wanted:
            await self._relays.pop(address).stop()
            link.ip("addr", "del", f"{address}/32", "dev", "lo")
        for address in sorted(wanted - self._relays.keys()):
            link.ip("addr", "add", f"{address}/32", "dev", "lo")
            relay = Relay(address, HTTPS_PORT, self._folder / "storage.sock")
            await relay.start()
            self._relays[address] = relay
            log.info("the cloud answers on %s:%d", address, HTTPS_PORT)

    async def serve(self, ready: int) -> None:
        """Serve for ever; writes one byte to the descriptor ``ready`` when it does."""
        watch = FolderWatch(self._folder)
        await self.refresh()
        os.write(ready, b"1")
        while True:
            await watch.changed()
            await self.refresh()


def fork_cloud(folder: Path) -> tuple[int, int, int]:
    """Start the cloud's process in a network namespace of its own.

    Returns:
        Its pid, a descriptor to close when its wire is laid, and one to read: a byte
        comes when the namespace exists and another when the services answer.
    """
    report_read, report_write = os.pipe()
    go_read, go_write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(report_write)
        os.close(go_read)
        return pid, go_write, report_read
    status = 1
    try:
        os.close(report_read)
        os.close(go_write)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        link.unshare_network()
        os.write(report_write, b"1")
        os.read(go_read, 1)
        link.set_up_cloud()
        asyncio.run(Cloud(folder).serve(report_write))
    except BaseException:
        log.exception("the cloud side ended")
    finally:
        os._exit(status)
