"""``[System.Diagnostics.EventLog]``: sources and entries through its static members.

A source is a key below its log in the registry (dotnet/dotnet-api-docs, EventLog.CreateEventSource).
"""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.values import EnumValue

ROOT = r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog"
event_log = net_class("System.Diagnostics.EventLog")
event_log.exists("GetEventLogs Exists Delete DeleteEventSource WriteEvent")


def _host() -> Any:
    return required_interpreter("[System.Diagnostics.EventLog]").host


def log_of(host: Any, source: str) -> str | None:
    """The log under which a source is registered, None when it is not."""
    for log in host.registry.open(ROOT).subkeys():
        if any(key.name.lower() == source.lower() for key in log.subkeys()):
            return str(log.name)
    return None


@event_log.static("SourceExists", ("string",))
def _source_exists(source: str) -> bool:
    return log_of(_host(), source) is not None


@event_log.static("LogNameFromSourceName", ("string", "string"))
def _log_name(source: str, _machine: str) -> str:
    return log_of(_host(), source) or ""


@event_log.static("CreateEventSource", ("string", "string"))
def _create_source(source: str, log: str) -> None:
    host = _host()
    if log_of(host, source) is not None:
        raise NetError("System.ArgumentException", f"Source {source} already exists on the local computer.")
    host.event_logs.create(log or "Application")
    host.registry.create(f"{ROOT}\\{log or 'Application'}\\{source}")


@event_log.static(
    "WriteEntry",
    ("string", "string"),
    ("string", "string", "System.Diagnostics.EventLogEntryType"),
    ("string", "string", "System.Diagnostics.EventLogEntryType", "int"),
)
def _write_entry(source: str, message: str, kind: EnumValue | None = None, event_id: int = 0) -> None:
    host = _host()
    log = log_of(host, source)
    if log is None:  # .NET registers an unknown source for the Application log
        _create_source(source, "Application")
        log = "Application"
    name = kind.name if kind is not None else "Information"
    level = name if name in {"Error", "Warning"} else "Information"
    host.event_logs.write(log, source, event_id, level, message, data=[message])
