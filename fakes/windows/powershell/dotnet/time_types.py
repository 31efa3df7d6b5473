"""``DateTime``, ``TimeSpan``, ``Stopwatch`` on the host's virtual clock."""

from __future__ import annotations

import calendar
import operator
from datetime import UTC, datetime, timedelta
from typing import Any

from fakes.windows.powershell.comparison import compare
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.dotnet.dates import format_date, format_span, host_now, parse_date, parse_span
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.numbers import Int64, is_number
from fakes.windows.powershell.text_form import culture_text, timespan_text
from fakes.windows.powershell.values import PropertyGetter, PSObject, define_enum

DAY_OF_WEEK = define_enum(
    "System.DayOfWeek",
    {
        name: number
        for number, name in enumerate(
            ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
        )
    },
)
KIND = define_enum("System.DateTimeKind", {"Unspecified": 0, "Utc": 1, "Local": 2})
_EPOCH = datetime(1, 1, 1)  # noqa: DTZ001
_FILE_EPOCH = datetime(1601, 1, 1)  # noqa: DTZ001
_VALUE = ("System.ValueType", "System.Object")


def bare(value: datetime) -> datetime:
    """The clock reading without a zone; hosts of the lab run in UTC."""
    return value.replace(tzinfo=None)


def now() -> datetime:
    """``DateTime.Now`` of the host."""
    return bare(host_now())


def ticks_of(value: datetime) -> int:
    """100-nanosecond intervals since the year 1."""
    span = bare(value) - _EPOCH
    return (span.days * 86400 + span.seconds) * 10_000_000 + span.microseconds * 10


