"""shutdown.exe: /r restarts the machine, /a and a delay are as far as the virtual clock allows.

The program itself ends at once with exit code 0; the machine goes down a moment later, as on
Windows, so that its answer still reaches the client.
"""

from __future__ import annotations

import threading

from fakes.windows.shell.session import ProgramContext

_GRACE = 0.2  # real seconds between the program's end and the restart: time for its exit code to travel
_INVALID = "Invalid or unknown argument."


def main(context: ProgramContext) -> int:
    """Run ``shutdown /r [/t seconds] [/f] [/d reason] [/c comment]``."""
    words = iter(context.argv[1:])
    restart, delay, comment = False, 30, ""
    for word in words:
        switch = word.lower().replace("-", "/", 1)
        if switch in {"/r", "/g"}:
            restart = True
        elif switch == "/t":
            text = next(words, "")
            if not text.isdigit():
                context.err(f"{_INVALID}\n")
                return 1
            delay = int(text)
        elif switch in {"/d", "/c"}:
            value = next(words, "")
            comment = value if switch == "/c" else comment
        elif switch != "/f":
            raise context.refuse(f"shutdown {word}")
    if not restart:
        raise context.refuse("shutdown without /r")
    if not context.session.elevated:
        context.err("Access is denied.(5)\n")
        return 5
    host = context.host
    text = (
        f"The process C:\\Windows\\system32\\shutdown.exe ({host.name}) has initiated the restart of computer "
        f"{host.name} on behalf of user {host.name}\\{context.user} for the following reason: No title for this "
        f"reason could be found\n Reason Code: 0x800000ff\n Shutdown Type: restart\n Comment: {comment}"
    )
    host.event_logs.write("System", "User32", 1074, "Information", text, user=f"{host.name}\\{context.user}")
    timer = threading.Timer(_GRACE, _go_down, (context, delay))
    timer.daemon = True
    timer.start()
    return 0


def _go_down(context: ProgramContext, delay: int) -> None:
    context.host.sleep(delay)
    context.host.restart()
