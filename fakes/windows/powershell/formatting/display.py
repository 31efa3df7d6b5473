"""Text of a property's value inside a table cell or a list line.

Collections become ``{a, b, c...}`` (``$FormatEnumerationLimit`` elements), objects their name; the rules
are those of ``PSObjectHelper.SmartToString`` of PowerShell 5.1.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from fakes.windows.powershell.formatting.access import Reader
from fakes.windows.powershell.formatting.wrap import ELLIPSIS
from fakes.windows.powershell.values import EnumValue, PSHashtable, PSObject, is_number, type_names

_NAME_PATTERNS = ("name", "id", "key", "*key", "*name", "*id")
_CUSTOM = "System.Management.Automation.PSCustomObject"
_SCALARS = frozenset(
    f"System.{name}"
    for name in (
        "String",
        "SByte",
        "Byte",
        "Int16",
        "UInt16",
        "Int32",
        "UInt32",
        "Int64",
        "UInt64",
        "Char",
        "Single",
        "Double",
        "Boolean",
        "Decimal",
        "IntPtr",
        "Security.SecureString",
        "Numerics.BigInteger",
    )
)


def is_scalar(value: Any) -> bool:
    """Whether the formatter prints the value as it is (``DefaultScalarTypes``), enums included."""
    return isinstance(value, EnumValue) or (type_names(value) or [""])[0] in _SCALARS


def aligns_right(value: Any) -> bool:
    """Whether a property column starts out right-aligned: scalars other than strings."""
    return value is not None and not isinstance(value, str) and is_scalar(value)


def dictionary_entry(key: Any, value: Any) -> PSObject:
    """``System.Collections.DictionaryEntry``; ``Name`` is the alias the type table adds."""
    names = ["System.Collections.DictionaryEntry", "System.ValueType", "System.Object"]
    return PSObject(names, {"Name": key, "Key": key, "Value": value})


def elements(value: Any) -> list[Any] | None:
    """What the formatter enumerates: arrays, lists and dictionaries; None for anything else."""
    base = value.base if isinstance(value, PSObject) and value.base is not None else value
    if isinstance(base, PSHashtable):
        return [dictionary_entry(key, item) for key, item in base.items()]
    return list(base) if isinstance(base, list) else None


def display_text(value: Any, reader: Reader) -> str:
    """The text of a value in a cell.

    >>> display_text([1, 2, 3, 4, 5], Reader.plain())
    '{1, 2, 3, 4...}'
    """
    if value is None:
        return ""
    items = elements(value)
    if items is None:
        return reader.text(value)
    limit = reader.enumeration_limit
    shown = items if limit < 0 else items[:limit]
    text = ", ".join(_object_name(item, reader) for item in shown)
    return "{" + text + (ELLIPSIS if len(items) > len(shown) else "") + "}"


def _object_name(value: Any, reader: Reader) -> str:
    if value is None:
        return "$null"
    anonymous = isinstance(value, PSObject) and value.base is None and value.text is None
    if not anonymous or is_number(value) or _CUSTOM in type_names(value):
        return reader.text(value)
    names = reader.names(value)
    for pattern in _NAME_PATTERNS:
        for name in names:
            if fnmatchcase(name.lower(), pattern):
                return reader.text(reader.get(value, name))
    return reader.text(value)


def format_field(value: Any, directive: str, reader: Reader) -> str:
    """A value under a ``FormatString``: composite when it has braces, else ``ToString(directive)``."""
    if not directive:
        return display_text(value, reader)
    composite = directive if "{0" in directive or "}" in directive else "{0:" + directive + "}"
    return reader.compose(composite, value)
