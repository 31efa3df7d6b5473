"""Binding of pipeline objects to parameters, by value and by property name."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from fakes.windows.powershell import binding_errors as errors
from fakes.windows.powershell.binder_sets import SetBinder
from fakes.windows.powershell.binder_values import fits
from fakes.windows.powershell.command import ALL_SETS, Param
from fakes.windows.powershell.containers import PSHashtable
from fakes.windows.powershell.errors import PowerShellError


class PipelineBinder(SetBinder):
    """Adds pipeline objects.

    Attributes:
        set_in_force: the parameter set the last object chose.
    """

    set_in_force: str | None = None

    def bind_input(self, value: Any, interp: Any) -> None:
        """Bind one pipeline object.

        Raises:
            PowerShellError: nothing takes it, or mandatory parameters stay missing; the pipeline
                reports it and goes on with the next object.
        """
        for name in self._from_pipeline:
            self.bound.pop(name, None)
        self._from_pipeline = []
        before = set(self.sets)
        for name, block in self.delayed.items():
            found = interp.run_block(block, underscore=value)
            result = found[0] if len(found) == 1 else found
            self._take(self.parameters[name], result)
        done = bool(self.delayed)
        for coerce in (False, True):
            done = self._by_value(value, coerce=coerce) or done
            done = self._by_property(value, coerce=coerce) or done
        if not done:
            self.sets = before
            raise errors.input_not_bound(value)
        chosen = self.default_set if self.default_set in self.sets else min(self.sets, default=None)
        missing = self._missing(chosen, expecting_input=False)
        self.set_in_force = chosen
        self.sets = before
        if missing:
            raise errors.input_missing_mandatory(value, missing)

    def _take(self, param: Param, value: Any) -> None:
        self.bound[param.name] = self.checked(param, self.converted(param, value))
        self._from_pipeline.append(param.name)

    @cached_property
    def _pipeline_parameters(self) -> dict[str, list[Param]]:
        """Parameters that take pipeline input, by attribute, those of the default set first."""
        return {
            attribute: sorted(
                (
                    param
                    for param in self.parameters.values()
                    if any(param.attribute(attribute, one) for one in param.set_names())
                ),
                key=lambda param: not (self.default_set is None or param.in_set(self.default_set)),
            )
            for attribute in ("value_from_pipeline", "from_pipeline_by_property_name")
        }

    def _open(self, attribute: str) -> list[Param]:
        """Those of them that are unbound and in a set that is still possible."""
        return [
            param
            for param in self._pipeline_parameters[attribute]
            if param.name not in self.bound
            and param.name not in self.delayed
            and any(
                param.attribute(attribute, one)
                for one in param.set_names()
                if one == ALL_SETS or one in self.sets
            )
        ]

    def _taken(self, param: Param, value: Any) -> bool:
        """Bind a value if it fits; one that fits but breaks a validation is an error."""
        try:
            self._take(param, value)
        except PowerShellError as error:
            if error.record.fqid.startswith("ParameterArgumentValidation"):
                raise
            return False
        self.narrow(param)
        return True

    def _by_value(self, value: Any, *, coerce: bool) -> bool:
        done = False
        for param in self._open("value_from_pipeline"):
            if not self._possible(param) or (not coerce and not fits(value, param.type)):
                continue
            done = self._taken(param, value) or done
        return done

    def _by_property(self, value: Any, *, coerce: bool) -> bool:
        from fakes.windows.powershell.members import find_property, has_property

        done = False
        for param in self._open("from_pipeline_by_property_name"):
            name = next((one for one in (param.name, *param.aliases) if has_property(value, one)), None)
            if name is None or isinstance(value, PSHashtable) or not self._possible(param):
                continue
            found = find_property(value, name)
            if not coerce and not fits(found, param.type):
                continue
            done = self._taken(param, found) or done
        return done
