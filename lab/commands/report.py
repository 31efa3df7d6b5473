"""``lab report``: other views of a finished run, made from its journal."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import click

from lab.commands.options import emit


@click.command("report")
@click.argument("journal", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["console", "json", "junit"]), default="console", show_default=True
)
@click.option("-v", "--verbose", is_flag=True, help="Show every command with its output.")
def report_command(journal: Path, form: str, *, verbose: bool) -> None:
    """Print a finished run again from its JOURNAL (a journal.jsonl or the folder that holds it).

    \b
    Examples:
      lab report reports/1a2b3c4d
      lab report reports/1a2b3c4d --format junit > junit.xml
    """
    from lab.errors import UsageError
    from lab.journal.journal import read
    from lab.views.console import Console, lines_for
    from lab.views.junit import junit

    path = journal / "journal.jsonl" if journal.is_dir() else journal
    if not path.is_file():
        raise UsageError(f"{journal}: there is no journal")
    events = list(read(path))
    if form == "json":
        emit(events)
    elif form == "junit":
        ET.ElementTree(junit(events)).write(sys.stdout.buffer, encoding="utf-8", xml_declaration=True)
        click.echo()
    else:
        view = Console(lines_for(), verbose=verbose)
        for event in events:
            view(event)
