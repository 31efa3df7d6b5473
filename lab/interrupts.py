"""Ctrl-C and SIGTERM as exceptions that wait for the right moment.

A signal that arrives while something is being acquired (a process started but not yet noted
down) or torn down is held back until that is done, so nothing is left behind.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


class _State:
    depth = 0
    pending: int | None = None
    on_held: Callable[[int], None] | None = None


_state = _State()


def _handle(signum: int, _frame: FrameType | None) -> None:
    if _state.depth:
        if _state.pending is not None and _state.on_held is not None:
            _state.on_held(signum)
        _state.pending = signum
        return
    raise Interrupted(signum)


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn signals into `Interrupted` in the main thread for the length of the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {signum: signal.signal(signum, _handle) for signum in HANDLED}
    _state.depth, _state.pending = 0, None
    try:
        yield
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)


@contextmanager
def shielded(*, swallow: bool = False, on_held: Callable[[int], None] | None = None) -> Iterator[None]:
    """Hold signals back until the end of the block, then raise.

    Args:
        swallow: Forget what was held back: the block was the end of everything anyway.
        on_held: Told of each further signal, so that a person hears why nothing happens.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    outer = _state.on_held
    _state.depth += 1
    _state.on_held = on_held or outer
    try:
        yield
    finally:
        _state.depth -= 1
        _state.on_held = outer
        if _state.depth == 0 and _state.pending is not None:
            signum, _state.pending = _state.pending, None
            if not swallow:
                raise Interrupted(signum)
