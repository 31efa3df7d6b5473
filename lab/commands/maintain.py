"""``lab doctor``, ``lab images`` and ``lab reap``."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from lab.commands.options import emit, json_option


@click.command("doctor")
@click.option("--fix", is_flag=True, help="Get what is missing, where that is possible.")
@json_option
def doctor_command(*, fix: bool, as_json: bool) -> None:
    """Say what this machine lacks and how to get it; exit code 3 when something is missing.

    \b
    Examples:
      lab doctor
      lab doctor --fix
    """
    from lab import doctor

    failed = doctor.fix(_say(quiet=as_json)) if fix else []
    findings = doctor.examine()
    lacking = doctor.missing(findings)
    if as_json:
        emit({"findings": [vars(finding) for finding in findings], "not_fixed": failed})
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            click.echo(f"{finding.status:<8} {finding.name:<{width}}  {finding.text}")
            if finding.status != "ok":
                needed = f"needed for {finding.needed_for}; " if finding.needed_for else ""
                click.echo(f"{'':<8} {'':<{width}}  {needed}{finding.advice}")
        for line in failed:
            click.echo(f"could not fix: {line}", err=True)
    sys.exit(3 if lacking or failed else 0)


@click.command("reap")
@click.argument("session", required=False)
@click.option(
    "--all", "everything", is_flag=True, help="Also sessions that still run, yours in other terminals too."
)
@json_option
def reap_command(session: str | None, *, everything: bool, as_json: bool) -> None:
    """Remove what a killed run left behind; with SESSION, end that one, such as a training lab.

    \b
    Without arguments only sessions that have expired or whose process is gone are removed.

    \b
    Examples:
      lab reap
      lab reap 1a2b3c4d
      lab reap --all
    """
    from lab import registry
    from lab.errors import UsageError
    from lab.reaper import reap

    if session is not None:
        known = [record.id for record in registry.records()]
        if session not in known:
            listing = ", ".join(known) or "there are none"
            raise UsageError(f"no session {session!r}; known: {listing}")
    done = reap(only=session, everything=everything)
    if as_json:
        emit({name: value for name, value in vars(done).items() if name != "unfinished"})
    else:
        for one, names in (
            ("session", done.sessions),
            ("process", done.processes),
            ("container", done.containers),
            ("network", done.networks),
            ("folder", done.folders),
        ):
            for name in names:
                click.echo(f"removed {one} {name}")
        if done.nothing:
            click.echo("nothing to remove")
        if done.kept and session is None:
            click.echo(
                f"left alone: {', '.join(done.kept)} (running, or kept until they expire; --all removes them)"
            )
        for problem in done.problems:
            click.echo(f"problem: {problem}", err=True)
    sys.exit(3 if done.problems else 0)


@click.command("images")
@click.argument("action", type=click.Choice(["list", "build", "prune"]), default="list")
@click.option("--all", "everything", is_flag=True, help="With prune: also those in use by this version.")
@json_option
def images_command(action: str, *, everything: bool, as_json: bool) -> None:
    """List, build or prune the container images of the Linux guests.

    \b
    Examples:
      lab images
      lab images build
      lab images prune
    """
    from lab import engine_setup, images

    engine = engine_setup.find()
    if action == "build":
        images.ensure_all(engine, _say(quiet=as_json))
    found = images.prune(engine, everything=everything) if action == "prune" else images.list_images(engine)
    if as_json:
        emit([vars(image) for image in found])
        return
    for image in found:
        state = "removed" if action == "prune" else "current" if image.current else "old"
        click.echo(f"{image.name:<8} {state:<8} {image.megabytes:>5} MB  {image.tag}")
    if not found:
        click.echo("nothing to prune" if action == "prune" else "none; build them with `lab images build`")


def _say(*, quiet: bool) -> Callable[[str], None]:
    return lambda text: click.echo(text, err=quiet)
