"""more.com: without a console it passes everything through, with tabs expanded."""

from __future__ import annotations

from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.session import ProgramContext
from fakes.windows.tools import textinput


def main(context: ProgramContext) -> int:
    """Run ``more [files]``."""
    names = []
    for word in context.argv[1:]:
        if word.startswith(("/", "+")):
            raise context.refuse(f"more {word}")
        names.append(word)
    sources = []
    for name in names:
        try:
            sources.append(textinput.lines_of(context, name))
        except Win32Error:
            context.out(f"Cannot access file {context.path(name)}\n")
            return 1
    if not names:
        sources.append(textinput.split(context.stdin.read()))
    for lines in sources:
        for line in lines:
            context.out(f"{line.expandtabs(8)}\n")
    if not names:
        context.out("\n")
    return 0
