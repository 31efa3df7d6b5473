"""What the fakes do not implement: refused loudly, and kept on record.

Nothing silently succeeds. Whoever meets a construct that it does not implement calls
:meth:`NotSimulatedLog.refuse` and raises what it returns; the harness reads the log and ends
the run as *inconclusive*.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime


class NotSimulated(Exception):
    """A construct of the real thing that this fake does not implement.

    Args:
        construct: What was asked for, as its user would name it, for example
            ``"program wbadmin.exe"`` or ``"cmdlet Get-Foo"``.
        where: Which fake met it, for example a host's name.
    """

    def __init__(self, construct: str, where: str = "") -> None:
        super().__init__(construct)
        self.construct = construct
        self.where = where

    def __str__(self) -> str:
        """Return the line a user sees."""
        return f"NOT SIMULATED: {self.construct}"


class NotSimulatedLog:
    """The record of everything that was refused as not simulated; thread-safe.

    >>> log = NotSimulatedLog()
    >>> str(log.refuse("program wbadmin.exe", "SRV1"))
    'NOT SIMULATED: program wbadmin.exe'
    >>> [(e["construct"], e["where"]) for e in log.entries()]
    [('program wbadmin.exe', 'SRV1')]
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[dict[str, str]] = []

    def record(self, construct: str, where: str = "") -> None:
        """Keep one refusal, with the (real) time at which it happened."""
        entry = {"construct": construct, "where": where, "time": datetime.now(UTC).isoformat()}
        with self._lock:
            self._entries.append(entry)

    def refuse(self, construct: str, where: str = "") -> NotSimulated:
        """Record the refusal and return the exception for the caller to raise."""
        self.record(construct, where)
        return NotSimulated(construct, where)

    def entries(self) -> list[dict[str, str]]:
        """Return what was refused so far, oldest first."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget everything, for a world that is used again from the start."""
        with self._lock:
            self._entries.clear()
