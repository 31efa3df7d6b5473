"""The phases of a run, each with the proof it makes.

Nothing here knows a scenario: a phase performs the steps of the file and judges what it saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lab.engine.cure import Cure
from lab.engine.describe import title
from lab.engine.diff import Change, summaries
from lab.engine.expect import evidence
from lab.engine.limits import Deadline
from lab.engine.parts import Parts
from lab.engine.run import Run
from lab.engine.steps import StepResult
from lab.engine.world import World
from lab.errors import HostUnreachable, InfrastructureError
from lab.model.checks import BackupCheck, BackupExpectation
from lab.model.loader import Scenario
from lab.model.scenario import Phase
from lab.model.steps import Step


class NotHeld(InfrastructureError):
    """The scenario did not do what it says, so nothing can be said about somebody's script.

    Attributes:
        text: What did not hold.
    """

    def __init__(self, text: str) -> None:
        super().__init__(f"the scenario itself did not hold, so the script was not judged: {text}")
        self.text = text


def baseline(run: Run, cure: Cure, parts: Parts) -> str | None:
    """Proof 1. Returns what the harmless control saw ('' when all was well), None to stop."""
    spec = run.scenario.spec
    harm = ""
    changed: list[Change] = []
    with run.phase("baseline") as deadline:
        firing = [
            done
            for step in run.steps.scenario.spec.detect
            if (done := run.check("baseline", step, deadline)).ok
        ]
        if firing:
            _must_hold(run, 1, f"the detection fires on a healthy machine: {firing[0].name}", ("baseline",))
            return None
        seen = f"{len(spec.detect)} detection{'s' if len(spec.detect) != 1 else ''} silent"
        if parts.healthy_backup:
            sick = _first_failing(run, "baseline", _healthy(run), deadline)
            if sick is not None:
                raise InfrastructureError(
                    f"the world is not healthy before the injection: {sick.name}: {sick.reason}"
                )
            seen += ", healthy checks hold, a backup completes"
            run.verdict(1, ok=True, text=seen, phases=("baseline",))
        run.before = run.capture() if parts.compare or parts.harmless else {}
        if parts.harmless:
            harm, changed = _harmless(run, cure, deadline)
            cure.traces = not (changed or harm)
    if (changed or harm) and not cure.endless:
        run.fresh_world()
        with run.phase("baseline") as deadline:
            sick = _first_failing(run, "baseline", _healthy(run), deadline)
            if sick is not None:
                raise InfrastructureError(f"the fresh world is not healthy: {sick.name}: {sick.reason}")
            run.before = run.capture()
    return harm


def _harmless(run: Run, cure: Cure, deadline: Deadline) -> tuple[str, list[Change]]:
    """Apply the cure to the healthy machine: it must stay healthy."""
    done = cure.apply("baseline", deadline)
    if done.lost:
        return f"the cure left a healthy machine lost: {done.lost}", []
    after = run.capture()
    changed = run.changes(run.before, after)
    unexpected = run.changes(run.before, after, run.scenario.spec.allows)
    if not done.ok:
        return f"on a healthy machine the cure failed: {done.reason}", changed
    try:
        sick = _first_failing(run, "baseline", _healthy(run) if changed else _quick(run), deadline)
    except HostUnreachable:
        lost = lost_machine(run.world, deadline)
        return f"the cure left a healthy machine lost: {lost}" if lost else "", changed
    if sick is not None:
        return f"the cure made a healthy machine sick: {sick.name}: {sick.reason}", changed
    if unexpected:
        run.result.differences += [replace(change, when="on a healthy machine") for change in unexpected]
        return f"on a healthy machine the cure changed {_named(unexpected)}", changed
    return "", changed


def inject(run: Run) -> None:
    """Break the machine; an injection that fails is a broken lab."""
    with run.phase("inject") as deadline:
        for step in run.steps.scenario.spec.inject:
            done = run.act("inject", step, deadline)
            if not done.ok:
                raise InfrastructureError(
                    f"the injection failed: {done.name}: {done.reason}", detail=done.output[-2000:]
                )


def confirm(run: Run) -> bool:
    """Proof 2: the documented symptom is observed."""
    with run.phase("confirm") as deadline:
        absent = _first_failing(run, "confirm", run.steps.scenario.spec.symptom, deadline)
        if absent is not None:
            return _must_hold(run, 2, f"the symptom was not seen: {absent.reason}", ("inject", "confirm"))
        run.verdict(2, ok=True, text=_symptom_text(run), phases=("inject", "confirm"))
        return True


def detect(run: Run) -> bool:
    """Proof 3: every documented detection fires."""
    with run.phase("detect") as deadline:
        results = [run.check("detect", step, deadline) for step in run.steps.scenario.spec.detect]
        silent = [done for done in results if not done.ok]
        if silent:
            return _must_hold(
                run, 3, f"the detection is silent: {silent[0].name}: {silent[0].reason}", ("detect",)
            )
        seen = [_seen(step, done) for step, done in zip(run.steps.scenario.spec.detect, results, strict=True)]
        run.verdict(3, ok=True, text="; ".join(seen), phases=("detect",))
        return True


def _seen(step: Step, done: StepResult) -> str:
    """Return a detection's name and what it saw."""
    shown = evidence(
        done.output, getattr(step, "finds", None), getattr(step, "lacks", None), getattr(step, "equals", None)
    )
    return f"{done.name}: {shown}" if shown else done.name


