"""Event logs: what the host's own deeds wrote, over a past made from a seed.

The past (ordinary background noise) is only made when somebody reads a log; its length
is known before, so that record numbers are right from the first event on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from fakes.windows.model.win32 import Win32Error

CLASSIC = ("Application", "Security", "Setup", "System", "Windows PowerShell")
LEVELS = {"Critical": 1, "Error": 2, "Warning": 3, "Information": 4, "Verbose": 5}
CHANNEL_NOT_FOUND = 15007  # ERROR_EVT_CHANNEL_NOT_FOUND


@dataclass(frozen=True, slots=True)
class Event:
    """One record.

    Attributes:
        log: The log's name, for example ``System``.
        record: Its number in that log, from 1.
        source: The provider, for example ``Service Control Manager``.
        event_id: The id without severity bits.
        level: One of :data:`LEVELS`; audits of the Security log are ``Information``.
        time: When (UTC).
        message: The rendered text.
        data: The insertion strings.
        user: A SID or an account name; empty for none.
        task: The category as shown; empty for none.
        keywords: As shown, for example ``Classic`` or ``Audit Success``.
    """

    log: str
    record: int
    source: str
    event_id: int
    level: str
    time: datetime
    message: str
    data: tuple[str, ...] = ()
    user: str = ""
    task: str = ""
    keywords: str = "Classic"

    @property
    def qualifiers(self) -> int:
        """The high word of the id: severity and customer bits that a classic message table gives it.

        The service control manager writes 7036 as 1073748860, which is 16384 over 7036, the log
        service 6005 as 2147489653; other sources have none.
        """
        if self.source == "Service Control Manager":
            return {"Error": 0xC000, "Warning": 0x8000}.get(self.level, 0x4000)
        return 0x8000 if self.source == "EventLog" else 0

    @property
    def instance_id(self) -> int:
        """The id with its :attr:`qualifiers`, as Get-EventLog shows it."""
        return self.qualifiers << 16 | self.event_id


@dataclass(slots=True)
class _Log:
    name: str
    past: int
    events: list[Event] = field(default_factory=list)
    cleared: bool = False


class EventLogs:
    """The logs of a host.

    Args:
        now: The host's clock.
        noise: Makes the past: called with a log's name and the number of events wanted,
            returns them oldest first with records 1 to that number.
        lengths: How many past events each log has.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        noise: Callable[[str, int], list[Event]],
        lengths: dict[str, int],
    ) -> None:
        self._now = now
        self._noise = noise
        self._lock = threading.Lock()
        self._logs = {name.lower(): _Log(name, lengths.get(name, 0)) for name in (*CLASSIC, *lengths)}

    def names(self) -> list[str]:
        """Return the names of the logs that exist."""
        return sorted((log.name for log in self._logs.values()), key=str.lower)

    def create(self, name: str) -> None:
        """Make sure that a log exists."""
        self._logs.setdefault(name.lower(), _Log(name, 0))

    def write(
        self,
        log: str,
        source: str,
        event_id: int,
        level: str,
        message: str,
        *,
        data: list[str] | None = None,
        user: str = "",
        task: str = "",
        keywords: str = "Classic",
    ) -> Event:
        """Append an event at the host's time and return it; makes the log when it is missing.

        Raises:
            ValueError: The level is none of :data:`LEVELS`.
        """
        if level not in LEVELS:
            raise ValueError(f"unknown event level {level!r}; expected one of {', '.join(LEVELS)}")
        with self._lock:
            self.create(log)
            found = self._logs[log.lower()]
            record = found.past + len(found.events) + 1
            inserts = tuple(data or ())
            event = Event(
                found.name,
                record,
                source,
                event_id,
                level,
                self._now(),
                message,
                inserts,
                user,
                task,
                keywords,
            )
            found.events.append(event)
            return event

    def read(self, log: str) -> list[Event]:
        """Return a log's events, oldest first.

        Raises:
            Win32Error: 15007, when there is no such log.
        """
        found = self._logs.get(log.lower())
        if found is None:
            raise Win32Error(CHANNEL_NOT_FOUND, log)
        past = [] if found.cleared else self._noise(found.name, found.past)
        return past + list(found.events)

    def count(self, log: str) -> int:
        """Return how many events a log holds, without making its past."""
        found = self._logs.get(log.lower())
        if found is None:
            raise Win32Error(CHANNEL_NOT_FOUND, log)
        return len(found.events) + (0 if found.cleared else found.past)

    def clear(self, log: str) -> None:
        """Empty a log; record numbers go on."""
        self.count(log)
        found = self._logs[log.lower()]
        found.past += len(found.events)
        found.events.clear()
        found.cleared = True

    def written(self) -> dict[str, list[Event]]:
        """Return what the host itself wrote since it was made, by log; logs without any left out."""
        return {log.name: list(log.events) for log in self._logs.values() if log.events}

    def state(self) -> dict[str, tuple[str, int, tuple[Event, ...], bool]]:
        """Return what :meth:`restore` takes back."""
        return {key: (log.name, log.past, tuple(log.events), log.cleared) for key, log in self._logs.items()}

    def restore(self, state: dict[str, tuple[str, int, tuple[Event, ...], bool]]) -> None:
        """Go back to an earlier :meth:`state`."""
        self._logs = {
            key: _Log(name, past, list(events), gone) for key, (name, past, events, gone) in state.items()
        }
