"""One run: its world, its phases, its verdicts, and the guarantee that it is taken down."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lab.engine.diff import Change, difference
from lab.engine.limits import DEFAULT_LIMITS, Deadline, limited
from lab.engine.result import PhaseRecord, RunResult, Verdict, settle
from lab.engine.steps import StepResult, Steps
from lab.engine.volatile import VOLATILE
from lab.engine.world import Refusal, World
from lab.errors import Inconclusive, InfrastructureError, LabError, PartDied, UsageError
from lab.interrupts import Interrupted, exposed, shielded
from lab.journal.journal import Journal
from lab.model.loader import Scenario
from lab.model.scenario import Phase
from lab.model.steps import Step
from lab.outcome import Outcome

Mode = Literal["run", "prove"]
Keep = Literal["never", "failed", "always"]


@dataclass(frozen=True)
class Options:
    """What the caller wants of a run.

    Attributes:
        mode: ``run`` (short path) or ``prove`` (seven proofs).
        seed: Seed of the world's names; printed, so that a run can be repeated.
        session: Id of the session.
        remediation: Somebody's own script in place of the documented cure.
        keep: When to leave the world up.
        limits: Phase -> seconds, over the scenario's own and the defaults.
    """

    mode: Mode = "run"
    seed: int = 0
    session: str = ""
    remediation: Path | None = None
    keep: Keep = "never"
    limits: Mapping[Phase, float] = field(default_factory=dict)

    @property
    def judged(self) -> bool:
        """Whether somebody's own script is judged."""
        return self.remediation is not None


