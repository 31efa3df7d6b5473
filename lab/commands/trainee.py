"""What a trainee does: ``lab shell``, ``lab hint``, ``lab check``, ``lab solve``."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lab.commands.options import emit, json_option

if TYPE_CHECKING:
    from lab.hosts.base import Shell

_SESSION = click.argument("session", required=False)


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

    training = find(session, lambda text: click.echo(text, err=True))
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
            sys.exit(talk(guest, _ask if interactive else _read_line, _out, _err))


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

    training = find(session, lambda text: click.echo(text, err=True))
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

    training = find(session, lambda text: click.echo(text, err=True))
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
    from lab.errors import HostUnreachable
    from lab.training.attached import attached
    from lab.training.check import check, unreachable
    from lab.training.state import find

    training = find(session, lambda text: click.echo(text, err=True))
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
            try:
                done = steps.act(step, deadline)
            except HostUnreachable as error:
                answer = unreachable(training, error)
                click.echo("\n" + "\n  ".join([answer.text, *answer.notes]))
                sys.exit(answer.outcome.exit_code)
            click.echo(f"\n{done.name}: {'done' if done.ok else done.reason}")
            if done.output.strip():
                click.echo(textwrap.indent(done.output.rstrip(), "  | "))
    answer = check(training)
    click.echo("\n" + "\n  ".join([answer.text, *answer.notes]) + f"\n({training.effort()})")
    sys.exit(answer.outcome.exit_code)


def _history() -> None:
    """Line editing and history, where Python has readline."""
    try:
        import readline
    except ImportError:
        return
    readline.set_history_length(1000)


def _ask(prompt: str) -> str:
    """Ask for a line; wiping the screen is this terminal's business, not the machine's."""
    while True:
        try:
            text = input(prompt)
        except EOFError:
            click.echo()
            raise
        if text.strip().lower() not in {"cls", "clear", "clear-host"}:
            return text
        click.clear()


def _read_line(_prompt: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _out(text: str) -> None:
    click.echo(text, nl=False)


def _err(text: str) -> None:
    click.echo(text, nl=False, err=True)
