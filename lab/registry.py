"""The registry of sessions: one file per session, so that whatever is left can be found and removed.

The files live in ``$LAB_STATE_DIR/sessions`` (default ``~/.local/state/azure-vm-backup-lab``) and
are readable by their owner alone: those of training labs hold what opens their world.
"""

from __future__ import annotations

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
    """A process that cannot be mistaken for a later one with the same number."""

    pid: int
    created: float
    what: str = ""

    @classmethod
    def of(cls, pid: int, what: str = "") -> ProcessId:
        """Identify a running process; one that has ended is identified by pid alone."""
        import psutil

        try:
            return cls(pid, psutil.Process(pid).create_time(), what)
        except psutil.NoSuchProcess:
            return cls(pid, 0.0, what)

    def alive(self) -> bool:
        """Whether this very process still runs."""
        import psutil

        try:
            process = psutil.Process(self.pid)
            return (
                abs(process.create_time() - self.created) < 0.05 and process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.NoSuchProcess:
            return False


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
        """Write the file; readers see the old one or the new one, never half."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.path.with_suffix(f".{os.getpid()}.tmp")
        data = {name.name: getattr(self, name.name) for name in fields(self)}
        data["owner"] = vars(self.owner)
        data["pids"] = [vars(pid) for pid in self.pids]
        with open(draft, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            json.dump(data, file, indent=1)
        draft.replace(self.path)

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
