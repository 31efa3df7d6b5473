"""``lab list``, ``lab show`` and ``lab schema``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lab.commands.options import emit, json_option

if TYPE_CHECKING:
    from lab.model.loader import Scenario


@click.command("list")
@click.argument("text", required=False)
@json_option
def list_command(text: str | None, as_json: bool) -> None:
    """List the scenarios; with TEXT only those that mention it.

    \b
    Examples:
      lab list
      lab list vss
      lab list --json
    """
    from lab.model.catalog import find, names

    scenarios = [find(name) for name in names()]
    if text:
        scenarios = [s for s in scenarios if text.lower() in _haystack(s)]
    if as_json:
        emit([_brief(scenario) for scenario in scenarios])
        return
    if not scenarios:
        click.echo(f"no scenario mentions {text!r}")
        return
    width = max(len(scenario.id) for scenario in scenarios)
    for scenario in scenarios:
        systems = "+".join(sorted({host.os for host in scenario.spec.hosts.values()}))
        click.echo(f"{scenario.id:<{width}}  {systems:<7}  {scenario.spec.title}")


@click.command("show")
@click.argument("scenario")
@json_option
def show_command(scenario: str, as_json: bool) -> None:
    """Show one scenario: what breaks, what one sees, what cures it.

    \b
    Examples:
      lab show vss_bad_state
      lab show vss_bad_state --json
    """
    from lab.model.catalog import find

    found = find(scenario)
    if as_json:
        emit({**_brief(found), "file": found.data})
        return
    from lab.engine.describe import shown, title

    spec = found.spec
    click.echo(f"{found.id}: {spec.title}")
    if spec.error:
        click.echo(f"error: {spec.error}")
    click.echo(f"covers: {', '.join(spec.covers)}")
    click.echo(f"hosts: {', '.join(f'{name} ({host.os})' for name, host in spec.hosts.items())}")
    click.echo(f"fidelity: {', '.join(f'{part} {text}' for part, text in spec.fidelity.items())}")
    if spec.summary:
        click.echo(f"\n{click.wrap_text(spec.summary, 96)}")
    for heading, steps in (
        ("what breaks it", spec.inject),
        ("what one sees", spec.symptom),
        ("how to find it", spec.detect),
        ("what cures it", spec.remediate),
        ("how to tell that it is healed", spec.healthy),
    ):
        click.echo(f"\n{heading}:")
        for step in steps:
            click.echo(f"  - {title(step)}")
            for line in shown(step, found).splitlines():
                click.echo(f"      {line}")
    if spec.wrong_fixes:
        click.echo("\nwhat does not cure it:")
        for wrong in spec.wrong_fixes:
            click.echo(f"  - {wrong.name}")
    for source in spec.sources:
        click.echo(f"\nsource: {source}")


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of scenario.yaml, for editors.

    \b
    Example:
      lab schema > scenario.schema.json
    """
    from lab.model.loader import schema

    emit(schema())


def _brief(scenario: Scenario) -> dict[str, object]:
    spec = scenario.spec
    return {
        "id": scenario.id,
        "title": spec.title,
        "error": spec.error,
        "covers": spec.covers,
        "hosts": {name: host.os for name, host in spec.hosts.items()},
        "fidelity": spec.fidelity,
        "difficulty": spec.training.difficulty if spec.training else None,
        "minutes": spec.training.minutes if spec.training else None,
    }


def _haystack(scenario: Scenario) -> str:
    spec = scenario.spec
    return " ".join([scenario.id, spec.title, spec.error or "", *spec.covers, spec.summary or ""]).lower()
