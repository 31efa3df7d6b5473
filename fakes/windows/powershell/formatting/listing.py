"""The ``Name : value`` lines of Format-List (``ListWriter`` of PowerShell 5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from fakes.windows.powershell.formatting.wrap import split_lines, wrap

SEPARATOR = " : "


def list_lines(fields: Sequence[tuple[str, str]], screen: int) -> list[str]:
    """Lines that show one object.

    Args:
        fields: label and text of each property.
        screen: characters available; longer values wrap under their own column.

    >>> list_lines([("Name", "BITS"), ("Status", "Stopped")], 79)
    ['Name   : BITS', 'Status : Stopped']
    """
    if not fields or screen < len(SEPARATOR) + 2:
        return []
    label_width = min(max(len(label) for label, _ in fields), screen - len(SEPARATOR) - 1)
    indent = " " * (label_width + len(SEPARATOR))
    lines: list[str] = []
    for label, value in fields:
        head = label[:label_width].ljust(label_width) + SEPARATOR
        for part in split_lines(value):
            for piece in wrap(part, screen - len(indent)):
                lines.append(head + piece)
                head = indent
    return lines
