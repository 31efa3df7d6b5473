"""The trainee's commands: ``lab train``, ``shell``, ``hint``, ``check``, ``solve``, ``reset``."""

from __future__ import annotations

import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lab.commands.options import emit, json_option

if TYPE_CHECKING:
    from lab.hosts.base import Shell
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


@click.command("shell")
@_SESSION
@click.option("--host", default=None, help="Which machine, where the lab has several.")
@click.option("--shell", "kind", type=click.Choice(["cmd", "powershell", "bash"]), help="Which shell on it.")
@click.option("-c", "--command", help="Run one line instead of talking.")
def shell_command(session: str | None, host: str | None, kind: Any, command: str | None) -> None:
    """Open a shell on a machine of a training lab; everything is recorded.

    \b
    Each line runs on its own; the current folder and variables you set are carried along.

    \b
    Examples:
      lab shell
      lab shell --shell powershell
      lab shell -c "vssadmin list writers"
    """
    from lab.errors import UsageError
    from lab.journal.journal import Journal
    from lab.journal.redact import Redactor
    from lab.nearest import suggestion
    from lab.training.attached import attached
    from lab.training.shell import GuestShell, talk
    from lab.training.state import find

    training = find(session)
    with attached(training) as (_, world, _steps):
        name = host or next(iter(world.hosts))
        if name not in world.hosts:
            raise UsageError(
                f"no host {name!r}{suggestion(name, world.hosts)}; there are: {', '.join(world.hosts)}"
            )
        machine = world.hosts[name]
        shell: Shell = kind or ("cmd" if machine.os == "windows" else "bash")
        if (shell == "bash") != (machine.os == "linux"):
            raise UsageError(f"{name} is a {machine.os} machine and has no {shell}")
        with Journal(Path(training.report) / "shell.jsonl", Redactor(world.secrets), append=True) as journal:
            guest = GuestShell(machine, shell, journal)
            if command is not None:
                lines = iter([command])
                sys.exit(talk(guest, lambda _prompt: next(lines, "exit"), _out, _err))
            interactive = sys.stdin.isatty()
            if interactive:
                _history()
                facts = world.facts
                click.echo(
                    f"{facts['computer_name']} as {facts['admin_user'] if machine.os == 'windows' else 'root'}; ",
                    nl=False,
                )
                click.echo("`exit` leaves; what you type is recorded.")
            sys.exit(talk(guest, input if interactive else _read_line, _out, _err))


@click.command("hint")
@_SESSION
@json_option
def hint_command(session: str | None, *, as_json: bool) -> None:
    """Show one more hint, from gentle to the solution.

    \b
    Example:
      lab hint
    """
    from lab.model.loader import load
    from lab.training.state import find

    training = find(session)
    scenario = load(Path(training.scenario))
    hints = scenario.spec.training.hints if scenario.spec.training else []
    training.hints = min(training.hints + 1, len(hints))
    training.save()
    if as_json:
        emit({"session": training.id, "hints": hints[: training.hints], "left": len(hints) - training.hints})
        return
    if not hints:
        click.echo("this scenario has no hints")
        return
    for number, hint in enumerate(hints[: training.hints], 1):
        click.echo(textwrap.fill(hint, 92, initial_indent=f"{number}. ", subsequent_indent="   "))
    left = len(hints) - training.hints
    click.echo(f"({left} more)" if left else "(that was the last one)")


@click.command("check")
@_SESSION
@json_option
def check_command(session: str | None, *, as_json: bool) -> None:
    """Say whether the machine is healed.

    \b
    Exit codes: 0 healed, 1 not healed, 3 the lab itself is broken (not your fault),
    5 nobody can tell (something is not simulated).

    \b
    Example:
      lab check
    """
    from lab.outcome import Outcome
    from lab.training.check import check
    from lab.training.state import find

    training = find(session)
    answer = check(training)
    if as_json:
        emit(
            {
                **training.as_dict(),
                "outcome": str(answer.outcome),
                "text": answer.text,
                "failing": answer.failing,
            }
        )
        sys.exit(answer.outcome.exit_code)
    if answer.outcome is Outcome.LAB_ERROR:
        click.echo(f"the lab itself is broken, this says nothing about your work: {answer.text}")
    else:
        click.echo(answer.text)
    for note in answer.notes:
        click.echo(f"  {note}")
    click.echo(f"({training.effort()})")
    if answer.outcome is Outcome.HEALED:
        click.echo(f"end the lab with: lab reap {training.id}")
    sys.exit(answer.outcome.exit_code)


@click.command("solve")
@_SESSION
def solve_command(session: str | None) -> None:
    """Run the documented cure on the machine and explain it.

    \b
    Example:
      lab solve
    """
    from lab.engine.describe import shown, title
    from lab.engine.limits import DEFAULT_LIMITS, Deadline
    from lab.training.attached import attached
    from lab.training.check import check
    from lab.training.state import find

    training = find(session)
    with attached(training) as (scenario, _world, steps):
        spec = scenario.spec
        training.solved = True
        training.save()
        click.echo(f"{spec.title}\n")
        if spec.summary:
            click.echo(textwrap.fill(spec.summary, 96) + "\n")
        deadline = Deadline("remediate", DEFAULT_LIMITS["remediate"])
        for heading, found in (("how to find it", spec.detect), ("what cures it", spec.remediate)):
            click.echo(f"{heading}:")
            for step in found:
                click.echo(f"  - {title(step)}")
                click.echo(textwrap.indent(shown(step, scenario), "      "))
        for step in spec.remediate:
            done = steps.act(step, deadline)
            click.echo(f"\n{done.name}: {'done' if done.ok else done.reason}")
            if done.output.strip():
                click.echo(textwrap.indent(done.output.rstrip(), "  | "))
    answer = check(training)
    click.echo(f"\n{answer.text}\n({training.effort()})")
    sys.exit(answer.outcome.exit_code)


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

    training = find(session)
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
        click.echo(f"  the portal: {training.symptom}")
    until = time.strftime("%H:%M", time.localtime(training.record.expires))
    click.echo("\nlab shell   a shell on the machine        lab hint    one more hint")
    click.echo("lab check   is it healed?                 lab solve   the solution")
    click.echo(
        f"lab reset   the same lab afresh           lab reap {training.id}   the end (by itself at {until})"
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


def _history() -> None:
    """Line editing and history, where Python has readline."""
    try:
        import readline
    except ImportError:
        return
    readline.set_history_length(1000)


def _read_line(_prompt: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _out(text: str) -> None:
    click.echo(text, nl=False)


def _err(text: str) -> None:
    click.echo(text, nl=False, err=True)
