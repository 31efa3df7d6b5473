"""try, catch, finally and trap."""

from __future__ import annotations

from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell import ast
from fakes.windows.powershell.dotnet.types import full_name
from fakes.windows.powershell.errors import ErrorRecord, PowerShellError
from fakes.windows.powershell.flow import BreakFlow, ContinueFlow
from fakes.windows.powershell.interpreter import Interpreter, Write, executes
from fakes.windows.powershell.scopes import Variable
from fakes.windows.powershell.values import PSObject


def catches(interp: Interpreter, record: ErrorRecord, types: list[ast.TypeName]) -> int | None:
    """How well a catch clause fits: 0 for the exact type, larger for a base; None: not at all.

    PowerShell compares the exception and, for its own wrappers, the inner exception.
    """
    if not types:
        return 10_000
    candidates: list[PSObject] = [record.exception]
    inner = record.exception.get("InnerException")
    if isinstance(inner, PSObject):
        candidates.append(inner)
    best: int | None = None
    for kind in types:
        try:
            name = full_name(str(kind))
        except NotSimulated:
            name = str(kind)
        for exception in candidates:
            for distance, known in enumerate(exception.type_names):
                if known.lower() in {name.lower(), f"system.{name.lower()}"} and (
                    best is None or distance < best
                ):
                    best = distance
    del interp
    return best


@executes(ast.Try)
def try_statement(interp: Interpreter, node: ast.Try, out: Write) -> None:
    """``try``: finally runs on every way out but a refusal."""
    refused = False
    try:
        if node.catches:
            _guarded(interp, node, out)
        else:
            interp.try_depth += 1
            try:
                interp.statements(node.body, out)
            finally:
                interp.try_depth -= 1
    except NotSimulated:
        refused = True
        raise
    finally:
        if node.final is not None and not refused:
            _finally(interp, node.final, out)


def _finally(interp: Interpreter, body: ast.StatementList, out: Write) -> None:
    depth, interp.try_depth = interp.try_depth, max(interp.try_depth, 0)
    try:
        interp.statements(body, out)
    finally:
        interp.try_depth = depth


def _guarded(interp: Interpreter, node: ast.Try, out: Write) -> None:
    interp.try_depth += 1
    scope, source, active = interp.scope, interp.source, interp.active
    try:
        interp.statements(node.body, out)
        return
    except PowerShellError as error:
        interp.scope, interp.source, interp.active = scope, source, active
        caught = error
    finally:
        interp.try_depth -= 1
    ranked = [(catches(interp, caught.record, clause.types), clause) for clause in node.catches]
    fitting = [(rank, position, clause) for position, (rank, clause) in enumerate(ranked) if rank is not None]
    if not fitting:
        raise caught
    clause = min(fitting, key=lambda one: (one[0], one[1]))[2]
    interp.locate(caught.record)
    run_handler(interp, caught.record, clause.body, out)


def run_handler(interp: Interpreter, record: ErrorRecord, body: ast.StatementList, out: Write) -> None:
    """Run a catch or trap body with ``$_`` set to the error."""
    before = interp.scope.variables.get("_")
    interp.scope.variables["_"] = Variable(record)
    try:
        interp.statements(body, out)
    finally:
        interp.scope.variables.pop("_", None)
        if before is not None:
            interp.scope.variables["_"] = before


def with_traps(interp: Interpreter, body: ast.StatementList, out: Write) -> None:
    """Run a statement list that has traps."""
    for statement in body.statements:
        interp.try_depth += 1
        try:
            interp.guarded(statement, out)
            continue
        except PowerShellError as error:
            caught = error
        finally:
            interp.try_depth -= 1
        trap = _fitting_trap(interp, caught.record, body.traps)
        if trap is None:
            if interp.must_propagate(caught):
                raise caught
            interp.report(caught.record)
            continue
        if not _trap_continues(interp, caught, trap, out):
            if interp.try_depth or interp.preference("ErrorActionPreference") == "Stop":
                raise caught
            interp.report(caught.record)


def _fitting_trap(interp: Interpreter, record: ErrorRecord, traps: list[ast.Trap]) -> ast.Trap | None:
    ranked: list[tuple[int, int, Any]] = []
    for position, trap in enumerate(traps):
        rank = catches(interp, record, [trap.type] if trap.type is not None else [])
        if rank is not None:
            ranked.append((rank, position, trap))
    return min(ranked)[2] if ranked else None


def _trap_continues(interp: Interpreter, caught: PowerShellError, trap: ast.Trap, out: Write) -> bool:
    """Run a trap; True for ``continue`` (the error is not shown)."""
    try:
        run_handler(interp, caught.record, trap.body, out)
    except ContinueFlow:
        return True
    except BreakFlow:
        caught.fatal = True
        raise caught from None
    return False
