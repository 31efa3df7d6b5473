"""What find, findstr, more and sort share: lines of files or of standard input."""

from __future__ import annotations

import ntpath
from collections.abc import Iterator

from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.session import ProgramContext


def expanded(context: ProgramContext, name: str) -> list[str]:
    """Return the names that a name with wild cards stands for, with its directory as typed.

    Raises:
        Win32Error: The directory or the file is missing.
    """
    folder, pattern = ntpath.split(name)
    if "*" not in pattern and "?" not in pattern:
        entry = context.host.files.get(context.path(name))
        if entry.is_dir:
            raise Win32Error(5, name)
        return [name]
    found = context.host.files.glob(context.path(folder or "."), pattern)
    names = [ntpath.join(folder, entry.name) for entry in found if not entry.is_dir]
    if not names:
        raise Win32Error(2, name)
    return names


def lines_of(context: ProgramContext, name: str) -> list[str]:
    """Return a file's lines without their ends."""
    data = context.host.files.read(context.path(name))
    if data.startswith(b"\xff\xfe"):
        text = data[2:].decode("utf-16-le", "replace")
    else:
        text = data.decode(context.session.encoding, "surrogateescape")
    return split(text)


def split(text: str) -> list[str]:
    """Return the lines of a text; a line end at the very end starts no further line."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines and lines[-1] == "" else lines


def below(context: ProgramContext, folder: str, pattern: str) -> Iterator[str]:
    """Yield the files that match below a directory, with paths that start with ``folder`` as typed."""
    place = context.path(folder or ".")
    for entry in context.host.files.glob(place, pattern):
        if not entry.is_dir:
            yield ntpath.join(folder, entry.name) if folder else entry.name
    for entry in context.host.files.list(place):
        if entry.is_dir:
            yield from below(context, ntpath.join(folder, entry.name) if folder else entry.name, pattern)
