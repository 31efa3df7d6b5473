"""The fabric's clock: time that can be waited for without waiting.

Backup jobs wait minutes for a heartbeat to go stale. A job that waits holds a
:meth:`Clock.demand`; while one is held, time flows ``rate`` times faster than real
time. With an infinite rate (a world of simulated hosts only) it jumps from sleeper
to sleeper, as soon as nobody is doing real work (:meth:`Clock.busy`). Without a
demand the clock flows with real time, so that idle polling costs nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

# How often the jump loop lets other coroutines run before it moves the hands: a
# report that is being written must be seen before its deadline passes.
_YIELDS_BEFORE_JUMP = 20


class Clock:
    """A clock that can be read and advanced from any thread and slept on in asyncio.

    Args:
        start: Where the hands stand at first (aware UTC); now, when left out.
        rate: Virtual seconds per real second while a demand is held; ``math.inf``
            makes the clock jump.

    >>> clock = Clock(datetime(2018, 6, 25, tzinfo=UTC))
    >>> before = clock.now()
    >>> clock.advance(3600)
    >>> (clock.now() - before) >= timedelta(hours=1)
    True
    """

    def __init__(self, start: datetime | None = None, rate: float = math.inf) -> None:
        self._lock = threading.RLock()
        self._start = start or datetime.now(UTC)
        self._origin = time.monotonic()
        self._offset = 0.0
        self._rate = rate
        self._demands = 0
        self._demand_since = 0.0
        self._busy = 0
        self._sleepers: list[tuple[float, int, asyncio.AbstractEventLoop, asyncio.Event]] = []
        self._ids = itertools.count()
        self._jumper: asyncio.Task[None] | None = None
        self._jumper_loop: asyncio.AbstractEventLoop | None = None

    # -- reading and moving the hands --------------------------------------------
    def elapsed(self) -> float:
        """Return the virtual seconds since the clock was made."""
        with self._lock:
            real = time.monotonic() - self._origin
            if self._demands and math.isfinite(self._rate):
                extra = (time.monotonic() - self._demand_since) * (self._rate - 1)
                return real + self._offset + extra
            return real + self._offset

    def now(self) -> datetime:
        """Return the virtual time (aware, UTC)."""
        return self._start + timedelta(seconds=self.elapsed())

    def advance(self, seconds: float) -> None:
        """Move the hands forward and wake whoever slept until then.

        Raises:
            ValueError: ``seconds`` is negative; time does not run backwards.
        """
        if seconds < 0:
            raise ValueError(f"a clock cannot go back: {seconds} s")
        with self._lock:
            self._offset += seconds
            self._wake_due()

    # -- waiting ---------------------------------------------------------------
    async def sleep(self, seconds: float) -> None:
        """Sleep for virtual seconds."""
        deadline = self.elapsed() + max(seconds, 0.0)
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        entry = (deadline, next(self._ids), loop, event)
        with self._lock:
            heapq.heappush(self._sleepers, entry)
        try:
            while (remaining := deadline - self.elapsed()) > 0:
                self._ensure_jumper(loop)
                event.clear()
                # Not wait_for(): before Python 3.12 it loses a cancellation that comes with the wake-up.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._real(remaining)):
                        await event.wait()
        finally:
            with self._lock:
                if entry in self._sleepers:
                    self._sleepers.remove(entry)
                    heapq.heapify(self._sleepers)

    async def wait_for(self, condition: Callable[[], bool], timeout: float, poll: float = 1.0) -> bool:
        """Wait until ``condition()`` is true or ``timeout`` virtual seconds have passed.

        Args:
            condition: Called every ``poll`` virtual seconds; must not block.
            timeout: Virtual seconds.
            poll: Virtual seconds.

        Returns:
            Whether the condition became true.
        """
        deadline = self.elapsed() + timeout
        while not condition():
            left = deadline - self.elapsed()
            if left <= 0:
                return False
            await self.sleep(min(poll, left))
        return True

    @contextlib.contextmanager
    def demand(self) -> Iterator[None]:
        """Hold while waiting should be cheap; nests."""
        with self._lock:
            self._demands += 1
            if self._demands == 1:
                self._demand_since = time.monotonic()
                self._wake_all()  # sleepers work out their real time-out anew
        try:
            yield
        finally:
            with self._lock:
                if self._demands == 1 and math.isfinite(self._rate):
                    self._offset += (time.monotonic() - self._demand_since) * (self._rate - 1)
                self._demands -= 1

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Hold while real work is in flight, so that a jump does not overtake it."""
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

    # -- private ---------------------------------------------------------------
    def _real(self, virtual: float) -> float:
        """Return how long to sleep for real before looking again, in seconds."""
        with self._lock:
            if not self._demands:
                return virtual
            return virtual / self._rate if math.isfinite(self._rate) else 1.0

    def _wake_due(self) -> None:
        reached = self.elapsed()
        while self._sleepers and self._sleepers[0][0] <= reached:
            _, _, loop, event = heapq.heappop(self._sleepers)
            _set(loop, event)

    def _wake_all(self) -> None:
        for _, _, loop, event in self._sleepers:
            _set(loop, event)

    def _ensure_jumper(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have one task that moves the hands, for as long as somebody demands it."""
        with self._lock:
            if math.isfinite(self._rate) or not self._demands:
                return
            if self._jumper is None or self._jumper.done() or self._jumper_loop is not loop:
                self._jumper_loop = loop
                self._jumper = loop.create_task(self._jump())

    async def _jump(self) -> None:
        """Move to the next sleeper whenever nobody works, until the demand ends."""
        while True:
            for _ in range(_YIELDS_BEFORE_JUMP):
                await asyncio.sleep(0)
            with self._lock:
                if not self._demands:
                    return
                if self._sleepers and not self._busy:
                    self._offset += max(self._sleepers[0][0] - self.elapsed(), 0.0)
                    self._wake_due()
                    continue
            await asyncio.sleep(0.001)


def _set(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """Wake a sleeper from any thread; it looks at the clock and may sleep on."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(event.set)
