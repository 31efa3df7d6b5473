"""Get-, Set-, New-, Remove- and Clear-Variable."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.session_state import variable_object
from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches, matches_any
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord


class VariableCmdlet(PSCmdlet):
    """Finds variables by pattern."""

    def found(self, patterns: list[str] | None) -> list[str]:
        """Names that match; an error for each plain name that is not set."""
        known = sorted(self.context.variable_names())
        result: list[str] = []
        for pattern in patterns or ["*"]:
            hits = [name for name in known if matches(pattern, name)]
            result.extend(hits)
            if not hits and not has_wildcard(pattern):
                self.error(
                    ErrorRecord(
                        f"Cannot find a variable with the name '{pattern}'.",
                        "VariableNotFound",
                        "ObjectNotFound",
                        pattern,
                        exception_type=AUTOMATION + "ItemNotFoundException",
                    )
                )
        return result


@cmdlet("Get-Variable", aliases=["gv"], module=UTILITY)
class GetVariable(VariableCmdlet):
    """Variables as objects, or their values."""

    Name = Param("string[]", position=0, value_from_pipeline=True, from_pipeline_by_property_name=True)
    ValueOnly = Param("switch")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Scope = Param("string")

    def process(self) -> None:
        for name in self.found(self.Name):
            if (self.Include and not matches_any(self.Include, name)) or matches_any(self.Exclude, name):
                continue
            self.write(
                self.context.get_variable(name, self.Scope)
                if self.ValueOnly
                else variable_object(self.context, name)
            )


@cmdlet("Set-Variable", aliases=["sv", "set"], module=UTILITY, supports_should_process=True)
class SetVariable(VariableCmdlet):
    """Assigns variables; pipeline input becomes the value."""

    Name = Param("string[]", position=0, mandatory=True, from_pipeline_by_property_name=True)
    Value = Param(
        "object", position=1, value_from_pipeline=True, from_pipeline_by_property_name=True, allow_null=True
    )
    Scope = Param("string")
    Force = Param("switch")
    PassThru = Param("switch")
    Description = Param("string")
    Option = Param("string")
    Include = Unsimulated("string[]")
    Exclude = Unsimulated("string[]")
    Visibility = Unsimulated("string")

    def begin(self) -> None:
        self._values: list[Any] = []

    def process(self) -> None:
        self._values.append(self.Value)

    def end(self) -> None:
        value = self._values[0] if len(self._values) == 1 else self._values
        for name in self.Name or []:
            if not self.should_process(f"Name: {name} Value: {self.text(value)}", "Set variable"):
                continue
            known = self.context.find_variable(name)
            if known is not None and self.Force and known.options == "ReadOnly":
                known.options = ""
            variable = self.context.set_variable(name, value, self.Scope)
            if self.Option:
                variable.options = {"readonly": "ReadOnly", "constant": "Constant"}.get(
                    str(self.Option).lower(), ""
                )
            if self.PassThru:
                self.write(variable_object(self.context, name))


@cmdlet("New-Variable", aliases=["nv"], module=UTILITY, supports_should_process=True)
class NewVariable(PSCmdlet):
    """Makes a variable."""

    Name = Param("string", position=0, mandatory=True, from_pipeline_by_property_name=True)
    Value = Param(
        "object", position=1, value_from_pipeline=True, from_pipeline_by_property_name=True, allow_null=True
    )
    Scope = Param("string")
    Force = Param("switch")
    PassThru = Param("switch")
    Description = Param("string")
    Option = Param("string")
    Visibility = Unsimulated("string")

    def process(self) -> None:
        name = str(self.Name)
        known = self.context.scope.named(self.Scope.lower() if self.Scope else "local").variables.get(
            name.lower()
        )
        if known is not None and not self.Force:
            self.error(
                ErrorRecord(
                    f"A variable with name '{name}' already exists.",
                    "VariableAlreadyExists",
                    "ResourceExists",
                    name,
                    exception_type=AUTOMATION + "SessionStateException",
                )
            )
            return
        if known is not None:
            known.options = ""
        variable = self.context.set_variable(name, self.Value, self.Scope)
        if self.Option:
            variable.options = {"readonly": "ReadOnly", "constant": "Constant"}.get(
                str(self.Option).lower(), ""
            )
        if self.PassThru:
            self.write(variable_object(self.context, name))


@cmdlet("Remove-Variable", aliases=["rv"], module=UTILITY, supports_should_process=True)
class RemoveVariable(VariableCmdlet):
    """Removes variables."""

    Name = Param("string[]", position=0, mandatory=True, from_pipeline_by_property_name=True)
    Scope = Param("string")
    Force = Param("switch")
    Include = Unsimulated("string[]")
    Exclude = Unsimulated("string[]")

    def process(self) -> None:
        for name in self.found(self.Name):
            known = self.context.find_variable(name)
            if known is not None and (
                known.options == "Constant" or (known.options == "ReadOnly" and not self.Force)
            ):
                self.error(
                    ErrorRecord(
                        f"Cannot remove variable {name} because it is constant or read-only. If the variable is read-only, try the "
                        "operation again specifying the Force option.",
                        "VariableNotRemovable",
                        "WriteError",
                        name,
                        exception_type=AUTOMATION + "SessionStateUnauthorizedAccessException",
                    )
                )
            else:
                self.context.remove_variable(name, self.Scope)


@cmdlet("Clear-Variable", aliases=["clv"], module=UTILITY, supports_should_process=True)
class ClearVariable(VariableCmdlet):
    """Sets variables to $null."""

    Name = Param("string[]", position=0, mandatory=True, from_pipeline_by_property_name=True)
    Scope = Param("string")
    Force = Param("switch")
    PassThru = Param("switch")

    def process(self) -> None:
        for name in self.found(self.Name):
            self.context.set_variable(name, None, self.Scope)
            if self.PassThru:
                self.write(variable_object(self.context, name))
