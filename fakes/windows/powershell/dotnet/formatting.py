"""Composite formatting and format strings: ``'{0,-10:N2}' -f 5``, ``$d.ToString('yyyy-MM-dd')``.

Source: .NET's documentation of composite formatting, of standard and of custom numeric, date
and time span format strings, for the culture en-US.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell.dotnet.dates import format_date, format_span
from fakes.windows.powershell.dotnet.registry import NetError
from fakes.windows.powershell.numbers import is_number
from fakes.windows.powershell.text_form import culture_text, float_text
from fakes.windows.powershell.values import EnumValue, PSObject, type_names

_ITEM = re.compile(r"\{\{|\}\}|\{(\d+)\s*(?:,\s*(-?\d+)\s*)?(?::((?:[^{}]|\{\{|\}\})*))?\}|[{}]")
_STANDARD = re.compile(r"^([A-Za-z])(\d{0,2})$")
_BAD = "Input string was not in a correct format."


def composite(template: str, values: Sequence[Any]) -> str:
    """``String.Format(template, values)``.

    Raises:
        NetError: malformed template, or an index without a value.
    """

    def one(found: re.Match[str]) -> str:
        text = found.group()
        if text in {"{{", "}}"}:
            return text[0]
        if found.group(1) is None:
            raise NetError("System.FormatException", _BAD.rstrip("."))
        index = int(found.group(1))
        if index >= len(values):
            raise NetError(
                "System.FormatException",
                "Index (zero based) must be greater than or equal to zero and less than the size of the argument list.".rstrip(
                    "."
                ),
            )
        shown = format_value(values[index], (found.group(3) or "").replace("{{", "{").replace("}}", "}"))
        width = int(found.group(2) or 0)
        return shown.ljust(-width) if width < 0 else shown.rjust(width)

    return _ITEM.sub(one, template)


def format_value(value: Any, spec: str) -> str:
    """``value.ToString(spec)``; types that are not formattable ignore the format.

    Raises:
        NetError: the format does not fit the type.
    """
    if type(value) is PSObject and value.base is not None:
        value = value.base
    if value is None:
        return ""
    if not spec:
        return culture_text(value)
    if is_number(value):
        return format_number(value, spec)
    if isinstance(value, datetime):
        return format_date(value, spec)
    if isinstance(value, timedelta):
        return format_span(value, spec)
    if isinstance(value, EnumValue):
        return _format_enum(value, spec)
    if isinstance(value, uuid.UUID):
        return _format_guid(value, spec)
    return culture_text(value)


def _format_enum(value: EnumValue, spec: str) -> str:
    if spec.lower() == "d":
        return str(value.number)
    if spec.lower() == "x":
        return f"{value.number:08X}"
    return value.name


def _format_guid(value: uuid.UUID, spec: str) -> str:
    forms = {"N": value.hex, "D": str(value), "B": f"{{{value}}}", "P": f"({value})"}
    if spec.upper() not in forms:
        raise NetError(
            "System.FormatException",
            'Format String can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".',
        )
    return forms[spec.upper()]


def format_number(value: Any, spec: str) -> str:
    """A number by a standard or a custom numeric format string.

    Raises:
        NetError: not a format for that type.
    """
    standard = _STANDARD.match(spec)
    if not standard:
        return _custom(value, spec)
    letter, digits = standard.group(1), standard.group(2)
    precision = int(digits) if digits else None
    upper = letter.upper()
    if upper in {"D", "X"}:
        return _integer_form(value, letter, precision or 0)
    if upper in {"N", "F"}:
        return _fixed(value, 2 if precision is None else precision, group=upper == "N")
    if upper == "C":
        text = _fixed(abs(value), 2 if precision is None else precision, group=True)
        return f"(${text})" if value < 0 else f"${text}"
    if upper == "P":
        return _fixed(_scaled(value, 100), 2 if precision is None else precision, group=True) + " %"
    if upper == "E":
        return _exponential(value, 6 if precision is None else precision, letter)
    if upper == "G":
        return _general(value, precision, letter)
    if upper == "R":
        return repr(float(value)).rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    raise NetError("System.FormatException", "Format specifier was invalid.")


def _integer_form(value: Any, letter: str, precision: int) -> str:
    if not isinstance(value, int):
        raise NetError("System.FormatException", "Format specifier was invalid.")
    number = int(value)
    if letter in "Dd":
        return ("-" if number < 0 else "") + str(abs(number)).rjust(precision, "0")
    if number < 0:
        name = type_names(value)[0]
        bits = {"System.Int64": 64, "System.Int16": 16, "System.SByte": 8}.get(name, 32)
        number += 2**bits
    text = f"{number:x}" if letter == "x" else f"{number:X}"
    return text.rjust(precision, "0")


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(int(value))
    return Decimal(float_text(value)) if abs(value) < 1e15 else Decimal(repr(float(value)))


def _scaled(value: Any, factor: int) -> Any:
    return _decimal(value) * factor if not _special(value) else value


def _special(value: Any) -> bool:
    return isinstance(value, float) and (value != value or value in {float("inf"), float("-inf")})  # noqa: PLR0124


def _fixed(value: Any, precision: int, *, group: bool) -> str:
    if _special(value):
        return float_text(value)
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_UP)
    text = f"{rounded:,.{precision}f}" if group else f"{rounded:.{precision}f}"
    return text[1:] if text.startswith("-") and not rounded else text


def _exponential(value: Any, precision: int, letter: str) -> str:
    mantissa, _, exponent = f"{float(value):.{precision}e}".partition("e")
    return f"{mantissa}{letter}{exponent[0]}{int(exponent[1:]):03d}"


def _general(value: Any, precision: int | None, letter: str) -> str:
    if not precision:
        return culture_text(value)
    return f"{float(value):.{precision}{'G' if letter == 'G' else 'g'}}"


def _custom(value: Any, spec: str) -> str:
    """A custom format: ``0``, ``#``, ``.``, ``,``, ``%``, literals and sections."""
    sections = _sections(spec)
    number = _decimal(value)
    if number < 0 and len(sections) > 1 and sections[1]:
        number, spec = -number, sections[1]
    elif number == 0 and len(sections) > 2:
        spec = sections[2]
    else:
        spec = sections[0]
    negative = number < 0
    prefix, body, suffix = _split_custom(spec)
    if not body:
        return ("-" if negative else "") + _literal(prefix + suffix)
    number = abs(number)
    if "%" in prefix + suffix:
        number *= 100
    whole, _, fraction = body.partition(".")
    while whole.endswith(","):
        whole = whole[:-1]
        number /= 1000
    places = sum(char in "0#" for char in fraction)
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    integer, _, decimals = f"{rounded:.{places}f}".partition(".")
    minimum = sum(char == "0" for char in whole)
    if "0" in whole:
        minimum = sum(char in "0#" for char in whole[whole.index("0") :])
    integer = integer.lstrip("0").rjust(minimum, "0")
    if "," in whole:
        integer = _grouped(integer)
    needed = len(fraction.rstrip("#")) if "0" in fraction else 0
    decimals = decimals[:needed] + decimals[needed:].rstrip("0")
    shown = integer + (f".{decimals}" if decimals else "")
    return ("-" if negative and rounded else "") + _literal(prefix) + shown + _literal(suffix)


def _grouped(text: str) -> str:
    head = len(text) % 3
    groups = ([text[:head]] if head else []) + [text[at : at + 3] for at in range(head, len(text), 3)]
    return ",".join(groups)


def _sections(spec: str) -> list[str]:
    parts, current, quote = [], "", ""
    for char in spec:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == ";":
            parts.append(current)
            current = ""
            continue
        current += char
    return [*parts, current]


def _split_custom(spec: str) -> tuple[str, str, str]:
    """Literal prefix, digit placeholders, literal suffix."""
    found = re.search(r"[0#][0#,.]*|\.[0#]+", spec)
    if not found:
        return spec, "", ""
    if re.search(r"[0#]", spec[found.end() :]):
        if re.search(r"[eE][+-]?0", spec):
            raise NotSimulated(f"numeric format string {spec}")
        raise NotSimulated(f"numeric format string {spec}")
    return spec[: found.start()], found.group(), spec[found.end() :]


def _literal(text: str) -> str:
    return re.sub(
        r"\\(.)|'([^']*)'|\"([^\"]*)\"", lambda m: m.group(1) or m.group(2) or m.group(3) or "", text
    )
