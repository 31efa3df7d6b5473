"""The views Windows PowerShell 5.1 has for the types our cmdlets emit.

Labels, widths and alignments are those of the format files of 5.1 (``DotNetTypes``, ``FileSystem``,
``Registry``, ``Event`` and ``PowerShellCore.format.ps1xml``; PowerShell's repository carries them as
``*_format_ps1xml.cs``). A type without a view is shown by its properties: a table up to four, a list above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Getter = Callable[[Any, Callable[[Any, str], Any]], Any]
"""Computes a cell from the object and a function that reads one of its properties."""


@dataclass(frozen=True)
class Column:
    """A column: `source` is a property name or a getter; `format` a .NET format string."""

    source: str | Getter
    label: str = ""
    width: int = 0
    align: str = ""
    format: str = ""

    @property
    def header(self) -> str:
        """The label shown; the property's name when the view gives none."""
        return self.label or (self.source if isinstance(self.source, str) else "")


@dataclass(frozen=True)
class GroupBy:
    """A view's own grouping: key property, and the text that introduces a group."""

    key: str
    label: str = ""
    prefix: str = ""  # a custom header such as "Directory: "; empty: "   <label>: <value>"
    lists: bool = True  # whether the list view has it too


@dataclass(frozen=True)
class View:
    """How a type is shown. `table`, `listing` and `text` are the shapes it has, in that order of preference."""

    table: tuple[Column, ...] = ()
    listing: tuple[str, ...] = ()
    text: Getter | None = None
    wide: str = ""
    group: GroupBy | None = None
    wrap: bool = False
    autosize: bool = False
    out_of_band: bool = False
    list_first: bool = False
    list_by_type: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _kilobytes(name: str) -> Getter:
    return lambda value, get: round((get(value, name) or 0) / 1024)


def _cpu_seconds(value: Any, get: Callable[[Any, str], Any]) -> str:
    cpu = get(value, "CPU")
    return "" if cpu is None else f"{cpu:,.2f}"


def _last_write(value: Any, get: Callable[[Any, str], Any]) -> str:
    when = get(value, "LastWriteTime")
    hour = when.hour % 12 or 12
    return f"{when.month}/{when.day}/{when.year}".rjust(10) + "  " + f"{hour}:{when:%M %p}".rjust(8)


def long_date_time(when: Any) -> str:
    """The ``DateTime`` property of a date: long date and long time of en-US."""
    hour = when.hour % 12 or 12
    return f"{when:%A, %B} {when.day}, {when.year} {hour}:{when:%M:%S %p}"


def _command_name(value: Any, get: Callable[[Any, str], Any]) -> Any:
    shown = get(value, "DisplayName") if str(get(value, "CommandType")) == "Alias" else None
    return shown or get(value, "Name")


def _key_values(value: Any, _: Callable[[Any, str], Any]) -> str:
    from fakes.windows.powershell.cmdlets.registry_provider import RegistryKey, property_text

    return property_text(value) if isinstance(value, RegistryKey) else ""


def _first(limit: int, name: str) -> Getter:
    def get_start(value: Any, get: Callable[[Any, str], Any]) -> str:
        text = str(get(value, name) or "")[:limit]
        return text + "..." if len(text) == limit else text

    return get_start


def _columns(*names: str, **widths: int) -> tuple[Column, ...]:
    return tuple(Column(name, width=widths.get(name, 0)) for name in names)


_COMMAND = View(
    table=(
        Column("CommandType", width=15),
        Column(_command_name, "Name", 50),
        Column("Version", width=10),
        Column("Source"),
    )
)

