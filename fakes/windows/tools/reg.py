"""reg.exe: query, add and delete.

Layout and sentences: published transcripts; ``ERROR: The system was unable to find the
specified registry key or value.`` is asserted by OpenJDK's jpackage tests against real
Windows. Results go to standard output, errors to standard error with exit code 1.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fakes.windows.model.registry import HIVES, TYPES, Data, Key, Value
from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.session import ProgramContext

_DONE = "The operation completed successfully.\n"
_NOT_FOUND = "The system was unable to find the specified registry key or value."
_NOT_HERE = frozenset(("copy", "save", "restore", "load", "unload", "compare", "export", "import", "flags"))
_WITH_VALUE = frozenset(("v", "t", "d", "s", "f", "k", "se"))


class RegError(Exception):
    """A failure: ``ERROR: ...`` on standard error, exit code 1."""


@dataclass
class _Command:
    """A parsed command line: the key and the switches, a value for those that take one."""

    key: str
    switches: dict[str, str] = field(default_factory=dict)


def main(context: ProgramContext) -> int:
    """Run ``reg`` with the arguments of ``context``."""
    words = context.argv[1:]
    verb = words[0].lower() if words else ""
    handlers = {"query": _query, "add": _add, "delete": _delete}
    if not words or verb in {"/?", "-?"} or words[1:2] == ["/?"]:
        raise context.refuse(f"reg {' '.join(words)}: its help text".replace("  ", " "))
    if verb in _NOT_HERE:
        raise context.refuse(f"reg {verb}")
    try:
        if verb not in handlers:
            raise RegError(f"Invalid argument/option - '{words[0]}'.\nType \"REG /?\" for usage.")
        return handlers[verb](context, _parse(context, verb, words[1:]))
    except RegError as error:
        context.err(f"ERROR: {error}\n")
        return 1


def _parse(context: ProgramContext, verb: str, words: list[str]) -> _Command:
    usage = f'Type "REG {verb.upper()} /?" for usage.'
    if not words:
        raise RegError(f"Invalid syntax.\n{usage}")
    key = words[0].rstrip("\\")
    if key.startswith("\\\\"):
        raise context.refuse("reg with a remote computer")
    command = _Command(_full(key, usage))
    rest = iter(words[1:])
    takes = {"query": "v ve s f k d c e t z se reg:32 reg:64", "add": "v ve t s d f reg:32 reg:64",
             "delete": "v ve va f reg:32 reg:64"}[verb].split()  # fmt: skip
    for word in rest:
        name = word[1:].lower()
        if word[0] not in "/-" or name not in takes:
            raise RegError(f"Invalid syntax.\n{usage}")
        needs = name in _WITH_VALUE and not (verb == "query" and name in {"s", "k", "d"})
        needs = needs and not (verb in {"add", "delete"} and name == "f")
        if verb == "query" and name == "v":
            following = next(rest, "")
            command.switches[name] = following
            continue
        if name in command.switches:
            raise RegError(f"Invalid syntax.\n{usage}")
        value = next(rest, None) if needs else ""
        if value is None:
            raise RegError(f"Invalid syntax.\n{usage}")
        command.switches[name] = value
    if verb == "query" and "f" not in command.switches:
        for name in sorted(set(command.switches) & {"t", "d"}):
            raise context.refuse(f"reg query /{name} without /f")
    for name in set(command.switches) & {"reg:32", "se", "z", "c", "e", "k"}:
        raise context.refuse(f"reg {verb} /{name}")
    return command


def _full(key: str, usage: str) -> str:
    """Return a key's path with the long name of its hive."""
    hive, slash, rest = key.partition("\\")
    names = HIVES | {long: long for long in HIVES.values()}
    if hive.upper() not in names:
        raise RegError(f"Invalid key name.\n{usage}")
    return names[hive.upper()] + (slash + rest if rest else "")


def _open(context: ProgramContext, path: str) -> Key:
    key = context.host.registry.find(path, context.session.sid)
    if key is None:
        raise RegError(_NOT_FOUND)
    return key


# -- query --------------------------------------------------------------------------
def shown(data: Data) -> str:
    r"""Return data as ``reg query`` prints it.

    >>> shown(2), shown(("a", "b")), shown(b"\x01\xff")
    ('0x2', 'a\\0b', '01FF')
    """
    if isinstance(data, int):
        return f"{data:#x}"
    if isinstance(data, bytes):
        return data.hex().upper()
    return "\\0".join(data) if isinstance(data, tuple) else data


def _line(value: Value) -> str:
    return f"    {value.name or '(Default)'}    {value.type}    {shown(value.data)}\n"


def _query(context: ProgramContext, command: _Command) -> int:
    key, switches = _open(context, command.key), command.switches
    path = command.key
    if "f" in switches or ("s" in switches and ("v" in switches or "ve" in switches)):
        return _search(context, key, path, switches)
    if "v" in switches or "ve" in switches:
        return _one(context, key, path, switches.get("v", ""))
    keys = [(path, key), *_below(key, path)] if "s" in switches else [(path, key)]
    out = "" if "s" in switches else "\n"
    for each_path, each in keys:
        if each.values or "s" in switches:
            out += f"{chr(10) if 's' in switches else ''}{each_path}\n"
            out += "".join(_line(value) for value in each.values.values())
            out += "\n" if "s" not in switches else ""
    if "s" not in switches:
        out += "".join(f"{path}\\{child.name}\n" for child in key.subkeys())
    else:
        out += "\n"
    context.out(out)
    return 0


