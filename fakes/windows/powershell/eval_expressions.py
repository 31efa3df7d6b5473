"""What expressions mean: literals, variables, operators, members, casts."""

from __future__ import annotations

from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell import arithmetic, ast
from fakes.windows.powershell.containers import OrderedHashtable, PSHashtable
from fakes.windows.powershell.conversion import convert, to_bool, to_string
from fakes.windows.powershell.dotnet.invoke import static_call, static_member
from fakes.windows.powershell.dotnet.types import TypeValue, type_value
from fakes.windows.powershell.errors import runtime_error
from fakes.windows.powershell.indexing import get_index
from fakes.windows.powershell.interpreter import Interpreter, evaluates
from fakes.windows.powershell.members import get_member, invoke_method
from fakes.windows.powershell.operators import binary, unary_join, unary_split
from fakes.windows.powershell.script_block import ScriptBlock
from fakes.windows.powershell.values import custom_object
from fakes.windows.powershell.variables import read_variable


@evaluates(ast.Constant)
def constant(_: Interpreter, node: ast.Constant) -> Any:
    """A literal."""
    return node.value


@evaluates(ast.ExpandableString)
def expandable(interp: Interpreter, node: ast.ExpandableString) -> str:
    """Text with variables and subexpressions filled in."""
    return "".join(part if isinstance(part, str) else to_string(interp.eval(part)) for part in node.parts)


@evaluates(ast.Variable)
def variable(interp: Interpreter, node: ast.Variable) -> Any:
    """A variable's value."""
    return read_variable(interp, node)


@evaluates(ast.ArrayLiteral)
def array_literal(interp: Interpreter, node: ast.ArrayLiteral) -> list[Any]:
    """``a, b``."""
    return [interp.eval(element) for element in node.elements]


def single_expression(body: ast.StatementList) -> ast.Expression | None:
    """The expression a statement list consists of, if it is just one."""
    if len(body.statements) != 1 or body.traps:
        return None
    return pure_expression(body.statements[0])


def pure_expression(statement: ast.Statement | None) -> ast.Expression | None:
    """The expression a statement is, if it is a pipeline of just one."""
    if isinstance(statement, ast.Pipeline) and len(statement.elements) == 1:
        element = statement.elements[0]
        if isinstance(element, ast.CommandExpression) and not element.redirections:
            return element.expression
    return None


@evaluates(ast.ArrayExpression)
def array_expression(interp: Interpreter, node: ast.ArrayExpression) -> list[Any]:
    """``@( )``: always a list."""
    found: list[Any] = []
    interp.statements(node.body, found.append)
    return found


@evaluates(ast.SubExpression)
def sub_expression(interp: Interpreter, node: ast.SubExpression) -> Any:
    """``$( )``: one object, a list, or null."""
    found: list[Any] = []
    interp.statements(node.body, found.append)
    return found[0] if len(found) == 1 else (found or None)


@evaluates(ast.Paren)
def paren(interp: Interpreter, node: ast.Paren) -> Any:
    """``( )``: an expression's own value, or a command's output."""
    return statement_value(interp, node.pipeline)


def statement_value(interp: Interpreter, statement: ast.Statement) -> Any:
    """The value of a statement where a value is wanted."""
    expression = pure_expression(statement)
    if expression is not None:
        return interp.eval(expression)
    if isinstance(statement, ast.Assignment):
        from fakes.windows.powershell.eval_assignment import assign

        return assign(interp, statement)
    found = interp.collect(statement)
    return found[0] if len(found) == 1 else (found or None)


@evaluates(ast.Hashtable)
def hashtable(interp: Interpreter, node: ast.Hashtable) -> PSHashtable:
    """``@{ }``."""
    return _fill(interp, node, PSHashtable())


def _fill(interp: Interpreter, node: ast.Hashtable, table: PSHashtable) -> PSHashtable:
    for key_node, value_node in node.entries:
        key = interp.eval(key_node)
        if key is None:
            raise runtime_error("A null key is not allowed in a hash literal.", "InvalidNullKey")
        if key in table:
            raise runtime_error(
                f"Duplicate keys '{to_string(key)}' are not allowed in hash literals.",
                "DuplicateKeyInHashLiteral",
            )
        table[key] = statement_value(interp, value_node)
    return table


@evaluates(ast.ScriptBlockExpression)
def script_block(interp: Interpreter, node: ast.ScriptBlockExpression) -> ScriptBlock:
    """``{ }``."""
    block = ScriptBlock(node.block)
    block.script_scope = interp.scope.named("script")
    return block


