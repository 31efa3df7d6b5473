"""Where something stands in a script, and how 5.1 prints that.

The layout follows ``PositionUtilities.VerboseMessage`` of PowerShell (MIT licensed source,
``engine/parser/Position.cs``): at most 69 columns of the line, cut with ``...`` in 5.1.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

MAX_LINE = 69


class Source:
    """A script's text with its line starts.

    Args:
        text: the script.
        file: path on the host, or "" for a command line.
    """

    __slots__ = ("_starts", "file", "text")

    def __init__(self, text: str, file: str = "") -> None:
        self.text = text
        self.file = file
        self._starts: list[int] | None = None

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts = [0]
            at = self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._starts = starts
        return self._starts

    def line_column(self, offset: int) -> tuple[int, int]:
        """1-based line and column of an offset."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a 1-based line, without its end."""
        starts = self._line_starts()
        start = starts[line - 1]
        end = starts[line] - 1 if line < len(starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True)
class Extent:
    """A stretch of a script: offsets ``start`` (in) and ``end`` (out)."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """1-based line of the start."""
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        """1-based column of the start."""
        return self.source.line_column(self.start)[1]

    @property
    def text(self) -> str:
        """The stretch itself."""
        return self.source.text[self.start : self.end]

    @property
    def line_text(self) -> str:
        """The whole first line."""
        return self.source.line_text(self.line)

    def where(self) -> str:
        """``file:line:column`` for records that people read."""
        line, column = self.source.line_column(self.start)
        return f"{self.source.file or 'line'}:{line} char:{column}"

    def message(self) -> str:
        """The ``At line:1 char:5`` lines with the marked text, lines joined by a line feed."""
        line, column = self.source.line_column(self.start)
        end_line, end_column = self.source.line_column(self.end)
        head = f"At {self.source.file or 'line'}:{line} char:{column}\n+ "
        text = self.source.line_text(line).rstrip()
        if not text:
            return head
        before = column - 1
        if end_line == line and end_column <= len(text) + 1:
            length = end_column - column
        else:
            length = len(text) - column + 1
        return head + _marked(text, before, max(length, 0))


def _marked(text: str, before: int, length: int) -> str:
    """The line, cut to 69 columns around the marked part, and the line of tildes."""
    if "\t" in text:
        head = text[:before].replace("\t", "    ")
        marked = text[before : before + length].replace("\t", "    ")
        text = head + marked + text[before + length :].replace("\t", "    ")
        before, length = len(head), len(marked)
    dots_before = dots_after = False
    if len(text) > MAX_LINE:
        after = len(text) - length - before
        prefix, suffix = min(before, 12), min(after, 8)
        wanted = prefix + length + suffix
        if wanted >= MAX_LINE:
            if prefix + length >= MAX_LINE:
                length = MAX_LINE - prefix
            dots_after = True
        else:
            spare = before - prefix
            if spare > 0:
                prefix += min(spare, MAX_LINE - wanted)
                wanted = prefix + length + suffix
            if wanted < MAX_LINE and after > 0:
                suffix += min(after, MAX_LINE - wanted)
            dots_after = suffix < after
        dots_before = prefix < before
        start = max(before - prefix, 0)
        text = text[start : start + MAX_LINE]
        before = min(before, prefix)
        length = min(length, MAX_LINE - before)
    shown = ("... " if dots_before else "") + text + (" ..." if dots_after else "")
    indent = before + (4 if dots_before else 0)
    return f"{shown}\n+ {' ' * indent}{'~' * max(length, 1)}"
