"""Time limits of phases, and of the steps inside them."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from lab.errors import PhaseTimeout
from lab.model.scenario import Phase

DEFAULT_LIMITS: Mapping[Phase, float] = {
    "plan": 30,
    "provision": 300,
    "baseline": 300,
    "inject": 180,
    "confirm": 300,
    "detect": 120,
    "controls": 900,
    "remediate": 600,
    "verify": 300,
    "restart": 300,
    "compare": 120,
    "teardown": 120,
}
"""Seconds of real time per phase, unless the scenario says otherwise."""

GRACE = 10.0
"""Seconds a step may overrun before the alarm cuts it off; steps keep to their own limit first."""


class Deadline:
    """A moment in real time that steps must keep."""

    def __init__(self, phase: str, seconds: float) -> None:
        self.phase = phase
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, wanted: float | None = None) -> float:
        """Seconds that are left, at most ``wanted``.

        Raises:
            PhaseTimeout: Nothing is left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.exceeded()
        return left if wanted is None else min(left, wanted)

    def exceeded(self) -> PhaseTimeout:
        """The exception that says so."""
        return PhaseTimeout(
            f"{self.phase} took longer than its limit of {self.seconds:g} s; if the machine was busy, "
            f"`timeouts: {{{self.phase}: SECONDS}}` in scenario.yaml gives it more"
        )


@contextmanager
def limited(phase: Phase, seconds: float) -> Iterator[Deadline]:
    """Run a block under a deadline.

    Steps ask the deadline how long they may take. Should one hang all the same, an alarm raises
    in the main thread `GRACE` seconds later (other threads have no such net).
    """
    deadline = Deadline(phase, seconds)
    if threading.current_thread() is not threading.main_thread():
        yield deadline
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise deadline.exceeded()

    previous = signal.signal(signal.SIGALRM, ring)
    old_left, _ = signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
    started = time.monotonic()
    try:
        yield deadline
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        if old_left:  # another alarm was running, such as a test's own time-out
            signal.setitimer(signal.ITIMER_REAL, max(0.001, old_left - (time.monotonic() - started)))
