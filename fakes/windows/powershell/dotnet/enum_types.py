"""System.Enum, and the enumerations that scripts name."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.containers import TypedArray
from fakes.windows.powershell.conversion import convert, to_string
from fakes.windows.powershell.dotnet.formatting import format_value
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.values import EnumValue, define_enum, find_enum

_VALUE = ("System.ValueType", "System.Object")

SERVICE_STATUS = define_enum(
    "System.ServiceProcess.ServiceControllerStatus",
    {
        "Stopped": 1,
        "StartPending": 2,
        "StopPending": 3,
        "Running": 4,
        "ContinuePending": 5,
        "PausePending": 6,
        "Paused": 7,
    },
)
SERVICE_START_MODE = define_enum(
    "System.ServiceProcess.ServiceStartMode",
    {"Boot": 0, "System": 1, "Automatic": 2, "Manual": 3, "Disabled": 4},
)
define_enum(
    "System.ConsoleColor",
    {
        name: number
        for number, name in enumerate(
            [
                "Black",
                "DarkBlue",
                "DarkGreen",
                "DarkCyan",
                "DarkRed",
                "DarkMagenta",
                "DarkYellow",
                "Gray",
                "DarkGray",
                "Blue",
                "Green",
                "Cyan",
                "Red",
                "Magenta",
                "Yellow",
                "White",
            ]
        )
    },
)
define_enum(
    "System.Globalization.NumberStyles",
    {"None": 0, "Integer": 7, "HexNumber": 515, "Float": 167, "Number": 111, "Any": 511},
    flags=True,
)
define_enum("System.UriKind", {"RelativeOrAbsolute": 0, "Absolute": 1, "Relative": 2})
REGISTRY_VALUE_KIND = define_enum(
    "Microsoft.Win32.RegistryValueKind",
    {
        "Unknown": 0,
        "String": 1,
        "ExpandString": 2,
        "Binary": 3,
        "DWord": 4,
        "MultiString": 7,
        "QWord": 11,
        "None": -1,
    },
)
define_enum(
    "Microsoft.Win32.RegistryHive",
    {
        "ClassesRoot": -2147483648,
        "CurrentUser": -2147483647,
        "LocalMachine": -2147483646,
        "Users": -2147483645,
    },
)
define_enum(
    "System.IO.FileAttributes",
    {
        "ReadOnly": 1, "Hidden": 2, "System": 4, "Directory": 16, "Archive": 32, "Device": 64, "Normal": 128, "Temporary": 256,
        "SparseFile": 512, "ReparsePoint": 1024, "Compressed": 2048, "Offline": 4096, "NotContentIndexed": 8192, "Encrypted": 16384,
    },
    flags=True,
)  # fmt: skip
define_enum(
    "System.Net.SecurityProtocolType",
    {"SystemDefault": 0, "Ssl3": 48, "Tls": 192, "Tls11": 768, "Tls12": 3072, "Tls13": 12288},
    flags=True,
)
define_enum(
    "System.Security.Principal.WindowsBuiltInRole",
    {
        "Administrator": 544,
        "User": 545,
        "Guest": 546,
        "PowerUser": 547,
        "AccountOperator": 548,
        "SystemOperator": 549,
        "PrintOperator": 550,
        "BackupOperator": 551,
        "Replicator": 552,
    },
)


enum_class = net_class("System.Enum", bases=_VALUE)


def _enum_of(kind: Any) -> Any:
    found = find_enum(kind.name if hasattr(kind, "name") else to_string(kind))
    if found is None:
        raise NetError(
            "System.ArgumentException", "Type provided must be an Enum.\r\nParameter name: enumType"
        )
    return found


enum_class.static("GetNames", ("type",))(
    lambda kind: TypedArray(list(_enum_of(kind).members), "System.String")
)
enum_class.static("GetValues", ("type",))(
    lambda kind: [_enum_of(kind)(name) for name in _enum_of(kind).members]
)
enum_class.static("GetName", ("type", "object"))(
    lambda kind, value: _enum_of(kind).from_number(int(convert(value, "int"))).name
)
enum_class.static("IsDefined", ("type", "object"))(
    lambda kind, value: (
        (to_string(value) in _enum_of(kind).members)
        if isinstance(value, str)
        else (int(convert(value, "int")) in _enum_of(kind).members.values())
    )
)


@enum_class.static("Parse", ("type", "string"), ("type", "string", "bool"))
def _parse_enum(kind: Any, text: str, ignore_case: bool = False) -> EnumValue:
    found = _enum_of(kind)
    for name in found.members:
        if name == text or (ignore_case and name.lower() == text.lower()):
            value: EnumValue = found(name)
            return value
    raise NetError("System.ArgumentException", f"Requested value '{text}' was not found.")


enum_class.method("ToString", (), ("string",))(
    lambda value, spec="": format_value(value, spec) if spec else value.name
)
enum_class.method("HasFlag", ("object",))(
    lambda value, flag: value.number & _flag(value, flag) == _flag(value, flag)
)
enum_class.method("CompareTo", ("object",))(lambda value, other: value.number - _flag(value, other))
enum_class.property("value__")(lambda value: value.number)


def _flag(value: EnumValue, flag: Any) -> int:
    return int(convert(flag, value.type_name).number)