def controls(run: Run) -> bool:
    """Proof 4: neither time, nor another try, nor a wrong fix heals."""
    spec = run.steps.scenario.spec
    with run.phase("controls") as deadline:
        run.world.advance(spec.stays_broken.wait)
        run.note(f"waited {spec.stays_broken.wait:g} s of the lab's time")
        gone = _first_failing(run, "controls", spec.symptom, deadline)
        if gone is not None:
            return _must_hold(run, 4, f"the fault went away by itself: {gone.reason}", ("controls",))
        for wrong in spec.wrong_fixes:
            run.note(f"wrong fix: {wrong.name}")
            for step in wrong.steps:
                run.act("controls", step, deadline, lenient=True)
            gone = _first_failing(run, "controls", spec.symptom, deadline)
            if gone is not None:
                return _must_hold(
                    run, 4, f"a wrong fix changed the symptom: {wrong.name}: {gone.reason}", ("controls",)
                )
            for step in wrong.undo:
                run.act("controls", step, deadline, lenient=True)
        fixes = len(spec.wrong_fixes)
        text = f"waiting, retrying and {fixes} wrong fix{'es' if fixes != 1 else ''} did not heal it"
        run.verdict(4, ok=True, text=text, phases=("controls",))
        return True


def remediate(run: Run, cure: Cure) -> None:
    """Apply the cure; whether it healed is judged by `verify`."""
    with run.phase("remediate") as deadline:
        cure.apply("remediate", deadline)


def verify(run: Run, cure: Cure) -> bool:
    """Proof 5: a new backup completes, all healthy checks hold, the detection is silent."""
    rests_on: tuple[Phase, ...] = ("remediate", "verify")
    with run.phase("verify") as deadline:
        lost = cure.last.lost
        sick = None
        if not lost:
            try:
                sick = _sick(run, deadline)
            except HostUnreachable:
                lost = lost_machine(run.world, deadline)
                sick = None if lost else _sick(run, deadline)  # it had only restarted
        if lost:
            run.verdict(5, ok=False, text=f"the cure left the machine lost: {lost}", phases=rests_on)
            return False
        if sick is not None:
            reason = sick.reason or "the detection still fires"
            blame = f" (the cure: {cure.last.reason})" if not cure.last.ok else ""
            run.verdict(5, ok=False, text=f"{sick.name}: {reason}{blame}", phases=rests_on)
            return False
        if not cure.last.ok:
            run.verdict(
                5,
                ok=False,
                text=f"the machine is healthy, but the cure failed: {cure.last.reason}",
                phases=rests_on,
            )
            return False
        run.verdict(5, ok=True, text="the cure healed it, a new backup completes", phases=rests_on)
        return True


def _sick(run: Run, deadline: Deadline) -> StepResult | None:
    """Return the first healthy check that does not hold, or detection that fires."""
    sick = _first_failing(run, "verify", _healthy(run), deadline)
    if sick is not None:
        return sick
    firing = [d for step in run.steps.scenario.spec.detect if (d := run.check("verify", step, deadline)).ok]
    return firing[0] if firing else None


