"""ConvertTo-Json and ConvertFrom-Json."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets import json_text
from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord


@cmdlet("ConvertTo-Json", module=UTILITY)
class ConvertToJson(PSCmdlet):
    """JSON of the input; several objects make an array."""

    InputObject = Param(
        "object", position=0, mandatory=True, value_from_pipeline=True, allow_null=True, allow_empty=True
    )
    Depth = Param("int", default=2)
    Compress = Param("switch")

    def begin(self) -> None:
        self._given: list[Any] = []
        depth = int(self.Depth if self.Depth is not None else 2)
        if not 1 <= depth <= 100:
            raise self.throw(
                ErrorRecord(
                    f"Cannot validate argument on parameter 'Depth'. The {depth} argument is "
                    + (
                        "greater than the maximum allowed range of 100. Supply an argument that is less than or equal to 100 "
                        if depth > 100
                        else "less than the minimum allowed range of 1. Supply an argument that is greater than "
                        "or equal to 1 "
                    )
                    + "and then try the command again.",
                    "ParameterArgumentValidationError",
                    "InvalidData",
                    exception_type="System.Management.Automation.ParameterBindingValidationException",
                )
            )

    def process(self) -> None:
        self._given.append(self.InputObject)

    def end(self) -> None:
        if not self._given:
            return
        value = self._given[0] if len(self._given) == 1 else self._given
        depth = int(self.Depth if self.Depth is not None else 2)
        self.write(json_text.write(json_text.plain(value, depth, self.reader), compress=bool(self.Compress)))


@cmdlet("ConvertFrom-Json", module=UTILITY)
class ConvertFromJson(PSCmdlet):
    """The objects of JSON text; an array comes as one object in 5.1."""

    InputObject = Param("string", position=0, mandatory=True, value_from_pipeline=True, allow_empty=True)

    def begin(self) -> None:
        self._lines: list[str] = []

    def process(self) -> None:
        self._lines.append(str(self.InputObject))

    def end(self) -> None:
        """Each line on its own when the first is complete JSON, else all lines together."""
        if not self._lines or not "".join(self._lines).strip():
            return
        try:
            first = json_text.read(self._lines[0])
        except json_text.JsonError:
            self.write(self._parse("\r\n".join(self._lines)))
            return
        self.write(first)
        for line in self._lines[1:]:
            if line.strip():
                self.write(self._parse(line))

    def _parse(self, text: str) -> Any:
        try:
            return json_text.read(text)
        except json_text.JsonError as error:
            raise self.throw(
                ErrorRecord(
                    str(error),
                    "System.ArgumentException",
                    "NotSpecified",
                    exception_type="System.ArgumentException",
                )
            ) from None
