"""Assignment: ``=`` and its compound forms, ``++``, multiple targets, typed variables."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell import arithmetic, ast
from fakes.windows.powershell.containers import GrowingList
from fakes.windows.powershell.conversion import CastError, convert, to_string
from fakes.windows.powershell.dotnet.registry import NetError
from fakes.windows.powershell.errors import runtime_error
from fakes.windows.powershell.eval_expressions import member_name, pure_expression, static_type
from fakes.windows.powershell.indexing import get_index, set_index
from fakes.windows.powershell.interpreter import Interpreter, Write, executes
from fakes.windows.powershell.members import get_member, set_member
from fakes.windows.powershell.operators import binary
from fakes.windows.powershell.scopes import as_transformation
from fakes.windows.powershell.variables import read_variable, write_variable


@executes(ast.Assignment)
def assignment(interp: Interpreter, node: ast.Assignment, out: Write) -> None:
    """An assignment as a statement writes nothing."""
    del out
    assign(interp, node)
    interp.succeeded = True


def assign(interp: Interpreter, node: ast.Assignment) -> Any:
    """Assign and return the assigned value."""
    interp.node = node
    expression = pure_expression(node.value)
    empty = False
    if expression is not None:
        value = interp.eval(expression)
    elif isinstance(node.value, ast.Assignment):
        value = assign(interp, node.value)
    else:
        found = interp.collect(node.value)
        empty = not found
        value = found[0] if len(found) == 1 else (found or None)
        interp.node = node
    if node.operator != "=":
        value = binary(node.operator[0], _current(interp, node.target), value, interp)
        if isinstance(value, GrowingList):
            value = list(value)
    put(interp, node.target, value, empty=empty)
    return value


def _current(interp: Interpreter, target: ast.Expression) -> Any:
    while isinstance(target, (ast.Convert, ast.Attributed)):
        target = target.operand
    return interp.eval(target)


def put(interp: Interpreter, target: ast.Expression, value: Any, *, empty: bool = False) -> None:
    """Assign a value to a target expression."""
    if isinstance(target, ast.Variable):
        variable = write_variable(interp, target, value)
        if variable is not None:
            variable.empty = empty
    elif isinstance(target, ast.Member):
        _put_member(interp, target, value)
    elif isinstance(target, ast.Index):
        set_index(interp.eval(target.target), interp.eval(target.index), value)
    elif isinstance(target, ast.ArrayLiteral):
        _put_several(interp, target.elements, value)
    elif isinstance(target, ast.Convert):
        _put_typed(interp, target, value)
    elif isinstance(target, ast.Attributed):
        _put_validated(interp, target, value)
    elif isinstance(target, ast.Paren):
        inner = pure_expression(target.pipeline)
        assert inner is not None
        put(interp, inner, value)


def _put_member(interp: Interpreter, target: ast.Member, value: Any) -> None:
    name = to_string(member_name(interp, target.name))
    if target.static:
        from fakes.windows.powershell.dotnet.types import class_of_name

        kind = static_type(interp, target.target)
        declared = class_of_name(kind.name)
        found = declared.static_properties.get(name.lower()) if declared else None
        if found is None or found[2] is None:
            raise interp.refuse(f"assignment to [{kind.name}]::{name}")
        try:
            found[2](value)
        except NetError as error:
            raise runtime_error(
                f'Exception setting "{name}": "{error}"', "ExceptionWhenSetting", "NotSpecified"
            ) from None
        return
    owner = interp.eval(target.target)
    set_member(owner, name, value, interp)


def _put_several(interp: Interpreter, targets: list[ast.Expression], value: Any) -> None:
    """``$a, $b = values``: the last target takes what is left."""
    values = list(value) if isinstance(value, list) else [value]
    for position, target in enumerate(targets):
        if position == len(targets) - 1 and len(values) > len(targets):
            put(interp, target, values[position:])
        else:
            put(interp, target, values[position] if position < len(values) else None)


def _put_typed(interp: Interpreter, target: ast.Convert, value: Any) -> None:
    """``[int]$x = value`` constrains the variable from now on."""
    type_name = str(target.type)
    try:
        converted = convert(value, type_name)
    except CastError as error:
        raise as_transformation(error) from None
    inner = target.operand
    if isinstance(inner, ast.Variable) and not inner.scope:
        interp.scope.variables.pop(inner.name.lower(), None)
    put(interp, inner, converted)
    if isinstance(inner, ast.Variable):
        variable = interp.scope.find(inner.name.lower())
        if variable is not None and type_name.lower() not in {"object", "psobject", "ref", "pscustomobject"}:
            variable.type_name = type_name


def _put_validated(interp: Interpreter, target: ast.Attributed, value: Any) -> None:
    from fakes.windows.powershell.validation import variable_validator

    put(interp, target.operand, value)
    inner: ast.Expression = target.operand
    while isinstance(inner, (ast.Convert, ast.Attributed)):
        inner = inner.operand
    if isinstance(inner, ast.Variable):
        variable = interp.scope.find(inner.name.lower())
        check = variable_validator(interp, target.attribute, inner.name)
        if variable is not None and check is not None:
            check(variable.value)
            variable.validators.append(check)


def step(interp: Interpreter, node: ast.Unary) -> Any:
    """``++`` and ``--``: the new value before, the old value after."""
    target = node.operand
    if isinstance(target, ast.Paren):
        inner = pure_expression(target.pipeline)
        target = inner if inner is not None else target
    if not isinstance(target, (ast.Variable, ast.Member, ast.Index, ast.Convert)):
        raise runtime_error(
            f"The '{node.operator}' operator works only on variables or on properties.",
            "OperatorRequiresVariableOrProperty",
            "ParserError",
        )
    old = _step_value(interp, target)
    if old is not None and isinstance(old, (str, list)):
        raise runtime_error(
            f"The '{node.operator}' operator works only on numbers. The operand is a '{_kind(old)}'.",
            "OperatorRequiresNumber",
        )
    old = 0 if old is None else old
    new = arithmetic.add(old, 1) if node.operator == "++" else arithmetic.subtract(old, 1)
    put(interp, target, new)
    return old if node.postfix else new


def _kind(value: Any) -> str:
    from fakes.windows.powershell.values import type_names

    return type_names(value)[0]


def _step_value(interp: Interpreter, target: ast.Expression) -> Any:
    if isinstance(target, ast.Variable):
        return read_variable(interp, target)
    if isinstance(target, ast.Member) and not target.static:
        return get_member(interp.eval(target.target), to_string(member_name(interp, target.name)), interp)
    if isinstance(target, ast.Index):
        return get_index(interp.eval(target.target), interp.eval(target.index), interp)
    return interp.eval(target)
