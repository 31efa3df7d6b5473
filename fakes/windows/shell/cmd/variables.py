"""``set``, ``path`` and ``prompt``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakes.windows.shell.cmd import arithmetic

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io


def set_(cmd: Cmd, arguments: str, io: Io) -> int:
    """``set``, ``set prefix``, ``set name=value``, ``set /a expression``, ``set /p name=prompt``."""
    text = arguments.lstrip(" \t,;=")
    switch = re.match(r"/([ap])\s*", text, re.IGNORECASE)
    if switch and switch[1].lower() == "a":
        return _arithmetic(cmd, text[switch.end() :], io)
    if text.startswith("/?"):
        raise cmd.context.refuse("set /?")
    body = _unquoted(text[switch.end() :] if switch else text)
    name, equals, value = body.partition("=")
    if switch:
        return _ask(cmd, name, value, io)
    if not equals:
        return _show(cmd, body.strip(), io)
    if not name:
        io.err("The syntax of the command is incorrect.\n")
        return 1
    if value:
        cmd.env[name] = value
    elif name in cmd.env:
        del cmd.env[name]
    else:
        return 1
    return 0


def _unquoted(text: str) -> str:
    """Take off quotes around ``"name=value"``; what stands after the last quote is dropped."""
    if not text.startswith('"'):
        return text
    end = text.rfind('"')
    return text[1:end] if end > 0 else text[1:]


def _show(cmd: Cmd, prefix: str, io: Io) -> int:
    found = [
        (n, v) for n, v in cmd.env.sorted() if n.upper().startswith(prefix.upper()) and not n.startswith("=")
    ]
    if prefix and not found:
        io.err(f"Environment variable {prefix} not defined\n")
        return 1
    for name, value in found:
        io.out(f"{name}={value}\n")
    return 0


def _ask(cmd: Cmd, name: str, prompt_text: str, io: Io) -> int:
    io.out(_unquoted(prompt_text))
    line = io.stdin.readline()
    if not line:
        return 1
    cmd.env[name] = line
    return 0


def _arithmetic(cmd: Cmd, text: str, io: Io) -> int:
    try:
        result = arithmetic.evaluate(text.replace('"', ""), cmd.env)
    except arithmetic.ArithmeticFault as fault:
        io.err(f"{fault}\n")
        return fault.code
    if cmd.batch is None:
        io.out(str(result))
    return 0


def path(cmd: Cmd, arguments: str, io: Io) -> int:
    """``path`` and ``path list``."""
    text = arguments.strip(" \t=")
    if not text:
        io.out(f"PATH={cmd.env.text('PATH')}\n" if "PATH" in cmd.env else "PATH=(null)\n")
    else:
        cmd.env["PATH"] = "" if text == ";" else text
    return 0


def prompt(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``prompt text``."""
    text = arguments.lstrip()
    cmd.env["PROMPT"] = text or "$P$G"
    return 0
