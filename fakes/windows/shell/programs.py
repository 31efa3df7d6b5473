"""Which program is implemented where, and how one is started.

A program is a callable that takes a :class:`~fakes.windows.shell.session.ProgramContext`
and returns its exit code. Its module is imported when it first runs.
"""

from __future__ import annotations

import importlib
import importlib.util
import ntpath
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from fakes.notsimulated import NotSimulated
from fakes.windows.shell.environment import Environment
from fakes.windows.shell.session import NOT_SIMULATED_EXIT, ProgramContext
from fakes.windows.shell.streams import TextReader, Write

if TYPE_CHECKING:
    from fakes.windows.shell.session import Session

Program = Callable[[ProgramContext], int]

_TOOLS = "fakes.windows.tools"
PROGRAMS = {
    "cmd": "fakes.windows.shell.cmd:main",
    "powershell": "fakes.windows.powershell.program:main",
    "find": f"{_TOOLS}.find:main",
    "findstr": f"{_TOOLS}.findstr:main",
    "hostname": f"{_TOOLS}.hostname:main",
    "icacls": f"{_TOOLS}.icacls:main",
    "ipconfig": f"{_TOOLS}.ipconfig:main",
    "more": f"{_TOOLS}.more:main",
    "net": f"{_TOOLS}.net:main",
    "net1": f"{_TOOLS}.net:main",
    "reg": f"{_TOOLS}.reg:main",
    "sc": f"{_TOOLS}.sc:main",
    "sort": f"{_TOOLS}.sort:main",
    "systeminfo": f"{_TOOLS}.systeminfo:main",
    "chcp": f"{_TOOLS}.chcp:main",
    "shutdown": f"{_TOOLS}.shutdown:main",
    "tasklist": f"{_TOOLS}.tasklist:main",
    "timeout": f"{_TOOLS}.timeout:main",
    "vssadmin": f"{_TOOLS}.vssadmin:main",
    "where": f"{_TOOLS}.where:main",
    "whoami": f"{_TOOLS}.whoami:main",
}


def find_program(name: str) -> Program | None:
    r"""Return the program called ``net``, ``net.exe`` or ``C:\Windows\System32\net.exe``, in any case.

    Returns:
        The program; for one that Windows has and we do not, a program that raises
        NotSimulated; None for a name nobody knows.
    """
    base = ntpath.basename(name.strip('"')).lower()
    stem = base[:-4] if base.endswith((".exe", ".com")) else base
    if stem in PROGRAMS:
        return _loaded(PROGRAMS[stem])
    from fakes.windows.model.file_template import template

    system32 = template().children["c:"].children["windows"].children["system32"].children
    for file in (base, f"{base}.exe", f"{base}.com"):
        if file in system32 and file.endswith((".exe", ".com")):
            return _refusing(system32[file].name)
    return None


def _loaded(place: str) -> Program:
    module, _, function = place.partition(":")
    if importlib.util.find_spec(module) is None:
        return _refusing(f"{module.rpartition('.')[2]}.exe")
    program: Program = getattr(importlib.import_module(module), function)
    return program


def _refusing(file: str) -> Program:
    def refuse(context: ProgramContext) -> int:
        raise context.refuse(f"program {file}")

    return refuse


def start(name: str, context: ProgramContext) -> int:
    """Find ``name`` on the session's path and run it; see :func:`run_file` for the result.

    A name that is no file gives CreateProcess's answer: exit code 1 and its text.
    """
    path = context.session.search(name, context.env, context.cwd)
    if path is None:
        context.err("The system cannot find the file specified.\n")
        return 1
    return run_file(path, context)


def run_file(path: str, context: ProgramContext) -> int:
    """Run the program that a file holds, in the process table for as long as it runs.

    Returns:
        Its exit code; 120 after ``NOT SIMULATED: ...`` on standard error when it met
        something that is not simulated.
    """
    host, file = context.host, ntpath.basename(path)
    pid = host.processes.start(
        file,
        f"{file} {context.raw.strip()}".strip(),
        now=host.clock.now(),
        user=f"{host.name}\\{context.user}",
    )
    context.pid = pid
    try:
        program = find_program(path)
        if program is None:
            raise context.refuse(f"program {file}")
        return program(context)
    except NotSimulated as refusal:
        context.err(f"{refusal}\n")
        return NOT_SIMULATED_EXIT
    finally:
        if host.processes.get(pid):
            host.processes.end(pid)


def run_program(
    name: str,
    argv: list[str],
    raw: str,
    *,
    session: Session,
    stdin: TextReader,
    out: Write,
    err: Write,
    stop: threading.Event | None = None,
    env: Environment | None = None,
    cwd: str | None = None,
) -> int:
    """Run a program by name for a caller that has its own streams, for example PowerShell.

    Args:
        name: As typed; looked up along PATH, then run as :func:`run_file` does.
        argv: Name and arguments.
        raw: The arguments as typed.
        session: Where it runs.
        stdin: Its input.
        out: Takes its output.
        err: Takes its errors.
        stop: Ends it early.
        env: Its environment; the session's when left out.
        cwd: Its directory; the session's when left out.

    Returns:
        The exit code.
    """
    context = ProgramContext(
        session.host, session, argv, raw, (env or session.env).copy(), cwd or session.cwd, session.user, stdin, out,
        err, stop or threading.Event(),
    )  # fmt: skip
    path = session.search(name, context.env, context.cwd)
    if path is not None and path.lower().endswith((".bat", ".cmd")):
        context.argv, context.raw = ["cmd", "/c", path], f' /c ""{path}" {raw.strip()}"'
        return start("cmd", context)
    return start(name, context)


def split(command_line: str) -> tuple[list[str], str]:
    r"""Split a command line as CommandLineToArgvW does.

    Returns:
        The arguments with the program's name first, and the text after that name.

    >>> split('"C:\\a b\\x.exe" 1 "2 3"')[0]
    ['C:\\a b\\x.exe', '1', '2 3']
    """
    text = command_line.lstrip(" \t")
    if text.startswith('"'):
        name, _, rest = text[1:].partition('"')
    else:
        cut = min((i for i in (text.find(" "), text.find("\t")) if i >= 0), default=len(text))
        name, rest = text[:cut], text[cut:]
    return ([name, *arguments(rest)] if text else []), rest


def arguments(text: str) -> list[str]:
    r"""Return the arguments in ``text`` by the rules of the Microsoft C run-time.

    Backslashes are literal unless a quotation mark follows (MicrosoftDocs/cpp-docs,
    "Parsing C command-line arguments").

    >>> arguments(r'a "b c" d\\"e f"')
    ['a', 'b c', 'd\\e f']
    """
    found: list[str] = []
    current, quoted, started, i = "", False, False, 0
    while i < len(text):
        char = text[i]
        if char == "\\":
            end = i
            while end < len(text) and text[end] == "\\":
                end += 1
            count, i, started = end - i, end, True
            if end < len(text) and text[end] == '"':
                current += "\\" * (count // 2)
                if count % 2:
                    current += '"'
                    i += 1
            else:
                current += "\\" * count
            continue
        if char == '"':
            if quoted and text[i + 1 : i + 2] == '"':
                current += '"'
                i += 1
            else:
                quoted = not quoted
            started = True
        elif char in " \t" and not quoted:
            if started:
                found.append(current)
            current, started = "", False
        else:
            current += char
            started = True
        i += 1
    if started:
        found.append(current)
    return found
