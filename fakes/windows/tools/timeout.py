"""timeout.exe: waits on the virtual clock, so it costs no real time."""

from __future__ import annotations

import re

from fakes.windows.shell.session import ProgramContext


def main(context: ProgramContext) -> int:
    """Run ``timeout [/t] seconds [/nobreak]``."""
    words = [word.lower() for word in context.argv[1:]]
    if "/?" in words:
        raise context.refuse("timeout /?")
    numbers = [word for word in words if re.fullmatch(r"-?\d+", word)]
    unknown = [word for word in words if word not in {"/t", "/nobreak"} and word not in numbers]
    if unknown or len(numbers) != 1:
        context.err('ERROR: Invalid syntax. Default option is not allowed more than \'1\' time(s).\nType "TIMEOUT /?" for usage.\n'
                    if len(numbers) > 1 else 'ERROR: Invalid syntax.\nType "TIMEOUT /?" for usage.\n')  # fmt: skip
        return 1
    seconds = int(numbers[0])
    if not -1 <= seconds <= 99_999:
        context.err(
            "ERROR: Invalid value for timeout (/T) specified. Valid range is -1 to 99999 (seconds).\n"
        )
        return 1
    if "/nobreak" not in words:
        # Without a console there is no key to press; real timeout.exe refuses to run then.
        context.err("ERROR: Input redirection is not supported, exiting the process immediately.\n")
        return 1
    if seconds < 0:
        raise context.refuse("timeout -1: it waits for ever")
    countdown = "\b".join(f"{left}" for left in range(seconds, -1, -1)) if seconds < 10 else f"{seconds}"
    context.out(f"\nWaiting for {countdown} seconds, press CTRL+C to quit ...\n")
    context.host.sleep(seconds, context.stop)
    return 0
