"""``lab run``, ``lab prove`` and ``lab plan``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from lab.commands.options import emit, json_option

_COMMON: list[Callable[[Any], Any]] = [
    click.argument("scenario", required=False),
    click.option(
        "--remediation", type=click.Path(path_type=Path), metavar="FILE",
        help="Judge this script (.ps1 .cmd .bat .sh, or .py against the control plane) instead of the cure.",
    ),
    click.option("--seed", type=int, help="Repeat the names of an earlier run."),
]  # fmt: skip
_RUNNING: list[Callable[[Any], Any]] = [
    click.option("--dry-run", is_flag=True, help="Print the plan with every command and touch nothing."),
    click.option("--keep", type=click.Choice(["never", "failed", "always"]), default="never", show_default=True,
                 help="When to leave the world up (it ends by itself after two hours)."),
    click.option("--report-dir", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
                 help="Where journal and reports go; default reports/SESSION."),
    click.option("--no-report", is_flag=True, help="Write no files."),
    click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                 help="Write JUnit XML here as well."),
    click.option("--target", multiple=True, metavar="HOST=ADDRESS",
                 help="A real disposable Windows machine in place of HOST; LAB_<HOST>_USER and "
                 "LAB_<HOST>_PASSWORD, or LAB_CREDENTIALS_FILE, say who we are there."),
    click.option("--setup", is_flag=True, help="Install and start a container engine where none answers."),
    click.option("-v", "--verbose", is_flag=True, help="Show every command with its output."),
    json_option,
]  # fmt: skip


def _with(options: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@click.command("run")
@_with([*_COMMON, *_RUNNING])
def run_command(**given: Any) -> None:
    """Break a machine as SCENARIO says, detect the fault, cure it, show that it is healthy.

    A script of your own (--remediation) runs on the host that takes it, for three minutes at most: on a
    healthy machine, on the broken one, and once more. It has to heal, to end with exit code 0, and to
    change nothing else. A .py runs here; its environment names the control plane and what is in it:
    LAB_ARM_ENDPOINT, LAB_ARM_TOKEN (a bearer token), LAB_SUBSCRIPTION, LAB_RESOURCE_GROUP, LAB_VM_NAME,
    LAB_VM_ID, LAB_NSG_NAME, LAB_NSG_ID, LAB_VAULT_NAME, LAB_LOCATION...

    \b
    Examples:
      lab run vss_bad_state
      lab run vss_bad_state --dry-run
      lab run vss_bad_state --remediation my_fix.ps1
      lab run nsg_blocks_storage --remediation open_storage.py --junit out.xml
    """
    _run("run", **given)


@click.command("prove")
@_with([*_COMMON, *_RUNNING])
def prove_command(**given: Any) -> None:
    """Run all seven proofs of SCENARIO.

    \b
    healthy before, broken by the injection, detected, not healed by time or wrong fixes,
    healed by the cure, idempotent and harmless, durable and clean.

    \b
    Examples:
      lab prove vss_bad_state
      lab prove vss_bad_state --json
      lab prove vss_bad_state --remediation my_fix.ps1
    """
    _run("prove", **given)


@click.command("plan")
@_with(_COMMON)
@click.option("--prove", is_flag=True, help="The plan of lab prove.")
@json_option
def plan_command(
    scenario: str | None, remediation: Path | None, seed: int | None, prove: bool, as_json: bool
) -> None:
    """Print every step of a run of SCENARIO without touching anything.

    \b
    Examples:
      lab plan vss_bad_state
      lab plan vss_bad_state --prove --json
    """
    _plan("prove" if prove else "run", scenario, remediation, seed, as_json=as_json)


def _plan(mode: Any, name: str | None, remediation: Path | None, seed: int | None, *, as_json: bool) -> None:
    from lab.engine.run import Options
    from lab.identity import make_identity, new_seed
    from lab.views.plan import as_text, plan

    scenario = _find(name)
    seed = new_seed() if seed is None else seed
    system = next(iter(scenario.spec.hosts.values())).os
    scenario = scenario.resolved(make_identity(seed, system).facts(), partial=True)
    phases = plan(scenario, Options(mode=mode, remediation=remediation, seed=seed))
    if as_json:
        emit({"scenario": scenario.id, "mode": mode, "seed": seed, "phases": phases})
    else:
        click.echo(as_text(scenario, phases))


def _run(mode: Any, **given: Any) -> None:
    if given["dry_run"]:
        _plan(mode, given["scenario"], given["remediation"], given["seed"], as_json=given["as_json"])
        return
    from lab.interrupts import ignore
    from lab.runner import Request, run

    scenario = _find(given["scenario"])
    result = run(
        scenario, Request(mode=mode, **{k: v for k, v in given.items() if k not in {"scenario", "dry_run"}})
    )
    ignore()
    sys.exit(result.exit_code)


def _find(name: str | None) -> Any:
    from lab.errors import UsageError
    from lab.model.catalog import find, names

    if not name:
        listing = "\n".join(f"  {known}" for known in names())
        raise UsageError(
            "which scenario? For example: make lab scenario=vss_bad_state", detail=f"Scenarios:\n{listing}"
        )
    return find(name)
