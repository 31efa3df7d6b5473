"""Wait for changes in the folder that the fabric shares with the gateway (inotify)."""

from __future__ import annotations

import asyncio
import ctypes
import os
from pathlib import Path

IN_CLOSE_WRITE = 0x008
IN_MOVED_TO = 0x080
IN_DELETE = 0x200
IN_NONBLOCK = os.O_NONBLOCK
IN_CLOEXEC = os.O_CLOEXEC

RECHECK_SECONDS = 2.0
"""A folder shared through a virtual machine (Docker Desktop) sends no events."""


class FolderWatch:
    """Wakes its user when something in a folder changed.

    An event never says *what* changed: the user compares contents. That way a missed or
    doubled event does no harm.
    """

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(IN_NONBLOCK | IN_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE
        if libc.inotify_add_watch(self._descriptor, os.fsencode(folder), mask) < 0:
            error = ctypes.get_errno()
            os.close(self._descriptor)
            raise OSError(error, os.strerror(error), str(folder))
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._descriptor, self._drain)

    def _drain(self) -> None:
        os.read(self._descriptor, 64 * 1024)
        self._changed.set()

    async def changed(self) -> None:
        """Return after the next change, or after `RECHECK_SECONDS`."""
        try:
            await asyncio.wait_for(self._changed.wait(), RECHECK_SECONDS)
        except TimeoutError:
            return
        self._changed.clear()

    def close(self) -> None:
        """Stop watching."""
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
