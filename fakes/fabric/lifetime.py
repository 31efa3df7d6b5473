"""When a fabric ends: the end of its input, a signal, the control API, its expiry."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime


class Lifetime:
    """Awaits the end of a fabric's life.

    Args:
        expires: When it ends by itself (aware, real time).
        detached: Whether it lives on when standard input ends.
    """

    def __init__(self, expires: datetime, *, detached: bool) -> None:
        self._expires = expires
        self._detached = detached
        self._over = asyncio.Event()

    def stop(self) -> None:
        """End it; to be called on the event loop."""
        self._over.set()

    async def end(self) -> None:
        """Wait for the end."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.stop)
        # A Ctrl-C at the terminal reaches the whole foreground group; tear-down is the harness's.
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        if not self._detached:
            loop.add_reader(sys.stdin.fileno(), self._input)
        left = (self._expires - datetime.now(UTC)).total_seconds()
        expiry = loop.call_later(max(left, 0.0), self.stop)
        try:
            await self._over.wait()
        finally:
            expiry.cancel()
            if not self._detached:
                loop.remove_reader(sys.stdin.fileno())

    def _input(self) -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            self.stop()
