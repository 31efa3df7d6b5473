"""The values of the PowerShell language as Python values.

==================  ==============================================================
``$null``           ``None``
``bool``            ``bool``
``Int32``/``Int64`` ``int`` (Int64 beyond 32 bits, or :class:`Int64`)
other integers      :class:`Byte`, :class:`UInt32`, ... (``numbers.py``)
``Double``          ``float``; :class:`Single`; ``decimal.Decimal``
``String``/``Char`` ``str`` / :class:`PSChar`
``object[]``        ``list``; :class:`TypedArray` for ``T[]``; :class:`GrowingList`
``Hashtable``       :class:`PSHashtable`, :class:`OrderedHashtable`
``DateTime``        ``datetime.datetime`` (naive = Unspecified or Local kind)
``TimeSpan``        ``datetime.timedelta``
``Guid``            ``uuid.UUID``
an enum's value     :class:`EnumValue`
everything else     :class:`PSObject` or a subclass of it
==================  ==============================================================
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from fakes.windows.powershell.containers import (
    GrowingList,
    OrderedHashtable,
    PSHashtable,
    TypedArray,
)
from fakes.windows.powershell.current import current_interpreter
from fakes.windows.powershell.numbers import (
    Byte,
    Int16,
    Int64,
    PSChar,
    SByte,
    Single,
    SizedInt,
    UInt16,
    UInt32,
    UInt64,
    integer_type,
    is_number,
)

__all__ = [
    "Byte",
    "EnumType",
    "EnumValue",
    "GrowingList",
    "Int16",
    "Int64",
    "OrderedHashtable",
    "PSChar",
    "PSHashtable",
    "PSObject",
    "PropertyGetter",
    "SByte",
    "Single",
    "SizedInt",
    "TypedArray",
    "UInt16",
    "UInt32",
    "UInt64",
    "custom_object",
    "define_enum",
    "find_enum",
    "is_number",
    "type_names",
]


@dataclass(frozen=True)
class EnumType:
    """An enumeration: full .NET name, members by name in order, and whether it is [Flags]."""

    name: str
    members: Mapping[str, int]
    flags: bool = False

    def __call__(self, name: str) -> EnumValue:
        """The member called ``name``, in any case; ``KeyError`` when there is none."""
        for known, number in self.members.items():
            if known.lower() == name.lower():
                return EnumValue(self.name, known, number)
        raise KeyError(name)

    def from_number(self, number: int) -> EnumValue:
        """The value of a number: a member, a combination of flags, or the bare number."""
        for known, value in self.members.items():
            if value == number:
                return EnumValue(self.name, known, number)
        if self.flags:
            names, rest = [], number
            for known, value in sorted(self.members.items(), key=lambda item: -item[1]):
                if value and rest & value == value:
                    names.append(known)
                    rest &= ~value
            if not rest and names:
                return EnumValue(self.name, ", ".join(reversed(names)), number)
        return EnumValue(self.name, str(number), number)


@dataclass(frozen=True)
class EnumValue:
    """One value of an enumeration: ``EnumValue("System.DayOfWeek", "Monday", 1)``."""

    type_name: str
    name: str
    number: int

    def __str__(self) -> str:
        return self.name


_ENUMS: dict[str, EnumType] = {}


def define_enum(name: str, members: Mapping[str, int], *, flags: bool = False) -> EnumType:
    """Register an enumeration under its full .NET name, so that scripts can cast to it."""
    enum = EnumType(name, members, flags)
    _ENUMS[name.lower()] = enum
    return enum


def find_enum(name: str) -> EnumType | None:
    """The enumeration of that full .NET name, in any case; also one that the running script defined."""
    found = _ENUMS.get(name.lower())
    if found is None:
        interpreter = current_interpreter()
        found = interpreter.enums.get(name.lower()) if interpreter is not None else None
    return found


@dataclass(frozen=True)
class PropertyGetter:
    """A computed property: called with its object on every read.

    Args:
        get: gives the value.
        set: takes the object and the new value; None makes the property read-only.
        kind: what Get-Member calls it: Property, ScriptProperty, AliasProperty, CodeProperty.
    """

    get: Callable[[PSObject], Any]
    set: Callable[[PSObject, Any], None] | None = None
    kind: str = "Property"


class PSObject:
    """An object with a type hierarchy, properties in order and methods.

    Args:
        type_names: most derived first, as ``$x.PSObject.TypeNames`` shows them.
        properties: name -> value, or name -> :class:`PropertyGetter`.
        methods: name -> function of the call's arguments (not of the object).
        base: the value this one wraps (a string with note properties, for instance).
        text: what ``ToString()`` gives; None: derived from base or the type's name.
    """

    __slots__ = ("_methods", "_names", "_values", "base", "notes", "text", "type_names")

    def __init__(
        self,
        type_names: Iterable[str],
        properties: Mapping[str, Any] | None = None,
        methods: Mapping[str, Callable[..., Any]] | None = None,
        base: Any = None,
        text: str | Callable[[], str] | None = None,
    ) -> None:
        self.type_names: list[str] = list(type_names)
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._methods: dict[str, tuple[str, Callable[..., Any]]] = {}
        self.base = base
        self.text = text
        self.notes: set[str] = set()  # lower-case names that Add-Member or a script added
        for name, value in (properties or {}).items():
            self._names[name.lower()] = name
            self._values[name.lower()] = value
        for name, function in (methods or {}).items():
            self._methods[name.lower()] = (name, function)

    def has(self, name: str) -> bool:
        """Whether there is a property of that name, in any case."""
        return name.lower() in self._names

    def get(self, name: str, default: Any = None) -> Any:
        """A property's value (computed ones are computed), or ``default``."""
        value = self._values.get(name.lower(), default)
        return value.get(self) if isinstance(value, PropertyGetter) else value

    def __getitem__(self, name: str) -> Any:
        if name.lower() not in self._names:
            raise KeyError(name)
        return self.get(name)

    def set(self, name: str, value: Any) -> None:
        """Assign an existing property.

        Raises:
            KeyError: there is no such property.
            AttributeError: the property is read-only.
        """
        key = name.lower()
        if key not in self._names:
            raise KeyError(name)
        current = self._values[key]
        if isinstance(current, PropertyGetter):
            if current.set is None:
                raise AttributeError(name)
            current.set(self, value)
        else:
            self._values[key] = value

    def add(self, name: str, value: Any, *, note: bool = True) -> None:
        """Add a property, or replace the one of that name (Add-Member -Force)."""
        key = name.lower()
        self._names[key] = name
        self._values[key] = value
        if note:
            self.notes.add(key)

    def add_method(self, name: str, function: Callable[..., Any]) -> None:
        """Add or replace a method."""
        self._methods[name.lower()] = (name, function)

    def remove(self, name: str) -> None:
        """Remove a property if it is there."""
        self._names.pop(name.lower(), None)
        self._values.pop(name.lower(), None)
        self.notes.discard(name.lower())

    def method(self, name: str) -> Callable[..., Any] | None:
        """The method of that name, in any case, or None."""
        found = self._methods.get(name.lower())
        return found[1] if found else None

    def names(self) -> list[str]:
        """Property names as written, in order."""
        return list(self._names.values())

    def method_names(self) -> list[str]:
        """Method names as written."""
        return [name for name, _ in self._methods.values()]

    def items(self) -> Iterator[tuple[str, Any]]:
        """Pairs of property name and (computed) value, in order."""
        for name in list(self._names.values()):
            yield name, self.get(name)

    def raw(self, name: str) -> Any:
        """A property's stored value: a :class:`PropertyGetter` is not called."""
        return self._values.get(name.lower())

    def property_kind(self, name: str) -> str:
        """What Get-Member calls the property: NoteProperty, Property, ScriptProperty..."""
        value = self._values.get(name.lower())
        if isinstance(value, PropertyGetter):
            return value.kind
        custom = "System.Management.Automation.PSCustomObject" in self.type_names
        return "NoteProperty" if custom or name.lower() in self.notes else "Property"

    def __repr__(self) -> str:
        return f"<{self.type_names[0] if self.type_names else 'PSObject'} {self.names()}>"