VIEWS: dict[str, View] = {
    "System.ServiceProcess.ServiceController": View(
        table=_columns("Status", "Name", "DisplayName", Status=8, Name=18, DisplayName=38),
        listing=(
            "Name",
            "DisplayName",
            "Status",
            "DependentServices",
            "ServicesDependedOn",
            "CanPauseAndContinue",
            "CanShutdown",
            "CanStop",
            "ServiceType",
        ),
    ),
    "System.Diagnostics.Process": View(
        table=(
            Column("HandleCount", "Handles", 7, "right"),
            Column(_kilobytes("NPM"), "NPM(K)", 7, "right"),
            Column(_kilobytes("PM"), "PM(K)", 8, "right"),
            Column(_kilobytes("WS"), "WS(K)", 10, "right"),
            Column(_cpu_seconds, "CPU(s)", 10, "right"),
            Column("Id", "", 6, "right"),
            Column("SI", "", 3, "right"),
            Column("ProcessName"),
        ),
        wide="ProcessName",
    ),
    "System.IO.FileSystemInfo": View(
        table=(
            Column("Mode", width=7, align="left"),
            Column(_last_write, "LastWriteTime", 25, "right"),
            Column("Length", width=14, align="right"),
            Column("Name"),
        ),
        listing=("Name", "CreationTime", "LastWriteTime", "LastAccessTime", "Mode", "LinkType", "Target"),
        list_by_type={
            "System.IO.FileInfo": (
                "Name",
                "Length",
                "CreationTime",
                "LastWriteTime",
                "LastAccessTime",
                "Mode",
                "LinkType",
                "Target",
                "VersionInfo",
            )
        },
        group=GroupBy("PSParentPath", prefix="Directory: "),
        wrap=True,
        wide="Name",
    ),
    "Microsoft.Win32.RegistryKey": View(
        table=(Column("PSChildName", "Name", 30), Column(_key_values, "Property")),
        group=GroupBy("PSParentPath", prefix="Hive: "),
        wrap=True,
    ),
    "System.Collections.DictionaryEntry": View(
        table=_columns("Name", "Value", Name=30), listing=("Name", "Value")
    ),
    "System.Diagnostics.EventLogEntry": View(
        table=(
            Column("Index", width=8, align="right"),
            Column("TimeGenerated", "Time", 13, format="{0:MMM} {0:dd} {0:HH}:{0:mm}"),
            Column("EntryType", width=11),
            Column("Source", width=20),
            Column("InstanceID", width=12, align="right"),
            Column("Message"),
        ),
        listing=(
            "Index",
            "EntryType",
            "InstanceID",
            "Message",
            "Category",
            "CategoryNumber",
            "ReplacementStrings",
            "Source",
            "TimeGenerated",
            "TimeWritten",
            "UserName",
        ),
    ),
    "System.Diagnostics.EventLog": View(
        table=(
            Column(lambda value, get: f"{get(value, 'MaximumKilobytes'):,}", "Max(K)", 8, "right"),
            Column("MinimumRetentionDays", "Retain", 6, "right"),
            Column("OverflowAction", width=18),
            Column(lambda value, get: f"{len(get(value, 'Entries')):,}", "Entries", 10, "right"),
            Column("Log"),
        ),
        listing=("Log", "EnableRaisingEvents", "MaximumKilobytes", "MinimumRetentionDays", "OverflowAction"),
    ),
    "System.Diagnostics.Eventing.Reader.EventLogRecord": View(
        table=(
            Column("TimeCreated", width=25),
            Column("Id", width=8, align="right"),
            Column("LevelDisplayName", width=16),
            Column("Message"),
        ),
        listing=("TimeCreated", "ProviderName", "Id", "Message"),
        group=GroupBy("ProviderName", label="ProviderName", lists=False),
    ),
    "System.Diagnostics.Eventing.Reader.EventLogConfiguration": View(
        table=(
            Column("LogMode", width=9),
            Column("MaximumSizeInBytes", width=18, align="right"),
            Column("RecordCount", width=11, align="right"),
            Column("LogName"),
        ),
    ),
    "System.Version": View(
        table=_columns("Major", "Minor", "Build", "Revision", Major=6, Minor=6, Build=6, Revision=8)
    ),
    "System.DateTime": View(text=lambda value, _: long_date_time(value)),
    "System.TimeSpan": View(
        listing=(
            "Days",
            "Hours",
            "Minutes",
            "Seconds",
            "Milliseconds",
            "Ticks",
            "TotalDays",
            "TotalHours",
            "TotalMinutes",
            "TotalSeconds",
            "TotalMilliseconds",
        ),
        list_first=True,
    ),
    "System.Guid": View(table=(Column(lambda value, _: str(value), "Guid"),)),
    "System.RuntimeType": View(
        table=(
            Column("IsPublic", width=8),
            Column("IsSerializable", "IsSerial", 8),
            Column("Name", width=40),
            Column("BaseType"),
        )
    ),
    "System.Exception": View(text=lambda value, get: get(value, "Message"), out_of_band=True),
    "System.Management.Automation.ScriptBlock": View(text=lambda value, _: value, out_of_band=True),
    "System.Management.Automation.PathInfo": View(table=_columns("Path")),
    "System.Management.Automation.PSVariable": View(table=_columns("Name", "Value", Name=30)),
    "System.Management.Automation.CommandInfo": _COMMAND,
    "System.Management.Automation.PSDriveInfo": View(
        table=(
            Column("Name", width=10),
            Column("UsedGB", "Used (GB)", 13, "right"),
            Column("FreeGB", "Free (GB)", 13, "right"),
            Column("Provider", width=13),
            Column("Root", width=35),
            Column("CurrentLocation", align="right"),
        )
    ),
    "System.Management.Automation.PSModuleInfo": View(
        table=(
            Column("ModuleType", width=10),
            Column("Version", width=10),
            Column("Name", width=35),
            Column("ExportedCommands"),
        )
    ),
    "Microsoft.PowerShell.Commands.MemberDefinition": View(
        table=_columns("Name", "MemberType", "Definition"),
        group=GroupBy("TypeName", label="TypeName"),
        autosize=True,
    ),
    "Microsoft.PowerShell.Commands.GroupInfo": View(
        table=(Column("Count", width=5, align="right"), Column("Name", width=25), Column("Group")),
        listing=("Name", "Count", "Group", "Values"),
    ),
    "Microsoft.PowerShell.Commands.GroupInfoNoElement": View(
        table=(Column("Count", width=5, align="right"), Column("Name", width=25)),
        listing=("Name", "Count", "Values"),
    ),
    "Microsoft.PowerShell.Commands.TextMeasureInfo": View(
        table=_columns("Lines", "Words", "Characters", "Property")
    ),
    "Microsoft.PowerShell.Commands.MatchInfo": View(text=lambda value, _: value),
    "Microsoft.PowerShell.Commands.HtmlWebResponseObject": View(
        listing=(
            "StatusCode",
            "StatusDescription",
            "Content",
            "RawContent",
            "Forms",
            "Headers",
            "Images",
            "InputFields",
            "Links",
            "ParsedHtml",
            "RawContentLength",
        ),
        list_first=True,
    ),
    "Microsoft.PowerShell.Commands.WebResponseObject": View(
        listing=("StatusCode", "StatusDescription", "Content", "RawContent", "Headers", "RawContentLength"),
        list_first=True,
    ),
    "Microsoft.Powershell.Utility.FileHash": View(
        table=_columns("Algorithm", "Hash", "Path", Algorithm=15, Hash=70)
    ),
    "Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_Service": View(
        table=_columns("ProcessId", "Name", "StartMode", "State", "Status", "ExitCode", Name=16)
    ),
    "Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_OperatingSystem": View(
        table=_columns(
            "SystemDirectory", "Organization", "BuildNumber", "RegisteredUser", "SerialNumber", "Version"
        )
    ),
    "Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_ComputerSystem": View(
        table=_columns(
            "Name", "PrimaryOwnerName", "Domain", "TotalPhysicalMemory", "Model", "Manufacturer", Name=16
        )
    ),
    "Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_Process": View(
        table=_columns("ProcessId", "Name", "HandleCount", "WorkingSetSize", "VirtualSize", Name=16)
    ),
    "Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_LogicalDisk": View(
        table=_columns(
            "DeviceID",
            "DriveType",
            "ProviderName",
            "VolumeName",
            "Size",
            "FreeSpace",
            ProviderName=16,
            VolumeName=16,
        )
    ),
}

