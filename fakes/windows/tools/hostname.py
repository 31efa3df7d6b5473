"""hostname.exe: the computer's name."""

from __future__ import annotations

from fakes.windows.shell.session import ProgramContext

_USAGE = """
Prints the name of the current host.

hostname

"""


def main(context: ProgramContext) -> int:
    """Print the name; an argument other than /? is the refusal to set it."""
    arguments = context.argv[1:]
    if "/?" in arguments or "-?" in arguments:
        context.out(_USAGE)
        return 0
    if arguments:
        context.err(
            "sethostname: Use the Network Control Panel Applet to set hostname.\nhostname -s is not supported.\n"
        )
        return 1
    context.out(f"{context.host.name}\n")
    return 0
