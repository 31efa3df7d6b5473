"""The state of one binding, and the parameter sets that are still possible."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from fakes.windows.powershell import binding_errors as errors
from fakes.windows.powershell.binder_values import ValueBinder
from fakes.windows.powershell.command import ALL_SETS, Param
from fakes.windows.powershell.common_parameters import COMMON, SHOULD_PROCESS
from fakes.windows.powershell.conversion import resolve_name
from fakes.windows.powershell.script_block import ScriptBlock

_ANY_TYPE = frozenset(
    {"System.Management.Automation.ScriptBlock", "System.Object", "System.Management.Automation.PSObject"}
)


class SetBinder(ValueBinder):
    """Which values are bound, and to which sets that leads.

    Args:
        parameters: the declared ones by name.
        default_set: the default parameter set.
        should_process: whether -WhatIf and -Confirm exist.
        common: whether the common parameters exist (cmdlets, advanced functions).
        script: whether the command is a function (its conversion errors read differently).

    Attributes:
        bound: values by declared name.
        common_values: values of the common parameters by name.
        sets: names of the parameter sets that are still possible.
        delayed: pipeline parameters given as script blocks, evaluated per object.
    """

    def __init__(
        self,
        parameters: Mapping[str, Param],
        default_set: str | None,
        *,
        should_process: bool = False,
        common: bool = True,
        script: bool = False,
    ) -> None:
        self.parameters = parameters
        self.default_set = default_set
        self.script = script
        self.extra: dict[str, Param] = {}
        if common:
            self.extra.update(COMMON)
        if should_process:
            self.extra.update(SHOULD_PROCESS)
        for name in parameters:
            self.extra.pop(name, None)
        self.bound: dict[str, Any] = {}
        self.common_values: dict[str, Any] = {}
        self.delayed: dict[str, ScriptBlock] = {}
        self.sets: set[str] = {name for param in parameters.values() for name in param.set_names()} - {
            ALL_SETS
        }
        if default_set:
            self.sets.add(default_set)
        self._from_pipeline: list[str] = []

    def assign(self, param: Param, value: Any) -> None:
        """Bind a value to a parameter and narrow the parameter sets.

        Raises:
            PowerShellError: it does not convert or validate, or the sets exclude each other.
        """
        self.narrow(param)
        if (
            isinstance(value, ScriptBlock)
            and self._takes_pipeline(param)
            and resolve_name(param.type).removesuffix("[]") not in _ANY_TYPE
        ):
            self.delayed[param.name] = value
            return
        self.bound[param.name] = self.checked(param, self.converted(param, value))

    def _takes_pipeline(self, param: Param) -> bool:
        return any(
            param.attribute("value_from_pipeline", one)
            or param.attribute("from_pipeline_by_property_name", one)
            for one in (*param.set_names(),)
        )

    def narrow(self, param: Param) -> None:
        """Keep only the sets a parameter belongs to.

        Raises:
            PowerShellError: no set is left.
        """
        names = set(param.set_names())
        if ALL_SETS in names:
            return
        left = self.sets & names
        if not left:
            raise errors.ambiguous_set()
        self.sets = left

    def _possible(self, param: Param) -> bool:
        names = set(param.set_names())
        return ALL_SETS in names or bool(names & self.sets)

    @cached_property
    def _mandatory(self) -> list[Param]:
        """Parameters that are mandatory in some set."""
        return [
            param
            for param in self.parameters.values()
            if param.mandatory or any(param.attribute("mandatory", one) for one in param.set_names())
        ]

    def choose_set(self, *, expecting_input: bool) -> str | None:
        """The parameter set in force.

        Raises:
            PowerShellError: mandatory parameters are missing, or the sets stay ambiguous.
        """
        if not self.sets:
            missing = self._missing(None, expecting_input=expecting_input)
            if missing:
                raise errors.missing_mandatory(missing)
            return None
        if self.default_set in self.sets and not self._missing(
            self.default_set, expecting_input=expecting_input
        ):
            return self.default_set
        ready = [
            name for name in sorted(self.sets) if not self._missing(name, expecting_input=expecting_input)
        ]
        if len(ready) > 1:
            given = {name: self._mandatory_given(name) for name in ready}
            best = max(given.values())
            ready = [name for name in ready if given[name] == best]
            if len(ready) > 1 and self.default_set is None and best == 0 and not expecting_input:
                return ready[0]
        if ready:
            return ready[0]
        chosen = self.default_set if self.default_set in self.sets else min(self.sets)
        raise errors.missing_mandatory(self._missing(chosen, expecting_input=expecting_input))

    def _mandatory_given(self, name: str) -> int:
        return sum(
            1
            for param in self._mandatory
            if name in param.set_names() and param.attribute("mandatory", name) and param.name in self.bound
        )

    def _missing(self, chosen: str | None, *, expecting_input: bool) -> list[str]:
        found = []
        for param in self._mandatory:
            if param.name in self.bound or param.name in self.delayed:
                continue
            if chosen is not None and not param.in_set(chosen):
                continue
            if not param.attribute("mandatory", chosen):
                continue
            if expecting_input and (
                param.attribute("value_from_pipeline", chosen)
                or param.attribute("from_pipeline_by_property_name", chosen)
            ):
                continue
            found.append(param.name)
        return found
