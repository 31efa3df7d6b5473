"""What statements mean: pipelines, conditions, loops, switch, flow control."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.comparison import same
from fakes.windows.powershell.conversion import convert, to_bool, to_string
from fakes.windows.powershell.errors import ErrorRecord, PowerShellError, net_exception
from fakes.windows.powershell.eval_expressions import pure_expression, statement_value
from fakes.windows.powershell.flow import BreakFlow, ContinueFlow, ExitFlow, LoopFlow, ReturnFlow
from fakes.windows.powershell.interpreter import Interpreter, Write, executes
from fakes.windows.powershell.scopes import Variable
from fakes.windows.powershell.script_block import ScriptBlock
from fakes.windows.powershell.text_operators import match_table, pattern_of, wildcard
from fakes.windows.powershell.values import EnumType, PSObject
from fakes.windows.powershell.variables import write_variable


def emit(value: Any, out: Write) -> None:
    """Write a value to the pipeline, a list element by element."""
    if isinstance(value, list):
        for element in list(value):
            out(element)
    else:
        out(value)


@executes(ast.Pipeline)
def pipeline(interp: Interpreter, node: ast.Pipeline, out: Write) -> None:
    """A pipeline: an expression, or commands."""
    first = node.elements[0]
    if len(node.elements) == 1 and isinstance(first, ast.CommandExpression) and not first.redirections:
        interp.node = node
        emit_expression(interp, first.expression, out)
        interp.succeeded = True
        return
    from fakes.windows.powershell.pipeline import run_pipeline

    run_pipeline(interp, node, out)


def emit_expression(interp: Interpreter, expression: ast.Expression, out: Write) -> None:
    """Write what an expression yields as a statement; void results write nothing."""
    if isinstance(expression, ast.Variable):
        value = interp.eval(expression)
        if value is None and not expression.scope:
            variable = interp.scope.find(expression.name.lower())
            if variable is not None and variable.empty:
                return
        emit(value, out)
    elif isinstance(expression, ast.SubExpression | ast.ArrayExpression):
        interp.statements(expression.body, out)
    elif isinstance(expression, ast.Paren) and pure_expression(expression.pipeline) is None:
        if isinstance(expression.pipeline, ast.Assignment):
            emit(interp.eval(expression), out)
        else:
            for value in interp.collect(expression.pipeline):
                out(value)
    elif isinstance(expression, ast.Unary) and expression.operator in {"++", "--"}:
        interp.eval(expression)
    elif isinstance(expression, ast.Call) or (
        isinstance(expression, ast.Convert) and str(expression.type).lower() == "void"
    ):
        value = interp.eval(expression)
        if value is not None:
            emit(value, out)
    else:
        emit(interp.eval(expression), out)


def condition(interp: Interpreter, statement: ast.Statement) -> bool:
    """The truth of a condition."""
    interp.node = statement
    return to_bool(statement_value(interp, statement))


@executes(ast.If)
def if_statement(interp: Interpreter, node: ast.If, out: Write) -> None:
    """``if``."""
    for test, body in node.clauses:
        if condition(interp, test):
            interp.statements(body, out)
            return
    if node.otherwise is not None:
        interp.statements(node.otherwise, out)


# --- loops -----------------------------------------------------------------------------


def _mine(flow: LoopFlow, label: str) -> bool:
    """Whether a break or continue is for this loop."""
    return not flow.label or flow.label.lower() == label.lower()


def _body(interp: Interpreter, node: Any, out: Write) -> bool:
    """Run a loop's body once; False when the loop is to end."""
    try:
        interp.statements(node.body, out)
    except BreakFlow as flow:
        if not _mine(flow, node.label):
            raise
        return False
    except ContinueFlow as flow:
        if not _mine(flow, node.label):
            raise
    return True


@executes(ast.While)
def while_loop(interp: Interpreter, node: ast.While, out: Write) -> None:
    """``while``."""
    while condition(interp, node.condition):
        if not _body(interp, node, out):
            return


@executes(ast.DoLoop)
def do_loop(interp: Interpreter, node: ast.DoLoop, out: Write) -> None:
    """``do ... while`` and ``do ... until``."""
    while _body(interp, node, out):
        if condition(interp, node.condition) == node.until:
            return


@executes(ast.For)
def for_loop(interp: Interpreter, node: ast.For, out: Write) -> None:
    """``for``."""
    if node.initial is not None:
        interp.execute(node.initial, _drop)
    while node.condition is None or condition(interp, node.condition):
        if not _body(interp, node, out):
            return
        if node.step is not None:
            interp.execute(node.step, _drop)


def _drop(_: Any) -> None:
    """Output that nobody sees."""


@executes(ast.ForEach)
def foreach_loop(interp: Interpreter, node: ast.ForEach, out: Write) -> None:
    """``foreach ($x in values)``."""
    interp.node = node.values
    values = statement_value(interp, node.values)
    for value in _elements(values):
        write_variable(interp, node.variable, value)
        if not _body(interp, node, out):
            return


def _elements(values: Any) -> Iterable[Any]:
    if values is None:
        return []
    return list(values) if isinstance(values, list) else [values]


# --- switch ----------------------------------------------------------------------------


