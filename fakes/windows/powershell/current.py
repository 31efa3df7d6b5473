"""The runspace that is running in this thread.

Conversions, operators and .NET methods sometimes need it (``$OFS``, the host's files, its
clock), as .NET code finds ``Runspace.DefaultRunspace``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fakes.notsimulated import NotSimulated

if TYPE_CHECKING:
    from fakes.windows.powershell.interpreter import Interpreter

_local = threading.local()


def current_interpreter() -> Interpreter | None:
    """The interpreter of this thread, or None outside of a running script."""
    found: Interpreter | None = getattr(_local, "interpreter", None)
    return found


def required_interpreter(construct: str) -> Interpreter:
    """The interpreter of this thread; refuses ``construct`` when there is none."""
    found = current_interpreter()
    if found is None:
        raise NotSimulated(f"{construct} outside of a runspace")
    return found


@contextmanager
def running(interpreter: Interpreter) -> Iterator[None]:
    """Make an interpreter the current one of this thread."""
    before = current_interpreter()
    _local.interpreter = interpreter
    try:
        yield
    finally:
        _local.interpreter = before
