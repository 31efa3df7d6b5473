"""The parameter binder: named, positional and pipeline arguments to declared parameters.

The order is that of ``CmdletParameterBinderController``: named, positional (without, then with
conversion, the default set first), remaining, mandatory, and for each pipeline object by value
and by property name, first without conversion.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fakes.windows.powershell import binding_errors as errors
from fakes.windows.powershell.arguments import MISSING, Argument
from fakes.windows.powershell.binder_pipeline import PipelineBinder
from fakes.windows.powershell.binder_values import fits
from fakes.windows.powershell.command import ALL_SETS, Param
from fakes.windows.powershell.conversion import resolve_name
from fakes.windows.powershell.errors import PowerShellError


class Binder(PipelineBinder):
    """Binds one invocation: see :class:`SetBinder` for its arguments and attributes."""

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
            if param.name.lower().startswith(lower)
            or any(alias.lower().startswith(lower) for alias in param.aliases)
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
            with errors.placed(argument.name_place):
                param = self.resolve(argument.name)
                if param is None:
                    taken = self.unknown(argument, queue[at : at + 1], rest)
                    at += taken
                    continue
            value, place = argument.value, argument.value_place
            if value is MISSING:
                if param.is_switch:
                    value = True
                elif at < len(queue) and queue[at].name is None:
                    value, place = queue[at].value, queue[at].value_place
                    at += 1
                else:
                    with errors.placed(argument.name_place):
                        raise errors.missing_argument(param.name, resolve_name(param.type))
            with errors.placed(argument.name_place):
                self._check_unbound(param)
            with errors.placed(place):
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

    def _check_unbound(self, param: Param) -> None:
        if param.name in (self.common_values if param.name in self.extra else {**self.bound, **self.delayed}):
            raise errors.bound_twice(param.name)

    def _bind_name(self, param: Param, value: Any) -> None:
        if param.name in self.extra:
            self.common_values[param.name] = self.converted(param, value)
        else:
            self.assign(param, value)

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
                argument = queue.pop(0)
                with errors.placed(argument.value_place):
                    self._bind_position(candidates, argument.value)
        remaining = next(
            (
                p
                for p in self.parameters.values()
                if p.remaining and p.name not in self.bound and self._possible(p)
            ),
            None,
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
            if (
                param.name in self.bound
                or param.name in self.delayed
                or param.remaining
                or not self._possible(param)
            ):
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
