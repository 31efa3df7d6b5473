"""How values become text: ``"$x"``, ``[string]$x`` and ``.ToString()``.

String interpolation uses the invariant culture, ``ToString()`` the host's (en-US here).
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from fakes.windows.powershell.containers import GrowingList, PSHashtable, TypedArray
from fakes.windows.powershell.current import current_interpreter
from fakes.windows.powershell.values import EnumValue, PSObject, Single, type_names


def to_string(value: Any, *, separator: str | None = None) -> str:
    """The text of a value as an expandable string shows it.

    >>> to_string([1, None, True])
    '1  True'
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, list):
        if separator is None:
            separator = _output_field_separator()
        return separator.join(_element_text(element) for element in value)
    if isinstance(value, datetime):
        return value.strftime("%m/%d/%Y %H:%M:%S") if value.year >= 1000 else value.isoformat(" ")
    return object_text(value)


def _element_text(value: Any) -> str:
    if isinstance(value, (TypedArray, GrowingList)):
        return value.type_name
    return "System.Object[]" if isinstance(value, list) else to_string(value)


def object_text(value: Any) -> str:
    """The text of what is neither null, string, number nor list."""
    if isinstance(value, PSObject):
        if callable(value.text):
            return value.text()
        if value.text is not None:
            return value.text
        if value.base is not None:
            return to_string(value.base)
        if "System.Management.Automation.PSCustomObject" in value.type_names:
            return "@{" + "; ".join(f"{name}={to_string(item)}" for name, item in value.items()) + "}"
        return value.type_names[0] if value.type_names else ""
    if isinstance(value, EnumValue):
        return value.name
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, timedelta):
        return timespan_text(value)
    if isinstance(value, (uuid.UUID,)):
        return str(value)
    if isinstance(value, PSHashtable):
        return value.type_name
    return type_names(value)[0]


def _output_field_separator() -> str:
    interpreter = current_interpreter()
    if interpreter is None:
        return " "
    value = interpreter.get_variable("OFS")
    return " " if value is None else to_string(value)


def float_text(value: float) -> str:
    """A Double as .NET Framework prints it: 15 significant digits (7 for Single)."""
    if value != value:  # noqa: PLR0124
        return "NaN"
    if value in {float("inf"), float("-inf")}:
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    digits = 7 if isinstance(value, Single) else 15
    mantissa, _, exponent_text = f"{value:.{digits - 1}e}".partition("e")
    exponent = int(exponent_text)
    if -5 < exponent < digits:
        text = f"{value:.{max(digits - 1 - exponent, 0)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}E{'+' if exponent >= 0 else '-'}{abs(exponent):02d}"


def timespan_text(value: timedelta) -> str:
    """``[d.]hh:mm:ss[.fffffff]``, the constant format of TimeSpan."""
    total = (value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds
    sign, total = ("-", -total) if total < 0 else ("", total)
    seconds, micro = divmod(total, 1_000_000)
    days, seconds = divmod(seconds, 86400)
    head = f"{days}." if days else ""
    tail = f".{micro:06d}0" if micro else ""
    return f"{sign}{head}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{tail}"


def culture_text(value: Any) -> str:
    """``.ToString()``: the host's culture for dates, everything else as :func:`to_string`."""
    if isinstance(value, datetime):
        hour = value.hour % 12 or 12
        half = "AM" if value.hour < 12 else "PM"
        return f"{value.month}/{value.day}/{value.year} {hour}:{value:%M:%S} {half}"
    if isinstance(value, (TypedArray, GrowingList)):
        return value.type_name
    return "System.Object[]" if isinstance(value, list) else to_string(value)
