"""The Environment and Variable providers: ``Env:`` and ``Variable:``."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.paths import Place
from fakes.windows.powershell.cmdlets.session_state import (
    has_variable,
    remove_variable,
    set_variable,
    variable_names,
    variable_object,
)
from fakes.windows.powershell.formatting.display import dictionary_entry
from fakes.windows.powershell.values import PSObject


class Environment:
    """``Env:`` is the process's environment."""

    @staticmethod
    def _name(context: Any, place: Place) -> str | None:
        wanted = place.path.lower()
        return next((name for name in context.session.env if name.lower() == wanted), None)

    @classmethod
    def exists(cls, context: Any, place: Place) -> bool:
        """Whether the variable is set; the root exists."""
        return not place.path or cls._name(context, place) is not None

    @staticmethod
    def is_container(_context: Any, place: Place) -> bool:
        """Only the root holds items."""
        return not place.path

    @staticmethod
    def children(context: Any, place: Place) -> list[Place]:
        """The variables, by name."""
        return [place.child(name) for name in sorted(context.session.env, key=str.lower)]

    @classmethod
    def item(cls, context: Any, place: Place, _full_text: bool) -> PSObject:
        """The variable as a dictionary entry."""
        name = cls._name(context, place) or place.path
        return dictionary_entry(name, context.session.env.get(name))

    @classmethod
    def set(cls, context: Any, place: Place, value: Any) -> None:
        """Sets the variable; $null or "" removes it."""
        name = cls._name(context, place) or place.path
        if value in {None, ""}:
            context.session.env.pop(name, None)
        else:
            context.session.env[name] = str(value)

    @classmethod
    def remove(cls, context: Any, place: Place) -> None:
        """Removes the variable."""
        cls.set(context, place, None)


class Variables:
    """``Variable:`` is the session's variables."""

    @staticmethod
    def exists(context: Any, place: Place) -> bool:
        """Whether the variable is set; the root exists."""
        return not place.path or has_variable(context, place.path)

    @staticmethod
    def is_container(_context: Any, place: Place) -> bool:
        """Only the root holds items."""
        return not place.path

    @staticmethod
    def children(context: Any, place: Place) -> list[Place]:
        """The variables, by name."""
        return [place.child(name) for name in sorted(variable_names(context), key=str.lower)]

    @staticmethod
    def item(context: Any, place: Place, _full_text: bool) -> PSObject:
        """The PSVariable."""
        return variable_object(context, place.path)

    @staticmethod
    def set(context: Any, place: Place, value: Any) -> None:
        """Assigns the variable."""
        set_variable(context, place.path, value)

    @staticmethod
    def remove(context: Any, place: Place) -> None:
        """Removes the variable."""
        remove_variable(context, place.path)
