"""Get-EventLog, Write-EventLog, New-EventLog, Clear-EventLog and Get-WinEvent over the host's logs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from fakes.windows.model.event_logs import LEVELS, Event
from fakes.windows.model.win32 import Win32Error
from fakes.windows.powershell.cmdlets.event_query import Filter, from_table, from_xpath
from fakes.windows.powershell.cmdlets.files_provider import local
from fakes.windows.powershell.cmdlets.support import DIAGNOSTICS, PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches, matches_any
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord, net_exception
from fakes.windows.powershell.values import Byte, Int16, Int64, PSObject, TypedArray, define_enum

ENTRY_TYPE = define_enum(
    "System.Diagnostics.EventLogEntryType",
    {"Error": 1, "Warning": 2, "Information": 4, "SuccessAudit": 8, "FailureAudit": 16},
)
CLASSIC = (
    "Application",
    "Security",
    "System",
    "Windows PowerShell",
    "HardwareEvents",
    "Key Management Service",
)


def entry_type(event: Event) -> str:
    """The classic type of an event."""
    if "Audit Success" in event.keywords:
        return "SuccessAudit"
    if "Audit Failure" in event.keywords:
        return "FailureAudit"
    return {"Critical": "Error", "Error": "Error", "Warning": "Warning"}.get(event.level, "Information")


def entry_object(host: Any, event: Event) -> PSObject:
    """``System.Diagnostics.EventLogEntry``."""
    names = [
        f"System.Diagnostics.EventLogEntry#{event.log}/{event.source}/{event.instance_id}",
        "System.Diagnostics.EventLogEntry",
        "System.ComponentModel.Component",
        "System.MarshalByRefObject",
        "System.Object",
    ]
    return PSObject(
        names,
        {
            "EventID": event.event_id,
            "MachineName": host.name,
            "Data": TypedArray([], "System.Byte"),
            "Index": event.record,
            "Category": event.task or "(0)",
            "CategoryNumber": 0,
            "EntryType": ENTRY_TYPE(entry_type(event)),
            "Message": event.message,
            "Source": event.source,
            "ReplacementStrings": TypedArray(event.data, "System.String"),
            "InstanceId": Int64(event.instance_id),
            "TimeGenerated": local(event.time),
            "TimeWritten": local(event.time),
            "UserName": event.user or None,
            "Site": None,
            "Container": None,
        },
    )


#: Keywords of a classic event; the service control manager's come with the reserved top bit.
_KEYWORDS = {False: 0x80000000000000, True: 0x8080000000000000 - 2**64}
_MANAGER = "555908d1-a6d7-4695-8e1e-26931d2012f4"  # its provider, in the manifest of services.exe


def record_object(host: Any, event: Event) -> PSObject:
    """``System.Diagnostics.Eventing.Reader.EventLogRecord``."""
    names = [
        "System.Diagnostics.Eventing.Reader.EventLogRecord",
        "System.Diagnostics.Eventing.Reader.EventRecord",
        "System.Object",
    ]
    manager, classic = event.source == "Service Control Manager", "Classic" in event.keywords
    data = [
        PSObject(["System.Diagnostics.Eventing.Reader.EventProperty", "System.Object"], {"Value": text})
        for text in event.data
    ]
    return PSObject(
        names,
        {
            "Message": event.message,
            "Id": event.event_id,
            "Version": Byte(0) if manager or not classic else None,
            "Qualifiers": event.qualifiers if classic else None,
            "Level": Byte(LEVELS[event.level]),
            "Task": 0,
            "Opcode": Int16(0) if manager or not classic else None,
            "Keywords": Int64(_KEYWORDS[manager] if classic else 0),
            "RecordId": Int64(event.record),
            "ProviderName": event.source,
            "ProviderId": uuid.UUID(_MANAGER) if manager else None,
            "LogName": event.log,
            "ProcessId": None,
            "ThreadId": None,
            "MachineName": host.name,
            "UserId": event.user or None,
            "TimeCreated": local(event.time),
            "ActivityId": None,
            "RelatedActivityId": None,
            "ContainerLog": event.log,
            "MatchedQueryIds": [],
            "Bookmark": None,
            "LevelDisplayName": event.level,
            "OpcodeDisplayName": None,
            "TaskDisplayName": event.task or None,
            "KeywordsDisplayNames": event.keywords.split(",") if event.keywords else [],
            "Properties": data,
        },
    )


@cmdlet("Get-EventLog", default_set="LogName")
class GetEventLog(PSCmdlet):
    """Entries of a classic log, newest first."""

    LogName = Param("string", position=0, mandatory=True, sets="LogName", aliases=["LN"])
    InstanceId = Param("long[]", position=1, sets="LogName")
    Newest = Param("int", sets="LogName")
    After = Param("datetime", sets="LogName")
    Before = Param("datetime", sets="LogName")
    UserName = Param("string[]", sets="LogName")
    Index = Param("int[]", sets="LogName")
    EntryType = Param(
        "string[]",
        sets="LogName",
        aliases=["ET"],
        validate_set=["Error", "Information", "FailureAudit", "SuccessAudit", "Warning"],
    )
    Source = Param("string[]", sets="LogName", aliases=["ABO"])
    Message = Param("string", sets="LogName", aliases=["MSG"])
    AsBaseObject = Param("switch", sets="LogName")
    List = Param("switch", sets="List")
    AsString = Param("switch", sets="List")
    ComputerName = Unsimulated("string[]", aliases=["Cn"])

    def process(self) -> None:
        if self.parameter_set == "List" or self.LogName is None:
            self._list()
            return
        name = next(
            (log for log in self.context.host.event_logs.names() if matches(str(self.LogName), log)), None
        )
        if name is None:
            text = f"The event log '{self.LogName}' on computer '.' does not exist."
            raise self.throw(
                ErrorRecord(
                    text,
                    "System.InvalidOperationException",
                    "NotSpecified",
                    exception_type="System.InvalidOperationException",
                )
            )
        found = [event for event in reversed(self.context.host.event_logs.read(name)) if self._wanted(event)]
        if self.Newest is not None:
            found = found[: int(self.Newest)]
        if not found:
            self.error(
                ErrorRecord(
                    "No matches found",
                    "GetEventLogNoEntriesFound",
                    "ObjectNotFound",
                    exception_type="System.ArgumentException",
                )
            )
        self.write_all(entry_object(self.context.host, event) for event in found)

    def _list(self) -> None:
        logs = self.context.host.event_logs
        for name in logs.names():
            if name in CLASSIC:
                if self.AsString:
                    self.write(name)
                    continue
                entries = [None] * logs.count(name)
                self.write(
                    PSObject(
                        ["System.Diagnostics.EventLog", "System.Object"],
                        {
                            "Log": name,
                            "LogDisplayName": name,
                            "Entries": entries,
                            "MaximumKilobytes": Int64(20480),
                            "MinimumRetentionDays": 0,
                            "OverflowAction": "OverwriteAsNeeded",
                            "EnableRaisingEvents": False,
                        },
                    )
                )

    def _wanted(self, event: Event) -> bool:
        if self.InstanceId is not None and event.instance_id not in self.InstanceId:
            return False
        if self.Index is not None and event.record not in self.Index:
            return False
        if self.EntryType is not None and entry_type(event).lower() not in {
            text.lower() for text in self.EntryType
        }:
            return False
        if self.Source is not None and not matches_any(self.Source, event.source):
            return False
        if self.Message is not None and not matches(str(self.Message), event.message):
            return False
        if self.UserName is not None and not matches_any(self.UserName, event.user):
            return False
        return _between(event, self.After, self.Before)


def _between(event: Event, after: Any, before: Any) -> bool:
    when = local(event.time)
    return (after is None or when > _naive(after)) and (before is None or when < _naive(before))


def _naive(when: datetime) -> datetime:
    return when.replace(tzinfo=None)


@cmdlet("Write-EventLog")
class WriteEventLog(PSCmdlet):
    """Writes an entry in the name of a registered source."""

    LogName = Param("string", position=0, mandatory=True, aliases=["LN"])
    Source = Param("string", position=1, mandatory=True, aliases=["SRC"])
    EventId = Param("int", position=2, mandatory=True, aliases=["ID", "EID"])
    EntryType = Param(
        "string",
        position=3,
        default="Information",
        aliases=["ET"],
        validate_set=["Error", "Information", "FailureAudit", "SuccessAudit", "Warning"],
    )
    Message = Param("string", position=4, mandatory=True, aliases=["MSG"], allow_empty=True)
    Category = Param("int", default=1)
    RawData = Unsimulated("object[]")
    ComputerName = Unsimulated("string", aliases=["CN"])

    def process(self) -> None:
        logs, name = self.context.host.event_logs, str(self.LogName)
        known = next((log for log in logs.names() if log.lower() == name.lower()), None)
        if known is None:
            raise self.throw(
                ErrorRecord(
                    f'The Log name "{name}" does not exist in the computer "localhost".',
                    "LogDoesNotExist",
                    "InvalidOperation",
                    exception_type="System.InvalidOperationException",
                )
            )
        if not self._registered(known, str(self.Source)):
            raise self.throw(
                ErrorRecord(
                    f'The source name "{self.Source}" does not exist on computer "localhost".',
                    "SourceDoesNotExist",
                    "InvalidOperation",
                    exception_type="System.InvalidOperationException",
                )
            )
        level = {"error": "Error", "warning": "Warning"}.get(str(self.EntryType or "").lower(), "Information")
        logs.write(
            known,
            str(self.Source),
            int(self.EventId or 0),
            level,
            str(self.Message),
            data=[str(self.Message)],
        )

    def _registered(self, log: str, source: str) -> bool:
        root = r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog"
        if self.context.host.registry.exists(f"{root}\\{log}\\{source}"):
            return True
        return any(
            event.source.lower() == source.lower()
            for event in self.context.host.event_logs.written().get(log, [])
        )


@cmdlet("New-EventLog", supports_should_process=True)
class NewEventLog(PSCmdlet):
    """Registers sources, and makes the log."""

    LogName = Param("string", position=0, mandatory=True, aliases=["LN"])
    Source = Param("string[]", position=1, mandatory=True, aliases=["SRC"])
    ComputerName = Unsimulated("string[]", aliases=["CN"])
    CategoryResourceFile = Unsimulated("string")
    MessageResourceFile = Unsimulated("string")
    ParameterResourceFile = Unsimulated("string")

    def process(self) -> None:
        root = r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog"
        for source in self.Source or []:
            path = f"{root}\\{self.LogName}\\{source}"
            if self.context.host.registry.exists(path):
                self.error(
                    ErrorRecord(
                        f'The "{source}" source is already registered on the "localhost" computer.',
                        "SourceExists",
                        "InvalidOperation",
                        exception_type="System.InvalidOperationException",
                    )
                )
            elif self.should_process(".", f"New-EventLog {self.LogName}"):
                self.context.host.event_logs.create(str(self.LogName))
                self.context.host.registry.create(path)


@cmdlet("Clear-EventLog", supports_should_process=True)
class ClearEventLog(PSCmdlet):
    """Empties logs."""

    LogName = Param("string[]", position=0, mandatory=True, aliases=["LN"])
    ComputerName = Unsimulated("string[]", aliases=["Cn"])

    def process(self) -> None:
        for name in self.LogName or []:
            try:
                if self.should_process(f"{name} in localhost"):
                    self.context.host.event_logs.clear(name)
            except Win32Error:
                self.error(
                    ErrorRecord(
                        f'The Log name "{name}" does not exist in the computer "localhost".',
                        "LogDoesNotExist",
                        "InvalidOperation",
                        exception_type="System.InvalidOperationException",
                    )
                )


@cmdlet("Get-WinEvent", module=DIAGNOSTICS, default_set="GetLogSet")
class GetWinEvent(PSCmdlet):
    """Events by log, provider, filter table or XPath, newest first."""

    LogName = Param("string[]", position=0, sets="GetLogSet", value_from_pipeline=True)
    ListLog = Param("string[]", position=0, mandatory=True, sets="ListLogSet")
    ListProvider = Unsimulated("string[]", sets="ListProviderSet")
    ProviderName = Param("string[]", position=0, mandatory=True, sets="GetProviderSet")
    FilterHashtable = Param("hashtable[]", position=0, mandatory=True, sets="HashQuerySet")
    FilterXPath = Param("string", sets=("GetLogSet", "GetProviderSet"))
    FilterXml = Unsimulated("object", sets="XmlQuerySet")
    Path = Unsimulated("string[]", sets="FileSet")
    MaxEvents = Param("long")
    Oldest = Param("switch")
    Force = Param("switch")
    ComputerName = Unsimulated("string", aliases=["Cn"])
    Credential = Unsimulated("object")

    def process(self) -> None:
        if self.parameter_set == "ListLogSet":
            self._logs()
            return
        events = self._events()
        events.sort(key=lambda event: (event.time, event.record), reverse=not self.Oldest)
        if self.MaxEvents is not None:
            events = events[: int(self.MaxEvents)]
        if not events:
            self.error(
                ErrorRecord(
                    "No events were found that match the specified selection criteria.",
                    "NoMatchingEventsFound",
                    "ObjectNotFound",
                    exception_type="System.Exception",
                )
            )
        self.write_all(record_object(self.context.host, event) for event in events)

    def _logs(self) -> None:
        logs = self.context.host.event_logs
        for pattern in self.ListLog or []:
            hits = [name for name in logs.names() if matches(pattern, name)]
            if not hits:
                self.error(self._no_log(pattern))
            for name in hits:
                self.write(
                    PSObject(
                        ["System.Diagnostics.Eventing.Reader.EventLogConfiguration", "System.Object"],
                        {
                            "LogName": name,
                            "LogMode": "Circular",
                            "MaximumSizeInBytes": Int64(20971520),
                            "RecordCount": Int64(logs.count(name)),
                            "IsEnabled": True,
                        },
                    )
                )

    def _no_log(self, pattern: str) -> ErrorRecord:
        text = f'There is not an event log on the localhost computer that matches "{pattern}".'
        return ErrorRecord(
            net_exception("System.Exception", text), "NoMatchingLogsFound", "ObjectNotFound", pattern
        )

    def _events(self) -> list[Event]:
        if self.FilterHashtable is not None:
            found: list[Event] = []
            for given in self.FilterHashtable:
                chosen = from_table(given, self)
                found.extend(
                    event for name in self._named(chosen.logs or ["*"]) for event in self._read(name, chosen)
                )
            return found
        wanted = from_xpath(str(self.FilterXPath), self) if self.FilterXPath else Filter()
        if self.ProviderName is not None:
            wanted.providers = self.texts(self.ProviderName)
            return [event for name in self._named(["*"]) for event in self._read(name, wanted)]
        return [event for name in self._named(self.LogName or ["*"]) for event in self._read(name, wanted)]

    def _named(self, patterns: list[str]) -> list[str]:
        names = self.context.host.event_logs.names()
        found: list[str] = []
        for pattern in patterns:
            hits = [name for name in names if matches(pattern, name)]
            if not hits and not has_wildcard(pattern):
                self.error(self._no_log(pattern))
            found.extend(hits)
        return found

    def _read(self, name: str, wanted: Filter) -> list[Event]:
        return [event for event in self.context.host.event_logs.read(name) if wanted.accepts(event)]
