"""Batch files: their lines, labels, arguments and local environments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fakes.windows.shell.cmd import echoing
from fakes.windows.shell.cmd.loops import words
from fakes.windows.shell.cmd.parser import CmdSyntaxError, Parser
from fakes.windows.shell.environment import Environment

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io

_MAX_DEPTH = 50  # real cmd runs out of stack after some hundred nested calls, Python before that


RECURSION = "******  B A T C H   R E C U R S I O N  exceeds STACK limits ******"


class TooDeep(Exception):
    """Batch files call each other without end."""


@dataclass
class Batch:
    """A batch file, or a label of one, that runs.

    Attributes:
        path: The file.
        lines: Its lines.
        args: %0, %1, ...
        rest: %*.
        position: The next line.
        locals: What ``setlocal`` put aside: environment, directory, delayed expansion.
        depth: How many are around it.
    """

    path: str
    lines: list[str]
    args: list[str]
    rest: str
    position: int = 0
    locals: list[tuple[Environment, str, bool]] = field(default_factory=list)
    depth: int = 0

    def arguments(self) -> list[str]:
        """Return %0 to %9."""
        return (self.args + [""] * 10)[:10]

    def find_label(self, label: str) -> int | None:
        """Return the line after ``:label``, searching from here to the end and then from the top."""
        wanted = label.lower()
        order: list[int] = [*range(self.position, len(self.lines)), *range(self.position)]
        for number in order:
            match = re.match(r"[\s,;=]*:\s*([^\s:+,;=&|<>()]+)", self.lines[number])
            if match and match[1].lower() == wanted:
                return number + 1
        return None


def read(cmd: Cmd, path: str) -> list[str]:
    """Return a batch file's lines."""
    text = cmd.host.files.read(path).decode(cmd.session.encoding, "surrogateescape")
    return text.replace("\r\n", "\n").split("\n")


def run(cmd: Cmd, path: str, name: str, arguments: str, io: Io) -> int:
    """Run a batch file and return its exit code, which is ERRORLEVEL when it ends."""
    batch = Batch(path, read(cmd, path), [name.strip(), *words(arguments)], arguments.lstrip(" \t,;="))
    return execute(cmd, batch, io)


def call_label(cmd: Cmd, label: str, arguments: str, io: Io) -> int:
    """Run ``call :label``."""
    around = cmd.batch
    if around is None:
        io.err("Invalid attempt to call batch label outside of batch script.\n")
        return cmd.failed(1)
    args = [f":{label}", *words(arguments)]
    batch = Batch(around.path, around.lines, args, arguments.lstrip(" \t,;="), around.position)
    start = len(batch.lines) if label.lower() == "eof" else batch.find_label(label)
    if start is None:
        io.err(f"The system cannot find the batch label specified - {label}\n")
        return cmd.failed(1)
    batch.position = start
    return execute(cmd, batch, io)


def execute(cmd: Cmd, batch: Batch, io: Io) -> int:
    """Run the lines of ``batch`` from its position to its end."""
    from fakes.windows.shell.cmd.interp import EndBatch, Goto

    around, variables = cmd.batch, cmd.variables
    batch.depth = around.depth + 1 if around else 0
    if batch.depth > _MAX_DEPTH:
        raise TooDeep(RECURSION)
    cmd.batch, cmd.variables = batch, {}
    echo = cmd.echo
    try:
        while batch.position < len(batch.lines):
            try:
                _line(cmd, batch, io)
            except Goto as jump:
                target = len(batch.lines) if jump.label.lower() == "eof" else batch.find_label(jump.label)
                if target is None:
                    io.err(f"The system cannot find the batch label specified - {jump.label}\n")
                    cmd.failed(1)
                    break
                batch.position = target
    except EndBatch as end:
        if end.code is not None:
            cmd.errorlevel = end.code
    finally:
        while batch.locals:
            cmd.env, cmd.cwd, cmd.delayed = batch.locals.pop()
        cmd.batch, cmd.variables = around, variables
        if around is None:
            cmd.echo = echo
    return cmd.errorlevel


def _line(cmd: Cmd, batch: Batch, io: Io) -> None:
    def next_line() -> str | None:
        if batch.position >= len(batch.lines):
            return None
        batch.position += 1
        return cmd.percent(batch.lines[batch.position - 1])

    text = next_line() or ""
    if text.lstrip(" \t,;=").startswith(":"):
        return
    try:
        node = Parser(text, next_line).parse()
    except CmdSyntaxError as error:
        from fakes.windows.shell.cmd.interp import EndBatch

        if str(error):
            io.err(f"{error}\n")
        raise EndBatch(255 if str(error) else None) from error
    if node is None:
        return
    echoing.show(cmd, node, io)
    cmd.execute(node, io)
