"""Where-Object, ForEach-Object, Tee-Object and Get-Unique."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.support import CORE, UTILITY, PSCmdlet
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord
from fakes.windows.powershell.members import get_member, invoke_method
from fakes.windows.powershell.operators import binary
from fakes.windows.powershell.values import PSObject

_COMPARISONS = (
    "EQ",
    "CEQ",
    "NE",
    "CNE",
    "GT",
    "CGT",
    "LT",
    "CLT",
    "GE",
    "CGE",
    "LE",
    "CLE",
    "Like",
    "CLike",
    "NotLike",
    "CNotLike",
    "Match",
    "CMatch",
    "NotMatch",
    "CNotMatch",
    "Contains",
    "CContains",
    "NotContains",
    "CNotContains",
    "In",
    "CIn",
    "NotIn",
    "CNotIn",
    "Is",
    "IsNot",
)


def _comparison_parameters() -> dict[str, Param]:
    """One switch an operator, each in a parameter set of its own; ``-IEq`` is ``-EQ``."""
    cased = {name for name in _COMPARISONS if name.startswith("C") and name != "Contains"}
    return {
        name: Param(
            "switch", mandatory=name != "EQ", sets=name, aliases=() if name in cased else (f"I{name}",)
        )
        for name in _COMPARISONS
    }


@cmdlet("Where-Object", aliases=["?", "where"], module=CORE, default_set="EQ")
class WhereObject(PSCmdlet):
    """Passes the objects that meet a condition: a script block, or a property and an operator."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    FilterScript = Param("scriptblock", position=0, mandatory=True, sets="ScriptBlockSet")
    Property = Param("string", mandatory=True, sets={name: {"position": 0} for name in _COMPARISONS})
    Value = Param("object", sets={name: {"position": 1} for name in _COMPARISONS})
    locals().update(_comparison_parameters())

    def process(self) -> None:
        if self.FilterScript is not None:
            result = self.run(self.FilterScript, item=self.InputObject)
            if self.truth(result[0] if len(result) == 1 else result):
                self.write(self.InputObject)
            return
        if self.InputObject is None:
            return
        found = self.reader.match(self.InputObject, str(self.Property))
        value = get_member(self.InputObject, found[0] if found else str(self.Property), self.context)
        operator = next((name for name in _COMPARISONS if name in self.bound), None)
        if operator is None:
            kept = self.truth(value) if "Value" not in self.bound else self._missing_operator()
        else:
            kept = self.truth(binary(f"-{operator.lower()}", value, self.Value, self.context))
        if kept:
            self.write(self.InputObject)

    def _missing_operator(self) -> bool:
        raise self.throw(
            ErrorRecord(
                "The specified operator requires both the -Property and -Value parameters. Provide values for both "
                "parameters, and then try the command again.",
                "OperatorNotSpecified",
                "InvalidArgument",
                exception_type=AUTOMATION + "PSArgumentException",
            )
        )


@cmdlet(
    "ForEach-Object",
    aliases=["%", "foreach"],
    module=CORE,
    default_set="ScriptBlockSet",
    supports_should_process=True,
)
class ForEachObject(PSCmdlet):
    """Runs a script block, or reads a member, for each object."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Begin = Param("scriptblock", sets="ScriptBlockSet")
    Process = Param("scriptblock[]", position=0, mandatory=True, sets="ScriptBlockSet", allow_null=True)
    End = Param("scriptblock", sets="ScriptBlockSet")
    RemainingScripts = Param("scriptblock[]", remaining=True, sets="ScriptBlockSet")
    MemberName = Param("string", position=0, mandatory=True, sets="PropertyAndMethodSet")
    ArgumentList = Param("object[]", remaining=True, sets="PropertyAndMethodSet", aliases=["Args"])

    def begin(self) -> None:
        self._begin, self._process, self._end = self._blocks()
        if self._begin is not None:
            self.run(self._begin, write=self.write)

    def process(self) -> None:
        if self.parameter_set == "PropertyAndMethodSet":
            self._member()
            return
        for block in self._process:
            if block is not None:
                self.run(block, item=self.InputObject, write=self.write)

    def end(self) -> None:
        if self._end is not None:
            self.run(self._end, write=self.write)

    def _blocks(self) -> tuple[Any, list[Any], Any]:
        """Two blocks given in a row are begin and process, three begin, process and end (5.1)."""
        blocks = [*(self.Process or []), *(self.RemainingScripts or [])]
        begin, end = self.Begin, self.End
        if begin is None and len(blocks) > 1:
            begin, blocks = blocks[0], blocks[1:]
            if end is None and len(blocks) > 1:
                blocks, end = blocks[:-1], blocks[-1]
        elif end is None and len(blocks) > 1:
            blocks, end = blocks[:-1], blocks[-1]
        return begin, blocks, end

    def _member(self) -> None:
        value: Any = self.InputObject
        name = str(self.MemberName)
        if value is None:
            raise self.throw(
                ErrorRecord(
                    "Input to the script block for parameter 'InputObject' is null.",
                    "InputObjectIsNull",
                    "InvalidArgument",
                    exception_type=AUTOMATION + "PSArgumentNullException",
                )
            )
        found = self.reader.match(value, name)
        if found and "ArgumentList" not in self.bound:
            result = get_member(value, found[0], self.context)
        else:
            result = self.invoke_or_null(value, name)
        self.write_all(result) if isinstance(result, list) else self.write(result)

    def invoke_or_null(self, value: Any, name: str) -> Any:
        """Calls the method of that name; a name nobody has gives $null, as a property does."""
        from fakes.windows.powershell.dotnet.types import class_of_value

        declared = class_of_value(value)
        own = isinstance(value, PSObject) and value.method(name) is not None
        if (
            own
            or (declared is not None and name.lower() in declared.methods)
            or name.lower() in {"tostring", "gettype"}
        ):
            return invoke_method(value, name, list(self.ArgumentList or []), self.context)
        return get_member(value, name, self.context)


@cmdlet("Tee-Object", aliases=["tee"], module=UTILITY, default_set="File")
class TeeObject(PSCmdlet):
    """Keeps the input in a variable or a file and passes it on."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    FilePath = Param("string", position=0, mandatory=True, sets="File")
    LiteralPath = Param("string", mandatory=True, sets="LiteralFile", aliases=["PSPath"])
    Append = Param("switch", sets="File")
    Variable = Param("string", mandatory=True, sets="Variable")

    def begin(self) -> None:
        self._kept: list[Any] = []

    def process(self) -> None:
        self._kept.append(self.InputObject)
        self.write(self.InputObject)

    def end(self) -> None:
        if self.Variable:
            value = self._kept[0] if len(self._kept) == 1 else self._kept
            self.set_variable(str(self.Variable), value)
            return
        from fakes.windows.powershell.cmdlets.textfiles import write_formatted

        path = str(self.FilePath or self.LiteralPath)
        write_formatted(self, path, self._kept, "unicode", append=bool(self.Append))


@cmdlet("Get-Unique", aliases=["gu"], module=UTILITY, default_set="AsString")
class GetUnique(PSCmdlet):
    """Drops neighbours that are equal, with regard to case."""

    InputObject = Param("psobject", value_from_pipeline=True)
    AsString = Param("switch", sets="AsString")
    OnType = Param("switch", sets="UniqueByType")

    def begin(self) -> None:
        self._last: Any = None

    def process(self) -> None:
        from fakes.windows.powershell.values import type_names

        key = type_names(self.InputObject)[:1] if self.OnType else self.text(self.InputObject)
        if key != self._last:
            self._last = key
            self.write(self.InputObject)
