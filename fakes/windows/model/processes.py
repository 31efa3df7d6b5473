"""The processes of a host.

Windows gives out process ids that are multiples of four and re-uses them; ours only
grow, from a start that depends on the host's seed, so that a number in a transcript
names one process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fakes.windows.model.win32 import Win32Error


@dataclass(frozen=True, slots=True)
class Process:
    r"""One running process.

    Attributes:
        pid: Process id.
        name: The image's file name, for example ``svchost.exe``.
        command_line: As Win32_Process.CommandLine shows it; empty for the kernel's own.
        session: 0 for services, 1 for the console.
        user: The account it runs as, for example ``NT AUTHORITY\SYSTEM``.
        memory: Working set in KB.
        parent: The parent's pid.
        started: When (UTC).
    """

    pid: int
    name: str
    command_line: str
    session: int
    user: str
    memory: int
    parent: int
    started: datetime

    @property
    def session_name(self) -> str:
        """``Services`` or ``Console``, as tasklist names the session."""
        return "Services" if self.session == 0 else "Console"


SYSTEM = r"NT AUTHORITY\SYSTEM"
# name, session, memory in KB, fixed pid: what runs before and beside the services.
_KERNEL = (
    ("System Idle Process", 0, 8, 0),
    ("System", 0, 148, 4),
    ("Registry", 0, 21_084, 88),
)
_BOOT = (
    ("smss.exe", 0, 1_228, r"\SystemRoot\System32\smss.exe"),
    ("csrss.exe", 0, 5_412, r"%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows"),
    ("csrss.exe", 1, 4_780, r"%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows"),
    ("wininit.exe", 0, 6_960, "wininit.exe"),
    ("winlogon.exe", 1, 9_836, "winlogon.exe"),
    ("services.exe", 0, 8_944, r"C:\Windows\system32\services.exe"),
    ("lsass.exe", 0, 16_604, r"C:\Windows\system32\lsass.exe"),
    ("fontdrvhost.exe", 0, 3_516, '"fontdrvhost.exe"'),
    ("fontdrvhost.exe", 1, 3_420, '"fontdrvhost.exe"'),
    ("dwm.exe", 1, 42_224, '"dwm.exe"'),
    ("LogonUI.exe", 1, 50_128, '"LogonUI.exe" /flags:0x2 /state0:0xa3aaa055 /state1:0x41c64e6d'),
)


class Processes:
    """The process table, ordered as processes were started.

    Args:
        seed: Decides ids and memory figures, so that hosts differ and runs repeat.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._noise = seed
        self._table: dict[int, Process] = {}
        self._next = 0

    def __iter__(self) -> Iterator[Process]:
        return iter(list(self._table.values()))

    def get(self, pid: int) -> Process | None:
        """Return the process with this id, if it runs."""
        return self._table.get(pid)

    def named(self, name: str) -> list[Process]:
        """Return the processes with this image name (with ``.exe``, any case)."""
        return [process for process in self._table.values() if process.name.lower() == name.lower()]

    def start(
        self,
        name: str,
        command_line: str,
        *,
        now: datetime,
        user: str = SYSTEM,
        session: int = 0,
        memory: int | None = None,
        parent: int = 0,
    ) -> int:
        """Start a process and return its id."""
        with self._lock:
            self._next += 4 * self._draw(1, 9)
            pid = self._next
            size = 4 * self._draw(400, 4_000) if memory is None else memory
        self._table[pid] = Process(pid, name, command_line, session, user, size, parent, now)
        return pid

    def end(self, pid: int) -> Process:
        """Take the process off the table.

        Raises:
            Win32Error: 87, when no process has this id (as OpenProcess answers).
        """
        if pid not in self._table:
            raise Win32Error(87, str(pid))
        return self._table.pop(pid)

    def boot(self, now: datetime) -> None:
        """Start what runs before the first service; everything else is gone."""
        self._noise = self._seed
        self._table = {
            pid: Process(pid, name, "", session, SYSTEM, memory, 0, now)
            for name, session, memory, pid in _KERNEL
        }
        self._next = 4 * self._draw(60, 90)
        for name, session, memory, line in _BOOT:
            size = memory + 4 * self._draw(0, 200)
            self.start(name, line, now=now, session=session, memory=size, parent=4)

    def state(self) -> tuple[dict[int, Process], int, int]:
        """Return what :meth:`restore` takes back."""
        return dict(self._table), self._next, self._noise

    def restore(self, state: tuple[dict[int, Process], int, int]) -> None:
        """Go back to an earlier :meth:`state`."""
        table, self._next, self._noise = state
        self._table = dict(table)

    def shift(self, start: datetime) -> None:
        """Let every process have begun at ``start``."""
        self._table = {pid: replace(process, started=start) for pid, process in self._table.items()}

    def change(self, pid: int, **fields: Any) -> None:
        """Change fields of a running process, for example its memory."""
        self._table[pid] = replace(self._table[pid], **fields)

    def _draw(self, low: int, high: int) -> int:
        """Return a number from low to high; a small generator, because its state is saved with the host."""
        self._noise = (self._noise * 1_664_525 + 1_013_904_223) % 2**32
        return low + (self._noise >> 8) % (high - low + 1)
