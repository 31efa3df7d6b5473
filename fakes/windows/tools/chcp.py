"""chcp.com: shows or sets the console's code page."""

from __future__ import annotations

from fakes.windows.shell.session import ProgramContext
from fakes.windows.shell.streams import encoding_of


def main(context: ProgramContext) -> int:
    """Run ``chcp [number]``; a new code page does not change streams that are already redirected."""
    words = context.argv[1:]
    if not words:
        context.out(f"Active code page: {context.session.codepage}\n")
        return 0
    if not words[0].isdigit():
        context.out(f"Parameter format not correct - {words[0]}\n")
        return 1
    try:
        encoding_of(int(words[0]))
    except ValueError:
        context.out("Invalid code page\n")
        return 1
    if int(words[0]) != context.session.codepage:
        raise context.refuse(f"chcp {words[0]}: another code page than the session's")
    context.out(f"Active code page: {words[0]}\n")
    return 0
