"""The loops of ``for``: plain, /d, /r, /l and /f."""

from __future__ import annotations

import contextlib
import ntpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.cmd import echoing
from fakes.windows.shell.cmd.ast import For
from fakes.windows.shell.cmd.conditions import integer
from fakes.windows.shell.cmd.parser import DELIMITERS
from fakes.windows.shell.streams import TextWriter

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io


def run(cmd: Cmd, node: For, io: Io) -> int:
    """Run the loop and return the exit code of the last body that ran."""
    code = 0
    outer = dict(cmd.variables)
    try:
        for values in _values(cmd, node, io):
            cmd.variables = outer | values
            echoing.show(cmd, node.body, io)
            code = cmd.execute(node.body, io)
    finally:
        cmd.variables = outer
    return code


def _values(cmd: Cmd, node: For, io: Io) -> Iterator[dict[str, str]]:
    items = cmd.expand(node.items)
    if node.kind == "f":
        yield from _parsed(cmd, node, items, io)
    elif node.kind == "l":
        for number in _counted(items):
            yield {node.variable: str(number)}
    elif node.kind == "r":
        for text in _recursive(cmd, cmd.expand(node.options).strip('"'), items):
            yield {node.variable: text}
    else:
        for text in _plain(cmd, items, cmd.cwd, directories=node.kind == "d"):
            yield {node.variable: text}


def words(text: str) -> list[str]:
    """Split a set at its delimiters outside quotes.

    >>> words('a,b;"c d" e')
    ['a', 'b', '"c d"', 'e']
    """
    return re.findall(r'(?:"[^"]*"?|[^\s,;=])+', text)


def _plain(cmd: Cmd, items: str, base: str, *, directories: bool) -> Iterator[str]:
    for word in words(items):
        bare = word.strip('"')
        if "*" not in bare and "?" not in bare:
            yield word
            continue
        folder, pattern = ntpath.split(bare)
        try:
            found = cmd.host.files.glob(cmd.host.files.resolve(folder or ".", base), pattern)
        except Win32Error:
            continue
        for entry in found:
            if entry.is_dir == directories and (directories or "H" not in entry.attributes):
                yield ntpath.join(folder, entry.name) if folder else entry.name


def _counted(items: str) -> Iterator[int]:
    numbers = [integer(word) or 0 for word in words(items)]
    start, step, end = (*numbers, 0, 0, 0)[:3]
    while (step >= 0 and start <= end) or (step < 0 and start >= end):
        yield start
        start += step


def _recursive(cmd: Cmd, root: str, items: str) -> Iterator[str]:
    top = cmd.host.files.true_path(cmd.host.files.resolve(root or ".", cmd.cwd))

    def visit(folder: str) -> Iterator[str]:
        for word in words(items):
            bare = word.strip('"')
            if "*" in bare or "?" in bare:
                for entry in cmd.host.files.glob(folder, bare):
                    if not entry.is_dir:
                        yield ntpath.join(folder, entry.name)
            else:
                yield ntpath.join(folder, bare)
        for entry in cmd.host.files.list(folder):
            if entry.is_dir:
                yield from visit(ntpath.join(folder, entry.name))

    yield from visit(top)


@dataclass
class _Options:
    """The option string of ``for /f``."""

    eol: str = ";"
    skip: int = 0
    delims: str = " \t"
    tokens: tuple[int, ...] = (1,)
    rest: bool = False
    backquotes: bool = False


