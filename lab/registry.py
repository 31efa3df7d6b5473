"""The registry of sessions: one file per session, so that whatever is left can be found and removed.

The files live in ``$LAB_STATE_DIR/sessions`` (default ``~/.local/state/azure-vm-backup-lab``) and
are readable by their owner alone: those of training labs hold what opens their world.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from lab.errors import InfrastructureError


def state_dir() -> Path:
    """Folder of the lab's state."""
    told = os.environ.get("LAB_STATE_DIR")
    if told:
        return Path(told)
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "azure-vm-backup-lab"


@dataclass(frozen=True)
class ProcessId:
    """A process that cannot be mistaken for a later one with the same number.

    Attributes:
        pid: Its number.
        created: When it began, in seconds since the machine started (proc(5), ``starttime``); not
            by the wall clock, which time servers and suspended machines set anew. Unix time where
            there is no ``/proc``.
        what: What it is, for people.
        boot: Which start of the machine that was.
    """

    pid: int
    created: float
    what: str = ""
    boot: str = ""

    @classmethod
    def of(cls, pid: int, what: str = "") -> ProcessId:
        """Identify a running process; one that has ended is identified by pid alone."""
        return cls(pid, _created(pid) or 0.0, what, _boot())

    def alive(self) -> bool:
        """Whether this very process still runs."""
        created = _created(self.pid)
        return created is not None and abs(created - self.created) < 0.05 and self.boot == _boot()


def _created(pid: int) -> float | None:
    """When a process began; None when it has ended, be it that its parent has not heard of it yet."""
    try:
        # After the name, which may hold anything, come the state (field 3) and the rest.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self/stat").exists():
            return None
        return _created_elsewhere(pid)
    return None if fields[0] in "ZX" else int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _created_elsewhere(pid: int) -> float | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None


@functools.cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


@dataclass
class Record:
    """One session as its file tells it.

    Attributes:
        id: Session id, also part of names and labels of everything it makes.
        scenario: Id of the scenario.
        expires: Unix time after which anyone may remove it.
        dir: Its temporary folder.
        owner: The process that runs it.
        pids: Processes it started.
        detached: It outlives its owner on purpose (a training lab, a kept world).
        engine: Socket of the container engine it uses, empty for none: whoever reaps may have
            another one in mind.
        created: Unix time of its beginning.
        extra: What a kind of session keeps for itself.
    """

    id: str
    scenario: str
    expires: float
    dir: str
    owner: ProcessId
    pids: list[ProcessId] = field(default_factory=list)
    detached: bool = False
    engine: str = ""
    created: float = field(default_factory=time.time)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Its file."""
        return state_dir() / "sessions" / f"{self.id}.json"

    @property
    def abandoned(self) -> bool:
        """Whether it may be removed: expired, or its owner died without doing so."""
        return time.time() >= self.expires or (not self.detached and not self.owner.alive())

    def save(self) -> None:
        """Write the file; readers see the old one or the new one, never half.

        Raises:
            InfrastructureError: The state folder cannot be written.
        """
        draft = self.path.with_suffix(f".{os.getpid()}.tmp")
        data = {name.name: getattr(self, name.name) for name in fields(self)}
        data["owner"] = vars(self.owner)
        data["pids"] = [vars(pid) for pid in self.pids]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(draft, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
                json.dump(data, file, indent=1)
            draft.replace(self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise InfrastructureError(
                f"the lab's state cannot be kept in {self.path.parent}: {error.strerror}; "
                "set LAB_STATE_DIR to a folder you can write to"
            ) from None

    def remove(self) -> None:
        """Forget the session."""
        self.path.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> Record:
        """Read a session's file.

        Raises:
            InfrastructureError: It is not one.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            data["owner"] = ProcessId(**data["owner"])
            data["pids"] = [ProcessId(**pid) for pid in data["pids"]]
            return cls(**data)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise InfrastructureError(f"{path}: not a session file: {error}") from None


def records() -> Iterator[Record]:
    """Yield all known sessions, oldest first; files that are none are skipped."""
    found = []
    for path in (state_dir() / "sessions").glob("*.json"):
        try:
            found.append(Record.load(path))
        except InfrastructureError:
            continue  # `broken` tells of them; one bad file must not hide the others
    yield from sorted(found, key=lambda record: record.created)


def broken() -> Iterator[Path]:
    """Yield the files of the registry that cannot be read."""
    for path in (state_dir() / "sessions").glob("*.json"):
        try:
            Record.load(path)
        except InfrastructureError:
            yield path
