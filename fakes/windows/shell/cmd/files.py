"""Built-ins that work on files: cd, type, copy, del, md, rd, ren, move, vol, pushd, popd."""

from __future__ import annotations

import ntpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.windows.model.win32 import Win32Error, message
from fakes.windows.shell.cmd.loops import words

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io

_SYNTAX = "The syntax of the command is incorrect.\n"


@dataclass(frozen=True, slots=True)
class Arguments:
    """Switches (lower case, with their slash) and the other words of a built-in."""

    switches: tuple[str, ...]
    names: tuple[str, ...]


def parsed(text: str) -> Arguments:
    """Split a built-in's arguments; ``/s/q`` is two switches, quotes come off names."""
    switches: list[str] = []
    names: list[str] = []
    for word in words(text):
        if word.startswith("/"):
            switches += ["/" + part.lower() for part in word[1:].split("/")]
        else:
            name, slash, rest = word.partition("/") if not word.startswith('"') else (word, "", "")
            names.append(name.replace('"', ""))
            if slash:
                switches += ["/" + part.lower() for part in rest.split("/")]
    return Arguments(tuple(switches), tuple(names))


def check(cmd: Cmd, name: str, given: Arguments, known: set[str]) -> None:
    """Refuse a switch that the built-in has and we do not simulate."""
    for switch in given.switches:
        if switch not in known:
            raise cmd.context.refuse(f"{name} {switch}")


def ask(io: Io, question: str) -> str:
    """Ask a question and return the first letter of the answer, lower case; empty at the end of input."""
    io.out(question)
    line = io.stdin.readline()
    if line is None:
        io.out("\n")
        return ""
    return line.strip()[:1].lower()


def cd(cmd: Cmd, arguments: str, io: Io) -> int:
    """``cd [/d] [path]``."""
    text = arguments.strip(" \t,;=")
    to_drive = bool(re.match(r"/d\b", text, re.IGNORECASE))
    target = (text[2:] if to_drive else text).strip().strip('"')
    if not target:
        io.out(f"{cmd.cwd}\n")
        return 0
    if re.fullmatch(r"[A-Za-z]:", target) and not to_drive:
        here = cmd.cwd if target.lower() == cmd.cwd[:2].lower() else cmd.drive_directories.get(target.lower())
        io.out(f"{here or target.upper() + chr(92)}\n")
        return 0
    full = cmd.host.files.resolve(target, cmd.cwd)
    if full[:2].lower() != cmd.cwd[:2].lower() and not to_drive:
        if not cmd.host.files.is_dir(full):
            raise Win32Error(3, full)
        cmd.drive_directories[full[:2].lower()] = cmd.host.files.true_path(full)
        return 0
    cmd.change_directory(target)
    return 0


def pushd(cmd: Cmd, arguments: str, io: Io) -> int:
    """``pushd [path]``."""
    target = arguments.strip().strip('"')
    if not target:
        for place in reversed(cmd.directory_stack):
            io.out(f"{place}\n")
        return 0
    before = cmd.cwd
    cmd.change_directory(target)
    cmd.directory_stack.append(before)
    return 0


