"""Scopes and variables: dynamic scoping with global, script, local and private names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fakes.windows.powershell.errors import AUTOMATION, PowerShellError, runtime_error


class Variable:
    """A variable: its value, the type it is constrained to, its options, its name as first written."""

    __slots__ = ("empty", "name", "options", "type_name", "validators", "value")

    def __init__(
        self, value: Any = None, type_name: str | None = None, options: str = "", name: str = ""
    ) -> None:
        self.value = value
        self.name = name
        self.type_name = type_name
        self.options = options  # "", "ReadOnly", "Constant", "AllScope"
        self.validators: list[Callable[[Any], None]] = []
        self.empty = False  # holds the nothing of a command without output


class Scope:
    """One scope; ``kind`` is global, script or local."""

    __slots__ = ("functions", "kind", "parent", "private", "strict_version", "variables")

    def __init__(self, parent: Scope | None, kind: str = "local") -> None:
        self.parent = parent
        self.kind = kind
        self.variables: dict[str, Variable] = {}
        self.functions: dict[str, Any] = {}
        self.private: set[str] = set()
        self.strict_version: float | None = None

    def chain(self) -> Iterator[Scope]:
        """This scope and its parents."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def find(self, name: str) -> Variable | None:
        """The nearest variable of a lower-case name."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.variables.get(name)
            if found is not None and (scope is self or name not in scope.private):
                return found
            scope = scope.parent
        return None

    def named(self, scope: str) -> Scope:
        """The scope that ``$global:``, ``$script:``, ``$local:`` or a number means.

        Raises:
            PowerShellError: a number beyond the global scope.
        """
        if scope == "global":
            return list(self.chain())[-1]
        if scope == "script":
            return next(one for one in self.chain() if one.kind in {"script", "global"})
        if scope.isdigit():
            chain = list(self.chain())
            if int(scope) >= len(chain):
                raise runtime_error(
                    f"The scope number '{scope}' exceeds the number of active scopes.\nParameter name: scope\n"
                    f"Actual value was {scope}.",
                    "ScopeIDExceedsAvailableScopes",
                    "InvalidArgument",
                    exception_type=AUTOMATION + "PSArgumentOutOfRangeException",
                )
            return chain[int(scope)]
        return self

    def assign(self, name: str, value: Any) -> Variable:
        """Set a variable in this very scope, honouring its type and options.

        Raises:
            PowerShellError: read-only, or the value does not convert.
        """
        variable = self.variables.get(name.lower())
        if variable is None:
            variable = self.variables[name.lower()] = Variable(value, name=name)
            return variable
        store(variable, name, value)
        return variable


def store(variable: Variable, name: str, value: Any) -> None:
    """Assign to an existing variable.

    Raises:
        PowerShellError: read-only or constant, or the value does not convert or validate.
    """
    if variable.options in {"ReadOnly", "Constant"}:
        raise not_writable(name)
    if variable.type_name is not None:
        value = _constrained(variable, value)
    for check in variable.validators:
        check(value)
    variable.value = value
    variable.empty = False


def _constrained(variable: Variable, value: Any) -> Any:
    from fakes.windows.powershell.conversion import CastError, convert

    assert variable.type_name is not None
    try:
        return convert(value, variable.type_name)
    except CastError as error:
        raise as_transformation(error) from None


def as_transformation(error: PowerShellError) -> PowerShellError:
    """A failed conversion to a variable's type, in the form 5.1 gives it."""
    record = error.record
    record.category.category = "MetadataError"
    record.category.reason = "ArgumentTransformationMetadataException"
    record.fqid = "RuntimeException"
    return error


def not_writable(name: str) -> PowerShellError:
    """The error of an assignment to a read-only or constant variable."""
    return runtime_error(
        f"Cannot overwrite variable {name} because it is read-only or constant.",
        "VariableNotWritable",
        "WriteError",
        name,
        exception_type=AUTOMATION + "SessionStateUnauthorizedAccessException",
    )
