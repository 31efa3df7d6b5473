"""sort.exe: /r, /+n, /o and /unique."""

from __future__ import annotations

from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.session import ProgramContext
from fakes.windows.tools import textinput


def main(context: ProgramContext) -> int:
    """Run ``sort [/r] [/+n] [/unique] [file] [/o file]``; letters in any case compare equal."""
    reverse = unique = False
    column, target = 1, ""
    names: list[str] = []
    words = iter(context.argv[1:])
    for word in words:
        lower = word.lower()
        if lower.startswith("/+") and lower[2:].isdigit():
            column = int(lower[2:])
        elif lower in {"/r", "/reverse"}:
            reverse = True
        elif lower in {"/u", "/uniq", "/unique"}:
            unique = True
        elif lower in {"/o", "/output"}:
            target = next(words, "")
        elif lower.startswith("/"):
            raise context.refuse(f"sort {word}")
        else:
            names.append(word)
    try:
        lines = textinput.lines_of(context, names[0]) if names else textinput.split(context.stdin.read())
    except Win32Error as error:
        context.err(f"{names[0]}{error}\n")
        return 1
    lines.sort(key=lambda line: line[column - 1 :].lower(), reverse=reverse)
    if unique:
        lines = list({line.lower(): line for line in reversed(lines)}.values())[::-1]
    text = "".join(f"{line}\r\n" for line in lines)
    if target:
        context.host.files.write(
            context.path(target), text.encode(context.session.encoding, "surrogateescape")
        )
    else:
        context.out(text)
    return 0
