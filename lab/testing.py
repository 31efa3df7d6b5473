"""What the pytest plugin gives: scenarios as items, and broken worlds for a team's own tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.engine.cure import script_host
from lab.engine.limits import DEFAULT_LIMITS, Deadline
from lab.engine.proofs import healthy_checks, lost_machine
from lab.engine.result import RunResult
from lab.engine.run import Mode, Options, Run
from lab.engine.sequence import break_world, sequence
from lab.engine.world import BackupResult, World
from lab.errors import HostUnreachable, InfrastructureError, NotHealed, UsageError
from lab.hosts.base import CommandResult, Host, Shell
from lab.identity import new_seed
from lab.interrupts import Interrupted, exposed, interruptible
from lab.journal.journal import Journal
from lab.model.loader import Scenario
from lab.outcome import Outcome
from lab.session import Session
from lab.views import junit
from lab.world import WorldOptions, provision


def prove_scenario(scenario: Scenario, *, mode: Mode, seed: int | None, report_dir: Path | None) -> RunResult:
    """Run a scenario for a test item.

    Raises:
        Interrupted: A signal ended it; the world has been taken down.
    """
    seed = new_seed() if seed is None else seed
    folder = report_dir / scenario.id if report_dir else None
    with (
        interruptible(),
        Journal(folder / "journal.jsonl" if folder else None) as journal,
        Session(scenario.id) as session,
    ):
        run = _run(scenario, session, journal, Options(mode, seed, session.id))
        result = run.execute(sequence)
    if folder is not None:
        junit.write(journal.events, folder / "junit.xml")
    if result.outcome is Outcome.INTERRUPTED:
        raise Interrupted(result.exit_code - 128)
    return result


def explain(result: RunResult) -> str:
    """Text of a test report for a run that did not end well."""
    lines = [f"{result.outcome.upper()}: {result.reason}"]
    if result.outcome is Outcome.LAB_ERROR:
        lines.append("the lab itself failed; this says nothing about the scenario")
    for verdict in result.verdicts:
        mark = "holds" if verdict.ok else "FAILS"
        lines.append(f"  proof {verdict.number} {verdict.name}: {mark}: {verdict.text}")
    lines += [f"  not simulated: {refusal}" for refusal in result.refusals]
    lines += [f"  changed: {change}" for change in result.differences[:20]]
    if result.detail:
        lines.append(result.detail.rstrip())
    lines.append(f"repeat with: lab {result.mode} {result.scenario} --seed {result.seed} -v")
    return "\n".join(lines)


@dataclass(frozen=True)
class BrokenHost:
    """A host of a broken world, for a test: scripts are looked up beside the test file."""

    driver: Host
    folder: Path

    def run(self, command: str, shell: Shell | None = None, **options: Any) -> CommandResult:
        """Run a command; in cmd on Windows and bash on Linux unless ``shell`` says otherwise."""
        default: Shell = "cmd" if self.driver.os == "windows" else "bash"
        return self._settled(command, lambda: self.driver.run(command, shell or default, **options))

    def run_script(self, path: str | Path, args: Sequence[str] = (), **options: Any) -> CommandResult:
        """Run a script file: a path, or a name beside the test file."""
        script = self.folder / path
        return self._settled(script.name, lambda: self.driver.run_script(script, args=args, **options))

    def _settled(self, command: str, run: Callable[[], CommandResult]) -> CommandResult:
        """Run something that may restart the machine, and wait until that is over.

        Raises:
            NotHealed: The machine takes no more commands, by its own state.
        """
        pulse = self.driver.pulse()
        try:
            result = run()
        except HostUnreachable as error:
            lines = f"(the connection was lost: {error.message})\n"
            result = CommandResult(self.driver.name, command, 0, "", lines, 0.0)
        became = self.driver.settle(pulse, DEFAULT_LIMITS["restart"])
        if became:
            raise NotHealed(f"after {command!r} {self.driver.name} {became}")
        return result


class Broken:
    """A world that is broken as its scenario says, until the test leaves it.

    Attributes:
        scenario: With its facts resolved.
        world: For everything that has no shorthand here.
    """

    def __init__(self, run: Run, folder: Path) -> None:
        self._run = run
        self._folder = folder
        self.scenario: Scenario = run.steps.scenario
        self.world: World = run.world

    @property
    def facts(self) -> Mapping[str, str]:
        """Names and ids of the world."""
        return self.world.facts

    def host(self, name: str = "vm") -> BrokenHost:
        """A host by its name in the scenario.

        Raises:
            UsageError: The scenario has no such host.
        """
        if name not in self.world.hosts:
            raise UsageError(f"no host {name!r}; there are: {', '.join(self.world.hosts)}")
        return BrokenHost(self.world.hosts[name], self._folder)

    def backup(self) -> BackupResult:
        """Take an on-demand backup."""
        return self.world.backup(DEFAULT_LIMITS["verify"])

    def remediate(self, script: str | Path | None = None) -> None:
        """Apply the documented cure, or a script on the host that takes it.

        Raises:
            NotHealed: A step of it failed.
        """
        deadline = Deadline("remediate", DEFAULT_LIMITS["remediate"])
        if script is not None:
            path = self._folder / script
            done = self._run.steps.run_file(path, script_host(self.scenario, path), deadline)
            self._run.record("remediate", done)
            results = [done]
        else:
            results = [self._run.act("remediate", step, deadline) for step in self.scenario.spec.remediate]
        for done in results:
            if not done.ok:
                raise NotHealed(f"{done.name}: {done.reason}", detail=done.output)

    def problems(self) -> list[str]:
        """What keeps the machine from being healthy; empty when it is healed.

        Raises:
            Inconclusive: Something was not simulated, so nobody can tell.
        """
        deadline = Deadline("verify", DEFAULT_LIMITS["verify"])
        try:
            found = self._problems(deadline)
        except HostUnreachable:
            lost = lost_machine(self.world, deadline)
            found = [lost] if lost else self._problems(deadline)  # it had only restarted
        self._run.require_simulated("verify")
        return found

    def _problems(self, deadline: Deadline) -> list[str]:
        found = []
        for step in healthy_checks(self.scenario):
            done = self._run.check("verify", step, deadline)
            if not done.ok:
                found.append(f"{done.name}: {done.reason}")
        for step in self.scenario.spec.detect:
            done = self._run.check("verify", step, deadline)
            if done.ok:
                found.append(f"the detection still fires: {done.name}")
        return found

    def assert_healed(self) -> None:
        """Fail the test unless all healthy checks hold, a new backup included."""
        __tracebackhide__ = True
        found = self.problems()
        assert not found, f"{self.scenario.id} is not healed:\n  " + "\n  ".join(found)

    def assert_broken(self) -> None:
        """Fail the test unless the documented symptom is still there."""
        __tracebackhide__ = True
        deadline = Deadline("confirm", DEFAULT_LIMITS["confirm"])
        for step in self.scenario.spec.symptom:
            done = self._run.check("confirm", step, deadline)
            assert done.ok, f"{self.scenario.id} is no longer broken: {done.reason}"


class Lab:
    """The ``lab`` fixture.

    Args:
        folder: Where a test's scripts are.
        seed: Seed of all worlds, None for a new one each.
        note: Told the scenario and the seed of each world that is made.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int | None = None,
        note: Callable[[str, int], None] = lambda _scenario, _seed: None,
    ) -> None:
        self._folder = folder
        self._note = note
        self._seed = seed

    @contextmanager
    def scenario(self, name: str, *, seed: int | None = None) -> Iterator[Broken]:
        """Make a world, break it as a scenario says, and take it down at the end.

        Args:
            name: Id of a scenario, or the path of its folder.
            seed: Of the world's names.

        Raises:
            InfrastructureError: The world could not be made, or the scenario did not hold.
        """
        from lab.model.catalog import find

        scenario = find(name)
        chosen = seed if seed is not None else self._seed if self._seed is not None else new_seed()
        self._note(scenario.id, chosen)
        with interruptible(), Journal() as journal, Session(scenario.id) as session:
            run = _run(scenario, session, journal, Options("run", chosen, session.id))
            try:
                with exposed():
                    if not break_world(run):
                        raise InfrastructureError(f"{name} did not break: {run.result.verdicts[-1].text}")
                    yield Broken(run, self._folder)
            finally:
                run.take_down()


def _run(scenario: Scenario, session: Session, journal: Journal, options: Options) -> Run:
    def make_world() -> World:
        return provision(scenario, session, WorldOptions(options.seed))

    return Run(scenario, make_world, journal, options)
