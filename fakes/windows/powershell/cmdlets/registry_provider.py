"""The Registry provider, and ``Microsoft.Win32.RegistryKey`` over the host's registry."""

from __future__ import annotations

from typing import Any

from fakes.windows.model.registry import HIVES, Key, Value
from fakes.windows.model.win32 import Win32Error
from fakes.windows.powershell.cmdlets.paths import Place
from fakes.windows.powershell.dotnet.enum_types import REGISTRY_VALUE_KIND
from fakes.windows.powershell.values import (
    Byte,
    Int64,
    PropertyGetter,
    PSObject,
    TypedArray,
)

KIND = REGISTRY_VALUE_KIND
TYPE_OF_KIND = {
    "String": "REG_SZ",
    "ExpandString": "REG_EXPAND_SZ",
    "Binary": "REG_BINARY",
    "DWord": "REG_DWORD",
    "MultiString": "REG_MULTI_SZ",
    "QWord": "REG_QWORD",
    "None": "REG_NONE",
}
KIND_OF_TYPE = {type_: kind for kind, type_ in TYPE_OF_KIND.items()}
DEFAULT = "(default)"


def user_sid(context: Any) -> str | None:
    """Whose hive HKCU is: the session user's."""
    session = getattr(context, "session", None)
    user = context.host.users.find(session.user) if session is not None else None
    return user.sid if user else None


def key_of(context: Any, place: Place) -> Key | None:
    """The key at a place, None when there is none."""
    if not place.path:
        return Key("", {}, {name.lower(): Key(name) for name in HIVES.values()})
    try:
        found: Key | None = context.host.registry.find(place.path, user_sid(context))
    except Win32Error:
        return None
    return found


def exists(context: Any, place: Place) -> bool:
    """Whether there is a key."""
    return key_of(context, place) is not None


def is_container(_context: Any, _place: Place) -> bool:
    """Keys are containers, values are properties."""
    return True


def children(context: Any, place: Place) -> list[Place]:
    """The subkeys."""
    key = key_of(context, place)
    return [place.child(child.name) for child in key.subkeys()] if key else []


def item(context: Any, place: Place, _full_text: bool) -> PSObject:
    """The RegistryKey object of an existing key."""
    return RegistryKey(context, place)


def from_registry(value: Value, environment: dict[str, str] | None = None) -> Any:
    """A value's data as PowerShell reads it: DWORD as Int32, MULTI_SZ as string[], binary as byte[].

    ``environment`` expands REG_EXPAND_SZ; None leaves it as stored.
    """
    data = value.data
    if value.type == "REG_DWORD" and isinstance(data, int):
        return data - 2**32 if data >= 2**31 else data
    if value.type == "REG_QWORD" and isinstance(data, int):
        return Int64(data - 2**64 if data >= 2**63 else data)
    if isinstance(data, tuple):
        return TypedArray(data, "System.String")
    if isinstance(data, bytes):
        return TypedArray([Byte(byte) for byte in data], "System.Byte")
    if value.type == "REG_EXPAND_SZ" and environment is not None:
        return expand_variables(str(data), environment)
    return data


def expand_variables(text: str, environment: dict[str, str]) -> str:
    """``%NAME%`` replaced by the environment's value; unknown names stay."""
    import re

    lower = {name.lower(): value for name, value in environment.items()}
    return re.sub(r"%([^%]+)%", lambda match: lower.get(match[1].lower(), match[0]), text)


def to_registry(value: Any, type_: str) -> Any:
    """Data for the registry from a PowerShell value.

    Raises:
        ValueError: the value does not fit the type.
    """
    from fakes.windows.powershell.conversion import convert, to_string

    if type_ in {"REG_DWORD", "REG_QWORD"}:
        wide = type_ == "REG_QWORD"
        number = int(
            convert(value, "uint64" if wide else "uint32")
            if not _negative(value)
            else convert(value, "int64")
        )
        return number % 2 ** (64 if wide else 32)
    if type_ == "REG_MULTI_SZ":
        items = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(to_string(part) for part in items)
    if type_ in {"REG_BINARY", "REG_NONE"}:
        items = value if isinstance(value, list) else [] if value is None else [value]
        return bytes(int(convert(part, "byte")) for part in items)
    return to_string(value)


def _negative(value: Any) -> bool:
    return (isinstance(value, int) and value < 0) or (
        isinstance(value, str) and value.strip().startswith("-")
    )


def guess_type(value: Any) -> str:
    """The type Set-ItemProperty gives a new value when none is asked for."""
    if isinstance(value, Int64):
        return "REG_QWORD"
    if isinstance(value, int) and not isinstance(value, bool):
        return "REG_DWORD" if -(2**31) <= value < 2**31 else "REG_QWORD"
    if isinstance(value, TypedArray) and value.element_type == "System.Byte":
        return "REG_BINARY"
    if isinstance(value, list):
        return "REG_MULTI_SZ"
    return "REG_SZ"