@executes(ast.Switch)
def switch(interp: Interpreter, node: ast.Switch, out: Write) -> None:
    """``switch``: every clause that matches runs, for each element of the value."""
    if node.file is not None:
        path = to_string(interp.eval(node.file))
        from fakes.windows.powershell.host_files import read_lines

        values: Any = read_lines(interp, path)
    else:
        assert node.value is not None
        interp.node = node.value
        values = statement_value(interp, node.value)
    before = interp.scope.variables.get("_")
    try:
        for value in values if isinstance(values, list) else [values]:
            interp.scope.variables["_"] = Variable(value)
            try:
                _clauses(interp, node, value, out)
            except ContinueFlow as flow:
                if not _mine(flow, node.label):
                    raise
    except BreakFlow as flow:
        if not _mine(flow, node.label):
            raise
    finally:
        interp.scope.variables.pop("_", None)
        if before is not None:
            interp.scope.variables["_"] = before


def _clauses(interp: Interpreter, node: ast.Switch, value: Any, out: Write) -> None:
    matched = False
    for test, body in node.clauses:
        if test is not None and _clause_matches(interp, node, test, value):
            matched = True
            interp.statements(body, out)
    if matched:
        return
    for test, body in node.clauses:
        if test is None:
            interp.statements(body, out)


def _clause_matches(interp: Interpreter, node: ast.Switch, test: ast.Expression, value: Any) -> bool:
    wanted = interp.eval(test)
    if isinstance(wanted, ScriptBlock):
        found = interp.run_block(wanted, underscore=value)
        return to_bool(found[0] if len(found) == 1 else found)
    if node.mode == "regex":
        found_match = pattern_of(wanted, case=node.case_sensitive).search(to_string(value))
        if found_match is not None:
            interp.set_variable("Matches", match_table(found_match))
        return found_match is not None
    if node.mode == "wildcard":
        return wildcard(to_string(wanted), case=node.case_sensitive).match(to_string(value)) is not None
    return same(value, wanted, case=node.case_sensitive)


# --- flow ------------------------------------------------------------------------------


@executes(ast.Flow)
def flow_statement(interp: Interpreter, node: ast.Flow, out: Write) -> None:
    """``return``, ``throw``, ``exit``, ``break``, ``continue``."""
    if node.keyword in {"break", "continue"}:
        label = to_string(interp.eval(node.label)) if node.label is not None else ""
        raise (BreakFlow if node.keyword == "break" else ContinueFlow)(label)
    if node.keyword == "return":
        if node.value is not None:
            interp.execute(node.value, out)
        raise ReturnFlow
    interp.node = node
    value = statement_value(interp, node.value) if node.value is not None else None
    interp.node = node
    if node.keyword == "exit":
        raise ExitFlow(_exit_code(value))
    raise thrown(interp, value, rethrow=node.value is None)


def _exit_code(value: Any) -> int:
    try:
        return int(convert(value, "int"))
    except PowerShellError:
        return 0


def thrown(interp: Interpreter, value: Any, *, rethrow: bool = False) -> PowerShellError:
    """The error that ``throw value`` raises."""
    if rethrow:
        current = interp.get_variable("_")
        if isinstance(current, ErrorRecord):
            return PowerShellError(current, fatal=True)
        record = ErrorRecord("ScriptHalted", "ScriptHalted", "OperationStopped")
        return PowerShellError(record, fatal=True)
    if isinstance(value, ErrorRecord):
        return PowerShellError(value, fatal=True)
    if isinstance(value, PSObject) and "System.Exception" in value.type_names:
        inner = value.get("ErrorRecord")
        record = (
            inner
            if isinstance(inner, ErrorRecord)
            else ErrorRecord(value, to_string(value.get("Message")), "OperationStopped")
        )
        return PowerShellError(record, fatal=True)
    text = "ScriptHalted" if value is None else to_string(value)
    exception = net_exception(
        "System.Management.Automation.RuntimeException",
        text,
        properties={"WasThrownFromThrowStatement": True},
    )
    return PowerShellError(ErrorRecord(exception, text, "OperationStopped", value), fatal=True)


# --- definitions -----------------------------------------------------------------------


@executes(ast.FunctionDefinition)
def function_definition(interp: Interpreter, node: ast.FunctionDefinition, out: Write) -> None:
    """``function name { }``."""
    del out
    scope, colon, name = node.name.partition(":")
    if not colon:
        scope, name = "", node.name
    block = ScriptBlock(node.block, name=name, is_filter=node.is_filter)
    block.script_scope = interp.scope.named("script")
    target = (
        interp.scope.named(scope.lower()) if scope.lower() in {"global", "script", "local"} else interp.scope
    )
    target.functions[name.lower()] = block


@executes(ast.Block)
def block_statement(interp: Interpreter, node: ast.Block, out: Write) -> None:
    """``data { }``."""
    interp.statements(node.body, out)


@executes(ast.EnumDefinition)
def enum_definition(interp: Interpreter, node: ast.EnumDefinition, out: Write) -> None:
    """``enum Name { ... }``."""
    del out
    members: dict[str, int] = {}
    following = 0
    for name, value in node.members:
        following = int(convert(interp.eval(value), "int")) if value is not None else following
        members[name] = following
        following += 1
    interp.enums[node.name.lower()] = EnumType(node.name, members)


@executes(ast.Unsupported)
def unsupported(interp: Interpreter, node: ast.Unsupported, out: Write) -> None:
    """A construct that is parsed over; ``using namespace`` only shortens names."""
    del out
    words = node.construct.split()
    if [word.lower() for word in words[:2]] == ["using", "namespace"] and len(words) == 3:
        interp.namespaces.append(words[2].lower())
        return
    interp.node = node
    raise interp.refuse(f"PowerShell {node.construct}")