@evaluates(ast.TypeLiteral)
def type_literal(_: Interpreter, node: ast.TypeLiteral) -> TypeValue:
    """``[int]``."""
    return type_value(node.type)


@evaluates(ast.Convert)
def cast(interp: Interpreter, node: ast.Convert) -> Any:
    """``[int] x``; ``[ordered]`` and ``[pscustomobject]`` on a hash literal keep its order."""
    name = str(node.type).lower()
    if isinstance(node.operand, ast.Hashtable) and name in {
        "ordered",
        "pscustomobject",
        "psobject",
        "system.management.automation.pscustomobject",
    }:
        table = _fill(interp, node.operand, OrderedHashtable())
        if name == "ordered":
            return table
        if name == "psobject":
            return PSHashtable(table.items())
        return custom_object({to_string(key): value for key, value in table.items()})
    if name == "ordered":
        raise runtime_error(
            "The ordered attribute can be specified only on a hash literal node.",
            "OrderedAttributeOnlyOnHashLiteralNode",
            "ParserError",
        )
    if name == "ref":
        from fakes.windows.powershell.variables import reference

        return reference(interp, node.operand)
    return convert(interp.eval(node.operand), str(node.type))


@evaluates(ast.Attributed)
def attributed(interp: Interpreter, node: ast.Attributed) -> Any:
    """An attribute on an expression that is only read has no effect."""
    return interp.eval(node.operand)


# --- operators -------------------------------------------------------------------------


@evaluates(ast.Binary)
def binary_expression(interp: Interpreter, node: ast.Binary) -> Any:
    """``left OP right``."""
    operator = node.operator
    if operator == "and":
        return to_bool(interp.eval(node.left)) and to_bool(interp.eval(node.right))
    if operator == "or":
        return to_bool(interp.eval(node.left)) or to_bool(interp.eval(node.right))
    left = interp.eval(node.left)
    if operator == "+" and isinstance(left, str) and isinstance(node.left, ast.Binary):
        return (
            left + to_string(interp.eval(node.right))
            if type(left) is str
            else binary(operator, left, interp.eval(node.right), interp)
        )
    return binary(operator, left, interp.eval(node.right), interp)


@evaluates(ast.Unary)
def unary_expression(interp: Interpreter, node: ast.Unary) -> Any:
    """``OP operand``."""
    operator = node.operator
    if operator in {"++", "--"}:
        from fakes.windows.powershell.eval_assignment import step

        return step(interp, node)
    value = interp.eval(node.operand)
    if operator == "not":
        return not to_bool(value)
    if operator == "-":
        return arithmetic.negate(value)
    if operator == "+":
        return arithmetic.add(0, arithmetic.to_number(value))
    if operator == "bnot":
        return arithmetic.bitwise_not(value)
    if operator == "join":
        return unary_join(value)
    return unary_split(value)


# --- members ---------------------------------------------------------------------------


def member_name(interp: Interpreter, name: str | ast.Expression) -> Any:
    """A member's name, evaluated when it is an expression."""
    return name if isinstance(name, str) else interp.eval(name)


def static_type(interp: Interpreter, node: ast.Expression) -> TypeValue:
    """The type on the left of ``::``."""
    value = interp.eval(node)
    if isinstance(value, TypeValue):
        return value
    if isinstance(value, str):
        return type_value(value)
    raise NotSimulated("static member of an instance")


@evaluates(ast.Member)
def member(interp: Interpreter, node: ast.Member) -> Any:
    """``target.name``."""
    if node.static:
        return static_member(static_type(interp, node.target).name, to_string(member_name(interp, node.name)))
    target = interp.eval(node.target)
    name = member_name(interp, node.name)
    if isinstance(target, PSHashtable) and not isinstance(name, str):
        return target[name]
    return get_member(target, to_string(name), interp)


@evaluates(ast.Call)
def call(interp: Interpreter, node: ast.Call) -> Any:
    """``target.name(arguments)``."""
    if node.static:
        kind = static_type(interp, node.target)
        arguments = [interp.eval(argument) for argument in node.arguments]
        return static_call(kind.name, to_string(member_name(interp, node.name)), arguments)
    target = interp.eval(node.target)
    name = member_name(interp, node.name)
    if isinstance(name, ScriptBlock):
        raise NotSimulated("a script block as a member name")
    if target is None:
        return invoke_method(None, to_string(name), [], interp)
    arguments = [interp.eval(argument) for argument in node.arguments]
    return invoke_method(target, to_string(name), arguments, interp)


@evaluates(ast.Index)
def index(interp: Interpreter, node: ast.Index) -> Any:
    """``target[index]``."""
    target = interp.eval(node.target)
    return get_index(target, interp.eval(node.index), interp)