class Run:
    """Carries a scenario through its phases.

    Args:
        scenario: As loaded; facts are resolved once there is a world.
        make_world: Provisions a fresh world; called again when a control used one up.
        journal: Where events go.
        options: What is wanted.
    """

    def __init__(
        self, scenario: Scenario, make_world: Callable[[], World], journal: Journal, options: Options
    ) -> None:
        self.scenario = scenario
        self.options = options
        self.journal = journal
        self.before: dict[str, Any] = {}
        self.result = RunResult(scenario.id, options.mode, options.session, options.seed)
        self._make_world = make_world
        self._world: World | None = None
        self._steps: Steps | None = None
        self._refused_in: set[str] = set()
        self._seen_refusals = 0

    @property
    def world(self) -> World:
        """The provisioned world."""
        if self._world is None:
            raise InfrastructureError("there is no world")
        return self._world

    @property
    def steps(self) -> Steps:
        """Performs steps in the world."""
        if self._steps is None:
            raise InfrastructureError("there is no world")
        return self._steps

    def execute(self, sequence: Callable[[Run], None]) -> RunResult:
        """Run a sequence of phases and take the world down, whatever happens."""
        started = time.perf_counter()
        result = self.result
        self.journal.write(
            "run", scenario=self.scenario.id, title=self.scenario.spec.title, mode=self.options.mode,
            session=self.options.session, seed=self.options.seed,
            remediation=self.options.remediation and str(self.options.remediation),
        )  # fmt: skip
        try:
            with exposed():
                sequence(self)
            result.outcome, result.reason = settle(result.verdicts, self._refused_in, mode=self.options.mode)
            result.exit_code = result.outcome.exit_code
        except Interrupted as signal:
            result.outcome, result.reason, result.exit_code = (
                Outcome.INTERRUPTED,
                str(signal),
                signal.exit_code,
            )
        except KeyboardInterrupt:
            result.outcome, result.reason, result.exit_code = Outcome.INTERRUPTED, "SIGINT", 130
        except LabError as error:
            self._settle_error(error)
        except Exception as error:  # noqa: BLE001  the boundary: a bug of the lab is a lab error, told whole
            result.outcome, result.reason = Outcome.LAB_ERROR, f"unexpected {type(error).__name__}: {error}"
            result.detail, result.exit_code = traceback.format_exc(), Outcome.LAB_ERROR.exit_code
        self.take_down()
        result.seconds = time.perf_counter() - started
        self.journal.write(
            "outcome", **{k: v for k, v in result.as_dict().items() if k not in {"phases", "verdicts"}}
        )
        return result

    def take_down(self) -> None:
        """Take the world down (or keep it, as the options say); no signal interrupts it."""
        with shielded(answer="still taking the world down"):
            self._teardown()

    def provision(self) -> None:
        """Make a fresh world and resolve the scenario's facts in it."""
        with self.phase("provision"):
            world = self._world = self._make_world()
            self._seen_refusals = 0
            self.journal.redactor.add(*world.secrets)
            self._steps = Steps(self.scenario.resolved(world.facts), world)
            self.result.fidelity = dict(world.fidelity)
            self.journal.write("fidelity", parts=self.result.fidelity)

    def fresh_world(self) -> None:
        """Replace the world: a control has changed it."""
        with self.phase("teardown"), shielded():
            self._close_world()
        self.provision()

    @contextmanager
    def phase(self, name: Phase) -> Iterator[Deadline]:
        """Run a block as a phase: journalled, timed, limited, its refusals collected."""
        seconds = self.options.limits.get(name) or self.scenario.spec.timeouts.get(name, DEFAULT_LIMITS[name])
        self.journal.write("phase", phase=name, state="start")
        started = time.perf_counter()
        failed_before = sum(not verdict.ok for verdict in self.result.verdicts)
        status = "ok"
        try:
            with limited(name, seconds) as deadline:
                yield deadline
                self._collect_refusals(name)
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        except Exception as error:
            status = "error"
            if not isinstance(error, UsageError):
                self._collect_refusals(name, error)
            raise
        finally:
            if status == "ok" and sum(not v.ok for v in self.result.verdicts) > failed_before:
                status = "failed"
            record = PhaseRecord(name, status, round(time.perf_counter() - started, 4))
            self.result.phases.append(record)
            self.journal.write("phase", phase=name, state="end", status=status, seconds=record.seconds)

    def act(self, phase: Phase, step: Step, deadline: Deadline, *, lenient: bool = False) -> StepResult:
        """Do a step and journal it."""
        return self.record(phase, self.steps.act(step, deadline, lenient=lenient))

    def check(self, phase: Phase, step: Step, deadline: Deadline) -> StepResult:
        """Check a step's expectations and journal it."""
        return self.record(phase, self.steps.check(step, deadline))

    def record(self, phase: Phase, done: StepResult) -> StepResult:
        """Journal a step that was done; remember its refusals."""
        declared = self.scenario.spec.fidelity
        subject = (
            self.scenario.spec.hosts[done.host].os if done.host in self.scenario.spec.hosts else done.kind
        )
        self.journal.write(
            "step", phase=phase, step=done.name, kind=done.kind, host=done.host, command=done.command,
            ok=done.ok, reason=done.reason or None, output=done.output, exit_code=done.exit_code,
            seconds=round(done.seconds, 4), fidelity=declared.get("fault" if phase == "inject" else subject),
            tasks=dict(done.backup.tasks) if done.backup else None,
        )  # fmt: skip
        self._refuse(phase, [Refusal(construct, done.host or done.kind) for construct in done.not_simulated])
        return done

    def verdict(self, number: int, ok: bool, text: str, phases: tuple[Phase, ...]) -> Verdict:
        """Reach a verdict on a proof."""
        made = Verdict(number, ok, text, phases)
        self.result.verdicts.append(made)
        self.journal.write("verdict", **made.as_dict())
        return made

    def capture(self) -> dict[str, Any]:
        """State of the world now."""
        return self.world.capture_state()

    def changes(self, before: Any, after: Any, allows: Sequence[str] = ()) -> list[Change]:
        """Differences that matter: volatile paths and allowed ones left out."""
        return difference(before, after, [*VOLATILE, *allows])

    def require_simulated(self, phase: Phase) -> None:
        """Raise when the phase met something that is not simulated.

        Raises:
            Inconclusive: It did; the message names what.
        """
        self._collect_refusals(phase)
        if phase in self._refused_in:
            raise Inconclusive("not simulated: " + ", ".join(map(str, self.result.refusals)))

    def note(self, text: str) -> None:
        """Journal a remark."""
        self.journal.write("note", text=text)

    def _refuse(self, phase: str, refusals: Sequence[Refusal]) -> None:
        for refusal in refusals:
            self._refused_in.add(phase)
            if not any(known.construct == refusal.construct for known in self.result.refusals):
                self.result.refusals.append(refusal)
                self.journal.write(
                    "not_simulated", phase=phase, construct=refusal.construct, where=refusal.where
                )

    def _collect_refusals(self, phase: Phase, error: Exception | None = None) -> None:
        if self._world is None or phase in {"plan", "provision", "teardown"}:
            return
        try:
            refusals = self._world.not_simulated()
        except PartDied:
            raise  # this is why, and nothing else that was seen counts
        except InfrastructureError as broken:
            if not isinstance(error, InfrastructureError):
                raise
            self.note(f"the fabric no longer answers: {broken.message}")  # the error says as much
            return
        self._refuse(phase, refusals[self._seen_refusals :])
        self._seen_refusals = len(refusals)

    def _settle_error(self, error: LabError) -> None:
        result = self.result
        result.outcome = Outcome.of_exit_code(error.exit_code)
        result.reason, result.detail, result.exit_code = error.message, error.detail, error.exit_code
        ended_in = result.phases[-1].name if result.phases else ""
        if result.outcome in {Outcome.LAB_ERROR, Outcome.NOT_HEALED} and ended_in in self._refused_in:
            result.outcome = Outcome.INCONCLUSIVE
            result.exit_code = result.outcome.exit_code

    def _teardown(self) -> None:
        result = self.result
        if self._world is None:
            return
        if not result.outcome.good:
            self._keep_logs()
        keep = self.options.keep
        if result.outcome is not Outcome.INTERRUPTED and (
            keep == "always" or (keep == "failed" and not result.outcome.good)
        ):
            result.kept = True
            self._world.leave()
            self.note("the world is kept")
            return
        try:
            with self.phase("teardown"):
                self._close_world()
        except Exception as error:  # noqa: BLE001  must not hide how the run itself ended
            text = error.message if isinstance(error, LabError) else f"{type(error).__name__}: {error}"
            self.note(f"tear-down failed: {text}; run `lab reap`")
            if result.outcome.good:
                result.outcome, result.reason = Outcome.LAB_ERROR, f"tear-down failed: {text}"
                result.exit_code = Outcome.LAB_ERROR.exit_code

    def _close_world(self) -> None:
        if self._world is not None:
            self._world.close()
            self._world = self._steps = None

    def _keep_logs(self) -> None:
        if self.journal.path is None or self._world is None:
            return
        try:
            logs = dict(self._world.logs())
        except LabError as error:
            self.note(f"no logs: {error.message}")
            return
        folder = self.journal.path.parent / "logs"
        try:
            for name, text in logs.items():
                folder.mkdir(exist_ok=True)
                (folder / f"{name.replace('/', '_')}.log").write_text(
                    self.journal.redactor.text(text), encoding="utf-8"
                )
        except OSError as error:
            self.note(f"no logs: {error}")
