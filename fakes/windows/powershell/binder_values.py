"""Values of parameters: conversion to the declared type, and validation."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell import binding_errors as errors
from fakes.windows.powershell.command import Param
from fakes.windows.powershell.conversion import CastError, convert, resolve_name, to_string, unwrap
from fakes.windows.powershell.errors import PowerShellError
from fakes.windows.powershell.values import PSObject, type_names


class ValueBinder:
    """Converts and checks one value at a time.

    Attributes:
        script: whether the command is a function (its conversion errors read differently).
    """

    script = False

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
            raise self._failed(
                param,
                value,
                f'Cannot convert the "{to_string(value)}" value of type "{type_names(value)[0]}" to type "{resolve_name(param.type)}".',
            )
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
                param.name,
                "The argument is null. Provide a valid value for the argument, and then try running the command again.",
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
    for name in [
        "Int32",
        "Int64",
        "Double",
        "Boolean",
        "DateTime",
        "TimeSpan",
        "Char",
        "Decimal",
        "UInt32",
        "Byte",
        "Guid",
        "Version",
    ]
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
    return (
        value is None
        or value in ("", [])
        or (isinstance(value, list) and any(item in (None, "") for item in value))
    )


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
