"""What a training lab remembers between commands; kept in the session's registry entry."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from lab import registry
from lab.errors import InfrastructureError, UsageError
from lab.registry import Record

KIND = "training"


@dataclass
class Training:
    """One training lab.

    Attributes:
        record: Its session.
        scenario: Path of the scenario's folder.
        seed: Seed of its names.
        ready: The fabric's ready line.
        report: Folder of its recordings.
        started: Unix time at which the ticket was shown.
        hints: Hints shown so far.
        checks: ``[seconds since the start, answer]`` of each check.
        solved: The solution was shown, or applied.
        symptom: What the last backup said, for the ticket.
    """

    record: Record
    scenario: str
    seed: int
    ready: dict[str, Any]
    report: str
    started: float = field(default_factory=time.time)
    hints: int = 0
    checks: list[list[Any]] = field(default_factory=list)
    solved: bool = False
    symptom: str = ""

    @property
    def id(self) -> str:
        """Session id."""
        return self.record.id

    @property
    def minutes(self) -> float:
        """Minutes since the ticket was shown."""
        return (time.time() - self.started) / 60

    def effort(self) -> str:
        """Time and hints used, for people."""
        hints = "no hint" if self.hints == 0 else f"{self.hints} hint{'s' if self.hints > 1 else ''}"
        return (
            f"{self.minutes:.0f} min, {hints}, {len(self.checks)} check{'s' if len(self.checks) != 1 else ''}"
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form without what opens the world."""
        data = asdict(self)
        del data["record"], data["ready"]
        return {"session": self.id, "expires": self.record.expires, "minutes": round(self.minutes, 1), **data}

    def save(self) -> None:
        """Write it to the registry."""
        data = {name: value for name, value in vars(self).items() if name != "record"}
        self.record.extra = {"kind": KIND, **data}
        self.record.save()

    @classmethod
    def of(cls, record: Record) -> Training:
        """Read it from a session's entry."""
        return cls(record=record, **{name: value for name, value in record.extra.items() if name != "kind"})

    def require_alive(self) -> None:
        """Raise unless its fabric runs.

        Raises:
            InfrastructureError: The lab itself is gone.
        """
        fabric = [pid for pid in self.record.pids if pid.what == "fabric"]
        if not any(pid.alive() for pid in fabric):
            raise InfrastructureError(
                f"the lab {self.id} itself is broken: its fabric has ended; start again with `lab reset {self.id}`"
            )


def all_labs() -> list[Training]:
    """All training labs that have not expired, oldest first."""
    return [
        Training.of(record)
        for record in registry.records()
        if record.extra.get("kind") == KIND and record.expires > time.time()
    ]


def find(session: str | None, say: Callable[[str], None] = lambda _: None) -> Training:
    """Return a training lab: the one named, or the newest.

    Args:
        session: Its session, None for the newest.
        say: Told which one is meant, where there are several.

    Raises:
        UsageError: There is none.
    """
    labs = all_labs()
    if session is None:
        if not labs:
            raise UsageError("there is no training lab; start one with `lab train SCENARIO`")
        if len(labs) > 1:
            others = ", ".join(training.id for training in labs[:-1])
            say(f"lab {labs[-1].id}, the newest (name the others to reach them: {others})")
        return labs[-1]
    for training in labs:
        if training.id == session:
            return training
    known = ", ".join(f"{training.id} ({training.record.scenario})" for training in labs) or "there are none"
    raise UsageError(f"no training lab {session!r}; known: {known}")
