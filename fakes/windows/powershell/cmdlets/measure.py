"""Measure-Object and Measure-Command."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from fakes.windows.powershell.cmdlets.order import sort_key
from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.conversion import convert
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord, PowerShellError
from fakes.windows.powershell.values import PSHashtable, PSObject, is_number

_COMMANDS = "Microsoft.PowerShell.Commands."


@cmdlet("Measure-Object", aliases=["measure"], module=UTILITY, default_set="GenericMeasure")
class MeasureObject(PSCmdlet):
    """Counts, sums and averages, or counts lines, words and characters."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Property = Param("string[]", position=0)
    Sum = Param("switch", sets="GenericMeasure")
    Average = Param("switch", sets="GenericMeasure")
    Maximum = Param("switch", sets="GenericMeasure")
    Minimum = Param("switch", sets="GenericMeasure")
    Line = Param("switch", sets="TextMeasure")
    Word = Param("switch", sets="TextMeasure")
    Character = Param("switch", sets="TextMeasure")
    IgnoreWhiteSpace = Param("switch", sets="TextMeasure")

    def begin(self) -> None:
        self._values: dict[str | None, list[Any]] = {name: [] for name in self.Property or [None]}

    def process(self) -> None:
        if self.InputObject is None:
            return
        for name, found in self._values.items():
            if name is None:
                found.append(self.InputObject)
                continue
            for actual in self._names(name):
                value = self._property(actual)
                if value is not None:
                    found.append(value)

    def _names(self, name: str) -> list[str]:
        item = self.InputObject
        return [name] if isinstance(item, PSHashtable) and name in item else self.reader.match(item, name)

    def _property(self, name: str) -> Any:
        item: Any = self.InputObject
        return item[name] if isinstance(item, PSHashtable) and name in item else self.reader.get(item, name)

    def end(self) -> None:
        for name, values in self._values.items():
            if name is not None and not values:
                self.error(
                    ErrorRecord(
                        f'The property "{name}" cannot be found in the input for any objects.',
                        "GenericMeasurePropertyNotFound"
                        if self.parameter_set != "TextMeasure"
                        else "TextMeasurePropertyNotFound",
                        "InvalidArgument",
                        None,
                        exception_type=AUTOMATION + "PSArgumentException",
                    )
                )
                continue
            self.write(
                self._text_info(name, values)
                if self.parameter_set == "TextMeasure"
                else self._info(name, values)
            )

    def _info(self, name: str | None, values: list[Any]) -> PSObject:
        properties: dict[str, Any] = dict.fromkeys(
            ("Count", "Average", "Sum", "Maximum", "Minimum", "Property")
        )
        properties["Count"], properties["Property"] = len(values), name
        if (self.Sum or self.Average) and values:
            total = sum(self._number(value) for value in values)
            properties["Sum"] = float(total) if self.Sum else None
            properties["Average"] = total / len(values) if self.Average else None
        ranked = values
        if (self.Maximum or self.Minimum) and values and not all(is_number(value) for value in values):
            ranked = sorted(values, key=sort_key)
        elif values:
            ranked = sorted(values, key=lambda value: self._number(value) if is_number(value) else 0)
        if self.Maximum and values:
            properties["Maximum"] = float(ranked[-1]) if is_number(ranked[-1]) else ranked[-1]
        if self.Minimum and values:
            properties["Minimum"] = float(ranked[0]) if is_number(ranked[0]) else ranked[0]
        kind = "GenericMeasureInfo"
        return PSObject([_COMMANDS + kind, _COMMANDS + "MeasureInfo", "System.Object"], properties)

    def _number(self, value: Any) -> float:
        try:
            return float(convert(value, "double"))
        except PowerShellError as error:
            raise self.throw(
                ErrorRecord(
                    f'Input object "{self.text(value)}" is not numeric.',
                    "NonNumericInputObject",
                    "InvalidType",
                    value,
                    exception_type=AUTOMATION + "PSInvalidCastException",
                )
            ) from error

    def _text_info(self, name: str | None, values: list[Any]) -> PSObject:
        texts = [self.text(value) for value in values]
        shown = [re.sub(r"\s", "", text) for text in texts] if self.IgnoreWhiteSpace else texts
        properties = {
            "Lines": sum(text.count("\n") + 1 if text else 0 for text in texts) if self.Line else None,
            "Words": sum(len(text.split()) for text in texts) if self.Word else None,
            "Characters": sum(len(text) for text in shown) if self.Character else None,
            "Property": name,
        }
        kind = "TextMeasureInfo"
        return PSObject([_COMMANDS + kind, _COMMANDS + "MeasureInfo", "System.Object"], properties)


@cmdlet("Measure-Command", module=UTILITY)
class MeasureCommand(PSCmdlet):
    """Time a script block takes, by the host's clock."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Expression = Param("scriptblock", position=0, mandatory=True)

    def begin(self) -> None:
        self._spent = timedelta()

    def process(self) -> None:
        start = self.context.clock.now()
        self.run(self.Expression, item=self.InputObject, write=lambda _: None)
        self._spent += self.context.clock.now() - start

    def end(self) -> None:
        self.write(self._spent)