def from_ticks(ticks: int) -> datetime:
    """The date of a number of ticks."""
    return _EPOCH + timedelta(microseconds=ticks // 10)


def _to_date(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if is_number(value) and not isinstance(value, float):
        return from_ticks(int(value))
    if value is None:
        raise ValueError("Null object cannot be converted to a value type.")
    from fakes.windows.powershell.current import current_interpreter

    interpreter = current_interpreter()
    today = (
        bare(interpreter.clock.now()) if interpreter is not None and interpreter.host is not None else None
    )
    try:
        return parse_date(to_string(value), today)
    except NetError as error:
        raise ValueError(error.message) from None


date = net_class("System.DateTime", bases=_VALUE, convert=_to_date)
date.exists(
    "GetDateTimeFormats IsDaylightSavingTime ToLongDateString GetTypeCode ToBinary FromBinary FromOADate ToOADate"
)
# In the order in which 5.1 lists them: the type table's first, then the class's own.
date.property("DateTime")(lambda value: format_date(value, "F"))
date.property("Date")(lambda value: value.replace(hour=0, minute=0, second=0, microsecond=0))
date.property("Day")(operator.attrgetter("day"))
date.property("DayOfWeek")(lambda value: DAY_OF_WEEK.from_number((value.weekday() + 1) % 7))
date.property("DayOfYear")(lambda value: value.timetuple().tm_yday)
date.property("Hour")(operator.attrgetter("hour"))
date.property("Kind")(lambda value: KIND("Utc" if value.tzinfo is not None else "Local"))
date.property("Millisecond")(lambda value: value.microsecond // 1000)
date.property("Minute")(operator.attrgetter("minute"))
date.property("Month")(operator.attrgetter("month"))
date.property("Second")(operator.attrgetter("second"))
date.property("Ticks")(lambda value: Int64(ticks_of(value)))
date.property("TimeOfDay")(
    lambda value: timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )
)
date.property("Year")(operator.attrgetter("year"))
date.constants(MinValue=_EPOCH, MaxValue=datetime(9999, 12, 31, 23, 59, 59, 999999))  # noqa: DTZ001
date.static_property("Now")(now)
date.static_property("UtcNow")(lambda: now().replace(tzinfo=UTC))
date.static_property("Today")(lambda: now().replace(hour=0, minute=0, second=0, microsecond=0))


def _added(value: datetime, **amount: float) -> datetime:
    try:
        return value + timedelta(**amount)
    except OverflowError:
        raise NetError(
            "System.ArgumentOutOfRangeException",
            "The added or subtracted value results in an un-representable DateTime.\r\nParameter name: value",
        ) from None


for _name, _unit in (
    ("AddDays", "days"),
    ("AddHours", "hours"),
    ("AddMinutes", "minutes"),
    ("AddSeconds", "seconds"),
    ("AddMilliseconds", "milliseconds"),
):
    date.method(_name, ("double",))(lambda value, amount, unit=_unit: _added(value, **{unit: amount}))
date.method("AddTicks", ("long",))(lambda value, ticks: value + timedelta(microseconds=ticks / 10))


@date.method("AddMonths", ("int",))
def _add_months(value: datetime, months: int) -> datetime:
    total = value.year * 12 + value.month - 1 + months
    year, month = divmod(total, 12)
    day = min(value.day, calendar.monthrange(year, month + 1)[1])
    return value.replace(year=year, month=month + 1, day=day)


@date.method("AddYears", ("int",))
def _add_years(value: datetime, years: int) -> datetime:
    return _add_months(value, years * 12)


@date.method("Add", ("timespan",))
def _add(value: datetime, span: timedelta) -> datetime:
    return value + span


@date.method("Subtract", ("datetime",), ("timespan",))
def _subtract(value: datetime, other: Any) -> Any:
    return value - other if isinstance(other, timedelta) else bare(value) - bare(other)


@date.method("ToString", (), ("string",), ("string", "object"))
def _date_text(value: datetime, spec: str = "", provider: Any = None) -> str:
    del provider
    return format_date(value, spec) if spec else culture_text(value)


date.method("ToShortDateString", ())(lambda value: format_date(value, "d"))
date.method("ToLongDateString", ())(lambda value: format_date(value, "D"))
date.method("ToShortTimeString", ())(lambda value: format_date(value, "t"))
date.method("ToLongTimeString", ())(lambda value: format_date(value, "T"))
date.method("ToUniversalTime", ())(lambda value: bare(value).replace(tzinfo=UTC))
date.method("ToLocalTime", ())(bare)
date.method("ToFileTime", ())(lambda value: Int64(ticks_of(value) - ticks_of(_FILE_EPOCH)))
date.method("ToFileTimeUtc", ())(lambda value: Int64(ticks_of(value) - ticks_of(_FILE_EPOCH)))
date.method("CompareTo", ("datetime",))(compare)
date.method("Equals", ("object",))(
    lambda left, right: isinstance(right, datetime) and bare(left) == bare(right)
)
date.static("Parse", ("string",), ("string", "object"))(lambda text, _=None: parse_date(text, now()))
date.static("FromFileTime", ("long",))(lambda ticks: from_ticks(ticks + ticks_of(_FILE_EPOCH)))
date.static("FromFileTimeUtc", ("long",))(lambda ticks: from_ticks(ticks + ticks_of(_FILE_EPOCH)))
date.static("DaysInMonth", ("int", "int"))(lambda year, month: calendar.monthrange(year, month)[1])
date.static("IsLeapYear", ("int",))(calendar.isleap)
date.static("Compare", ("datetime", "datetime"))(compare)
date.static("SpecifyKind", ("datetime", "System.DateTimeKind"))(
    lambda value, kind: bare(value).replace(tzinfo=UTC) if kind.name == "Utc" else bare(value)
)


@date.static("TryParse", ("string", "object"))
def _try_parse(text: str, result: Any) -> bool:
    try:
        value: datetime | None = parse_date(text, now())
    except NetError:
        value = None
    result.set("Value", value or _EPOCH)
    return value is not None


@date.static("ParseExact", ("string", "object", "object"), ("string", "object", "object", "object"))
def _parse_exact(text: str, specs: Any, provider: Any, style: Any = None) -> datetime:
    del provider, style
    for spec in specs if isinstance(specs, list) else [specs]:
        value = _by_format(text, to_string(spec))
        if value is not None:
            return value
    raise NetError("System.FormatException", "String was not recognized as a valid DateTime.")


_DIRECTIVES = (
    ("yyyy", "%Y"), ("MMMM", "%B"), ("MMM", "%b"), ("MM", "%m"), ("dddd", "%A"), ("ddd", "%a"), ("dd", "%d"), ("HH", "%H"),
    ("hh", "%I"), ("mm", "%M"), ("ss", "%S"), ("ffffff", "%f"), ("fff", "%f"), ("tt", "%p"), ("yy", "%y"), ("M", "%m"), ("d", "%d"),
    ("H", "%H"), ("h", "%I"),
)  # fmt: skip


def _by_format(text: str, spec: str) -> datetime | None:
    pattern, at = "", 0
    while at < len(spec):
        if spec[at] == "'":
            end = spec.find("'", at + 1)
            pattern += spec[at + 1 : end].replace("%", "%%")
            at = end + 1
            continue
        for part, directive in _DIRECTIVES:
            if spec.startswith(part, at):
                pattern += directive
                at += len(part)
                break
        else:
            pattern += spec[at]
            at += 1
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007
    except ValueError:
        return None


@date.constructor(("long",))
def _new_ticks(ticks: int) -> datetime:
    return from_ticks(ticks)


@date.constructor(
    ("int", "int", "int"),
    ("int", "int", "int", "int", "int", "int"),
    ("int", "int", "int", "int", "int", "int", "int"),
)
def _new_date(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, millisecond: int = 0
) -> datetime:
    try:
        return datetime(year, month, day, hour, minute, second, millisecond * 1000)  # noqa: DTZ001
    except ValueError:
        raise NetError(
            "System.ArgumentOutOfRangeException",
            "Year, Month, and Day parameters describe an un-representable DateTime.",
        ) from None


# --- TimeSpan --------------------------------------------------------------------------


def _to_span(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    if is_number(value):
        return timedelta(microseconds=int(value) / 10)
    if value is None:
        raise ValueError("Null object cannot be converted to a value type.")
    try:
        return parse_span(to_string(value))
    except NetError as error:
        raise ValueError(error.message) from None


def _micro(value: timedelta) -> int:
    return (value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds


def _part(size: int, modulo: int) -> Any:
    def read(value: timedelta) -> int:
        total = _micro(value)
        number = abs(total) // size
        number = number % modulo if modulo else number
        return -number if total < 0 else number

    return read


span = net_class("System.TimeSpan", bases=_VALUE, convert=_to_span)
span.property("Days")(_part(86_400_000_000, 0))
span.property("Hours")(_part(3_600_000_000, 24))
span.property("Minutes")(_part(60_000_000, 60))
span.property("Seconds")(_part(1_000_000, 60))
span.property("Milliseconds")(_part(1000, 1000))
span.property("Ticks")(lambda value: Int64(_micro(value) * 10))
for _name, _size in (
    ("TotalDays", 86_400_000_000),
    ("TotalHours", 3_600_000_000),
    ("TotalMinutes", 60_000_000),
    ("TotalSeconds", 1_000_000),
    ("TotalMilliseconds", 1000),
):
    span.property(_name)(lambda value, size=_size: _micro(value) / size)
span.constants(Zero=timedelta(), MaxValue=timedelta.max, MinValue=timedelta.min)
for _name, _unit in (
    ("FromDays", "days"),
    ("FromHours", "hours"),
    ("FromMinutes", "minutes"),
    ("FromSeconds", "seconds"),
    ("FromMilliseconds", "milliseconds"),
):
    span.static(_name, ("double",))(lambda amount, unit=_unit: timedelta(**{unit: amount}))
span.static("FromTicks", ("long",))(lambda ticks: timedelta(microseconds=ticks / 10))
span.static("Parse", ("string",))(parse_span)
span.method("Add", ("timespan",))(lambda left, right: left + right)
span.method("Subtract", ("timespan",))(lambda left, right: left - right)
span.method("Negate", ())(lambda value: -value)
span.method("Duration", ())(abs)
span.method("CompareTo", ("timespan",))(compare)
span.method("ToString", ())(timespan_text)
span.method("ToString", ("string",))(format_span)


@span.constructor(("long",))
def _new_span_ticks(ticks: int) -> timedelta:
    return timedelta(microseconds=ticks / 10)


@span.constructor(("int", "int", "int"))
def _new_span(hours: int, minutes: int, seconds: int) -> timedelta:
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


@span.constructor(("int", "int", "int", "int"), ("int", "int", "int", "int", "int"))
def _new_long_span(days: int, hours: int, minutes: int, seconds: int, milliseconds: int = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds)


# --- Stopwatch -------------------------------------------------------------------------


class Stopwatch(PSObject):
    """``System.Diagnostics.Stopwatch``: measures the host's virtual time."""

    __slots__ = ("elapsed", "started")

    def __init__(self) -> None:
        self.elapsed = timedelta()
        self.started: datetime | None = None
        super().__init__(
            ["System.Diagnostics.Stopwatch", "System.Object"],
            {
                "IsRunning": PropertyGetter(lambda _: self.started is not None),
                "Elapsed": PropertyGetter(lambda _: self.total()),
                "ElapsedMilliseconds": PropertyGetter(lambda _: Int64(_micro(self.total()) // 1000)),
                "ElapsedTicks": PropertyGetter(lambda _: Int64(_micro(self.total()) * 10)),
            },
            {"Start": self.start, "Stop": self.stop, "Reset": self.reset, "Restart": self.restart},
        )

    def total(self) -> timedelta:
        """What it has measured so far."""
        return self.elapsed + (now() - self.started if self.started is not None else timedelta())

    def start(self) -> None:
        """Start or go on."""
        self.started = self.started or now()

    def stop(self) -> None:
        """Stop."""
        self.elapsed, self.started = self.total(), None

    def reset(self) -> None:
        """Stop at zero."""
        self.elapsed, self.started = timedelta(), None

    def restart(self) -> None:
        """Start from zero."""
        self.reset()
        self.start()


stopwatch = net_class("System.Diagnostics.Stopwatch")
stopwatch.exists("GetTimestamp Frequency IsHighResolution")
stopwatch.constructor(())(Stopwatch)


@stopwatch.static("StartNew", ())
def _start_new() -> Stopwatch:
    watch = Stopwatch()
    watch.start()
    return watch
