"""A host's whole state as JSON-able data, and back.

Sections, each in a stable order, so that two dumps compare line by line:

``services``   name -> {state, start, account}; a view of what ``registry`` and ``runtime`` hold.
               VSS and its provider start whenever somebody asks and Windows stops them when
               idle, so their state is ``ON_DEMAND`` here unless they cannot start
``registry``   key path -> {value name: [type, data]}; BINARY data as hex
``files``      path -> {size, attributes, sddl, version, text or hex}
``vss``        writers (those inside VSS only when they are not stable), shadow copies, maxima
``users``      name -> {sid, groups, enabled}
``event_logs`` log -> what the host itself wrote since it was made
``processes``  list of {name, user, command line}
``runtime``    pids, times, counters: what differs between any two runs
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fakes.windows.model.event_logs import Event
from fakes.windows.model.files import Entry
from fakes.windows.model.processes import Process
from fakes.windows.model.registry import Data, Key, check
from fakes.windows.model.service_config import ServiceConfig, StartType
from fakes.windows.model.services import Service, ServiceState, Status
from fakes.windows.model.users import User
from fakes.windows.model.vss import ShadowCopy, WriterStatus
from fakes.windows.model.vss_writers import BY_NAME, WriterState

if TYPE_CHECKING:
    from fakes.windows.model.host import Host

FORMAT = 1
_ON_DEMAND = frozenset(("VSS", "swprv"))


def dump(host: Host) -> dict[str, Any]:
    """Return the state; see the module for its sections."""
    users, next_rid = host.users.state()
    table, next_pid, noise = host.processes.state()
    status, passwords, start_errors = host.services.state()
    writers, shadows, maximum, devices = host.vss.state()
    return {
        "format": FORMAT,
        "host": {"name": host.name, "seed": host.seed},
        "services": {
            s.name: {"state": _state(s), "start": _start(s.config), "account": s.config.account}
            for s in host.services.all(drivers=True)
        },
        "registry": _registry(host.registry.root),
        "files": _files(host.files.root),
        "vss": {
            "writers": {
                name: {"state": int(w.state), "last_error": w.last_error}
                for name, w in sorted(writers.items())
                if w.state.failed or w.writer.service not in _ON_DEMAND
            },
            "shadows": [
                asdict(s) | {"volume": s.volume.letter, "created": s.created.isoformat()} for s in shadows
            ],
            "maximum": dict(sorted(maximum.items())),
        },
        "users": {
            u.name: {
                "sid": u.sid,
                "groups": list(u.groups),
                "enabled": u.enabled,
                "description": u.description,
            }
            for u in sorted(users.values(), key=lambda u: u.name.lower())
        },
        "event_logs": {
            log: [_event(e) for e in events] for log, events in sorted(host.event_logs.written().items())
        },
        "processes": sorted(
            ({"name": p.name, "user": p.user, "command_line": p.command_line} for p in table.values()),
            key=lambda p: (p["name"].lower(), p["command_line"]),
        ),
        "runtime": {
            "boot_time": host.boot_time.isoformat(),
            "guids": host.guids,
            "next_rid": next_rid,
            "passwords": {u.name: u.password for u in users.values()},
            "service_passwords": passwords,
            "start_errors": start_errors,
            "processes": [asdict(p) | {"started": p.started.isoformat()} for p in table.values()],
            "next_pid": next_pid,
            "pid_noise": noise,
            "services": {
                n: [int(s.state), s.pid, s.exit_code, s.specific_code] for n, s in sorted(status.items())
            },
            "writers": {
                name: [w.instance, int(w.state), w.last_error, w.wedged]
                for name, w in sorted(writers.items())
            },
            "devices": devices,
            "logs": {k: [v[0], v[1], v[3]] for k, v in sorted(host.event_logs.state().items())},
        },
    }


def load(host: Host, state: dict[str, Any]) -> None:
    """Bring ``host`` into ``state``; see :meth:`fakes.windows.model.host.Host.load`."""
    if state.get("format") != FORMAT or "runtime" not in state:
        raise ValueError(
            f"no state of a host: expected a mapping with format {FORMAT}, got keys {sorted(state)[:5]}"
        )
    run = state["runtime"]
    host.registry.root = _load_registry(state["registry"])
    host.files.root = _load_files(state["files"])
    users = {
        name.lower(): User(
            name, u["sid"], tuple(u["groups"]), run["passwords"][name], u["enabled"], u["description"]
        )
        for name, u in state["users"].items()
    }
    host.users.restore((users, run["next_rid"]))
    table = {
        p["pid"]: Process(**(p | {"started": datetime.fromisoformat(p["started"])})) for p in run["processes"]
    }
    host.processes.restore((table, run["next_pid"], run["pid_noise"]))
    services = {name: Status(ServiceState(s[0]), *s[1:]) for name, s in run["services"].items()}
    host.services.restore((services, dict(run["service_passwords"]), dict(run["start_errors"])))
    writers = {
        name: WriterStatus(BY_NAME[name.lower()], w[0], WriterState(w[1]), w[2], w[3])
        for name, w in run["writers"].items()
    }
    shadows = tuple(
        ShadowCopy(**(s | {
            "volume": host.files.volumes[s["volume"].lower()], "created": datetime.fromisoformat(s["created"]),
        }))
        for s in state["vss"]["shadows"]
    )  # fmt: skip
    host.vss.restore((writers, shadows, dict(state["vss"]["maximum"]), run["devices"]))
    events = {log: [_load_event(e) for e in found] for log, found in state["event_logs"].items()}
    host.event_logs.restore(
        {k: (n, past, tuple(events.get(n, ())), gone) for k, (n, past, gone) in run["logs"].items()}
    )
    host.boot_time = datetime.fromisoformat(run["boot_time"])
    host.guids = run["guids"]


def _state(service: Service) -> str:
    startable = service.config.start is not StartType.DISABLED
    return "ON_DEMAND" if service.name in _ON_DEMAND and startable else service.state.name


def _start(config: ServiceConfig) -> str:
    names = ("boot", "system", "auto", "demand", "disabled")
    return "delayed-auto" if config.delayed else names[config.start]


def _registry(root: Key) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def visit(path: str, key: Key) -> None:
        for child in key.subkeys():
            below = f"{path}\\{child.name}" if path else child.name
            found[below] = {v.name: [v.type, _plain(v.data)] for v in child.values.values()}
            visit(below, child)

    visit("", root)
    return found


def _plain(data: Data) -> str | int | list[str]:
    if isinstance(data, bytes):
        return data.hex()
    return list(data) if isinstance(data, tuple) else data


def _load_registry(keys: dict[str, Any]) -> Key:
    root = Key("")
    for path, values in keys.items():
        node = root
        for part in path.split("\\"):
            node = node.children.setdefault(part.lower(), Key(part))
        for name, (type_, data) in values.items():
            raw = tuple(data) if isinstance(data, list) else data
            node.values[name.lower()] = check(type_, _bytes(type_, raw), name)
    return root


def _bytes(type_: str, data: Any) -> Any:
    texts = {"REG_SZ", "REG_EXPAND_SZ"}
    return bytes.fromhex(data) if isinstance(data, str) and type_ not in texts else data


_TIMES = ("created", "modified", "accessed")


def _files(root: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def visit(path: str, entry: Entry) -> None:
        for name in sorted(entry.children):
            child = entry.children[name]
            below = f"{path}\\{child.name}" if path else child.name
            found[below] = _entry(child)
            visit(below, child)

    visit("", root)
    return found


def _entry(entry: Entry) -> dict[str, Any]:
    plain: dict[str, Any] = {"dir": True} if entry.is_dir else {"size": entry.size}
    if entry.content is not None:
        try:
            plain["text"] = entry.content.decode()
        except UnicodeDecodeError:
            plain["hex"] = entry.content.hex()
    for field in ("attributes", "sddl", "version"):
        if getattr(entry, field):
            plain[field] = getattr(entry, field)
    plain["times"] = [getattr(entry, name).isoformat() for name in _TIMES]
    return plain


def _load_files(files: dict[str, Any]) -> Entry:
    root = Entry("", is_dir=True)
    for path, plain in files.items():
        *above, name = path.split("\\")
        node = root
        for part in above:
            node = node.children[part.lower()]
        content = (
            plain["text"].encode()
            if "text" in plain
            else bytes.fromhex(plain["hex"])
            if "hex" in plain
            else None
        )
        created, modified, accessed = (datetime.fromisoformat(text) for text in plain["times"])
        node.children[name.lower()] = Entry(
            name, is_dir=plain.get("dir", False), content=content, known_size=plain.get("size", 0),
            attributes=plain.get("attributes", ""), sddl=plain.get("sddl"), version=plain.get("version", ""),
            created=created, modified=modified, accessed=accessed,
        )  # fmt: skip
    return root


def _event(event: Event) -> dict[str, Any]:
    return asdict(event) | {"time": event.time.isoformat(), "data": list(event.data)}


def _load_event(plain: dict[str, Any]) -> Event:
    return Event(**(plain | {"time": datetime.fromisoformat(plain["time"]), "data": tuple(plain["data"])}))