VIEWS["Microsoft.PowerShell.Commands.LocalUser"] = View(table=_columns("Name", "Enabled", "Description"))
VIEWS["Microsoft.PowerShell.Commands.LocalGroup"] = View(table=_columns("Name", "Description"))
VIEWS["Microsoft.PowerShell.Commands.LocalPrincipal"] = View(
    table=_columns("ObjectClass", "Name", "PrincipalSource")
)

CONTENT_PREVIEW: dict[str, Getter] = {
    "Content": _first(200, "Content"),
    "RawContent": _first(200, "RawContent"),
}
"""Long properties of a web response, cut by its view."""

DEFAULT_PROPERTIES: dict[str, tuple[str, ...]] = {
    "System.ServiceProcess.ServiceController": ("Status", "Name", "DisplayName"),
    "System.Diagnostics.Process": ("Id", "Handles", "CPU", "SI", "Name"),
    "System.IO.FileInfo": ("LastWriteTime", "Length", "Name"),
    r"System.Management.ManagementObject#root\cimv2\Win32_Service": (
        "ExitCode",
        "Name",
        "ProcessId",
        "StartMode",
        "State",
        "Status",
    ),
    r"System.Management.ManagementObject#root\cimv2\Win32_OperatingSystem": (
        "SystemDirectory",
        "Organization",
        "BuildNumber",
        "RegisteredUser",
        "SerialNumber",
        "Version",
    ),
    r"System.Management.ManagementObject#root\cimv2\Win32_ComputerSystem": (
        "Domain",
        "Manufacturer",
        "Model",
        "Name",
        "PrimaryOwnerName",
        "TotalPhysicalMemory",
    ),
    "Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_Service": (
        "ExitCode",
        "Name",
        "ProcessId",
        "StartMode",
        "State",
        "Status",
    ),
}
"""``DefaultDisplayPropertySet`` of ``types.ps1xml`` where it decides what Format-List shows."""


def find_view(type_names: list[str]) -> tuple[str, View] | None:
    """The first type of the hierarchy that has a view, with its name."""
    for name in type_names:
        view = VIEWS.get(name.removeprefix("Deserialized."))
        if view is not None:
            return name, view
    return None


def default_properties(type_names: list[str]) -> tuple[str, ...]:
    """Default display properties of a type, or nothing."""
    for name in type_names:
        found = DEFAULT_PROPERTIES.get(name.removeprefix("Deserialized."))
        if found:
            return found
    return ()
