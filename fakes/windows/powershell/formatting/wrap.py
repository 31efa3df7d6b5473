"""Breaking text into lines of a given width, as the formatter of Windows PowerShell 5.1 does.

The rules are those of ``StringManipulationHelper`` in PowerShell's ``ComplexWriter.cs`` (MIT, read for
its behaviour): words break at a blank or a tab, which stays at the end of the line it ends; a word longer
than the line is cut hard.
"""

from __future__ import annotations

from collections.abc import Iterator

ELLIPSIS = "..."


def split_lines(text: str) -> list[str]:
    r"""Splits at ``\n``, dropping every ``\r``.

    >>> split_lines("a\r\nb")
    ['a', 'b']
    """
    return text.replace("\r", "").split("\n")


def _words(line: str) -> Iterator[str]:
    start = 0
    for index, char in enumerate(line):
        if char in " \t":
            yield line[start : index + 1]
            start = index + 1
    yield line[start:]


def _wrap_line(line: str, width: int) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in _words(line):
        if len(word) > width:
            for char in word:
                if len(current) >= width:
                    lines.append(current)
                    current = ""
                current += char
        elif len(word) > width - len(current):
            lines.append(current)
            current = word
        else:
            current += word
    lines.append(current)
    return lines


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters that show `text`; at least one line.

    >>> wrap("The quick brown fox", 10)
    ['The quick ', 'brown fox']
    >>> wrap("abcdefgh", 3)
    ['abc', 'def', 'gh']
    """
    if not text:
        return [""]
    result: list[str] = []
    for line in split_lines(text):
        result.extend([line] if len(line) <= width else _wrap_line(line, width))
    return result


def fit(text: str, width: int, align: str = "left") -> str:
    """Exactly `width` characters of the first line of `text`, padded or cut with an ellipsis.

    Args:
        text: the cell's text; what follows a line break is not shown.
        width: number of character cells of the column.
        align: ``left``, ``right`` or ``center``. A right-aligned cell keeps its tail.

    >>> fit("Background Intelligent", 10), fit("1234567", 5, "right"), fit("ab", 4, "right")
    ('Backgro...', '...67', '  ab')
    """
    value = _first_line(text)
    if len(value) < width:
        if align == "right":
            return value.rjust(width)
        if align == "center":
            left = (width - len(value)) // 2
            return (" " * left + value).ljust(width)
        return value.ljust(width)
    if len(value) == width:
        return value
    room = width - len(ELLIPSIS)
    if align == "right":
        return ELLIPSIS + value[len(value) - room :] if room > 0 else value[len(value) - width :]
    return value[:room] + ELLIPSIS if room > 0 else value[:width]


def _first_line(text: str) -> str:
    """What precedes the first line break; 5.1 marks the cut with an ellipsis."""
    for index, char in enumerate(text):
        if char in "\r\n":
            return text[:index] + ELLIPSIS
    return text
