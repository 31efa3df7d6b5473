"""Compare-Object."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.order import equal
from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.values import PSObject, custom_object, type_names


@cmdlet("Compare-Object", aliases=["compare", "diff"], module=UTILITY)
class CompareObject(PSCmdlet):
    """Tells which objects are only in the reference (``<=``) or only in the difference (``=>``)."""

    ReferenceObject = Param("psobject[]", position=0, mandatory=True, allow_empty=True)
    DifferenceObject = Param(
        "psobject[]", position=1, mandatory=True, value_from_pipeline=True, allow_empty=True
    )
    Property = Param("object[]")
    ExcludeDifferent = Param("switch")
    IncludeEqual = Param("switch")
    PassThru = Param("switch")
    CaseSensitive = Param("switch")
    SyncWindow = Unsimulated("int")
    Culture = Unsimulated("string")

    def begin(self) -> None:
        self._columns = self.expressions(self.Property, "key")
        self._difference: list[Any] = []

    def process(self) -> None:
        self._difference.extend(self.DifferenceObject or [])

    def end(self) -> None:
        left = list(self.ReferenceObject or [])
        unmatched = list(self._difference)
        only_left: list[Any] = []
        both: list[Any] = []
        for item in left:
            partner = next((index for index, other in enumerate(unmatched) if self._same(item, other)), None)
            if partner is None:
                only_left.append(item)
            else:
                unmatched.pop(partner)
                both.append(item)
        if self.IncludeEqual or self.ExcludeDifferent:
            for item in both:
                self._emit(item, "==")
        if self.ExcludeDifferent:
            return
        for item in unmatched:
            self._emit(item, "=>")
        for item in only_left:
            self._emit(item, "<=")

    def _same(self, left: Any, right: Any) -> bool:
        case = bool(self.CaseSensitive)
        if not self._columns:
            return equal(left, right, case_sensitive=case)
        return all(
            equal(
                column.evaluate(left, self.reader), column.evaluate(right, self.reader), case_sensitive=case
            )
            for column in self._columns
        )

    def _emit(self, item: Any, side: str) -> None:
        if self.PassThru:
            result = item if isinstance(item, PSObject) else PSObject(type_names(item), {}, base=item)
            result.add("SideIndicator", side)
        elif self._columns:
            result = custom_object(
                {column.name: column.evaluate(item, self.reader) for column in self._columns}
            )
            result.add("SideIndicator", side)
        else:
            result = custom_object({"InputObject": item, "SideIndicator": side})
        self.write(result)
