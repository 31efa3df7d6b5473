"""Reading and writing variables, with scopes, drives and the automatic ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell import ast
from fakes.windows.powershell.errors import runtime_error
from fakes.windows.powershell.interpreter import Interpreter
from fakes.windows.powershell.scopes import Variable, not_writable
from fakes.windows.powershell.values import PropertyGetter, PSObject

_SCOPES = frozenset({"global", "script", "local", "private"})


def _location(interp: Interpreter) -> PSObject:
    path = interp.current_location
    return PSObject(
        ["System.Management.Automation.PathInfo", "System.Object"],
        {"Drive": None, "Provider": None, "ProviderPath": path, "Path": path},
        text=path,
    )


def _error_list(interp: Interpreter) -> Any:
    from fakes.windows.powershell.containers import GrowingList

    if not isinstance(interp.errors, GrowingList):
        interp.errors = GrowingList(interp.errors)
    return interp.errors


#: Variables whose value is computed on every read.
DYNAMIC: dict[str, Callable[[Interpreter], Any]] = {
    "?": lambda interp: interp.succeeded,
    "error": _error_list,
    "pwd": _location,
    "psitem": lambda interp: interp.get_variable("_"),
}
CONSTANTS: dict[str, Any] = {"null": None, "true": True, "false": False}


def read_variable(interp: Interpreter, node: ast.Variable) -> Any:
    """The value of ``$name``.

    Raises:
        PowerShellError: not set, in strict mode.
        NotSimulated: a drive that is not a variable drive.
    """
    name = node.name.lower()
    if not node.scope:
        if name in CONSTANTS:
            return CONSTANTS[name]
        dynamic = DYNAMIC.get(name)
        if dynamic is not None:
            return dynamic(interp)
        found = interp.scope.find(name)
    else:
        scope = node.scope.lower()
        if scope == "env":
            return interp.session.env.get(_env_name(interp, node.name)) if interp.session else None
        if scope == "using":
            raise runtime_error(
                "A Using variable cannot be retrieved. A Using variable can be used only with Invoke-Command, "
                "Start-Job, or InlineScript in the script workflow.",
                "UsingWithoutInvokeCommand",
            )
        if scope == "variable":
            found = interp.scope.find(name)
        elif scope == "function":
            return find_function(interp, name)
        elif scope in _SCOPES:
            dynamic = DYNAMIC.get(name)
            if dynamic is not None and scope != "script":
                return dynamic(interp)
            target = interp.scope.named(scope)
            found = target.variables.get(name) if scope in {"global", "script"} else target.find(name)
        else:
            return _drive_value(interp, node)
    if found is not None:
        return found.value
    if interp.strict_version >= 1:
        shown = f"{node.scope}:{node.name}" if node.scope else node.name
        raise runtime_error(
            f"The variable '${shown}' cannot be retrieved because it has not been set.",
            "VariableIsUndefined",
            target=shown,
        )
    return None


def _env_name(interp: Interpreter, name: str) -> str:
    return next((known for known in interp.session.env if known.lower() == name.lower()), name)


def find_function(interp: Interpreter, name: str) -> Any:
    """The script block of a function, or None."""
    for scope in interp.scope.chain():
        if name.lower() in scope.functions:
            return scope.functions[name.lower()]
    return None


def _drive_value(interp: Interpreter, node: ast.Variable) -> Any:
    path = f"{node.scope}:{node.name}"
    if node.scope.lower() == "alias":
        from fakes.windows.powershell.discovery import resolve_alias

        return resolve_alias(interp, node.name)
    raise NotSimulated(f"variable of a drive ${{{path}}}")


def write_variable(interp: Interpreter, node: ast.Variable, value: Any) -> Variable | None:
    """``$name = value``."""
    name, scope = node.name, node.scope.lower()
    lower = name.lower()
    if scope == "env":
        known = _env_name(interp, name)
        from fakes.windows.powershell.conversion import to_string

        if value is None or value == "":
            interp.session.env.pop(known, None)
        else:
            interp.session.env[known] = to_string(value)
        return None
    if scope == "function":
        interp.scope.functions[lower] = value
        return None
    if scope and scope not in _SCOPES and scope != "variable":
        raise NotSimulated(f"variable of a drive ${{{node.scope}:{name}}}")
    if lower in CONSTANTS:
        if lower == "null":
            return None
        raise not_writable(name)
    if lower in {"?", "pwd", "error"} and lower != "pwd":
        raise not_writable(name)
    variable = interp.set_variable(name, value, scope if scope in _SCOPES else None)
    if scope == "private":
        interp.scope.private.add(lower)
    return variable


class Reference(PSObject):
    """``[ref]$x``: reads and writes through ``.Value``."""

    __slots__ = ()

    def __init__(self, get: Callable[[], Any], put: Callable[[Any], None]) -> None:
        super().__init__(
            ["System.Management.Automation.PSReference", "System.Object"],
            {"Value": PropertyGetter(lambda _: get(), lambda _, value: put(value))},
        )


def reference(interp: Interpreter, node: ast.Expression) -> Reference:
    """The reference that ``[ref]`` makes of a variable or of a value."""
    if isinstance(node, ast.Variable):
        found = interp.scope.find(node.name.lower())
        if found is None:
            raise runtime_error(
                "[ref] cannot be applied to a variable that does not exist.", "NonExistingVariableReference"
            )

        def put(value: Any) -> None:
            found.value = value

        return Reference(lambda: found.value, put)
    holder = [interp.eval(node)]

    def keep(value: Any) -> None:
        holder[0] = value

    return Reference(lambda: holder[0], keep)
