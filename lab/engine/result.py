"""What a run came to: verdicts, phases, differences, and the outcome they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.engine.diff import Change
from lab.engine.world import Refusal
from lab.outcome import Outcome

PROOFS = {
    1: "healthy",
    2: "broken",
    3: "detected",
    4: "stays broken",
    5: "healed",
    6: "idempotent",
    7: "durable and clean",
}
"""The seven proofs, in their order."""


@dataclass(frozen=True)
class Verdict:
    """One proof's verdict.

    Attributes:
        number: 1 to 7.
        ok: Whether the proof holds.
        text: What was seen, in one line.
        phases: Phases whose refusals would make the verdict worthless.
    """

    number: int
    ok: bool
    text: str
    phases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the proof."""
        return PROOFS[self.number]

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"proof": self.number, "name": self.name, "ok": self.ok, "text": self.text}


@dataclass(frozen=True)
class PhaseRecord:
    """One phase that ran, ``status`` being ok, failed, error or interrupted."""

    name: str
    status: str
    seconds: float


@dataclass
class RunResult:
    """Everything a run came to."""

    scenario: str
    mode: str
    session: str
    seed: int
    outcome: Outcome = Outcome.LAB_ERROR
    reason: str = ""
    detail: str = ""
    exit_code: int = 3
    seconds: float = 0.0
    verdicts: list[Verdict] = field(default_factory=list)
    phases: list[PhaseRecord] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    differences: list[Change] = field(default_factory=list)
    allowed: list[Change] = field(default_factory=list)
    fidelity: dict[str, str] = field(default_factory=dict)
    kept: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The JSON summary."""
        return {
            "scenario": self.scenario,
            "mode": self.mode,
            "session": self.session,
            "seed": self.seed,
            "outcome": str(self.outcome),
            "exit_code": self.exit_code,
            "reason": self.reason,
            "detail": self.detail,
            "seconds": round(self.seconds, 3),
            "verdicts": [verdict.as_dict() for verdict in self.verdicts],
            "phases": [vars(phase) for phase in self.phases],
            "not_simulated": [vars(refusal) for refusal in self.refusals],
            "differences": [change.as_dict() for change in self.differences],
            "allowed_differences": [change.as_dict() for change in self.allowed],
            "fidelity": self.fidelity,
            "kept": self.kept,
        }


def settle(verdicts: Sequence[Verdict], refused_in: set[str], *, mode: str) -> tuple[Outcome, str]:
    """Add verdicts and refusals up to an outcome.

    Inconclusive beats a pass always, and beats a failure when something was refused in a phase
    the failed proof rests on.

    Returns:
        The outcome and its reason.
    """
    failed = next((verdict for verdict in verdicts if not verdict.ok), None)
    if failed is not None:
        if refused_in & set(failed.phases):
            return Outcome.INCONCLUSIVE, f"proof {failed.number} ({failed.name}) met what is not simulated"
        healed = any(verdict.number == 5 and verdict.ok for verdict in verdicts)
        reason = ("healed, but " if healed else "") + f"proof {failed.number} ({failed.name}): {failed.text}"
        return (Outcome.NOT_HEALED if failed.number == 5 else Outcome.NOT_PROVEN), reason
    if refused_in:
        return Outcome.INCONCLUSIVE, "something was not simulated"
    return (Outcome.PROVEN if mode == "prove" else Outcome.HEALED), ""
