"""Opening what ``>``, ``>>``, ``<`` and ``2>&1`` name."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from fakes.windows.model.win32 import Win32Error, message
from fakes.windows.shell.cmd.ast import Redirect
from fakes.windows.shell.streams import Bytes, TextReader, TextWriter

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io

Action = Callable[["Io"], int]
__all__ = ["Action", "CannotOpen", "Redirect", "opened"]


class CannotOpen(Exception):
    """A target cannot be opened; the message is what cmd prints."""


@contextlib.contextmanager
def opened(cmd: Cmd, redirects: tuple[Redirect, ...], io: Io) -> Iterator[Io]:
    """Give the streams with every redirection applied, left to right; files are written when it ends.

    Raises:
        CannotOpen: A file is missing or cannot be written; nothing has run then.
    """
    pending: list[tuple[str, list[bytes]]] = []
    for redirect in redirects:
        io = _duplicated(io, redirect) if redirect.op == "&" else _opened(cmd, redirect, io, pending)
    try:
        yield io
    finally:
        for path, chunks in pending:
            if chunks:
                cmd.host.files.write(path, b"".join(chunks), append=True)


def _duplicated(io: Io, redirect: Redirect) -> Io:
    source = io.err if redirect.target == "2" else io.out
    return replace(io, err=source) if redirect.fd == 2 else replace(io, out=source)


def _opened(cmd: Cmd, redirect: Redirect, io: Io, pending: list[tuple[str, list[bytes]]]) -> Io:
    name = cmd.expand(redirect.target).strip('"')
    encoding = cmd.session.encoding
    device = name.lower().rstrip(":")
    if redirect.op == "<":
        if device == "nul":
            return replace(io, stdin=TextReader(Bytes(), encoding))
        try:
            data = cmd.host.files.read(cmd.host.files.resolve(name, cmd.cwd))
        except Win32Error as error:
            raise CannotOpen(message(error.code)) from error
        return replace(io, stdin=TextReader(Bytes(data), encoding))
    if device == "nul":
        writer = TextWriter(lambda _: None, encoding)
    elif device == "con":
        writer = TextWriter(lambda data: cmd.context.out(data.decode(encoding)), encoding)
    else:
        writer = TextWriter(_file(cmd, name, redirect.op, pending), encoding)
    return (
        replace(io, err=writer) if redirect.fd == 2 else replace(io, out=writer) if redirect.fd == 1 else io
    )


def _file(cmd: Cmd, name: str, op: str, pending: list[tuple[str, list[bytes]]]) -> Callable[[bytes], None]:
    path = cmd.host.files.resolve(name, cmd.cwd)
    try:
        cmd.host.files.write(path, b"", append=op == ">>")
    except Win32Error as error:
        raise CannotOpen(message(error.code)) from error
    chunks: list[bytes] = []
    pending.append((path, chunks))
    return chunks.append
