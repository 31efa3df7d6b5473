"""Width of each column of a table, and the rows that follow from it.

Same decisions as ``ColumnWidthManager`` and ``TableWriter`` of PowerShell 5.1: a column without a width
shares what is left evenly, columns that do not fit are cut or dropped from the right, one blank separates
two columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fakes.windows.powershell.formatting.wrap import fit, wrap

SEPARATOR = 1
MINIMUM_COLUMN = 1
MINIMUM_SCREEN = 5


def total_width(widths: Sequence[int]) -> int:
    """Characters a row takes: visible columns (width above 0) and the blanks between them."""
    visible = [width for width in widths if width > 0]
    return sum(visible) + SEPARATOR * (len(visible) - 1)


def assign_widths(requested: Sequence[int], screen: int) -> list[int]:
    """Widths that fit `screen`; -1 hides a column.

    Args:
        requested: wanted width per column, 0 for "share what is left".
        screen: characters available.

    >>> assign_widths([8, 18, 38], 79)
    [8, 18, 38]
    >>> assign_widths([10, 0], 40)
    [10, 29]
    >>> assign_widths([30, 30, 30], 79)
    [30, 30, 17]
    """
    widths = list(requested)
    if all(width > 0 for width in widths):
        return widths if total_width(widths) <= screen else _trim(widths, screen)
    flexible = [index for index, width in enumerate(widths) if width <= 0]
    widths = [width or MINIMUM_COLUMN for width in widths]
    room = screen - total_width(widths)
    if room < 0:
        return _trim(widths, screen)
    share, rest = divmod(room, len(flexible))
    for position, index in enumerate(flexible):
        widths[index] += share + (1 if position < rest else 0)
    return widths


def _trim(widths: list[int], screen: int) -> list[int]:
    for last in range(len(widths) - 1, -1, -1):
        excess = total_width(widths) - screen
        if excess <= 0:
            break
        shrunk = widths[last] - excess
        widths[last] = shrunk if shrunk >= MINIMUM_COLUMN else -1
    return widths


def items_per_row(longest: int, screen: int) -> int:
    """How many columns of `longest` characters ``Format-Wide -AutoSize`` puts on a row."""
    if longest <= 0 or screen < 1 or longest >= screen:
        return 1
    count = 1
    while longest * (count + 1) + count * SEPARATOR < screen:
        count += 1
    return count


@dataclass
class TableWriter:
    """Turns cells into lines of text.

    Attributes:
        widths: from :func:`assign_widths`.
        aligns: ``left``, ``right`` or ``center`` per column.
    """

    widths: list[int]
    aligns: list[str]

    @classmethod
    def for_screen(cls, requested: Sequence[int], aligns: Sequence[str], screen: int) -> TableWriter:
        """The writer of a table on a screen of `screen` characters (under 5, nothing is shown)."""
        widths = assign_widths(requested, screen) if screen >= MINIMUM_SCREEN else [-1] * len(requested)
        return cls(widths, list(aligns))

    def header(self, labels: Sequence[str]) -> list[str]:
        """The label row (long labels wrap) and the row of dashes."""
        if not any(width > 0 for width in self.widths):
            return []
        dashes = [
            "-" * (min(width, len(label)) if label else width) if width > 0 else ""
            for label, width in zip(labels, self.widths, strict=True)
        ]
        return [*self.row(labels, wrapped=True), *self.row(dashes)]

    def row(
        self, cells: Sequence[str], *, wrapped: bool = False, aligns: Sequence[str | None] | None = None
    ) -> list[str]:
        """One row: a single line, or as many as the longest wrapped cell needs."""
        visible = [index for index, width in enumerate(self.widths) if width > 0]
        if not visible:
            return []
        effective = [(aligns[index] if aligns else None) or self.aligns[index] for index in visible]
        if not wrapped:
            return [
                " ".join(
                    fit(cells[index], self.widths[index], align)
                    for index, align in zip(visible, effective, strict=True)
                )
            ]
        columns = [
            [fit(line, self.widths[index], align) for line in wrap(cells[index], self.widths[index])]
            for index, align in zip(visible, effective, strict=True)
        ]
        height = max(len(column) for column in columns)
        for index, column in zip(visible, columns, strict=True):
            column.extend([" " * self.widths[index]] * (height - len(column)))
        return [" ".join(column[line] for column in columns) for line in range(height)]
