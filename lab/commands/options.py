"""Options and output that several commands share."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from lab.errors import InfrastructureError, UsageError

if TYPE_CHECKING:
    from lab.fabric_world import Target

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def emit(data: Any) -> None:
    """Print JSON.

    Raises:
        InfrastructureError: Nobody reads it, or the disk is full: the answer is lost.
    """
    try:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
    except OSError as error:
        raise InfrastructureError(f"the output cannot be written: {error.strerror}") from None


def targets(given: tuple[str, ...]) -> Mapping[str, Target]:
    """Read ``--target HOST=ADDRESS`` options; user and password come from environment or file.

    Raises:
        UsageError: Not of that form, or no credentials are found.
    """
    if not given:
        return {}
    from lab.fabric_world import Target
    from lab.hosts.winrm.credentials import find_credentials

    found = {}
    for text in given:
        host, equals, url = text.partition("=")
        if not equals or not host or not url:
            raise UsageError(f"--target {text}: expected HOST=ADDRESS, such as vm=https://10.1.2.3:5986")
        credentials = find_credentials(host, os.environ)
        found[host] = Target(url, credentials.user, credentials.password)
    return found
