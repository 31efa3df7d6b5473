"""Script blocks as values."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.ast import ScriptBlockAst
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.scopes import Scope, Variable
from fakes.windows.powershell.values import PSObject


class ScriptBlock(PSObject):
    """``System.Management.Automation.ScriptBlock``.

    Args:
        ast: what it runs.
        captured: the scope of a closure (GetNewClosure), placed under the caller's.
        script_scope: the script scope it was written in, for ``$script:`` names.
    """

    __slots__ = ("ast", "captured", "is_filter", "name", "script_scope")

    def __init__(
        self, ast: ScriptBlockAst, *, name: str = "", captured: Scope | None = None, is_filter: bool = False
    ) -> None:
        self.ast = ast
        self.name = name
        self.captured = captured
        self.is_filter = is_filter
        self.script_scope: Scope | None = None
        super().__init__(
            ["System.Management.Automation.ScriptBlock", "System.Object"],
            {
                "Ast": None,
                "File": ast.source.file or None,
                "IsFilter": is_filter,
                "Module": None,
                "StartPosition": None,
                "Id": None,
            },
            {
                "Invoke": self._invoke,
                "InvokeReturnAsIs": self._invoke_as_is,
                "GetNewClosure": self._closure,
            },
            text=lambda: ast.text,
        )

    def _invoke(self, *arguments: Any) -> Any:
        from fakes.windows.powershell.containers import GrowingList

        interpreter = required_interpreter("ScriptBlock.Invoke")
        found = interpreter.invoke(self, arguments)
        return GrowingList(
            found, "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]"
        )

    def _invoke_as_is(self, *arguments: Any) -> Any:
        found = required_interpreter("ScriptBlock.InvokeReturnAsIs").invoke(self, arguments)
        return found[0] if len(found) == 1 else (found or None)

    def _closure(self) -> ScriptBlock:
        interpreter = required_interpreter("ScriptBlock.GetNewClosure")
        captured = Scope(None)
        for name, variable in interpreter.scope.variables.items():
            captured.variables[name] = Variable(variable.value, variable.type_name)
        return ScriptBlock(self.ast, name=self.name, captured=captured, is_filter=self.is_filter)


def create(text: str) -> ScriptBlock:
    """``[ScriptBlock]::Create(text)``.

    Raises:
        ParseError: the text does not parse.
    """
    from fakes.windows.powershell.parser import parse

    return ScriptBlock(parse(text))
