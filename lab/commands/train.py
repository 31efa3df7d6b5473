"""``lab train`` and ``lab reset``: a broken machine with a ticket."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lab.commands.options import emit, json_option

if TYPE_CHECKING:
    from lab.model.loader import Scenario
    from lab.training.state import Training

_HOURS = click.option("--hours", type=float, default=4.0, show_default=True, help="How long the lab lives.")
_REPORT = click.option(
    "--report-dir",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where its journal and the recordings of its shells go; default reports/SESSION.",
)
_SESSION = click.argument("session", required=False)


@click.command("train")
@click.argument("scenario")
@_HOURS
@click.option("--seed", type=int, help="Repeat the names of an earlier lab.")
@_REPORT
@click.option("--setup", is_flag=True, help="Install and start a container engine where none answers.")
@json_option
def train_command(
    scenario: str, hours: float, seed: int | None, report_dir: Path | None, *, setup: bool, as_json: bool
) -> None:
    """Break a machine as SCENARIO says and leave it, with a ticket of what the customer sees.

    \b
    Examples:
      lab train vss_bad_state
      lab train vss_bad_state --hours 1 --seed 4711
    """
    from lab.model.catalog import find
    from lab.training.start import start

    found = find(scenario)
    _show_start(
        start(
            found, seed=seed, hours=hours, report_dir=report_dir, setup=setup, watch=_progress(quiet=as_json)
        ),
        found,
        as_json=as_json,
    )


@click.command("reset")
@_SESSION
@_HOURS
@json_option
def reset_command(session: str | None, hours: float, *, as_json: bool) -> None:
    """Take a training lab down and start the same one afresh: same names, clock and hints at zero.

    \b
    Example:
      lab reset
    """
    from lab.model.loader import load
    from lab.training.start import again
    from lab.training.state import find

    training = find(session, lambda text: click.echo(text, err=True))
    scenario = load(Path(training.scenario))
    started = again(training, scenario, hours=hours, watch=_progress(quiet=as_json))
    _show_start(started, scenario, as_json=as_json)


def _show_start(training: Training, scenario: Scenario, *, as_json: bool) -> None:
    spec = scenario.spec.training
    if as_json:
        told = (
            {"ticket": spec.ticket, "difficulty": spec.difficulty, "planned_minutes": spec.minutes}
            if spec
            else {}
        )
        emit({**training.as_dict(), **told})
        return
    click.echo("")
    click.echo(
        f"TICKET {training.id}"
        + (f"   difficulty {spec.difficulty} of 5, about {spec.minutes} min" if spec else "")
    )
    text = " ".join((spec.ticket if spec else "The backup of our machine fails. Please have a look.").split())
    click.echo(textwrap.fill(text, 88, initial_indent="  | ", subsequent_indent="  | "))
    if training.symptom:
        click.echo(
            textwrap.fill(
                f"the portal: {training.symptom}", 96, initial_indent="  ", subsequent_indent=" " * 14
            )
        )
    until = time.strftime("%H:%M", time.localtime(training.record.expires))
    click.echo("\nlab shell   a shell on the machine        lab rest    the Azure side, by REST")
    click.echo("lab hint    one more hint                 lab check   is it healed?")
    click.echo(
        f"lab solve   the solution                  lab reset   the same lab afresh\n"
        f"lab reap {training.id}   the end (by itself at {until})"
    )


def _progress(*, quiet: bool) -> Any:
    """Show set-up as short lines; never the name of what is broken."""
    words = {
        "provision": "making the machine",
        "inject": "breaking it",
        "confirm": "waiting for the backup to fail",
    }

    def watch(event: dict[str, Any]) -> None:
        if not quiet and event["event"] == "phase" and event["state"] == "start" and event["phase"] in words:
            click.echo(f"{words[event['phase']]} ...", err=True)

    return watch
