r"""Variables in a line: %NAME%, %1, %~dp0, !NAME! and the variables of ``for``.

What ``set /?``, ``call /?`` and ``for /?`` document, with cmd's different treatment of a
batch file's lines and of a command line: there, what is undefined stays as it is.
"""

from __future__ import annotations

import ntpath
import re
from collections.abc import Callable

from fakes.windows.model.files import FileSystem
from fakes.windows.model.win32 import Win32Error

Lookup = Callable[[str], str | None]
_SUBSTRING = re.compile(r"~(-?\w*)(?:,(-?\w*))?$")


def percent(
    line: str, lookup: Lookup, arguments: list[str] | None, rest: str, files: FileSystem, cwd: str
) -> str:
    """Expand the percent signs of a line (phase 1).

    Args:
        line: As read.
        lookup: Gives a variable's value, or None when it is not defined.
        arguments: %0 to %9 of a batch file; None on a command line.
        rest: What ``%*`` stands for.
        files: For ``%~f1`` and its kin.
        cwd: What relative arguments are taken from.
    """
    out: list[str] = []
    i = 0
    while i < len(line):
        if line[i] != "%":
            end = line.find("%", i)
            end = len(line) if end < 0 else end
            out.append(line[i:end])
            i = end
            continue
        if arguments is not None:
            taken = _argument(line, i, arguments, rest, files, cwd)
            if taken:
                out.append(taken[0])
                i = taken[1]
                continue
        text, i = _variable(line, i, "%", lookup, batch=arguments is not None)
        out.append(text)
    return "".join(out)


def _argument(
    line: str, i: int, arguments: list[str], rest: str, files: FileSystem, cwd: str
) -> tuple[str, int] | None:
    """Expand %%, %*, %1 or %~dp1 at ``i``."""
    after = line[i + 1 : i + 2]
    if after == "%":
        return "%", i + 2
    if after == "*":
        return rest, i + 2
    if after.isdigit():
        return (arguments[int(after)] if int(after) < len(arguments) else ""), i + 2
    match = re.compile(r"%~([a-z]*)(?:\$(\w+):)?([0-9])", re.IGNORECASE).match(line, i)
    if match:
        number = int(match[3])
        value = arguments[number] if number < len(arguments) else ""
        return modified(value, match[1].lower(), files, cwd), match.end()
    return None


def _variable(line: str, i: int, mark: str, lookup: Lookup, *, batch: bool) -> tuple[str, int]:
    """Expand %NAME%, %NAME:~a,b% or %NAME:a=b% at ``i``."""
    end = line.find(mark, i + 1)
    if end < 0:
        return ("" if batch else mark), i + 1
    body = line[i + 1 : end]
    whole = lookup(body) if body else None
    if whole is not None:
        return whole, end + 1
    name, colon, change = body.partition(":")
    value = lookup(name) if name else None
    if value is not None and colon and change:
        changed = edited(value, change)
        if changed is not None:
            return changed, end + 1
    if not batch:
        return mark, i + 1
    if colon and change:  # undefined: the name goes, what follows the colon stays
        return change, end + 1
    return "", end + 1


def edited(value: str, change: str) -> str | None:
    """Apply ``~start,length`` or ``old=new`` to a value; None when ``change`` is neither.

    >>> edited("Monday", "~0,3"), edited("Monday", "~-3"), edited("a.b.c", ".=-")
    ('Mon', 'day', 'a-b-c')
    """
    slice_ = _SUBSTRING.match(change)
    if slice_:
        start = _number(slice_[1])
        start = max(len(value) + start, 0) if start < 0 else min(start, len(value))
        if slice_[2] is None:
            return value[start:]
        length = _number(slice_[2])
        end = len(value) + length if length < 0 else start + length
        return value[start : max(end, start)]
    old, equals, new = change.partition("=")
    if not equals or not old:
        return None
    if old.startswith("*") and len(old) > 1:
        at = value.lower().find(old[1:].lower())
        return value if at < 0 else new + value[at + len(old) - 1 :]
    return re.sub(re.escape(old), lambda _: new, value, flags=re.IGNORECASE)


