"""``dir``."""

from __future__ import annotations

import ntpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fakes.windows.model.files import Entry
from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.cmd.files import volume_lines
from fakes.windows.shell.cmd.loops import words

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io

_SWITCH = re.compile(r"/(-?)([a-z])(?::?(-?[a-z-]*))?", re.IGNORECASE)


class _InvalidSwitch(Exception):
    """A switch that ``dir`` does not have."""


@dataclass
class _Options:
    bare: bool = False
    recursive: bool = False
    owner: bool = False
    attributes: str | None = None
    order: str = ""
    names: list[str] = field(default_factory=list)


def _options(cmd: Cmd, text: str) -> _Options:
    option = _Options()
    for word in words(text):
        if not word.startswith("/"):
            name, slash, tail = word.partition("/") if not word.startswith('"') else (word, "", "")
            option.names.append(name.replace('"', ""))
            word = slash + tail
        for part in re.findall(r"/[^/]*", word):
            _switch(cmd, option, part)
    return option


def _switch(cmd: Cmd, option: _Options, part: str) -> None:
    match = _SWITCH.fullmatch(part)
    letter = match[2].lower() if match else ""
    if part[1:].lstrip("-")[:1].lower() not in set("abcdlnopqrstwx4"):
        raise _InvalidSwitch(part[1:])
    if match is None or letter not in "abosnqcltw" or (letter == "w" and not match[1]):
        raise cmd.context.refuse(f"dir {part}")
    if letter == "b":
        option.bare = not match[1]
    elif letter == "s":
        option.recursive = not match[1]
    elif letter == "q":
        raise cmd.context.refuse("dir /q")
    elif letter == "a":
        option.attributes = (match[3] or "").lower()
    elif letter == "o":
        option.order = (match[3] or "gn").lower()
    elif letter == "t" and (match[3] or "w").lower() != "w":
        raise cmd.context.refuse(f"dir {part}")


def dir_(cmd: Cmd, arguments: str, io: Io) -> int:
    """``dir [path] [/b] [/s] [/a[:...]] [/o[:...]]``."""
    try:
        option = _options(cmd, arguments)
    except _InvalidSwitch as invalid:
        io.err(f'Invalid switch - "{invalid}".\n')
        return 1
    code = 0
    for name in option.names or ["."]:
        try:
            code = max(code, _list(cmd, name, option, io))
        except Win32Error as error:
            io.err(f"{'File Not Found' if error.code == 2 else error}\n")
            code = 1
    return code


def _list(cmd: Cmd, name: str, option: _Options, io: Io) -> int:
    full = cmd.host.files.resolve(name, cmd.cwd)
    if cmd.host.files.is_dir(full):
        folder, pattern = full, "*"
    else:
        folder, pattern = ntpath.split(full)
    drive = full[:2]
    if drive.lower() not in cmd.host.files.volumes:
        raise Win32Error(3, name)
    if not option.bare:
        io.out(volume_lines(cmd, drive))
    if not cmd.host.files.is_dir(folder):
        _head(option, io, folder)
        raise Win32Error(2, name)
    totals = [0, 0, 0]
    found = False
    for place, entries in _folders(cmd, folder, pattern, option):
        found = True
        if option.bare:
            prefix = place.rstrip("\\") + "\\" if option.recursive else ""
            for entry in entries:
                io.out(f"{prefix}{entry.name}\n")
        else:
            _print_folder(cmd, place, entries, pattern, option, io, totals)
    if not found:
        _head(option, io, cmd.host.files.true_path(folder))
        raise Win32Error(2, name)
    if not option.bare:
        free = cmd.host.files.volumes[drive.lower()].free
        if option.recursive:
            io.out(f"\n     Total Files Listed:\n{totals[0]:16,} File(s) {totals[2]:14,} bytes\n")
        io.out(f"{totals[1]:16,} Dir(s) {free:15,} bytes free\n")
    return 0


def _head(option: _Options, io: Io, folder: str) -> None:
    """What precedes ``File Not Found``; a search through subdirectories names none."""
    if not option.bare:
        io.out("\n" if option.recursive else f"\n Directory of {folder}\n\n")


def _folders(cmd: Cmd, folder: str, pattern: str, option: _Options) -> Iterator[tuple[str, list[Entry]]]:
    shown = cmd.host.files.true_path(folder)
    entries = _sorted(
        [e for e in cmd.host.files.glob(folder, pattern) if _wanted(e, option.attributes)], option.order
    )
    if entries or pattern == "*":
        yield shown, entries
    if option.recursive:
        for entry in cmd.host.files.list(folder):
            if entry.is_dir and _wanted(entry, option.attributes and option.attributes.replace("-d", "")):
                yield from _folders(cmd, ntpath.join(folder, entry.name), pattern, option)


def _wanted(entry: Entry, attributes: str | None) -> bool:
    """Return whether ``/a`` lets an entry through; without it hidden and system files are left out."""
    if attributes is None:
        return not {"H", "S"} & set(entry.attributes)
    for sign, letter in re.findall(r"(-?)([a-z])", attributes):
        has = entry.is_dir if letter == "d" else letter.upper() in entry.attributes
        if has == (sign == "-"):
            return False
    return True


def _sorted(entries: list[Entry], order: str) -> list[Entry]:
    for sign, letter in reversed(re.findall(r"(-?)([a-z])", order)):
        keys = {
            "n": lambda e: e.name.lower(), "e": lambda e: ntpath.splitext(e.name)[1].lower(), "s": lambda e: e.size,
            "d": lambda e: e.modified, "g": lambda e: not e.is_dir,
        }  # fmt: skip
        entries = sorted(entries, key=keys.get(letter, keys["n"]), reverse=sign == "-")
    return entries


def _print_folder(
    cmd: Cmd, place: str, entries: list[Entry], pattern: str, option: _Options, io: Io, totals: list[int]
) -> None:
    io.out(f"\n Directory of {place}\n\n")
    listed = list(entries)
    root = len(place) == 3
    if pattern == "*" and not root and (option.attributes is None or "-d" not in option.attributes):
        here = cmd.host.files.get(place)
        above = cmd.host.files.get(ntpath.dirname(place))
        dots = [(".", here), ("..", above)]
    else:
        dots = []
    for name, entry in [*dots, *((entry.name, entry) for entry in listed)]:
        size = "    <DIR>         " if entry.is_dir else f"{entry.size:18,}"
        io.out(f"{entry.modified:%m/%d/%Y  %I:%M %p}{size} {name}\n")
    files = [entry for entry in listed if not entry.is_dir]
    total = sum(entry.size for entry in files)
    io.out(f"{len(files):16,} File(s) {total:14,} bytes\n")
    totals[0] += len(files)
    totals[1] += len(listed) - len(files) + len(dots)
    totals[2] += total
