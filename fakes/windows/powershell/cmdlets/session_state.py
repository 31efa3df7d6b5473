"""Variables of the running session, as objects and by name."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.values import PropertyGetter, PSObject, define_enum

OPTIONS = define_enum(
    "System.Management.Automation.ScopedItemOptions",
    {"None": 0, "ReadOnly": 1, "Constant": 2, "Private": 4, "AllScope": 8, "Unspecified": 16},
    flags=True,
)


def has_variable(context: Any, name: str) -> bool:
    """Whether a variable is set."""
    return context.find_variable(name) is not None


def variable_names(context: Any) -> list[str]:
    """Names of all visible variables."""
    names: list[str] = context.variable_names()
    return names


def set_variable(context: Any, name: str, value: Any, scope: str | None = None) -> None:
    """Assigns a variable in the current scope, or in the one named."""
    context.set_variable(name, value, scope)


def remove_variable(context: Any, name: str, scope: str | None = None) -> bool:
    """Removes a variable; False when there is none."""
    return bool(context.remove_variable(name, scope))


def variable_object(context: Any, name: str) -> PSObject:
    """``System.Management.Automation.PSVariable``."""
    variable = context.find_variable(name)
    return PSObject(
        ["System.Management.Automation.PSVariable", "System.Object"],
        {
            "Name": name,
            "Description": "",
            "Value": PropertyGetter(
                lambda _: context.get_variable(name), lambda _, value: context.set_variable(name, value)
            ),
            "Visibility": "Public",
            "Module": None,
            "ModuleName": "",
            "Options": OPTIONS((variable.options if variable else "") or "None"),
            "Attributes": [],
        },
    )
