"""Ctrl-C, SIGTERM and SIGHUP as one exception, raised only where it can do no harm.

Inside `interruptible` signals are held back. They become `Interrupted` inside `exposed` alone,
the block that does the work, and there not while something is being acquired (`shielded`). Only
one is ever raised: after it comes the cleaning up, which a second Ctrl-C must not cut short.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType

HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """A signal asked the lab to end."""

    def __init__(self, signum: int) -> None:
        super().__init__(signal.Signals(signum).name)
        self.signum = signum

    @property
    def exit_code(self) -> int:
        """What a shell reports for a process that died of the signal: 130, 143..."""
        return 128 + self.signum


@dataclass
class _State:
    holding: int = 1
    pending: int | None = None
    raised: bool = False
    answer: str = ""

    def raise_pending(self) -> None:
        if self.pending is not None and not self.raised:
            self.raised = True
            raise Interrupted(self.pending)


_state = _State()


def _handle(signum: int, _frame: FrameType | None) -> None:
    if _state.pending is None:
        _state.pending = signum
    if _state.holding == 0:
        _state.raise_pending()
    if _state.answer:
        with contextlib.suppress(OSError, ValueError):  # nobody may be listening any more
            # Not print(): this may have interrupted one, and a stream is not entered twice.
            os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, f"{_state.answer}\n".encode())


@contextmanager
def interruptible(*, forgets: bool = False) -> Iterator[None]:
    """Hold signals of the main thread back for the length of the block, but for what is `exposed`.

    Args:
        forgets: The block was all there is to do, so a signal that came too late to end anything is
            forgotten. Otherwise it is raised at the end, for whoever goes on with other things.

    Raises:
        Interrupted: A signal came after the last `exposed` block.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {signum: signal.signal(signum, _handle) for signum in HANDLED}
    outer = replace(_state)
    vars(_state).update(vars(_State()))
    try:
        yield
        if not forgets:
            _state.raise_pending()
    finally:
        vars(_state).update(vars(outer))
        for signum, handler in previous.items():
            signal.signal(signum, handler)


def ignore() -> None:
    """Ignore signals from now on: the process ends, and its exit code is settled."""
    for signum in HANDLED:
        signal.signal(signum, signal.SIG_IGN)


@contextmanager
def exposed() -> Iterator[None]:
    """Let signals in: the one block of an `interruptible` one that they end.

    Raises:
        Interrupted: A signal came, inside or before.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    holding, _state.holding = _state.holding, 0
    try:
        _state.raise_pending()
        yield
    finally:
        _state.holding = holding


@contextmanager
def shielded(*, answer: str = "") -> Iterator[None]:
    """Hold signals back until the end of the block; inside `exposed` they are raised there.

    Args:
        answer: Written to standard error at a signal, so that a person hears why nothing happens.

    Raises:
        Interrupted: One came.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    outer, _state.answer = _state.answer, answer or _state.answer
    _state.holding += 1
    try:
        yield
    finally:
        _state.holding -= 1
        _state.answer = outer
    if _state.holding == 0:
        _state.raise_pending()
