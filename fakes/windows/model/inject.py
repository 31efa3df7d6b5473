r"""The vocabulary of a scenario's ``simulated:`` key: changes to the model, each with real effects.

One change is one mapping; its first word says what it is about:

========================  ===============================================================
``{"vss_writer": NAME, "state": N, "last_error": TEXT}``
    Leave a writer in a state; a failed one stays so until its service starts anew.
``{"service": NAME, "state": "running"|"stopped"|"crashed", "start": ..., "account": ..., "start_error": CODE, "delete": true}``
    Stopping takes the dependants along and works on protected services too. ``start`` is one of boot, system, auto, delayed-auto, demand, disabled.
``{"registry": KEY, "name": VALUE, "type": "REG_DWORD", "data": ...}``
    ``"delete": true`` deletes the value, or the key when there is no ``name``. BINARY data is hex.
``{"file": PATH, "text": ..., "version": ..., "sddl": ..., "attributes": ..., "directory": true, "delete": true}``
    Missing directories are made.
``{"event": LOG, "source": ..., "id": N, "level": "Error", "message": ...}``
    Write one event.
``{"process": IMAGE, "command_line": ..., "memory": KB}`` or ``{"process": IMAGE, "end": true}``
    Start or end processes.
``{"user": NAME, "enabled": bool, "password": ...}``
    Change a local account.
========================  ===============================================================
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from fakes.windows.model.event_logs import LEVELS
from fakes.windows.model.registry import TYPES
from fakes.windows.model.service_config import StartType
from fakes.windows.model.services import ServiceState
from fakes.windows.model.vss_writers import BY_NAME, LAST_ERRORS, WriterState
from fakes.windows.model.win32 import Win32Error

if TYPE_CHECKING:
    from fakes.windows.model.host import Host

_STARTS = {
    "boot": StartType.BOOT, "system": StartType.SYSTEM, "auto": StartType.AUTO, "delayed-auto": StartType.AUTO,
    "demand": StartType.DEMAND, "disabled": StartType.DISABLED,
}  # fmt: skip


def apply(host: Host, change: dict[str, Any]) -> None:
    """Apply one change; see the module for the vocabulary.

    Raises:
        ValueError: One line: what is wrong, where, and what comes nearest.
    """
    subjects: dict[str, tuple[Callable[[Host, dict[str, Any]], None], set[str]]] = {
        "vss_writer": (_writer, {"state", "last_error"}),
        "service": (_service, {"state", "start", "account", "password", "start_error", "delete"}),
        "registry": (_registry, {"name", "type", "data", "delete"}),
        "file": (_file, {"text", "version", "sddl", "attributes", "directory", "delete"}),
        "event": (_event, {"source", "id", "level", "message", "task"}),
        "process": (_process, {"command_line", "memory", "end"}),
        "user": (_user, {"enabled", "password"}),
    }
    subject = next((key for key in change if key in subjects), None)
    if subject is None:
        given = next(iter(change), "")
        raise ValueError(f"simulated: unknown change {given!r}{_nearest(given, subjects)}")
    handler, allowed = subjects[subject]
    for key in change:
        if key != subject and key not in allowed:
            raise ValueError(f"simulated: {subject} does not take {key!r}{_nearest(key, allowed)}")
    try:
        handler(host, change)
    except Win32Error as error:
        raise ValueError(f"simulated: {subject} {change[subject]!r}: {error} ({error.code})") from error


def _nearest(given: object, known: Collection[str]) -> str:
    """Return ``; did you mean X?`` or the list of what there is."""
    folded = {name.lower(): name for name in known}
    close = difflib.get_close_matches(str(given).lower(), folded, n=1, cutoff=0.5)
    return (
        f"; did you mean {folded[close[0]]!r}?" if close else f"; expected one of {', '.join(sorted(known))}"
    )


def _choose(what: str, given: object, known: Collection[str]) -> str:
    """Return the known name that equals ``given`` in any case."""
    found = next((name for name in known if name.lower() == str(given).lower()), None)
    if found is None:
        raise ValueError(f"simulated: unknown {what} {given!r}{_nearest(given, known)}")
    return found


def _writer(host: Host, change: dict[str, Any]) -> None:
    writer = BY_NAME[_choose("vss_writer", change["vss_writer"], [w.name for w in BY_NAME.values()]).lower()]
    number = change.get("state", 1)
    if number not in set(WriterState):
        raise ValueError(f"simulated: unknown state {number!r} of a writer; expected 1 (Stable) to 15")
    state = WriterState(number)
    default = "Non-retryable error" if state.failed else "No error"
    error = _choose("last_error", change.get("last_error", default), LAST_ERRORS)
    try:
        host.vss.wedge(writer.name, state, error)
    except KeyError as missing:
        raise ValueError(
            f"simulated: {writer.name} does not live on {host.name}: its service {writer.service} does not run"
        ) from missing


def _service(host: Host, change: dict[str, Any]) -> None:
    names = [service.name for service in host.services.all(drivers=True)]
    name = _choose("service", change["service"], names)
    if change.get("delete"):
        host.services.delete(name)
        return
    if "start" in change:
        start = _choose("start", change["start"], _STARTS)
        delayed = start == "delayed-auto"
        host.services.configure(name, start=_STARTS[start], delayed=delayed or None)
        if not delayed and host.services.get(name).config.delayed:
            host.services.configure(name, delayed=False)
    if "account" in change or "password" in change:
        host.services.configure(name, account=change.get("account"), password=change.get("password"))
    if "start_error" in change:
        host.services.fail_start(name, int(change["start_error"]))
    if "state" in change:
        state = _choose("state", change["state"], ("running", "stopped", "crashed"))
        running = host.services.get(name).state is not ServiceState.STOPPED
        if state == "running" and not running:
            host.services.start(name)
        elif state == "crashed":
            host.services.crash(name)
        elif state == "stopped" and running:
            for dependant in host.services.dependants(name, running=True):
                host.services.stop(dependant.name, force=True)
            host.services.stop(name, force=True)


def _registry(host: Host, change: dict[str, Any]) -> None:
    path, name = str(change["registry"]), change.get("name")
    if change.get("delete"):
        if name is None:
            host.registry.delete_key(path)
        else:
            host.registry.delete_value(path, str(name))
        return
    if name is None and "data" not in change:
        host.registry.create(path)
        return
    data = change.get("data", "")
    default = "REG_DWORD" if isinstance(data, int) else "REG_MULTI_SZ" if isinstance(data, list) else "REG_SZ"
    type_ = _choose("type", change.get("type", default), TYPES)
    if isinstance(data, list):
        data = tuple(str(line) for line in data)
    elif isinstance(data, str) and type_ not in {"REG_SZ", "REG_EXPAND_SZ"}:
        data = _parsed(type_, data)
    host.registry.set(path, str(name or ""), type_, data)


def _parsed(type_: str, text: str) -> int | bytes:
    try:
        return int(text, 0) if type_ in {"REG_DWORD", "REG_QWORD"} else bytes.fromhex(text)
    except ValueError:
        raise ValueError(f"simulated: {text!r} does not fit registry type {type_}") from None


def _file(host: Host, change: dict[str, Any]) -> None:
    path = str(change["file"])
    if change.get("delete"):
        entry = host.files.get(path)
        if entry.is_dir:
            host.files.rmdir(path, recursive=True)
        else:
            host.files.change(path, attributes=entry.attributes.replace("R", ""))
            host.files.delete(path)
        return
    if change.get("directory"):
        if not host.files.is_dir(path):
            host.files.mkdir(path, parents=True)
    elif "text" in change or not host.files.exists(path):
        above = path.rpartition("\\")[0] + "\\"
        if not host.files.is_dir(above):
            host.files.mkdir(above, parents=True)
        host.files.write(path, str(change.get("text", "")).encode())
    fields = {key: change[key] for key in ("version", "sddl", "attributes") if key in change}
    if fields:
        host.files.change(path, **fields)


def _event(host: Host, change: dict[str, Any]) -> None:
    level = _choose("level", change.get("level", "Information"), LEVELS)
    for key in ("source", "id", "message"):
        if key not in change:
            raise ValueError(f"simulated: event needs {key!r}")
    task = str(change.get("task", ""))
    message = str(change["message"])
    host.event_logs.write(
        str(change["event"]), str(change["source"]), int(change["id"]), level, message, task=task
    )


def _process(host: Host, change: dict[str, Any]) -> None:
    name = str(change["process"])
    if not change.get("end"):
        line, memory = str(change.get("command_line", name)), change.get("memory")
        host.processes.start(name, line, now=host.clock.now(), memory=memory)
        return
    found = host.processes.named(name)
    if not found:
        running = {process.name for process in host.processes}
        raise ValueError(f"simulated: no process {name!r} runs{_nearest(name, running)}")
    for process in found:
        host.processes.end(process.pid)
        host.services.process_ended(process.pid)


def _user(host: Host, change: dict[str, Any]) -> None:
    name = _choose("user", change["user"], [user.name for user in host.users.all()])
    host.users.change(name, **{key: change[key] for key in ("enabled", "password") if key in change})