class RegistryKey(PSObject):
    """An open key: its properties follow the registry."""

    __slots__ = ("context", "place")

    def __init__(self, context: Any, place: Place) -> None:
        self.context = context
        self.place = place
        names = ["Microsoft.Win32.RegistryKey", "System.MarshalByRefObject", "System.Object"]
        methods: dict[str, Any] = {
            "GetValue": self.get_value,
            "GetValueNames": lambda: TypedArray(self.value_names(), "System.String"),
            "GetSubKeyNames": lambda: TypedArray([key.name for key in self.key.subkeys()], "System.String"),
            "GetValueKind": self.get_value_kind,
            "OpenSubKey": self.open_sub_key,
            "SetValue": self.set_value,
            "CreateSubKey": self.create_sub_key,
            "DeleteValue": self.delete_value,
            "DeleteSubKey": self.delete_sub_key,
            "DeleteSubKeyTree": self.delete_sub_key,
            "Close": lambda: None,
            "Dispose": lambda: None,
            "Flush": lambda: None,
        }
        super().__init__(names, _PROPERTIES, methods, text=place.path)
        self.notes.add("property")

    @property
    def key(self) -> Key:
        """The key as it is now; an empty one after its deletion."""
        return key_of(self.context, self.place) or Key(self.place.name)

    def value_names(self) -> list[str]:
        """Names of the values, the default one empty."""
        return [value.name for value in self.key.values.values()]

    def get_value(self, name: str = "", default: Any = None, options: Any = None) -> Any:
        """``GetValue(name, default, options)``: expanded unless the options say DoNotExpandEnvironmentNames."""
        value = self.key.values.get(str(name or "").lower())
        if value is None:
            return default
        raw = options is not None and "donotexpand" in str(options).lower()
        return from_registry(value, None if raw else dict(self.context.session.env))

    def get_value_kind(self, name: str) -> Any:
        """``GetValueKind``: the RegistryValueKind."""
        value = self.key.values.get(str(name or "").lower())
        if value is None:
            raise FileNotFoundError("The specified registry key does not exist.")
        return KIND(KIND_OF_TYPE.get(value.type, "Unknown"))

    def open_sub_key(self, name: str, *_: Any) -> RegistryKey | None:
        """``OpenSubKey``: the key below, $null when there is none."""
        place = self.place.child(str(name))
        return RegistryKey(self.context, place) if exists(self.context, place) else None

    def create_sub_key(self, name: str, *_: Any) -> RegistryKey:
        """``CreateSubKey``: opens or makes the key below."""
        place = self.place.child(str(name))
        self.context.host.registry.create(place.path, user_sid(self.context))
        return RegistryKey(self.context, place)

    def set_value(self, name: str, value: Any, kind: Any = None) -> None:
        """``SetValue(name, value, kind)``."""
        type_ = TYPE_OF_KIND.get(str(kind), "") if kind is not None else guess_type(value)
        self.context.host.registry.set(
            self.place.path,
            str(name or ""),
            type_ or guess_type(value),
            to_registry(value, type_ or guess_type(value)),
            user_sid(self.context),
        )

    def delete_value(self, name: str, *_: Any) -> None:
        """``DeleteValue``."""
        self.context.host.registry.delete_value(self.place.path, str(name), user_sid(self.context))

    def delete_sub_key(self, name: str, *_: Any) -> None:
        """``DeleteSubKey`` and ``DeleteSubKeyTree``."""
        self.context.host.registry.delete_key(self.place.child(str(name)).path, user_sid(self.context))


def property_text(key: RegistryKey) -> str:
    """The Property column of the key view: ``name : value`` lines, aligned."""
    from fakes.windows.powershell.formatting.access import Reader
    from fakes.windows.powershell.formatting.display import display_text

    environment = dict(key.context.session.env) if key.context.session else {}
    reader = Reader(key.context)
    rows = [
        (value.name or DEFAULT, display_text(from_registry(value, environment), reader))
        for value in key.key.values.values()
    ]
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name.ljust(width)} : {text}" for name, text in rows)


def _of_key(read: Any, kind: str = "Property") -> PropertyGetter:
    return PropertyGetter(read, kind=kind)


_PROPERTIES: dict[str, Any] = {
    "Property": _of_key(
        lambda item: TypedArray([each.name or DEFAULT for each in item.key.values.values()], "System.String"),
        "NoteProperty",
    ),
    "SubKeyCount": _of_key(lambda item: len(item.key.children)),
    "View": "Default",
    "Handle": "Microsoft.Win32.SafeHandles.SafeRegistryHandle",
    "ValueCount": _of_key(lambda item: len(item.key.values)),
    "Name": _of_key(lambda item: item.place.path),
}
