"""Dates and time spans: format strings, parsing. Culture en-US."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from fakes.windows.powershell.dotnet.registry import NetError

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_STANDARD = {
    "d": "M/d/yyyy",
    "D": "dddd, MMMM d, yyyy",
    "t": "h:mm tt",
    "T": "h:mm:ss tt",
    "f": "dddd, MMMM d, yyyy h:mm tt",
    "F": "dddd, MMMM d, yyyy h:mm:ss tt",
    "g": "M/d/yyyy h:mm tt",
    "G": "M/d/yyyy h:mm:ss tt",
    "m": "MMMM d",
    "M": "MMMM d",
    "y": "MMMM yyyy",
    "Y": "MMMM yyyy",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss.fffffffK",
    "O": "yyyy'-'MM'-'dd'T'HH':'mm':'ss.fffffffK",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
}
_PART = re.compile(
    r"d{1,4}|M{1,4}|y{1,5}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|t{1,2}|z{1,3}|K|'[^']*'|\"[^\"]*\"|\\.|%|.",
    re.DOTALL,
)


def format_date(value: datetime, spec: str) -> str:
    """A date by a standard or custom format string.

    Raises:
        NetError: a single letter that is no standard format.
    """
    if len(spec) == 1:
        if spec not in _STANDARD:
            raise NetError("System.FormatException", "Input string was not in a correct format.")
        spec = _STANDARD[spec]
    return "".join(_date_part(value, part) for part in _PART.findall(spec))


def _date_part(value: datetime, part: str) -> str:
    first, size = part[0], len(part)
    if first in "'\"":
        return part[1:-1]
    if first == "\\":
        return part[1:]
    if first == "%":
        return ""
    if first == "d":
        return _day(value, size)
    if first == "M":
        name = _MONTHS[value.month - 1]
        return name if size == 4 else name[:3] if size == 3 else f"{value.month:0{size}d}"
    if first == "y":
        return f"{value.year % 100:0{size}d}" if size < 3 else f"{value.year:0{size}d}"
    if first in "Hhms" and size <= 2:
        number = {"H": value.hour, "h": value.hour % 12 or 12, "m": value.minute, "s": value.second}[first]
        return f"{number:0{size}d}"
    if first in "fF":
        digits = f"{value.microsecond:06d}0"[:size]
        return digits if first == "f" else digits.rstrip("0")
    if first == "t":
        return ("AM" if value.hour < 12 else "PM")[:size]
    if first == "z":
        return {1: "+0", 2: "+00", 3: "+00:00"}[size]
    if first == "K":
        return "Z" if value.tzinfo is UTC else "+00:00" if value.tzinfo is not None else ""
    return part


def _day(value: datetime, size: int) -> str:
    name = _DAYS[value.weekday()]
    return name if size == 4 else name[:3] if size == 3 else f"{value.day:0{size}d}"


_SPAN_PART = re.compile(r"d{1,8}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|'[^']*'|\"[^\"]*\"|\\.|%|.", re.DOTALL)


def format_span(value: timedelta, spec: str) -> str:
    """A time span by a standard (c, g, G) or custom format string.

    Raises:
        NetError: not a time span format.
    """
    from fakes.windows.powershell.text_form import timespan_text

    total = abs(value)
    seconds = total.seconds
    fields = {"d": total.days, "h": seconds // 3600, "m": seconds // 60 % 60, "s": seconds % 60}
    fraction = f"{total.microseconds:06d}0"
    if spec in {"c", "t", "T"}:
        return timespan_text(value)
    if spec == "g":
        head = f"{fields['d']}:" if fields["d"] else ""
        tail = f".{fraction.rstrip('0')}" if total.microseconds else ""
        return f"{head}{fields['h']}:{fields['m']:02d}:{fields['s']:02d}{tail}"
    if spec == "G":
        return f"{fields['d']}:{fields['h']:02d}:{fields['m']:02d}:{fields['s']:02d}.{fraction}"
    if len(spec) == 1:
        raise NetError("System.FormatException", "Input string was not in a correct format.")
    pieces = []
    for part in _SPAN_PART.findall(spec):
        if part[0] in "'\"":
            pieces.append(part[1:-1])
        elif part[0] == "\\":
            pieces.append(part[1:])
        elif part[0] in fields:
            pieces.append(f"{fields[part[0]]:0{len(part)}d}")
        elif part[0] in "fF":
            pieces.append(fraction[: len(part)] if part[0] == "f" else fraction[: len(part)].rstrip("0"))
        elif part != "%":
            raise NetError("System.FormatException", "Input string was not in a correct format.")
    return "".join(pieces)


_DATE_FORMS = (
    (re.compile(r"^(?P<y>\d{4})[-/](?P<mo>\d{1,2})[-/](?P<d>\d{1,2})(?:[T ]+(?P<t>.*))?$"), "ymd"),
    (re.compile(r"^(?P<mo>\d{1,2})[-/](?P<d>\d{1,2})[-/](?P<y>\d{2,4})(?:[T ]+(?P<t>.*))?$"), "mdy"),
    (
        re.compile(
            r"^(?:[A-Za-z]+,?\s+)?(?P<d>\d{1,2})[ -](?P<name>[A-Za-z]+)[ -](?P<y>\d{4})(?:\s+(?P<t>.*))?$"
        ),
        "dmy",
    ),
    (
        re.compile(
            r"^(?:[A-Za-z]+,?\s+)?(?P<name>[A-Za-z]+)\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})(?:\s+(?P<t>.*))?$"
        ),
        "named",
    ),
)
_TIME = re.compile(
    r"^(?P<h>\d{1,2})(?::(?P<m>\d{2}))?(?::(?P<s>\d{2})(?:\.(?P<f>\d{1,9}))?)?\s*(?P<half>[AaPp][Mm])?\s*"
    r"(?P<zone>Z|GMT|UTC|[+-]\d{2}:?\d{2})?$"
)
_NOT_A_DATE = "String was not recognized as a valid DateTime."


def parse_date(text: str, today: datetime | None = None) -> datetime:
    """``[datetime]text`` and ``DateTime.Parse``; a time alone is today's.

    Raises:
        NetError: not a date.
    """
    cleaned = text.strip()
    for pattern, _ in _DATE_FORMS:
        found = pattern.match(cleaned)
        if found:
            return _date_of(found)
    if _TIME.match(cleaned) and (":" in cleaned or cleaned[-1] in "mM") and today is not None:
        return _with_time(today.replace(hour=0, minute=0, second=0, microsecond=0), cleaned)
    raise NetError("System.FormatException", _NOT_A_DATE)


def _date_of(found: re.Match[str]) -> datetime:
    parts = found.groupdict()
    if parts.get("name"):
        names = [
            index
            for index, name in enumerate(_MONTHS, 1)
            if name.lower().startswith(parts["name"].lower()) and len(parts["name"]) >= 3
        ]
        if not names:
            raise NetError("System.FormatException", _NOT_A_DATE)
        month = names[0]
    else:
        month = int(parts["mo"])
    year = int(parts["y"])
    year += 0 if year > 99 else 2000 if year < 30 else 1900
    try:
        day = datetime(year, month, int(parts["d"]))  # noqa: DTZ001
    except ValueError:
        raise NetError("System.FormatException", _NOT_A_DATE) from None
    return _with_time(day, parts["t"]) if parts.get("t") else day


def _with_time(day: datetime, text: str) -> datetime:
    found = _TIME.match(text.strip())
    if not found:
        raise NetError("System.FormatException", _NOT_A_DATE)
    hour = int(found["h"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    fraction = int((found["f"] or "0").ljust(6, "0")[:6])
    try:
        result = day.replace(
            hour=hour, minute=int(found["m"] or 0), second=int(found["s"] or 0), microsecond=fraction
        )
    except ValueError:
        raise NetError("System.FormatException", _NOT_A_DATE) from None
    zone = found["zone"]
    if zone and zone[0] in "+-":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        result = result - offset if zone[0] == "+" else result + offset
    return result


_SPAN = re.compile(
    r"^\s*(?P<sign>-)?(?:(?P<d>\d+)[.:](?=\d+:))?(?P<h>\d+):(?P<m>\d+)(?::(?P<s>\d+)(?:\.(?P<f>\d{1,7}))?)?\s*$"
)


def parse_span(text: str) -> timedelta:
    """``[timespan]text``.

    Raises:
        NetError: not a time span.
    """
    if re.fullmatch(r"\s*-?\d+\s*", text):
        return timedelta(days=int(text))
    found = _SPAN.match(text)
    if not found:
        raise NetError("System.FormatException", "String was not recognized as a valid TimeSpan.")
    days, hours, minutes, seconds = (int(found[key] or 0) for key in "dhms")
    if hours > 23 or minutes > 59 or seconds > 59:
        raise NetError(
            "System.OverflowException",
            "The TimeSpan could not be parsed because at least one of the numeric components is out of range or contains too many digits.",
        )
    micro = int((found["f"] or "0").ljust(7, "0")[:6])
    value = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micro)
    return -value if found["sign"] else value


def host_now() -> Any:
    """The current host's time; refuses outside of a runspace."""
    from fakes.windows.powershell.current import required_interpreter

    return required_interpreter("DateTime.Now").clock.now()
