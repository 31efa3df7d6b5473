"""Attributes of parameters and variables: [Parameter()], [ValidateSet()] and their kin.

Texts: ``Metadata.resx`` of PowerShell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell import ast
from fakes.windows.powershell.command import ALL_SETS, Param
from fakes.windows.powershell.comparison import compare
from fakes.windows.powershell.conversion import to_bool, to_string
from fakes.windows.powershell.errors import AUTOMATION, PowerShellError, runtime_error
from fakes.windows.powershell.interpreter import Interpreter

Check = Callable[[Any], None]


def attribute_name(attribute: ast.Attribute) -> str:
    """``validateset`` for ``[System.Management.Automation.ValidateSetAttribute(...)]``."""
    return attribute.name.rpartition(".")[2].lower().removesuffix("attribute")


def flag(interp: Interpreter, attribute: ast.Attribute, name: str) -> bool:
    """A named argument as a boolean; given without a value it is true."""
    if name not in attribute.named:
        return False
    value = attribute.named[name]
    return True if value is None else to_bool(interp.eval(value))


def parameter_of(interp: Interpreter, declared: ast.Parameter, position: int | None) -> Param:
    """The declaration of one parameter of a ``param`` block.

    Args:
        interp: evaluates attribute arguments.
        declared: the node.
        position: its position when the function uses positional binding.

    Raises:
        NotSimulated: an attribute that has an effect here and is not implemented.
    """
    param = Param(str(declared.type) if declared.type else "object", name=declared.name)
    sets: dict[str, dict[str, Any]] = {}
    for attribute in declared.attributes:
        kind = attribute_name(attribute)
        if kind == "parameter":
            name, overrides = _parameter_attribute(interp, attribute)
            sets[name] = overrides
        elif kind == "alias":
            param.aliases = tuple(to_string(interp.eval(one)) for one in attribute.positional)
        else:
            _validation_attribute(interp, param, attribute, kind)
    for overrides in sets.values():
        overrides.setdefault("position", None)
    if sets:
        explicit = any(one["position"] is not None for one in sets.values())
        if not explicit and position is not None and list(sets) == [ALL_SETS]:
            sets[ALL_SETS]["position"] = position
        param._sets = sets  # noqa: SLF001
        first = next(iter(sets.values()))
        param.position = first["position"]
        param.remaining = bool(first.get("remaining"))
    else:
        param.position = position
    if param.is_switch:
        param.position = None
        for overrides in sets.values():
            if overrides["position"] == position:
                overrides["position"] = None
    return param


_FLAGS = {
    "mandatory": "mandatory",
    "valuefrompipeline": "value_from_pipeline",
    "valuefrompipelinebypropertyname": "from_pipeline_by_property_name",
    "valuefromremainingarguments": "remaining",
}


def _parameter_attribute(interp: Interpreter, attribute: ast.Attribute) -> tuple[str, dict[str, Any]]:
    name = ALL_SETS
    overrides: dict[str, Any] = {}
    for key, value in attribute.named.items():
        if key in _FLAGS:
            overrides[_FLAGS[key]] = flag(interp, attribute, key)
        elif key == "position" and value is not None:
            overrides["position"] = int(interp.eval(value))
        elif key == "parametersetname" and value is not None:
            name = to_string(interp.eval(value))
        elif key not in {"helpmessage", "dontshow", "helpmessagebasename", "helpmessageresourceid"}:
            raise runtime_error(
                f"Property '{key}' cannot be found for attribute 'CmdletBinding'.",
                "PropertyNotFoundForAttribute",
                "ParserError",
            )
    return name, overrides


def _validation_attribute(interp: Interpreter, param: Param, attribute: ast.Attribute, kind: str) -> None:
    values = [interp.eval(one) for one in attribute.positional]
    if kind == "validateset":
        flat = values[0] if len(values) == 1 and isinstance(values[0], list) else values
        param.validate_set = [to_string(value) for value in flat]
    elif kind == "validatenotnullorempty":
        param.not_null_or_empty = True
    elif kind == "validatenotnull":
        param.not_null = True
    elif kind == "allownull":
        param.allow_null = True
    elif kind in {"allowemptystring", "allowemptycollection"}:
        param.allow_empty = True
    elif kind in {
        "supportswildcards",
        "psdefaultvalue",
        "obsolete",
        "dontshow",
        "outputtype",
        "argumentcompleter",
    }:
        return
    else:
        param.validate = (*param.validate, check_of(interp, kind, attribute, values))


def check_of(interp: Interpreter, kind: str, attribute: ast.Attribute, values: list[Any]) -> Check:
    """The check of a validation attribute; it raises ValueError with PowerShell's text.

    Raises:
        NotSimulated: not a validation that is implemented.
    """
    del attribute
    if kind == "validaterange":
        return lambda value: _each(value, lambda item: _range(item, values[0], values[1]))
    if kind == "validatepattern":
        pattern = to_string(values[0])
        return lambda value: _each(value, lambda item: _pattern(to_string(item), pattern))
    if kind == "validatelength":
        return lambda value: _each(
            value, lambda item: _length(to_string(item), int(values[0]), int(values[1]))
        )
    if kind == "validatecount":
        return lambda value: _count(value, int(values[0]), int(values[1]))
    if kind == "validatescript":
        return lambda value: _each(value, lambda item: _script(interp, item, values[0]))
    raise NotSimulated(f"attribute [{kind}]")


def _each(value: Any, check: Check) -> None:
    for item in value if isinstance(value, list) else [value]:
        check(item)


def _range(value: Any, low: Any, high: Any) -> None:
    if compare(value, high) > 0:
        raise ValueError(
            f"The {to_string(value)} argument is greater than the maximum allowed range of {to_string(high)}. Supply an "
            f"argument that is less than or equal to {to_string(high)} and then try the command again."
        )
    if compare(value, low) < 0:
        raise ValueError(
            f"The {to_string(value)} argument is less than the minimum allowed range of {to_string(low)}. Supply an "
            f"argument that is greater than or equal to {to_string(low)} and then try the command again."
        )


def _pattern(text: str, pattern: str) -> None:
    from fakes.windows.powershell.regex import compile_regex

    if not compile_regex(pattern, re.IGNORECASE).search(text):
        raise ValueError(
            f'The argument "{text}" does not match the "{pattern}" pattern. Supply an argument that matches "{pattern}" '
            "and try the command again."
        )


def _length(text: str, low: int, high: int) -> None:
    if len(text) < low:
        raise ValueError(
            f"The character length ({len(text)}) of the argument is too short. Specify an argument with a length that is "
            f'greater than or equal to "{low}", and then try the command again.'
        )
    if len(text) > high:
        raise ValueError(
            f"The character length of the {len(text)} argument is too long. Shorten the character length of the argument "
            f'so it is fewer than or equal to "{high}" characters, and then try the command again.'
        )


def _count(value: Any, low: int, high: int) -> None:
    size = len(value) if isinstance(value, list) else 1
    if not low <= size <= high:
        raise ValueError(
            f"The parameter requires at least {low} value(s) and no more than {high} value(s) - {size} value(s) were provided."
        )


def _script(interp: Interpreter, value: Any, block: Any) -> None:
    try:
        found = _run(interp, block, value)
    except PowerShellError as error:
        raise ValueError(error.record.message) from None
    if not to_bool(found[0] if len(found) == 1 else found):
        raise ValueError(
            f'The "{to_string(block)}" validation script for the argument with value "{to_string(value)}" did not return a '
            "result of True. Determine why the validation script failed, and then try the command again."
        )


def _run(interp: Interpreter, block: Any, value: Any) -> list[Any]:
    interp.try_depth += 1
    try:
        return interp.run_block(block, underscore=value)
    finally:
        interp.try_depth -= 1


def variable_validator(interp: Interpreter, attribute: ast.Attribute, name: str) -> Check | None:
    """The check of an attribute on an assigned variable: ``[ValidateRange(1, 5)]$x = 3``."""
    param = Param(name=name)
    _validation_attribute(interp, param, attribute, attribute_name(attribute))

    def check(value: Any) -> None:
        from fakes.windows.powershell.binder import Binder

        try:
            Binder({}, None).checked(param, value)
        except PowerShellError:
            raise runtime_error(
                f"The variable cannot be validated because the value {to_string(value)} is not a valid value for the {name} variable.",
                "ValidateSetFailure",
                "MetadataError",
                exception_type=AUTOMATION + "ValidationMetadataException",
            ) from None

    return check
