"""find.exe: lines that hold a string."""

from __future__ import annotations

import re

from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.session import ProgramContext
from fakes.windows.tools import textinput

_ARGUMENT = re.compile(r'\s*("(?:[^"]|"")*"|\S+)')


def main(context: ProgramContext) -> int:
    """Run ``find [/v] [/c] [/n] [/i] "string" [files]``; exit code 0 found, 1 not found, 2 wrong usage."""
    flags: set[str] = set()
    wanted: str | None = None
    names: list[str] = []
    for word in _ARGUMENT.findall(
        context.raw
    ):  # find needs to see the quotes: an unquoted string is an error
        if word.startswith("/") and wanted is None:
            letter = word[1:].lower()
            if letter == "?" or letter.startswith("off"):
                raise context.refuse(f"find {word}")
            if letter not in {"v", "c", "n", "i"}:
                context.err("FIND: Invalid switch\n")
                return 2
            flags.add(letter)
        elif wanted is None:
            if not word.startswith('"') or not word.endswith('"') or len(word) < 2:
                context.err("FIND: Parameter format not correct\n")
                return 2
            wanted = word[1:-1].replace('""', '"')
        else:
            names.append(word.strip('"'))
    if wanted is None:
        context.err("FIND: Parameter format not correct\n")
        return 2
    if not names:
        return 0 if _one(context, wanted, flags, textinput.split(context.stdin.read()), "") else 1
    found = False
    for name in names:
        try:
            for file in textinput.expanded(context, name):
                found |= _one(context, wanted, flags, textinput.lines_of(context, file), file.upper())
        except Win32Error as error:
            text = "Access denied" if error.code == 5 else "File not found"
            context.err(f"{text} - {name.upper()}\n")
    return 0 if found else 1


def _one(context: ProgramContext, wanted: str, flags: set[str], lines: list[str], name: str) -> bool:
    fold = str.lower if "i" in flags else str
    needle = fold(wanted)
    hits = [
        (number, line)
        for number, line in enumerate(lines, 1)
        if (bool(needle) and needle in fold(line)) != ("v" in flags)
    ]
    header = f"\n---------- {name}" if name else ""
    if "c" in flags:
        context.out(f"{header}: {len(hits)}\n" if name else f"{len(hits)}\n")
    else:
        context.out(f"{header}\n" if name else "")
        for number, line in hits:
            context.out(f"[{number}]{line}\n" if "n" in flags else f"{line}\n")
    return bool(hits)
