"""Says whether a training lab's machine is healed: yes, no, or the lab itself is broken."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from lab.engine.limits import DEFAULT_LIMITS, Deadline
from lab.engine.proofs import healthy_checks, lost_machine
from lab.engine.steps import StepResult, Steps
from lab.errors import HostUnreachable, LabError
from lab.model.loader import Scenario
from lab.model.scenario import kind_of
from lab.outcome import Outcome
from lab.training.attached import attached
from lab.training.state import Training


@dataclass(frozen=True)
class Answer:
    """The answer to ``lab check``.

    Attributes:
        outcome: healed, not healed, lab error, or inconclusive.
        text: One line; names neither the cause nor the cure.
        failing: How many checks of a healthy machine do not hold.
        notes: More lines.
    """

    outcome: Outcome
    text: str
    failing: int = 0
    notes: list[str] = field(default_factory=list)


def check(training: Training) -> Answer:
    """Check a training lab and remember the answer."""
    try:
        with attached(training) as (scenario, world, steps):
            before = len(world.not_simulated())
            results = look(scenario, steps)
            refused = [str(refusal) for refusal in world.not_simulated()[before:]]
    except HostUnreachable as error:
        answer = unreachable(training, error)
    except LabError as error:
        answer = Answer(Outcome.of_exit_code(error.exit_code), error.message)
        if answer.outcome is Outcome.USAGE:
            answer = Answer(Outcome.LAB_ERROR, error.message)
    else:
        answer = judge(results, refused)
    training.checks.append([round(time.time() - training.started), str(answer.outcome)])
    training.save()
    return answer


def unreachable(training: Training, error: HostUnreachable) -> Answer:
    """Tell a machine that the trainee has cut off or switched off from a lab that is broken."""
    try:
        with attached(training) as (_, world, _steps):
            became = lost_machine(world, Deadline("verify", DEFAULT_LIMITS["verify"]))
    except LabError:
        return Answer(Outcome.LAB_ERROR, error.message)
    if not became:
        return Answer(Outcome.LAB_ERROR, f"{error.message}; try `lab check` again")
    return Answer(
        Outcome.NOT_HEALED,
        f"not healed: {became}",
        notes=["the lab is fine; start the machine afresh with `lab reset`"],
    )


def look(scenario: Scenario, steps: Steps) -> list[StepResult]:
    """Perform the healthy checks, and the detections with their sense turned round."""
    deadline = Deadline("verify", DEFAULT_LIMITS["verify"])
    healthy = [steps.check(step, deadline) for step in healthy_checks(scenario)]
    return healthy + [_turned(steps.check(step, deadline)) for step in scenario.spec.detect if kind_of(step)]


def judge(results: Sequence[StepResult], refused: Sequence[str]) -> Answer:
    """Turn the results of all checks into an answer for a trainee."""
    failing = [result for result in results if not result.ok]
    if refused:
        return Answer(
            Outcome.INCONCLUSIVE, "nobody can tell: something is not simulated", len(failing), list(refused)
        )
    if not failing:
        return Answer(Outcome.HEALED, "healed: a new backup completes and every check holds")
    backup = next((result.backup for result in failing if result.backup is not None), None)
    if backup is None:
        text = "a backup completes, but the fault is still there"
        return Answer(Outcome.NOT_HEALED, f"not healed: {text}", len(failing))
    error = f" with {backup.error}" if backup.error else ""
    tasks = [f"{task}: {status}" for task, status in backup.tasks.items()]
    return Answer(Outcome.NOT_HEALED, f"not healed: a new backup {backup.status}{error}", len(failing), tasks)


def _turned(result: StepResult) -> StepResult:
    from dataclasses import replace

    return replace(result, ok=not result.ok, reason="" if result.ok else "still detected")
