"""Get-Date, New-TimeSpan, Start-Sleep and Set-Date over the host's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.text_operators import format_operator


def local_now(context: Any) -> datetime:
    """The host's time as scripts see it: local (Azure VMs run on UTC), no zone."""
    now: datetime = context.clock.now()
    return now.replace(tzinfo=None)


@cmdlet("Get-Date", module=UTILITY, default_set="net")
class GetDate(PSCmdlet):
    """The host's date and time, or the one given, as a DateTime or as text."""

    Date = Param(
        "datetime",
        position=0,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        aliases=["LastWriteTime"],
    )
    Year = Param("int")
    Month = Param("int")
    Day = Param("int")
    Hour = Param("int")
    Minute = Param("int")
    Second = Param("int")
    Millisecond = Param("int")
    DisplayHint = Unsimulated("string")
    UFormat = Param("string", sets="UFormat")
    Format = Param("string", sets="net")

    def process(self) -> None:
        given: Any = self.Date
        when: datetime = given if isinstance(given, datetime) else local_now(self.context)
        names = ("Year", "Month", "Day", "Hour", "Minute", "Second")
        when = when.replace(**{name.lower(): int(self.bound[name]) for name in names if name in self.bound})  # type: ignore[arg-type]
        if "Millisecond" in self.bound:
            when = when.replace(microsecond=int(self.bound["Millisecond"]) * 1000)
        if self.Format:
            self.write(self._formatted(when, str(self.Format)))
        elif self.UFormat:
            self.write(self._unix(when, str(self.UFormat)))
        else:
            self.write(when)

    def _formatted(self, when: datetime, pattern: str) -> str:
        """FileDate and its kin are Get-Date's own names, the rest is .NET's."""
        named = {
            "filedate": "yyyyMMdd",
            "filedatetime": "yyyyMMddTHHmmssffff",
            "filedateuniversal": "yyyyMMddZ",
            "filedatetimeuniversal": "yyyyMMddTHHmmssffffZ",
        }
        return format_operator("{0:" + named.get(pattern.lower(), pattern) + "}", [when])

    def _unix(self, when: datetime, pattern: str) -> str:
        text = pattern.removeprefix("+")
        if any(f"%{letter}" in text for letter in "cDGgkLlnOPQqRrsTtVXx"):
            if text == "%s":
                return f"{(when - datetime(1970, 1, 1)).total_seconds():.5f}"  # noqa: DTZ001 (both are local)
            raise self.not_simulated(f"Get-Date -UFormat {pattern}")
        return when.strftime(text)


@cmdlet("New-TimeSpan", module=UTILITY, default_set="Date")
class NewTimeSpan(PSCmdlet):
    """A length of time: between two dates, or of given parts."""

    Start = Param(
        "datetime",
        position=0,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        aliases=["LastWriteTime"],
        sets="Date",
    )
    End = Param("datetime", position=1, from_pipeline_by_property_name=True, sets="Date")
    Days = Param("int", sets="Time", default=0)
    Hours = Param("int", sets="Time", default=0)
    Minutes = Param("int", sets="Time", default=0)
    Seconds = Param("int", sets="Time", default=0)

    def process(self) -> None:
        if self.parameter_set == "Time":
            parts = {
                name.lower(): int(self.bound.get(name, 0)) for name in ("Days", "Hours", "Minutes", "Seconds")
            }
            self.write(timedelta(**parts))
            return
        now = local_now(self.context)
        start, end = self.bound.get("Start", now), self.bound.get("End", now)
        self.write(end.replace(tzinfo=None) - start.replace(tzinfo=None))


@cmdlet("Start-Sleep", aliases=["sleep"], module=UTILITY, default_set="Seconds")
class StartSleep(PSCmdlet):
    """Lets the host's clock go on by that time."""

    Seconds = Param(
        "int",
        position=0,
        mandatory=True,
        sets="Seconds",
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
    )
    Milliseconds = Param("int", mandatory=True, sets="Milliseconds", from_pipeline_by_property_name=True)

    def process(self) -> None:
        seconds = float(self.bound.get("Seconds") or 0) + float(self.bound.get("Milliseconds") or 0) / 1000
        if seconds > 0:
            self.context.host.sleep(seconds, self.context.stop)