def custom_object(properties: Mapping[str, Any] | None = None, type_name: str | None = None) -> PSObject:
    """``[pscustomobject]@{...}``, optionally with a leading type name such as Selected.X."""
    names = ["System.Management.Automation.PSCustomObject", "System.Object"]
    return PSObject([type_name, *names] if type_name else names, properties)


def type_names(value: Any) -> list[str]:
    """The .NET type hierarchy of a value, most derived first; empty for ``$null``.

    >>> type_names(5)
    ['System.Int32', 'System.ValueType', 'System.Object']
    """
    if value is None:
        return []
    if isinstance(value, PSObject):
        return value.type_names
    if isinstance(value, EnumValue):
        return [value.type_name, "System.Enum", "System.ValueType", "System.Object"]
    if isinstance(value, (TypedArray, GrowingList, PSHashtable)):
        array = ["System.Array"] if isinstance(value, TypedArray) else []
        return [value.type_name, *array, "System.Object"]
    if isinstance(value, list):
        return ["System.Object[]", "System.Array", "System.Object"]
    name = _scalar_type(value)
    middle = [] if name == "System.String" else ["System.ValueType"]
    return [name, *middle, "System.Object"]


def _scalar_type(value: Any) -> str:
    if isinstance(value, bool):
        return "System.Boolean"
    if isinstance(value, int):
        return integer_type(value)
    for kind, name in _SCALARS:
        if isinstance(value, kind):
            return name
    raise TypeError(f"{type(value).__name__} is not a PowerShell value")


_SCALARS: tuple[tuple[type, str], ...] = (
    (PSChar, "System.Char"),
    (str, "System.String"),
    (Single, "System.Single"),
    (float, "System.Double"),
    (Decimal, "System.Decimal"),
    (datetime, "System.DateTime"),
    (timedelta, "System.TimeSpan"),
    (uuid.UUID, "System.Guid"),
)
