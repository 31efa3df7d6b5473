"""Built-ins for the flow of a script and for small talk: echo, call, goto, exit, ver, pause..."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakes.windows.shell.cmd import batch
from fakes.windows.shell.cmd.conditions import integer
from fakes.windows.shell.cmd.parser import DELIMITERS

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io


def echo(cmd: Cmd, arguments: str, io: Io) -> int:
    """``echo text``, ``echo on|off``, ``echo.``."""
    word = arguments.strip().lower()
    if word == "/?":
        io.out(
            "Displays messages, or turns command-echoing on or off.\n\n  ECHO [ON | OFF]\n  ECHO [message]\n\n"
        )
        io.out("Type ECHO without parameters to display the current echo setting.\n")
    elif word in {"on", "off"} and arguments[:1] in DELIMITERS:
        cmd.echo = word == "on"
    elif not arguments.strip(" \t"):
        io.out(f"ECHO is {'on' if cmd.echo else 'off'}.\n")
    else:
        io.out(f"{arguments[1:]}\n")
    return 0


def rem(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``rem``: nothing."""
    return 0


def title(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``title`` and ``color``: there is no window."""
    return 0


def cls(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``cls``: without a console it writes a form feed."""
    io.out("\f")
    return 0


def ver(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``ver``."""
    from fakes.windows.shell.cmd.interp import version

    io.out(f"\nMicrosoft Windows [Version {version(cmd)}]\n")
    return 0


def verify(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``verify``."""
    if not arguments.strip():
        io.out("VERIFY is off.\n")
    return 0


def pause(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``pause``: waits for one character of standard input."""
    io.out("Press any key to continue . . . ")
    io.stdin.readline()
    io.out("\n")
    return 0


def date(cmd: Cmd, arguments: str, io: Io) -> int:
    """``date /t``."""
    if arguments.strip().lower() != "/t":
        raise cmd.context.refuse(f"date {arguments.strip()}".strip())
    io.out(f"{cmd.host.now():%a %m/%d/%Y} \n")
    return 0


def time(cmd: Cmd, arguments: str, io: Io) -> int:
    """``time /t``."""
    if arguments.strip().lower() != "/t":
        raise cmd.context.refuse(f"time {arguments.strip()}".strip())
    io.out(f"{cmd.host.now():%I:%M %p}\n")
    return 0


def call(cmd: Cmd, arguments: str, io: Io) -> int:
    """``call file``, ``call :label``, ``call command``; percent signs are expanded a second time."""
    from fakes.windows.shell.cmd.interp import split_name

    text = cmd.percent(arguments).strip(DELIMITERS)
    if not text:
        return 0
    name, rest = split_name(text)
    if name.startswith(":"):
        return batch.call_label(cmd, name[1:], rest, io)
    path = cmd.session.search(name, cmd.env, cmd.cwd)
    if path and path.lower().endswith((".bat", ".cmd")):
        return batch.run(cmd, path, name, rest, io)
    return cmd.command(text, io)


def goto(cmd: Cmd, arguments: str, io: Io) -> int:
    """``goto label``, ``goto :eof``."""
    from fakes.windows.shell.cmd.interp import Goto

    match = re.match(r"[\s,;=]*:?\s*([^\s:+,;=]*)", arguments)
    label = match[1] if match else ""
    if cmd.batch is None:
        return 0  # on a command line goto does nothing
    if not label:
        io.err("No batch label specified to GOTO command.\n")
        return 1
    raise Goto(label)


def exit_(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``exit [/b] [code]``."""
    from fakes.windows.shell.cmd.interp import EndBatch, Exit

    words = arguments.split()
    only_batch = bool(words) and words[0].lower() == "/b"
    number = integer(words[-1]) if words and (len(words) > 1 or not only_batch) else None
    if only_batch and cmd.batch is not None:
        raise EndBatch(number)
    raise Exit(cmd.errorlevel if number is None else number)


def setlocal(cmd: Cmd, arguments: str, io: Io) -> int:
    """``setlocal [enabledelayedexpansion|...]``; only means something in a batch file."""
    if cmd.batch is None:
        return 0
    cmd.batch.locals.append((cmd.env.copy(), cmd.cwd, cmd.delayed))
    for word in arguments.split():
        lower = word.lower()
        if lower in {"enabledelayedexpansion", "disabledelayedexpansion"}:
            cmd.delayed = lower.startswith("enable")
        elif lower == "disableextensions":
            raise cmd.context.refuse("setlocal disableextensions")
        elif lower != "enableextensions":
            io.err("Invalid parameter to SETLOCAL command\n")
            return 1
    return 0


def endlocal(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``endlocal``."""
    if cmd.batch is not None and cmd.batch.locals:
        cmd.env, cmd.cwd, cmd.delayed = cmd.batch.locals.pop()
    return 0


def shift(cmd: Cmd, arguments: str, io: Io) -> int:
    """``shift [/n]``; ``%*`` stays as it is."""
    if cmd.batch is None:
        return 0
    word = arguments.strip()
    if word and not re.fullmatch(r"/[0-8]", word):
        io.err("Invalid parameter to SHIFT command\n")
        return 1
    at = int(word[1:]) if word else 0
    if at < len(cmd.batch.args):
        del cmd.batch.args[at]
    return 0