def lost_machine(world: World, deadline: Deadline) -> str:
    """Say which machine takes no more commands, and why; nothing when all do (again).

    Raises:
        InfrastructureError: Whether that is the machine's own state cannot be told.
    """
    for name, host in world.hosts.items():
        became = host.settle(None, deadline.left())
        if became:
            return f"{name} {became}"
    return ""


def endless(run: Run, cure: Cure) -> None:
    """Proof 6 of a cure that did not end on a healthy machine; it is not tried on a broken one."""
    run.verdict(6, ok=False, text=f"on a healthy machine {cure.last.reason}", phases=("baseline",))


def second_time(run: Run, cure: Cure, harm: str) -> None:
    """Proof 6: harmless on a healthy machine, and a second time changes nothing."""
    with run.phase("verify") as deadline:
        before = run.capture()
        again = cure.apply("verify", deadline)
        changed = [] if again.lost else run.changes(before, run.capture())
        sick = None if again.lost else _first_failing(run, "verify", _quick(run), deadline)
        problem = harm
        if not again.ok:
            problem = problem or f"the second time the cure failed: {again.reason}"
        elif sick is not None:
            problem = problem or f"the second time broke it: {sick.name}: {sick.reason}"
        elif changed:
            run.result.differences += [replace(change, when="the second time") for change in changed]
            problem = problem or f"the second time changed {_named(changed)}"
        text = problem or "harmless on a healthy machine, and a second time changes nothing"
        run.verdict(6, ok=not problem, text=text, phases=("baseline", "verify"))


def restart(run: Run) -> None:
    """Restart every machine."""
    with run.phase("restart") as deadline:
        for name in run.world.hosts:
            run.world.restart(name, deadline.left())


def compare(run: Run, *, restarted: bool, verdict: bool) -> None:
    """Proof 7: still healthy after the restart, and only what is allowed is different."""
    with run.phase("compare") as deadline:
        sick = _first_failing(run, "compare", _healthy(run), deadline) if restarted else None
        now = run.capture()
        changed = run.changes(run.before, now, run.scenario.spec.allows)
        if run.options.judged:
            run.result.allowed = [c for c in run.changes(run.before, now) if c not in changed]
        run.result.differences += [replace(change, when="at the end") for change in changed]
        run.journal.write("difference", changes=[change.as_dict() for change in changed])
        if not verdict:
            return
        after = "after a restart" if restarted else "at the end"
        problem = ""
        if sick is not None:
            problem = f"{after} {sick.name}: {sick.reason}"
        elif changed:
            problem = f"left changed: {_named(changed)}"
        text = problem or f"healthy {after}, and nothing else is different"
        run.verdict(7, ok=not problem, text=text, phases=("restart", "compare"))


def _must_hold(run: Run, number: int, text: str, phases: tuple[Phase, ...]) -> bool:
    """A proof about the scenario failed: that is no verdict on somebody's own script."""
    if run.options.judged:
        raise NotHeld(text)
    run.verdict(number, ok=False, text=text, phases=phases)
    return False


def healthy_checks(scenario: Scenario) -> list[Step]:
    """The healthy checks, with a backup that completes even where the file lists none."""
    checks: list[Step] = list(scenario.spec.healthy)
    if not any(isinstance(check, BackupCheck) for check in checks):
        checks.append(BackupCheck(backup=BackupExpectation(status="Completed")))
    return checks


def _healthy(run: Run) -> list[Step]:
    return healthy_checks(run.steps.scenario)


def _quick(run: Run) -> list[Step]:
    """The healthy checks without the backup: enough where nothing changed."""
    return [check for check in run.steps.scenario.spec.healthy if not isinstance(check, BackupCheck)]


def _first_failing(run: Run, phase: Phase, checks: Sequence[Step], deadline: Deadline) -> StepResult | None:
    for check in checks:
        done = run.check(phase, check, deadline)
        if not done.ok:
            return done
    return None


def _symptom_text(run: Run) -> str:
    seen = []
    for step in run.scenario.spec.symptom:
        if isinstance(step, BackupCheck):
            seen.append(
                f"backup {step.backup.status}" + (f" with {step.backup.error}" if step.backup.error else "")
            )
        else:
            seen.append(title(step))
    return "; ".join(seen)


def _named(changes: Sequence[Change]) -> str:
    lines = summaries(changes)
    return lines[0] if len(lines) == 1 else f"{lines[0]} and {len(lines) - 1} more"
