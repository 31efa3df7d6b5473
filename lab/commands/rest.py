"""``lab rest``: the control plane for a trainee whose fault is not on the machine."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

_PLACEHOLDER = re.compile(r"\$?\{([a-z_]+)\}")


@click.command("rest")
@click.argument("method", required=False)
@click.argument("path", required=False)
@click.option("--body", help="JSON to send; @FILE reads it from a file.")
@click.option("--session", help="Which lab, where there are several.")
def rest_command(method: str | None, path: str | None, body: str | None, session: str | None) -> None:
    """Call the control plane of a training lab, as `az rest` calls Azure's; recorded.

    \b
    Without METHOD and PATH it lists the lab's resources by names that PATH may use in braces.

    \b
    Examples:
      lab rest
      lab rest GET '{nsg_id}/securityRules?api-version=2018-02-01'
      lab rest PUT '{nsg_id}/securityRules/MyRule?api-version=2018-02-01' --body @rule.json
    """
    from lab.errors import UsageError
    from lab.journal.journal import Journal
    from lab.journal.redact import Redactor
    from lab.model.steps import HTTP_METHODS
    from lab.training.attached import attached
    from lab.training.state import find

    training = find(session, lambda text: click.echo(text, err=True))
    with attached(training) as (_, world, _steps):
        if method is None or path is None:
            if method is not None:
                raise UsageError("a path is missing: lab rest GET '{vm_id}?api-version=2024-07-01'")
            for name in sorted(world.facts):
                click.echo(f"{name:20} {world.facts[name]}")
            return
        if method.upper() not in HTTP_METHODS:
            raise UsageError(f"{method}: the method is one of {', '.join(HTTP_METHODS)}")
        target = filled(path, world.facts)
        with Journal(Path(training.report) / "shell.jsonl", Redactor(world.secrets), append=True) as journal:
            reply = world.azure(method.upper(), target, _json(body), 120)
            journal.write(
                "rest", method=method.upper(), path=target, body=body, status=reply.status, answer=reply.body
            )
        click.echo(json.dumps(reply.body, indent=2, ensure_ascii=False))
        if reply.status >= 400 or reply.error:
            click.echo(f"HTTP {reply.status}" + (f": {reply.error}" if reply.error else ""), err=True)
            sys.exit(1)


def filled(path: str, facts: Mapping[str, str]) -> str:
    """Return a path with the names in braces replaced.

    >>> filled("{vm_id}?api-version=1", {"vm_id": "/subscriptions/s/vm"})
    '/subscriptions/s/vm?api-version=1'

    Raises:
        UsageError: A name is not known, or what comes out is no path.
    """
    from lab.errors import UsageError
    from lab.nearest import suggestion

    def value(match: re.Match[str]) -> str:
        if match[1] not in facts:
            raise UsageError(f"{match[0]}: no such name{suggestion(match[1], facts)}; `lab rest` lists them")
        return facts[match[1]]

    whole = _PLACEHOLDER.sub(value, path)
    if not whole.startswith("/"):
        raise UsageError(f"{path}: a path starts with / or with a name in braces, such as {{vm_id}}")
    return whole


def _json(body: str | None) -> Any:
    from lab.errors import UsageError

    if body is None:
        return None
    try:
        text = Path(body[1:]).read_text(encoding="utf-8") if body.startswith("@") else body
        return json.loads(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"--body: {error}") from None