def popd(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001
    """``popd``."""
    if cmd.directory_stack:
        cmd.change_directory(cmd.directory_stack.pop())
        return 0
    return 1


def type_(cmd: Cmd, arguments: str, io: Io) -> int:
    """``type file...``."""
    given = parsed(arguments)
    check(cmd, "type", given, set())
    if not given.names:
        io.err(_SYNTAX)
        return 1
    code = 0
    for name in given.names:
        if name.lower() in {"nul", "con"}:
            continue
        try:
            for path in _matching(cmd, name):
                if len(given.names) > 1 or _wild(name):
                    io.err(f"\n{ntpath.basename(path)}\n\n\n")
                data = cmd.host.files.read(path)
                io.out(_decoded(data, cmd.session.encoding))
        except Win32Error as error:
            io.err(f"{error}\n")
            if len(given.names) > 1:
                io.err(f"Error occurred while processing: {name}.\n")
            code = 1
    return code


def _decoded(data: bytes, encoding: str) -> str:
    """Return a file's text as ``type`` shows it: UTF-16 with a byte order mark is converted."""
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    return data.decode(encoding, "surrogateescape")


def _wild(name: str) -> bool:
    return "*" in name or "?" in name


def _matching(cmd: Cmd, name: str) -> list[str]:
    """Return the files a name with or without wild cards stands for.

    Raises:
        Win32Error: 2 when there are none, 3 when the directory is missing.
    """
    full = cmd.host.files.resolve(name, cmd.cwd)
    if not _wild(name):
        if cmd.host.files.get(full).is_dir:
            raise Win32Error(5, name)
        return [full]
    folder, pattern = ntpath.split(full)
    if not cmd.host.files.is_dir(folder):
        raise Win32Error(3, name)
    found = [ntpath.join(folder, e.name) for e in cmd.host.files.glob(folder, pattern) if not e.is_dir]
    if not found:
        raise Win32Error(2, name)
    return found


def copy(cmd: Cmd, arguments: str, io: Io) -> int:
    """``copy source[+source] [target]``."""
    given = parsed(arguments.replace("+", " + "))
    check(cmd, "copy", given, {"/y", "/-y", "/a", "/b", "/v", "/z"})
    groups: list[list[str]] = []
    joining = False
    for name in given.names:
        if name == "+":
            joining = True
        elif joining and groups:
            groups[-1].append(name)
            joining = False
        else:
            groups.append([name])
    if not 1 <= len(groups) <= 2:
        io.err(_SYNTAX)
        return 1
    target = groups[1][0] if len(groups) == 2 else ntpath.basename(groups[0][0])
    try:
        sources = [path for name in groups[0] for path in _matching(cmd, name)]
    except Win32Error as error:
        io.err(f"{error}\n")
        io.out("        0 file(s) copied.\n")
        return 1
    files, full = cmd.host.files, cmd.host.files.resolve(target, cmd.cwd)
    into = files.is_dir(full)
    copied, done = 0, "/y" in given.switches or cmd.batch is not None
    if len(groups[0]) > 1 and not into:
        data = b"".join(files.read(path) for path in sources)
        files.write(full, data)
        io.out("        1 file(s) copied.\n")
        return 0
    for path in sources:
        place = ntpath.join(full, ntpath.basename(path)) if into else full
        if place.lower() == path.lower():
            io.err("The file cannot be copied onto itself.\n")
            continue
        if len(sources) > 1:
            io.out(f"{ntpath.basename(path)}\n")
        if files.exists(place) and not done:
            answer = ask(io, f"Overwrite {place}? (Yes/No/All): ")
            done = done or answer == "a"
            if answer not in {"y", "a"}:
                continue
        files.copy(path, place)
        copied += 1
    io.out(f"{copied:9} file(s) copied.\n")
    return 0 if copied else 1


def delete(cmd: Cmd, arguments: str, io: Io) -> int:
    """``del [/q] [/f] [/s] files``."""
    given = parsed(arguments)
    check(cmd, "del", given, {"/q", "/f", "/s", "/p"} - {"/p"})
    if not given.names:
        io.err(_SYNTAX)
        return 1
    for name in given.names:
        full = cmd.host.files.resolve(name, cmd.cwd)
        folder, pattern = (full, "*") if cmd.host.files.is_dir(full) else ntpath.split(full)
        sweeping = pattern in {"*", "*.*"} and "/q" not in given.switches
        if sweeping and ask(io, f"{ntpath.join(folder, pattern)}, Are you sure (Y/N)? ") != "y":
            continue
        removed = _delete_below(cmd, folder, pattern, given, io)
        if not removed:
            io.err(f"Could Not Find {ntpath.join(folder, pattern)}\n")
    return 0


def _delete_below(cmd: Cmd, folder: str, pattern: str, given: Arguments, io: Io) -> int:
    files, removed = cmd.host.files, 0
    if not files.is_dir(folder):
        raise Win32Error(3, folder)
    for entry in files.glob(folder, pattern):
        path = ntpath.join(folder, entry.name)
        if entry.is_dir or "H" in entry.attributes:
            continue
        if "R" in entry.attributes and "/f" in given.switches:
            files.change(path, attributes=entry.attributes.replace("R", ""))
        try:
            files.delete(path)
        except Win32Error as error:
            io.err(f"{path}\n{error}\n")
        else:
            if "/s" in given.switches:
                io.out(f"Deleted file - {path}\n")
        removed += 1
    if "/s" in given.switches:
        for entry in files.list(folder):
            if entry.is_dir:
                removed += _delete_below(cmd, ntpath.join(folder, entry.name), pattern, given, io)
    return removed


def mkdir(cmd: Cmd, arguments: str, io: Io) -> int:
    """``md path...``; missing parents are made."""
    given = parsed(arguments)
    check(cmd, "mkdir", given, set())
    if not given.names:
        io.err(_SYNTAX)
        return 1
    code = 0
    for name in given.names:
        try:
            cmd.host.files.mkdir(cmd.host.files.resolve(name, cmd.cwd), parents=True)
        except Win32Error as error:
            text = f"A subdirectory or file {name} already exists." if error.code == 183 else str(error)
            io.err(f"{text}\n")
            code = 1
    return code


def rmdir(cmd: Cmd, arguments: str, io: Io) -> int:
    """``rd [/s] [/q] path...``."""
    given = parsed(arguments)
    check(cmd, "rmdir", given, {"/s", "/q"})
    if not given.names:
        io.err(_SYNTAX)
        return 1
    code = 0
    for name in given.names:
        full = cmd.host.files.resolve(name, cmd.cwd)
        recursive = "/s" in given.switches
        sweeping = recursive and "/q" not in given.switches and cmd.host.files.is_dir(full)
        if sweeping and ask(io, f"{name}, Are you sure (Y/N)? ") != "y":
            continue
        try:
            cmd.host.files.rmdir(full, recursive=recursive)
        except Win32Error as error:
            io.err(f"{error}\n")
            code = error.code
    return code


def rename(cmd: Cmd, arguments: str, io: Io) -> int:
    """``ren path newname``."""
    given = parsed(arguments)
    if len(given.names) != 2 or "\\" in given.names[1] or ":" in given.names[1]:
        io.err(_SYNTAX)
        return 1
    if any(_wild(name) for name in given.names):
        raise cmd.context.refuse("ren with wild cards")
    full = cmd.host.files.resolve(given.names[0], cmd.cwd)
    cmd.host.files.get(full)
    try:
        cmd.host.files.move(full, ntpath.join(ntpath.dirname(full), given.names[1]))
    except Win32Error as error:
        if error.code != 183:
            raise
        io.err("A duplicate file name exists, or the file\ncannot be found.\n")
        return 1
    return 0


def move(cmd: Cmd, arguments: str, io: Io) -> int:
    """``move [/y] source target``."""
    given = parsed(arguments)
    check(cmd, "move", given, {"/y", "/-y"})
    if len(given.names) != 2:
        io.err(_SYNTAX)
        return 1
    files, (source, target) = cmd.host.files, given.names
    place = files.resolve(target, cmd.cwd)
    single = not _wild(source) and files.is_dir(files.resolve(source, cmd.cwd))
    paths = [files.resolve(source, cmd.cwd)] if single else _matching(cmd, source)
    for path in paths:
        final = ntpath.join(place, ntpath.basename(path)) if files.is_dir(place) else place
        if files.is_file(final) and final.lower() != path.lower():
            sure = "/y" in given.switches or cmd.batch is not None
            if not sure and ask(io, f"Overwrite {final}? (Yes/No/All): ") not in {"y", "a"}:
                continue
            files.delete(final)
        files.move(path, final)
    io.out(f"{len(paths):9} {'dir' if single else 'file'}(s) moved.\n")
    return 0


def vol(cmd: Cmd, arguments: str, io: Io) -> int:
    """``vol [drive:]``."""
    drive = arguments.strip() or cmd.cwd[:2]
    volume = cmd.host.files.volumes.get(drive.lower())
    if volume is None:
        io.err(f"{message(3)}\n")
        return 1
    io.out(volume_lines(cmd, drive))
    return 0


def volume_lines(cmd: Cmd, drive: str) -> str:
    """Return the two lines about a drive's volume that ``vol`` and ``dir`` begin with."""
    volume = cmd.host.files.volumes[drive.lower()]
    label = f"is {volume.label}" if volume.label else "has no label."
    return f" Volume in drive {drive[0].upper()} {label}\n Volume Serial Number is {volume.serial}\n"
