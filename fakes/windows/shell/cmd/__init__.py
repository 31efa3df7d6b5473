"""cmd.exe: ``cmd /c LINE``, ``cmd /k``, and commands from standard input."""

from __future__ import annotations

import re

from fakes.windows.shell.session import ProgramContext

_SWITCHES = re.compile(r"\s*/([a-z])(?::(on|off|[0-9a-f]{2}))?", re.IGNORECASE)
_SPECIAL = re.compile(r"[&<>()@^|]")
_CANCELLED = 0xC000013A  # STATUS_CONTROL_C_EXIT


def main(context: ProgramContext) -> int:
    """Run ``cmd.exe`` with the arguments of ``context`` and return its exit code."""
    from fakes.windows.shell.cmd.batch import RECURSION, TooDeep
    from fakes.windows.shell.cmd.interp import Cmd, EndBatch, Exit, Goto, Stopped

    cmd = Cmd(context)
    mode, strip, line = _arguments(context, cmd)
    try:
        if mode:
            code = cmd.run_line(unquoted(line, context, strip=strip))
            if mode == "c":
                return code
        return _interactive(cmd, banner=not mode)
    except Exit as end:
        return end.code
    except (EndBatch, Goto):
        return cmd.errorlevel
    except (
        TooDeep,
        RecursionError,
    ):  # pipes between batch files that run each other nest deeper than files alone
        context.err(f"{RECURSION}\n")
        return 1
    except Stopped:
        return _CANCELLED


def _arguments(context: ProgramContext, cmd: object) -> tuple[str, bool, str]:
    """Return (c, k or nothing; whether /s was given; the rest of the line)."""
    from fakes.windows.shell.cmd.interp import Cmd

    assert isinstance(cmd, Cmd)
    strip, rest = False, context.raw
    while (match := _SWITCHES.match(rest)) is not None:
        letter, value = match[1].lower(), (match[2] or "").lower()
        rest = rest[match.end() :]
        if letter in {"c", "k", "r"}:
            return ("k" if letter == "k" else "c"), strip, rest.lstrip(" ")
        if letter == "s":
            strip = True
        elif letter == "v":
            cmd.delayed = value != "off"
        elif letter == "q":
            cmd.echo = False
        elif letter in {"a", "d", "e", "f", "t", "u"}:
            if (letter == "u") or (letter == "e" and value == "off"):
                raise context.refuse(f"cmd /{letter}")
        else:
            raise context.refuse(f"cmd /{letter}")
    return "", strip, rest


def unquoted(line: str, context: ProgramContext, *, strip: bool) -> str:
    """Take off the outer quotes of a /c line as ``cmd /?`` describes it."""
    text = line.lstrip()
    if not text.startswith('"'):
        return line
    if not strip and text.count('"') == 2:
        inner = text[1 : text.rfind('"')]
        found = context.session.search(inner, context.env, context.cwd)
        if not _SPECIAL.search(inner) and " " in inner and found:
            return line
    if not strip and text.count('"') == 2 and not text.rstrip().endswith('"'):
        first = text[1 : text.index('"', 1)]
        if context.session.search(first, context.env, context.cwd) and not _SPECIAL.search(first):
            return line
    end = text.rfind('"')
    return text[1:] if end == 0 else text[1:end] + text[end + 1 :]


def _interactive(cmd: object, *, banner: bool) -> int:
    """Read commands from standard input until its end, showing the prompt and each line as a console would."""
    from fakes.windows.shell.cmd.interp import Cmd, version

    assert isinstance(cmd, Cmd)
    io = cmd.io
    if banner:
        io.out(
            f"Microsoft Windows [Version {version(cmd)}]\n(c) 2018 Microsoft Corporation. All rights reserved.\n\n"
        )
    while True:
        io.out(cmd.prompt() if cmd.echo else "")
        line = io.stdin.readline()
        if line is None:
            return cmd.errorlevel
        io.out(f"{line}\n" if cmd.echo else "")
        cmd.run_line(line)
        io.out("\n" if cmd.echo else "")
