"""JSON as Windows PowerShell 5.1 writes and reads it (JavaScriptSerializer plus its own layout).

Nested lines are indented under the bracket that opens them, a name is followed by two blanks after its
colon, and ``< > & '`` are written as escapes (``ConvertToJsonCommand.cs``, branch for the full CLR).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.formatting.access import Reader
from fakes.windows.powershell.values import EnumValue, PSHashtable, PSObject, custom_object

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CODED = "<>&'\u0085\u2028\u2029"


class JsonError(ValueError):
    """Text that is no JSON, in JavaScriptSerializer's words."""


def quote(text: str) -> str:
    r"""A JSON string.

    >>> quote('<a href="x">')
    '"\\u003ca href=\\"x\\"\\u003e"'
    """
    parts = [
        _ESCAPES.get(char) or (f"\\u{ord(char):04x}" if char < " " or char in _CODED else char)
        for char in text
    ]
    return '"' + "".join(parts) + '"'


def plain(value: Any, depth: int, reader: Reader) -> Any:
    """A value as dicts, lists and scalars; what lies deeper than `depth` becomes its text."""
    if value is None or isinstance(value, (bool, str)):
        return value if value is None or isinstance(value, bool) else str(value)
    if isinstance(value, EnumValue):
        return value.number
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        stamp = value if value.tzinfo else value.replace(tzinfo=UTC)
        return _Raw(f'"\\/Date({round(stamp.timestamp() * 1000)})\\/"')
    if isinstance(value, PSObject) and value.base is not None:
        return _with_notes(value, depth, reader)
    if depth < 0:
        return to_string(value)
    if isinstance(value, PSHashtable):
        return {to_string(key): plain(item, depth - 1, reader) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, depth - 1, reader) for item in value]
    names = reader.names(value)
    if not names:
        return to_string(value)
    return {name: plain(reader.get(value, name), depth - 1, reader) for name in names}


def _with_notes(value: PSObject, depth: int, reader: Reader) -> Any:
    """A value with note properties (a line of Get-Content, say) becomes an object with ``value``."""
    inner = plain(value.base, depth, reader)
    notes = value.names()
    if not notes or depth < 0:
        return inner
    result: dict[str, Any] = inner if isinstance(inner, dict) else {"value": inner}
    for name in notes:
        result[name] = plain(value.get(name), depth - 1, reader)
    return result


class _Raw(str):
    """Text that is already JSON."""

    __slots__ = ()


def _scalar(value: Any) -> str:
    if isinstance(value, _Raw):
        return str(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, float):
        return to_string(value)
    return to_string(value) if isinstance(value, Decimal) else str(int(value))


def write(value: Any, *, compress: bool = False) -> str:
    r"""The text of what :func:`plain` returned.

    >>> print(write({"a": 1, "b": [True, None]}).replace("\r\n", "\n"))
    {
        "a":  1,
        "b":  [
                  true,
                  null
              ]
    }
    """
    return _compact(value) if compress else _pretty(value, 0)


def _compact(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{quote(name)}:{_compact(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_compact(item) for item in value) + "]"
    return _scalar(value)


def _pretty(value: Any, column: int) -> str:
    if isinstance(value, dict):
        rows = []
        for name, item in value.items():
            head = f"{quote(name)}:  "
            rows.append(head + _pretty(item, column + 4 + len(head)))
        return _bracketed("{", rows, "}", column)
    if isinstance(value, list):
        return _bracketed("[", [_pretty(item, column + 4) for item in value], "]", column)
    return _scalar(value)


def _bracketed(opening: str, rows: list[str], closing: str, column: int) -> str:
    indent = " " * (column + 4)
    body = ",\r\n".join(indent + row for row in rows)
    return f"{opening}\r\n{body}\r\n{' ' * column}{closing}"


def read(text: str) -> Any:
    """The PowerShell value of a JSON text: custom objects, arrays, Int32/Int64, Decimal.

    Raises:
        JsonError: not JSON.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=_number, parse_constant=_constant, strict=False
        )
    except json.JSONDecodeError as error:
        raise JsonError(_complaint(text, error.pos)) from None


def _object(pairs: list[tuple[str, Any]]) -> PSObject:
    return custom_object(dict(pairs))


def _number(text: str) -> Any:
    return float(text) if "e" in text.lower() else Decimal(text)


def _constant(text: str) -> Any:
    raise JsonError(f"Invalid JSON primitive: {text}.")


def _complaint(text: str, position: int) -> str:
    rest = text[position:].lstrip()
    if not rest:
        return f"Invalid object passed in, ':' or '}}' expected. ({position}): {text}"
    if rest[0] in "{}[]:,\"'":
        return f"Invalid object passed in, member name expected. ({position}): {text}"
    word = "".join(_while(rest, lambda char: char.isalnum() or char in "_.-+"))
    return f"Invalid JSON primitive: {word or rest[0]}."


def _while(text: str, test: Callable[[str], bool]) -> list[str]:
    found = []
    for char in text:
        if not test(char):
            break
        found.append(char)
    return found
