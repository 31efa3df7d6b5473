"""Starts a training lab: makes a world, breaks it, and leaves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from lab import watchdog
from lab.engine.run import Options, Run
from lab.engine.sequence import break_world
from lab.errors import InfrastructureError, LabError
from lab.fabric_world import LabWorld
from lab.identity import new_seed
from lab.interrupts import exposed, interruptible
from lab.journal.journal import Event, Journal
from lab.model.loader import Scenario
from lab.session import Session
from lab.training.state import Training
from lab.world import WorldOptions, provision


def start(
    scenario: Scenario,
    *,
    seed: int | None = None,
    hours: float = 4.0,
    report_dir: Path | None = None,
    setup: bool = False,
    watch: Callable[[Event], None] | None = None,
) -> Training:
    """Break a world and leave it behind.

    Args:
        scenario: What is broken.
        seed: Seed of its names, None for a new one.
        hours: How long it lives.
        report_dir: Where its journal and the recordings of its shells go.
        setup: Install a missing engine where that is possible.
        watch: Told of the journal's events.

    Raises:
        LabError: The world could not be made or did not break; nothing is left.
    """
    seed = new_seed() if seed is None else seed
    session = Session(scenario.id, ttl=hours * 3600)
    report = (report_dir or Path("reports") / session.id).resolve()
    with interruptible(forgets=True), Journal(report / "journal.jsonl") as journal, session:
        if watch is not None:
            journal.listen(watch)
        worlds: list[LabWorld] = []

        def make_world() -> LabWorld:
            world = provision(
                scenario,
                session,
                WorldOptions(seed, detached=True, setup=setup),
                lambda text: journal.write("note", text=text),
            )
            worlds.append(world)
            return world

        run = Run(scenario, make_world, journal, Options("run", seed, session.id))
        try:
            with exposed():
                if not break_world(run):
                    raise InfrastructureError(f"{scenario.id} did not break: {run.result.verdicts[-1].text}")
            training = leave_behind(session, scenario, seed, worlds[-1], report, journal)
            worlds[-1].leave()
        except BaseException:
            session.record.detached = False
            run.take_down()
            raise
    return training


def leave_behind(
    session: Session, scenario: Scenario, seed: int, world: LabWorld, report: Path, journal: Journal
) -> Training:
    """Register a world that outlives this process, and start the watchdog that ends it."""
    training = Training(
        session.record,
        scenario=str(scenario.folder.resolve()),
        seed=seed,
        ready=asdict(world.ready),
        report=str(report.resolve()),
        symptom=_symptom(journal),
    )
    session.record.detached = True
    training.save()
    session.started(watchdog.start(session.id), "watchdog")
    return training


def again(training: Training, scenario: Scenario, **options: object) -> Training:
    """End a training lab and start it anew, with the same names."""
    from lab.reaper import reap

    done = reap(only=training.id)
    if done.problems:
        raise LabError("; ".join(done.problems))
    return start(scenario, seed=training.seed, **options)  # type: ignore[arg-type]


def _symptom(journal: Journal) -> str:
    """What the portal shows of the failed job: its error, nothing of what we did."""
    seen = [
        e
        for e in journal.events
        if e["event"] == "step" and e["phase"] == "confirm" and e["kind"] == "backup"
    ]
    return str(seen[-1].get("output", "")).splitlines()[0] if seen else ""
