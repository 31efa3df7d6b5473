"""The ``lab`` command: a table of commands whose modules are imported only when used.

Importing this module must stay cheap: `lab --help` and shell completion pay for it every time.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module under lab.commands, one line of help)
    "list": ("catalog", "List the scenarios."),
    "show": ("catalog", "Show one scenario: what breaks, what one sees, what cures it."),
    "plan": ("run", "Print every step of a run without touching anything."),
    "run": ("run", "Break a machine, detect the fault, cure it, prove it healthy."),
    "prove": ("run", "Run all seven proofs of a scenario."),
    "train": ("train", "Break a machine and leave it for a trainee."),
    "shell": ("trainee", "Open a shell on a machine of a running training lab."),
    "rest": ("rest", "Call the control plane of a running training lab."),
    "hint": ("trainee", "Show one more hint."),
    "check": ("trainee", "Say whether the machine is healed."),
    "solve": ("trainee", "Run the documented cure and explain it."),
    "reset": ("train", "Start the same training lab afresh."),
    "schema": ("catalog", "Print the JSON Schema of scenario.yaml."),
    "report": ("report", "Print a finished run again from its journal."),
    "images": ("maintain", "List, build or prune the container images of the Linux guests."),
    "doctor": ("maintain", "Say what this machine lacks and how to get it."),
    "reap": ("maintain", "Remove what a killed run left behind."),
}


class LazyGroup(click.Group):
    """A click group that knows its commands by name and imports them on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Names in the order of the table, which is the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module and return the command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"lab.commands.{entry[0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for an unknown one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from lab.nearest import suggestion

            ctx.fail(f"no such command {args[0]!r}{suggestion(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; one that a signal ended has the exit code a shell gives to that."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            click.echo(f"lab: stopped by {error or 'SIGINT'}", err=True)
            ctx.exit(getattr(error, "exit_code", 130))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="azure-vm-backup-lab", prog_name="lab")
def cli() -> None:
    """Break a disposable machine in one documented way of Azure VM Backup, and prove the cure.

    \b
    Examples:
      lab list                        what can be broken
      lab run vss_bad_state           break it, detect it, cure it
      lab prove vss_bad_state         all seven proofs
      lab run vss_bad_state --remediation my_fix.ps1
                                      judge your own script by the same proofs
      lab train vss_bad_state         leave it broken, with a ticket

    Exit codes: 0 healed or proven, 1 not healed, 2 usage, 3 the lab itself failed,
    4 refused by the safety guard, 5 inconclusive (something was not simulated).
    """


def main() -> None:
    """Entry point of the console script: turn the lab's errors into a line and an exit code."""
    from lab.errors import LabError

    try:
        sys.exit(cli.main(standalone_mode=True))
    except LabError as error:
        click.echo(f"lab: {error.message}", err=True)
        if error.detail:
            click.echo(error.detail.rstrip(), err=True)
        sys.exit(error.exit_code)
