"""Text of objects, as Windows PowerShell 5.1 prints them without a console: 80 columns, the last one free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fakes.windows.powershell.formatting.access import Reader
from fakes.windows.powershell.formatting.formatter import Formatter
from fakes.windows.powershell.formatting.screen import Screen

CONSOLE_WIDTH = 80


def format_objects(objects: Iterable[Any], width: int = CONSOLE_WIDTH, runspace: Any = None) -> str:
    r"""What Out-Default prints for a sequence of objects, lines ended by ``\n``.

    Args:
        objects: pipeline objects, in order.
        width: columns of the (missing) console; one column less is used.
        runspace: the session that evaluates script blocks and script properties.

    >>> format_objects(["a", 1])
    'a\n1\n'
    """
    lines: list[str] = []
    printer = Printer(Reader(runspace), lines.append, width - 1)
    for value in objects:
        printer.write(value)
    printer.close()
    return "".join(line + "\n" for line in lines)


class Printer:
    """A streaming Out-Default or Out-String.

    Args:
        reader: reads values.
        write_line: receives each line of text, without its end.
        width: characters per line that may be used.
    """

    def __init__(self, reader: Reader, write_line: Any, width: int) -> None:
        self._screen = Screen(write_line, width)
        self._formatter = Formatter(reader, self._screen.put)

    def write(self, value: Any) -> None:
        """Prints one object."""
        self._formatter.process(value)

    def close(self) -> None:
        """Prints what was held back."""
        self._formatter.end()
        self._screen.flush()
