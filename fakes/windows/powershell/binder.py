"""The parameter binder: named, positional and pipeline arguments to declared parameters.

The order is that of ``CmdletParameterBinderController``: named, positional (without, then with
conversion, the default set first), remaining, mandatory, and for each pipeline object by value
and by property name, first without conversion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fakes.windows.powershell import binding_errors as errors
from fakes.windows.powershell.arguments import MISSING, Argument
from fakes.windows.powershell.command import ALL_SETS, Param
from fakes.windows.powershell.common_parameters import COMMON, SHOULD_PROCESS
from fakes.windows.powershell.containers import PSHashtable
from fakes.windows.powershell.conversion import CastError, convert, resolve_name, to_string, unwrap
from fakes.windows.powershell.errors import PowerShellError
from fakes.windows.powershell.script_block import ScriptBlock
from fakes.windows.powershell.values import PSObject, type_names


class Binder:
    """Binds one invocation.

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
        self.sets: set[str] = {name for param in parameters.values() for name in param.set_names()} - {ALL_SETS}
        if default_set:
            self.sets.add(default_set)
        self._from_pipeline: list[str] = []

    # --- names -------------------------------------------------------------------------

    def resolve(self, name: str) -> Param | None:
        """The parameter a name, alias or unique prefix means; None when there is none.

        Raises:
            PowerShellError: the prefix is ambiguous.
        """
        lower = name.lower()
        everything = [*self.parameters.values(), *self.extra.values()]
        for param in everything:
            if param.name.lower() == lower or lower in (alias.lower() for alias in param.aliases):
                return param
        found = [
            param
            for param in everything
            if param.name.lower().startswith(lower) or any(alias.lower().startswith(lower) for alias in param.aliases)
        ]
        own = [param for param in found if param.name not in self.extra]
        if len(found) > 1 and len(own) != 1:
            raise errors.ambiguous(name, [param.name for param in found])
        if len(found) > 1:
            found = own
        return found[0] if found else None

    # --- named -------------------------------------------------------------------------

    def bind_named(self, arguments: Iterable[Argument]) -> list[Argument]:
        """Bind what was named; return the bare values that are left.

        Raises:
            PowerShellError: an unknown or ambiguous name, a missing or unsuitable value.
        """
        rest: list[Argument] = []
        queue = list(arguments)
        at = 0
        while at < len(queue):
            argument = queue[at]
            at += 1
            if argument.name is None:
                if argument.value == "--" and not argument.quoted and argument.text == "--":
                    rest += queue[at:]
                    break
                rest.append(argument)
                continue
            param = self.resolve(argument.name)
            if param is None:
                taken = self.unknown(argument, queue[at : at + 1], rest)
                at += taken
                continue
            value = argument.value
            if value is MISSING:
                if param.is_switch:
                    value = True
                elif at < len(queue) and queue[at].name is None:
                    value = queue[at].value
                    at += 1
                else:
                    raise errors.missing_argument(param.name, resolve_name(param.type))
            self._bind_name(param, value)
        return rest

    def unknown(self, argument: Argument, following: list[Argument], rest: list[Argument]) -> int:
        """What to do with a name that no parameter has; functions without CmdletBinding keep it.

        Returns:
            How many of the following arguments were taken with it.

        Raises:
            PowerShellError: always, here.
        """
        del following, rest
        raise errors.not_found(argument.name or "")

    def _bind_name(self, param: Param, value: Any) -> None:
        if param.name in self.extra:
            if param.name in self.common_values:
                raise errors.bound_twice(param.name)
            self.common_values[param.name] = self.converted(param, value)
            return
        if param.name in self.bound or param.name in self.delayed:
            raise errors.bound_twice(param.name)
        self.assign(param, value)

    def assign(self, param: Param, value: Any) -> None:
        """Bind a value to a parameter and narrow the parameter sets.

        Raises:
            PowerShellError: it does not convert or validate, or the sets exclude each other.
        """
        self.narrow(param)
        if (
            isinstance(value, ScriptBlock)
            and self._takes_pipeline(param)
            and resolve_name(param.type).removesuffix("[]")
            not in {"System.Management.Automation.ScriptBlock", "System.Object", "System.Management.Automation.PSObject"}
        ):
            self.delayed[param.name] = value
            return
        self.bound[param.name] = self.checked(param, self.converted(param, value))

    def _takes_pipeline(self, param: Param) -> bool:
        return any(
            param.attribute("value_from_pipeline", one) or param.attribute("from_pipeline_by_property_name", one)
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

    # --- positional --------------------------------------------------------------------

    def bind_positional(self, rest: list[Argument]) -> None:
        """Bind bare values by position, then to the parameter that takes the remaining ones.

        Raises:
            PowerShellError: a value too many, or one that does not convert.
        """
        queue = list(rest)
        for position in sorted(self._positions()):
            if not queue:
                break
            candidates = self._candidates(position)
            if candidates:
                self._bind_position(candidates, queue.pop(0).value)
        remaining = next(
            (p for p in self.parameters.values() if p.remaining and p.name not in self.bound and self._possible(p)), None
        )
        if remaining is not None and queue:
            self.narrow(remaining)
            values = [argument.value for argument in queue]
            only = values[0] if len(values) == 1 else None
            self.bound[remaining.name] = self.checked(
                remaining, self.converted(remaining, list(only) if isinstance(only, list) else values)
            )
        elif queue:
            self.left_over(queue)

    def left_over(self, queue: list[Argument]) -> None:
        """Bare values that no parameter takes.

        Raises:
            PowerShellError: always, here.
        """
        raise errors.positional_not_found(queue[0].value)

    def _possible(self, param: Param) -> bool:
        names = set(param.set_names())
        return ALL_SETS in names or bool(names & self.sets)

    def _positions(self) -> set[int]:
        return {
            position
            for param in self.parameters.values()
            for one in param.set_names()
            if (position := param.attribute("position", one)) is not None
        }

    def _candidates(self, position: int) -> list[tuple[bool, Param]]:
        """Unbound parameters at a position: (whether in the default set, parameter)."""
        found = []
        for param in self.parameters.values():
            if param.name in self.bound or param.name in self.delayed or param.remaining or not self._possible(param):
                continue
            sets = [one for one in param.set_names() if one == ALL_SETS or one in self.sets]
            if any(param.attribute("position", one) == position for one in sets):
                default = self.default_set is None or self.default_set in sets or ALL_SETS in sets
                found.append((default, param))
        return sorted(found, key=lambda one: not one[0])

    def _bind_position(self, candidates: list[tuple[bool, Param]], value: Any) -> None:
        for _, param in candidates:
            if fits(value, param.type):
                before = set(self.sets)
                try:
                    self.assign(param, value)
                    return
                except PowerShellError:  # refused by its validation: another set's parameter may take it
                    self.sets = before
        failure: PowerShellError | None = None
        for _, param in candidates:
            before = set(self.sets)
            try:
                self.assign(param, value)
                return
            except PowerShellError as error:
                self.sets = before
                failure = failure or error
        assert failure is not None
        raise failure

    # --- sets and mandatory ------------------------------------------------------------

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
        if self.default_set in self.sets and not self._missing(self.default_set, expecting_input=expecting_input):
            return self.default_set
        ready = [name for name in sorted(self.sets) if not self._missing(name, expecting_input=expecting_input)]
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
            for param in self.parameters.values()
            if name in param.set_names() and param.attribute("mandatory", name) and param.name in self.bound
        )

    def _missing(self, chosen: str | None, *, expecting_input: bool) -> list[str]:
        found = []
        for param in self.parameters.values():
            if param.name in self.bound or param.name in self.delayed:
                continue
            if chosen is not None and not param.in_set(chosen):
                continue
            if not param.attribute("mandatory", chosen):
                continue
            if expecting_input and (
                param.attribute("value_from_pipeline", chosen) or param.attribute("from_pipeline_by_property_name", chosen)
            ):
                continue
            found.append(param.name)
        return found

    # --- pipeline ----------------------------------------------------------------------

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
        self.sets_now = chosen
        self.sets = before
        if missing:
            raise errors.input_missing_mandatory(value, missing)

    sets_now: str | None = None

    def _take(self, param: Param, value: Any) -> None:
        self.bound[param.name] = self.checked(param, self.converted(param, value))
        self._from_pipeline.append(param.name)

    def _open(self, attribute: str) -> list[Param]:
        found = []
        for param in self.parameters.values():
            if param.name in self.bound or param.name in self.delayed or not self._possible(param):
                continue
            if any(param.attribute(attribute, one) for one in param.set_names() if one == ALL_SETS or one in self.sets):
                found.append(param)
        return sorted(found, key=lambda p: not (self.default_set is None or p.in_set(self.default_set)))

    def _by_value(self, value: Any, *, coerce: bool) -> bool:
        done = False
        for param in self._open("value_from_pipeline"):
            if not self._possible(param) or (not coerce and not fits(value, param.type)):
                continue
            try:
                self._take(param, value)
            except PowerShellError as error:
                if error.record.fqid.startswith("ParameterArgumentValidation"):
                    raise
                continue
            self.narrow(param)
            done = True
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
            try:
                self._take(param, found)
            except PowerShellError as error:
                if error.record.fqid.startswith("ParameterArgumentValidation"):
                    raise
                continue
            self.narrow(param)
            done = True
        return done

    # --- values ------------------------------------------------------------------------

    def converted(self, param: Param, value: Any) -> Any:
        """A value as the parameter's type.

        Raises:
            PowerShellError: it does not convert.
        """
        kind = param.type.lower()
        if kind in {"object", "psobject", "object[]", "psobject[]"} and not kind.endswith("]"):
            return value
        if param.is_switch:
            return _switch(param, value)
        if kind in {"bool", "boolean", "system.boolean"} and isinstance(unwrap(value), (str, type(None))):
            reason = (
                f'Cannot convert value "{type_names(value)[0] if value is not None else ""}" to type "System.Boolean". '
                "Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0."
            )
            raise self._failed(param, value, reason)
        if kind in {"string", "system.string"} and isinstance(value, list):
            if self.script:
                raise errors.cannot_transform(param.name, "Cannot convert value to type System.String.")
            raise errors.cannot_convert(param.name, value, "System.String", "")
        if isinstance(value, list) and not kind.endswith("[]") and resolve_name(param.type) in _SCALARS:
            raise self._failed(param, value, f'Cannot convert the "{to_string(value)}" value of type "{type_names(value)[0]}" to type "{resolve_name(param.type)}".')
        try:
            return convert(value, param.type)
        except CastError as error:
            raise self._failed(param, value, error.record.message) from None

    def _failed(self, param: Param, value: Any, reason: str) -> PowerShellError:
        if self.script:
            return errors.cannot_transform(param.name, reason)
        return errors.cannot_convert(param.name, value, resolve_name(param.type), reason)

    def checked(self, param: Param, value: Any) -> Any:
        """A converted value after the parameter's validations.

        Raises:
            PowerShellError: it is refused.
        """
        mandatory = any(param.attribute("mandatory", one) for one in param.set_names())
        if mandatory and not param.is_switch:
            _check_mandatory(param, value)
        if param.not_null and value is None:
            raise errors.validation(
                param.name, "The argument is null. Provide a valid value for the argument, and then try running the command again."
            )
        if param.not_null_or_empty and _empty(value):
            raise errors.validation(
                param.name,
                "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.",
            )
        items = value if isinstance(value, list) else [value]
        if param.validate_set is not None:
            for item in items:
                if to_string(item).lower() not in {allowed.lower() for allowed in param.validate_set}:
                    raise errors.validation(
                        param.name,
                        f'The argument "{to_string(item)}" does not belong to the set "{",".join(param.validate_set)}" specified '
                        "by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.",
                    )
        for check in param.validate:
            try:
                check(value)
            except ValueError as error:
                raise errors.validation(param.name, str(error)) from None
        return value