def _number(text: str | None) -> int:
    try:
        return int(text or "0", 0)
    except ValueError:
        return 0


def delayed(text: str, lookup: Lookup) -> str:
    """Expand !NAME! (phase 5). Carets escape, even in quotes, but only where an exclamation mark is."""
    if "!" not in text:
        return text
    out: list[str] = []
    i = 0
    while i < len(text):
        if text[i] == "^":
            out.append(text[i + 1 : i + 2])
            i += 2
        elif text[i] == "!":
            piece, i = _variable(text, i, "!", lookup, batch=True)
            out.append(piece)
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


def loop(text: str, variables: dict[str, str], files: FileSystem, cwd: str) -> str:
    """Expand %i and %~nxi for the variables of the loops around (phase 4)."""
    if not variables or "%" not in text:
        return text
    pattern = re.compile(r"%(?:~([fdpnxsatz]*)(?:\$(\w+):)?)?(\S)")
    out: list[str] = []
    i = 0
    while (match := pattern.search(text, i)) is not None:
        out.append(text[i : match.start()])
        letters, name = match[1], match[3]
        # %~dpnx could end anywhere: the longest run of modifiers whose next letter is a variable wins.
        found = None
        if letters is None:
            found = (variables[name], match.end()) if name in variables else None
        else:
            found = _modified_loop(text, match, variables, files, cwd)
        if found is None:
            out.append("%")
            i = match.start() + 1
        else:
            out.append(found[0])
            i = found[1]
    out.append(text[i:])
    return "".join(out)


def _modified_loop(
    text: str, match: re.Match[str], variables: dict[str, str], files: FileSystem, cwd: str
) -> tuple[str, int] | None:
    start = match.start() + 2
    end = start
    while end < len(text) and text[end].lower() in "fdpnxsatz":
        end += 1
    for at in range(min(end, len(text) - 1), start - 1, -1):
        if text[at] in variables:
            return modified(variables[text[at]], text[start:at].lower(), files, cwd), at + 1
    return None


def modified(value: str, letters: str, files: FileSystem, cwd: str) -> str:
    """Return an argument with ``~`` modifiers applied: quotes off, then d, p, n, x, f, s, a, t, z."""
    bare = value.strip('"') if value.startswith('"') else value
    letters = letters.replace("s", "") or ("f" if "s" in letters else "")
    if not letters:
        return bare
    full = files.true_path(files.resolve(bare, cwd))
    drive, tail = ntpath.splitdrive(full)
    folder, name = ntpath.split(tail)
    stem, suffix = ntpath.splitext(name)
    entry = files.find(full)
    front: list[str] = []
    if "a" in letters and entry:
        flags = [("d", entry.is_dir), *((c.lower(), c in entry.attributes) for c in "RAHSCOTL")]
        front.append("".join(letter if on else "-" for letter, on in flags))
    if "t" in letters and entry:
        front.append(f"{entry.modified:%m/%d/%Y %I:%M %p}")
    if "z" in letters and entry:
        front.append(str(entry.size))
    path = full if "f" in letters else ""
    if not path:
        path = (drive if "d" in letters else "") + ((folder.rstrip("\\") + "\\") if "p" in letters else "")
        path += (stem if "n" in letters else "") + (suffix if "x" in letters else "")
    return " ".join([*front, path] if path else front)


def exists(files: FileSystem, path: str, cwd: str) -> bool:
    """Return whether ``if exist path`` holds; the last part may have wild cards."""
    bare = path.strip('"')
    if bare.lower().rstrip("\\") in {"nul", "con"}:
        return True
    if "*" in bare or "?" in bare:
        folder, pattern = ntpath.split(files.resolve(bare, cwd))
        try:
            return bool(files.glob(folder, pattern))
        except Win32Error:
            return False
    found = files.find(files.resolve(bare, cwd))
    return found is not None and (found.is_dir or not bare.endswith("\\"))