def options(text: str) -> _Options:
    """Parse the option string.

    Raises:
        ValueError: With the part that is no option.
    """
    found = _Options()
    body = text.lstrip()
    while body:
        lower = body.lower()
        if lower.startswith("usebackq"):
            found.backquotes, body = True, body[8:].lstrip()
        elif lower.startswith("eol="):
            found.eol, body = body[4:5], body[5:].lstrip()
        elif match := re.match(r"skip=(\S+)\s*", body, re.IGNORECASE):
            found.skip, body = integer(match[1]) or 0, body[match.end() :]
        elif match := re.match(r"tokens=(\S*)\s*", body, re.IGNORECASE):
            found.tokens, found.rest = _tokens(match[1])
            body = body[match.end() :]
        elif lower.startswith("delims="):
            value = body[7:]  # a space may be a delimiter only at the very end of the string
            cut = re.search(r" (?=(?:eol|skip|tokens|usebackq)\b)", value, re.IGNORECASE)
            if cut is None and " " in value and not value.endswith(" "):
                cut = re.search(" ", value)
            found.delims, body = (value[: cut.start()], value[cut.end() :]) if cut else (value, "")
        else:
            raise ValueError(body)
    return found


def _tokens(text: str) -> tuple[tuple[int, ...], bool]:
    rest = text.endswith("*")
    numbers: list[int] = []
    for part in text.rstrip("*").split(","):
        low, _, high = part.partition("-")
        if low.isdigit():
            numbers += range(int(low), int(high) + 1) if high.isdigit() else [int(low)]
    return tuple(sorted(set(numbers))), rest


def _parsed(cmd: Cmd, node: For, items: str, io: Io) -> Iterator[dict[str, str]]:
    try:
        option = options(cmd.expand(node.options).removeprefix('"').removesuffix('"'))
    except ValueError as error:
        io.err(f"{error} was unexpected at this time.\n")
        cmd.failed(1)
        return
    for lines in _sources(cmd, items.strip(DELIMITERS), io, backquotes=option.backquotes):
        for line in lines[option.skip :]:
            if line and not (option.eol and line.startswith(option.eol)):
                values = assigned(line, option, node.variable)
                if values is not None:
                    yield values


def assigned(line: str, option: _Options, variable: str) -> dict[str, str] | None:
    """Return the variables that one line gives, or None when the line has no token at all."""
    spans = (
        [m.span() for m in re.finditer(f"[^{re.escape(option.delims)}]+", line)]
        if option.delims
        else [(0, len(line))]
    )
    if not spans:
        return None
    texts = [line[a:b] for a, b in (spans[n - 1] if n <= len(spans) else (0, 0) for n in option.tokens)]
    if option.rest:
        last = option.tokens[-1] if option.tokens else 0
        texts.append(line[spans[last][0] :] if last < len(spans) else "")
    if texts and not texts[0] and option.tokens and option.tokens[0] > len(spans):
        return None
    return {chr(ord(variable) + i): text for i, text in enumerate(texts)}


def _sources(cmd: Cmd, items: str, io: Io, *, backquotes: bool) -> Iterator[list[str]]:
    """Yield the lines of each source: a command's output, a string, or files."""
    command, string = ("`", "'") if backquotes else ("'", '"')
    if len(items) > 1 and items[0] == items[-1] == command:
        yield _output(cmd, items[1:-1], io)
    elif len(items) > 1 and items[0] == items[-1] == string:
        yield [items[1:-1]]
    else:
        for word in words(items):
            path = cmd.host.files.resolve(word.strip('"'), cmd.cwd)
            try:
                data = cmd.host.files.read(path)
            except Win32Error:
                io.err(f"The system cannot find the file {word.strip(chr(34))}.\n")
                cmd.failed(1)
                return
            text = data.decode(cmd.session.encoding, "surrogateescape")
            yield text.replace("\r\n", "\n").split("\n")


def _output(cmd: Cmd, line: str, io: Io) -> list[str]:
    from fakes.windows.shell.cmd.interp import EndBatch, Exit, Io

    chunks: list[bytes] = []
    child = cmd.child(Io(io.stdin, TextWriter(chunks.append, cmd.session.encoding), io.err))
    with contextlib.suppress(Exit, EndBatch):  # the command may end its own cmd.exe; the loop goes on
        child.run_line(line)
    text = b"".join(chunks).decode(cmd.session.encoding, "surrogateescape")
    return text.replace("\r\n", "\n").replace("\r", "").split("\n")
