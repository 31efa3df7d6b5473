"""Runs a scenario as the command line asks: session, journal, views, reports, signals."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.commands.options import emit, targets
from lab.engine.result import RunResult
from lab.engine.run import Keep, Mode, Options, Run
from lab.engine.sequence import sequence
from lab.engine.world import World
from lab.errors import InfrastructureError
from lab.identity import new_seed
from lab.interrupts import interruptible
from lab.journal.journal import Journal
from lab.model.loader import Scenario
from lab.session import Session
from lab.views import junit
from lab.views.console import Console, Lines, lines_for

MakeWorld = Callable[[Scenario, Session, Any, Callable[[str], None]], World]


@dataclass(frozen=True)
class Request:
    """What the command line asked for; see the options of ``lab run``."""

    mode: Mode = "run"
    remediation: Path | None = None
    seed: int | None = None
    keep: Keep = "never"
    report_dir: Path | None = None
    no_report: bool = False
    junit: Path | None = None
    target: tuple[str, ...] = ()
    setup: bool = False
    verbose: bool = False
    as_json: bool = False


def run(scenario: Scenario, request: Request, *, make_world: MakeWorld | None = None) -> RunResult:
    """Run a scenario and leave its reports.

    Args:
        scenario: As loaded.
        request: Of the command line.
        make_world: What provisions worlds; the lab's own by default.

    Returns:
        The result; its exit code is the command's.
    """
    from lab.world import WorldOptions, provision

    make = make_world or provision
    seed = new_seed() if request.seed is None else request.seed
    real = targets(request.target)
    session = Session(scenario.id)
    folder = None if request.no_report else (request.report_dir or Path("reports") / session.id)
    lines: Lines = Lines(sys.stderr) if request.as_json else lines_for()
    options = Options(request.mode, seed, session.id, request.remediation, request.keep)
    world_options = WorldOptions(seed, detached=request.keep != "never", targets=real, setup=request.setup)
    with ExitStack() as stack:
        stack.enter_context(interruptible(forgets=True))
        journal = stack.enter_context(Journal(folder / "journal.jsonl" if folder else None))
        if not request.as_json:
            journal.listen(Console(lines, verbose=request.verbose))
        stack.enter_context(session)
        worlds: list[World] = []

        def fresh() -> World:
            worlds.append(
                make(scenario, session, world_options, lambda text: journal.write("note", text=text))
            )
            return worlds[-1]

        result = Run(scenario, fresh, journal, options).execute(sequence)
        if result.kept:
            _keep(session, scenario, seed, worlds[-1], folder, journal)
        _report(result, journal, folder, request, lines)
    return result


def _keep(
    session: Session, scenario: Scenario, seed: int, world: World, folder: Path | None, journal: Journal
) -> None:
    """A kept world is a training lab without a ticket: shell, check and reap work on it."""
    from lab.fabric_world import LabWorld
    from lab.training.start import leave_behind

    if isinstance(world, LabWorld):
        leave_behind(session, scenario, seed, world, folder or session.dir, journal)
    else:
        session.keep()


def _report(result: RunResult, journal: Journal, folder: Path | None, request: Request, lines: Lines) -> None:
    summary = journal.redactor.data(result.as_dict())
    try:
        if folder is not None:
            (folder / "summary.json").write_text(
                json.dumps(summary, indent=2, default=str) + "\n", encoding="utf-8"
            )
            junit.write(journal.events, folder / "junit.xml")
        if request.junit is not None:
            junit.write(journal.events, request.junit)
    except OSError as error:
        raise InfrastructureError(
            f"the report cannot be written: {error.strerror}: {error.filename}"
        ) from None
    if request.as_json:
        emit({**summary, "report": str(folder) if folder else None})
        return
    if result.kept:
        lines.line(f"kept: lab shell {result.session}   end it: lab reap {result.session}")
    if folder is not None:
        lines.line(f"report: {folder}")