def _below(key: Key, path: str) -> Iterator[tuple[str, Key]]:
    for child in key.subkeys():
        yield f"{path}\\{child.name}", child
        yield from _below(child, f"{path}\\{child.name}")


def _one(context: ProgramContext, key: Key, path: str, name: str) -> int:
    value = key.values.get(name.lower())
    if value is None:
        if name:
            raise RegError(_NOT_FOUND)
        value = Value("", "REG_SZ", "(value not set)")
    context.out(f"\n{path}\n{_line(value)}\n")
    return 0


def _search(context: ProgramContext, key: Key, path: str, switches: dict[str, str]) -> int:
    """Search names and data below a key, or a value's name in every key below."""
    pattern = switches.get("f", switches.get("v", "")).lower()
    wanted = fnmatch.translate(pattern if "f" not in switches else f"*{pattern}*")
    types = {t.strip().upper() for t in switches.get("t", "").split(",") if t.strip()}
    test = re.compile(wanted)
    matches, out = 0, ""
    places = [(path, key), *(_below(key, path) if "s" in switches else [])]
    for each_path, each in places:
        found = []
        for value in each.values.values():
            if types and value.type not in types:
                continue
            by_name = bool(test.match(value.name.lower())) and "d" not in switches
            by_data = "f" in switches and "v" not in switches and bool(test.match(shown(value.data).lower()))
            if "f" in switches and "v" in switches:
                by_name = value.name.lower() == switches["v"].lower() and bool(
                    test.match(shown(value.data).lower())
                )
            if by_name or by_data:
                found.append(value)
        by_key = (
            "f" in switches
            and "v" not in switches
            and "d" not in switches
            and bool(test.match(each.name.lower()))
        )
        if (by_key and each is not key) or found:
            out += f"\n{each_path}\n" + "".join(_line(value) for value in found)
            matches += len(found) + (1 if by_key and each is not key else 0)
    context.out(f"{out}\nEnd of search: {matches} match(es) found.\n")
    return 0 if matches else 1


# -- add and delete -------------------------------------------------------------------
def _ask(context: ProgramContext, question: str) -> bool:
    context.out(question)
    line = context.stdin.readline()
    return line is not None and line.strip().lower() in {"y", "yes"}


def _add(context: ProgramContext, command: _Command) -> int:
    switches, registry, sid = command.switches, context.host.registry, context.session.sid
    if "\\" not in command.key:
        raise RegError("Access is denied.")
    if not {"v", "ve", "d", "t"} & set(switches):
        registry.create(command.key, sid)
        context.out(_DONE)
        return 0
    name = switches.get("v", "")
    type_ = switches.get("t", "REG_SZ").upper()
    if type_ not in TYPES:
        raise RegError(
            'Invalid syntax. Specify valid type for the registry data.\nType "REG ADD /?" for usage.'
        )
    data = _data(type_, switches.get("d", ""), switches.get("s", "\\0"))
    key = registry.find(command.key, sid)
    if key and name.lower() in key.values and "f" not in switches:
        label = name or "(Default)"
        if not _ask(context, f"Value {label} exists, overwrite(Yes/No)? "):
            context.out("\nThe operation was canceled by the user.\n")
            return 1
    registry.set(command.key, name, type_, data, sid)
    context.out(_DONE)
    return 0


def _data(type_: str, text: str, separator: str) -> Data:
    invalid = RegError(
        "Invalid syntax. Specify valid numeric value for '/d'.\nType \"REG ADD /?\" for usage."
    )
    if type_ in {"REG_SZ", "REG_EXPAND_SZ"}:
        return text
    if type_ == "REG_MULTI_SZ":
        return tuple(part for part in text.split(separator) if part) if text else ()
    if type_ in {"REG_DWORD", "REG_QWORD"}:
        try:
            number = int(text or "0", 16) if text.lower().startswith("0x") else int(text or "0")
        except ValueError:
            raise invalid from None
        if not 0 <= number < (2**32 if type_ == "REG_DWORD" else 2**64):
            raise invalid
        return number
    try:
        return bytes.fromhex(text if len(text) % 2 == 0 else "0" + text)
    except ValueError:
        raise RegError(
            "Invalid syntax. Specify valid binary value for '/d'.\nType \"REG ADD /?\" for usage."
        ) from None


def _delete(context: ProgramContext, command: _Command) -> int:
    switches, registry, sid = command.switches, context.host.registry, context.session.sid
    key = _open(context, command.key)
    whole = not {"v", "ve", "va"} & set(switches)
    name = switches.get("v", "")
    if ("v" in switches or "ve" in switches) and name.lower() not in key.values:
        raise RegError(_NOT_FOUND)
    if "f" not in switches:
        questions = {
            True: f"Permanently delete the registry key {command.key} (Yes/No)? ",
            False: f"Delete all values under the key {command.key} (Yes/No)? " if "va" in switches
            else f"Delete the registry value {name or '(Default)'} (Yes/No)? ",
        }  # fmt: skip
        if not _ask(context, questions[whole]):
            context.out("\nThe operation was canceled by the user.\n")
            return 1
        context.out("\n")
    try:
        if whole:
            registry.delete_key(command.key, sid)
        else:
            for each in [v.name for v in key.values.values()] if "va" in switches else [name]:
                registry.delete_value(command.key, each, sid)
    except Win32Error as error:
        raise RegError(str(error)) from error
    context.out(_DONE)
    return 0
