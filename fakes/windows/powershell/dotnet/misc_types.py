"""Guid, ScriptBlock, Enum, Uri, IPAddress, identities, GC, and the enumerations scripts name."""

from __future__ import annotations

import ipaddress
import random
import uuid
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from fakes.windows.powershell import script_block
from fakes.windows.powershell.containers import TypedArray
from fakes.windows.powershell.conversion import convert, to_string
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet import encoding_types
from fakes.windows.powershell.dotnet.formatting import format_value
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.errors import AUTOMATION
from fakes.windows.powershell.values import EnumValue, PSObject, define_enum, find_enum

_ENCODINGS = encoding_types  # imported for what it declares
_VALUE = ("System.ValueType", "System.Object")

define_enum(
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
define_enum(
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
define_enum(
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

# --- Guid ------------------------------------------------------------------------------


def _to_guid(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(to_string(value).strip().strip("{}()"))
    except ValueError:
        raise ValueError(
            "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)."
        ) from None


guid = net_class("System.Guid", bases=_VALUE, convert=_to_guid)
guid.constants(Empty=uuid.UUID(int=0))
guid.static("NewGuid", ())(uuid.uuid4)
guid.method("ToString", (), ("string",))(lambda value, spec="D": format_value(value, spec or "D"))
guid.method("ToByteArray", ())(
    lambda value: TypedArray([convert(one, "byte") for one in value.bytes_le], "System.Byte")
)
guid.property("Guid")(str)


def _parse_guid(text: str) -> uuid.UUID:
    try:
        value: uuid.UUID = _to_guid(text)
    except ValueError as error:
        raise NetError("System.FormatException", str(error)) from None
    return value


guid.static("Parse", ("string",))(_parse_guid)
guid.constructor(("string",))(_parse_guid)


@guid.static("TryParse", ("string", "object"))
def _try_parse_guid(text: str, result: Any) -> bool:
    try:
        value = _parse_guid(text)
    except NetError:
        result.set("Value", uuid.UUID(int=0))
        return False
    result.set("Value", value)
    return True


# --- ScriptBlock, Enum, GC -------------------------------------------------------------

block = net_class(AUTOMATION + "ScriptBlock")
block.exists("Ast GetSteppablePipeline GetPowerShell CheckRestrictedLanguage InvokeWithContext")
block.static("Create", ("string",))(script_block.create)
block.convert = lambda value: (
    value
    if value is None or isinstance(value, script_block.ScriptBlock)
    else script_block.create(to_string(value))
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


collector = net_class("System.GC")
collector.exists("GetTotalMemory CollectionCount AddMemoryPressure")
collector.static("Collect", ())(lambda: None)
collector.static("WaitForPendingFinalizers", ())(lambda: None)

# --- Uri, IPAddress, Dns-free ----------------------------------------------------------


class Uri(PSObject):
    """``System.Uri``."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        parts = urlsplit(text)
        absolute = bool(parts.scheme)
        port = (
            parts.port
            if parts.port is not None
            else {"http": 80, "https": 443, "ftp": 21}.get(parts.scheme, -1)
        )
        shown = text if parts.path or not absolute else text + "/"
        super().__init__(
            ["System.Uri", "System.Object"],
            {
                "AbsolutePath": parts.path or "/", "AbsoluteUri": shown, "LocalPath": unquote(parts.path or "/"),
                "Authority": parts.netloc, "HostNameType": "Dns", "IsDefaultPort": parts.port is None, "IsFile": parts.scheme == "file",
                "PathAndQuery": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), "Query": f"?{parts.query}" if parts.query else "",
                "Fragment": f"#{parts.fragment}" if parts.fragment else "", "Host": (parts.hostname or ""), "Port": port,
                "Scheme": parts.scheme, "OriginalString": text, "DnsSafeHost": parts.hostname or "", "IsAbsoluteUri": absolute,
                "Segments": [], "UserEscaped": False, "UserInfo": parts.username or "",
            },
            text=shown,
        )  # fmt: skip


uri = net_class(
    "System.Uri",
    convert=lambda value: value if value is None or isinstance(value, Uri) else Uri(to_string(value)),
)
uri.exists("TryCreate MakeRelativeUri GetLeftPart IsWellFormedUriString CheckHostName HexEscape")
uri.constructor(("string",))(Uri)
uri.static("EscapeDataString", ("string",))(lambda text: quote(text, safe="-_.~"))
uri.static("UnescapeDataString", ("string",))(unquote)
uri.static("EscapeUriString", ("string",))(lambda text: quote(text, safe="-_.~!*'();:@&=+$,/?#[]"))


class IPAddress(PSObject):
    """``System.Net.IPAddress``."""

    __slots__ = ("value",)

    def __init__(self, text: str) -> None:
        self.value = ipaddress.ip_address(text)
        family = "InterNetwork" if self.value.version == 4 else "InterNetworkV6"
        super().__init__(
            ["System.Net.IPAddress", "System.Object"],
            {"Address": int.from_bytes(self.value.packed, "little") if self.value.version == 4 else None, "AddressFamily": family,
             "IPAddressToString": str(self.value)},
            {"GetAddressBytes": lambda: TypedArray([convert(one, "byte") for one in self.value.packed], "System.Byte")},
            text=str(self.value),
        )  # fmt: skip

    def sort_key(self) -> int:
        """What equality compares."""
        return int(self.value)


def _to_ip(value: Any) -> Any:
    if value is None or isinstance(value, IPAddress):
        return value
    try:
        return IPAddress(to_string(value))
    except ValueError:
        raise ValueError("An invalid IP address was specified.") from None


address = net_class("System.Net.IPAddress", convert=_to_ip)
address.exists("HostToNetworkOrder NetworkToHostOrder IPv6Any IPv6Loopback MapToIPv4")
address.static_property("Any")(lambda: IPAddress("0.0.0.0"))
address.static_property("Loopback")(lambda: IPAddress("127.0.0.1"))


@address.static("Parse", ("string",))
def _parse_ip(text: str) -> IPAddress:
    try:
        return IPAddress(text)
    except ValueError:
        raise NetError("System.FormatException", "An invalid IP address was specified.") from None


@address.static("TryParse", ("string", "object"))
def _try_parse_ip(text: str, result: Any) -> bool:
    try:
        result.set("Value", IPAddress(text))
    except ValueError:
        result.set("Value", None)
        return False
    return True


# --- ServicePointManager, Random, identity ---------------------------------------------


service_points = net_class("System.Net.ServicePointManager")


def _set_protocol(value: Any) -> None:
    required_interpreter("[Net.ServicePointManager]").security_protocol = convert(
        value, "System.Net.SecurityProtocolType"
    )


def _protocol() -> Any:
    chosen = getattr(required_interpreter("[Net.ServicePointManager]"), "security_protocol", None)
    return chosen if chosen is not None else convert("Ssl3, Tls", "System.Net.SecurityProtocolType")


service_points.static_property("SecurityProtocol", _set_protocol)(_protocol)
service_points.exists(
    "ServerCertificateValidationCallback Expect100Continue DefaultConnectionLimit CheckCertificateRevocationList"
)


class Random(PSObject):
    """``System.Random``; a seed repeats our own sequence, not .NET's."""

    __slots__ = ("source",)

    def __init__(self, seed: int | None = None) -> None:
        self.source = random.Random(seed)  # noqa: S311
        super().__init__(["System.Random", "System.Object"])


random_class = net_class("System.Random")
random_class.constructor((), ("int",))(Random)
random_class.method("Next", ())(lambda one: one.source.randrange(2**31 - 1))
random_class.method("Next", ("int",))(lambda one, high: one.source.randrange(high))
random_class.method("Next", ("int", "int"))(lambda one, low, high: one.source.randrange(low, high))
random_class.method("NextDouble", ())(lambda one: one.source.random())

identity_class = net_class("System.Security.Principal.WindowsIdentity")
principal_class = net_class("System.Security.Principal.WindowsPrincipal")


@identity_class.static("GetCurrent", ())
def _current_identity() -> PSObject:
    interpreter = required_interpreter("[Security.Principal.WindowsIdentity]::GetCurrent")
    session = interpreter.session
    name = f"{interpreter.host.name}\\{session.user}"
    sid = PSObject(
        ["System.Security.Principal.SecurityIdentifier", "System.Object"],
        {"Value": session.sid},
        text=session.sid,
    )
    return PSObject(
        ["System.Security.Principal.WindowsIdentity", "System.Security.Claims.ClaimsIdentity", "System.Object"],
        {"AuthenticationType": "NTLM", "ImpersonationLevel": "None", "IsAuthenticated": True, "IsGuest": False, "IsSystem": session.sid == "S-1-5-18",
         "IsAnonymous": False, "Name": name, "Owner": sid, "User": sid},
        text="System.Security.Principal.WindowsIdentity",
    )  # fmt: skip


@principal_class.constructor(("object",))
def _principal(identity: PSObject) -> PSObject:
    session = required_interpreter("[Security.Principal.WindowsPrincipal]").session

    def is_in_role(role: Any) -> bool:
        wanted = role.name if isinstance(role, EnumValue) else to_string(role).rpartition("\\")[2]
        if wanted.lower() in {"administrator", "administrators", "544", "s-1-5-32-544"}:
            return bool(session.elevated)
        account = session.host.users.find(session.user)
        return account is not None and any(
            group.lower() in {wanted.lower(), f"{wanted.lower()}s"} for group in account.groups
        )

    return PSObject(
        ["System.Security.Principal.WindowsPrincipal", "System.Object"],
        {"Identity": identity},
        {"IsInRole": is_in_role},
    )


principal_class.convert = lambda value: (
    _principal(value) if isinstance(value, PSObject) and value.has("IsSystem") else value
)

culture = net_class("System.Globalization.CultureInfo")


def _invariant(name: str = "") -> PSObject:
    if name.lower() not in {"", "en-us", "en"}:
        raise required_interpreter("CultureInfo").refuse(f"culture {name}")
    return PSObject(
        ["System.Globalization.CultureInfo", "System.Object"],
        {"Name": name, "LCID": 1033 if name else 127, "DisplayName": name},
        text=name,
    )


culture.static_property("InvariantCulture")(_invariant)
culture.static_property("CurrentCulture")(lambda: _invariant("en-US"))
culture.static_property("CurrentUICulture")(lambda: _invariant("en-US"))
culture.static("GetCultureInfo", ("string",))(_invariant)
culture.constructor(("string",))(_invariant)
culture.convert = lambda value: value if isinstance(value, PSObject) else _invariant(to_string(value))

threads = net_class("System.Threading.Thread")
threads.exists("CurrentThread Start Join Abort")


@threads.static("Sleep", ("object",))
def _sleep(amount: Any) -> None:
    interpreter = required_interpreter("[Threading.Thread]::Sleep")
    seconds = amount.total_seconds() if hasattr(amount, "total_seconds") else convert(amount, "int") / 1000
    interpreter.sleep(seconds)