_SCALARS = frozenset(
    "System." + name
    for name in ["Int32", "Int64", "Double", "Boolean", "DateTime", "TimeSpan", "Char", "Decimal", "UInt32", "Byte", "Guid", "Version"]
)


def _switch(param: Param, value: Any) -> bool:
    value = unwrap(value)
    if isinstance(value, str):
        reason = (
            f'Cannot convert value "{type_names(value)[0]}" to type "System.Management.Automation.SwitchParameter". '
            "Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0."
        )
        raise errors.cannot_convert(param.name, value, "System.Management.Automation.SwitchParameter", reason)
    return bool(convert(value, "bool"))


def _empty(value: Any) -> bool:
    return value is None or value in ("", []) or (isinstance(value, list) and any(item in (None, "") for item in value))


def _check_mandatory(param: Param, value: Any) -> None:
    if value is None and not param.allow_null:
        raise errors.not_allowed(param.name, "null", "Null")
    if value == "" and isinstance(value, str) and not param.allow_empty:
        raise errors.not_allowed(param.name, "an empty string", "EmptyString")
    if isinstance(value, list) and not param.allow_empty:
        if not value:
            raise errors.not_allowed(param.name, "an empty array", "EmptyArray")
        if param.type.lower() in {"string[]", "system.string[]"} and any(item == "" for item in value):
            raise errors.not_allowed(param.name, "an empty string", "EmptyString")
        if not param.allow_null and any(item is None for item in value):
            raise errors.not_allowed(param.name, "null", "Null")


def fits(value: Any, type_name: str) -> bool:
    """Whether a value has a parameter's type already."""
    full = resolve_name(type_name)
    if full in {"System.Object", "System.Management.Automation.PSObject"}:
        return True
    if value is None:
        return False
    names = type_names(value)
    if isinstance(value, PSObject) and value.base is not None:
        names = [*names, *type_names(value.base)]
    if full.endswith("[]"):
        element = full[:-2]
        if isinstance(value, list):
            return full in names or element == "System.Object" or all(fits(item, element) for item in value)
        return element == "System.Object" or element in names
    return full in names
