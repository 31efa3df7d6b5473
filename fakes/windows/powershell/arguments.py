"""The arguments of a command as they were written, evaluated, splatting expanded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.containers import PSHashtable
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.interpreter import Interpreter

MISSING: Any = object()


@dataclass
class Argument:
    """One element of a command.

    Attributes:
        name: the parameter's name, or None for a bare value.
        value: the value; :data:`MISSING` for a name without one.
        text: as written (native programs get that).
        node: for error positions.
        attached: the value came with the name (``-Name:value``, splatting).
        quoted: the value was a quoted string.
    """

    name: str | None
    value: Any = MISSING
    text: str = ""
    node: ast.Node | None = None
    attached: bool = False
    quoted: bool = False

    @property
    def name_place(self) -> tuple[int, int] | None:
        """Offsets of the name in the source (with the colon of ``-Name:value``)."""
        if not isinstance(self.node, ast.CommandParameter):
            return self.value_place
        value = self.node.argument
        return self.node.start, self.node.end if value is None else value.start

    @property
    def value_place(self) -> tuple[int, int] | None:
        """Offsets of the value in the source; a splatted value stands where its variable does."""
        node = self.node
        if isinstance(node, ast.CommandParameter) and node.argument is not None:
            node = node.argument
        return None if node is None else (node.start, node.end)


def evaluate(
    interp: Interpreter, elements: Iterable[ast.Expression | ast.CommandParameter]
) -> list[Argument]:
    """Evaluate a command's elements, left to right."""
    found: list[Argument] = []
    for element in elements:
        if isinstance(element, ast.CommandParameter):
            value = interp.eval(element.argument) if element.argument is not None else MISSING
            found.append(Argument(element.name, value, element.text, element, attached=value is not MISSING))
        elif isinstance(element, ast.Variable) and element.splat:
            found += _splatted(interp, element)
        else:
            value = interp.eval(element)
            quoted = isinstance(element, ast.Constant | ast.ExpandableString) and not element.bare
            found.append(Argument(None, value, _text_of(interp, element), element, quoted=quoted))
    return found


def _text_of(interp: Interpreter, element: ast.Expression) -> str:
    return interp.source.text[element.start : element.end]


def _splatted(interp: Interpreter, element: ast.Variable) -> list[Argument]:
    value = interp.eval(ast.Variable(element.start, element.end, element.name, element.scope))
    if isinstance(value, PSHashtable):
        return [
            Argument(to_string(key), item, f"-{to_string(key)}:", element, attached=True)
            for key, item in value.items()
        ]
    if isinstance(value, list):
        return [_splat_element(item, element) for item in value]
    return [] if value is None else [Argument(None, value, to_string(value), element)]


class ArgumentName(str):
    """A ``-Name`` in ``$args``: splatting @args turns it back into a parameter."""

    __slots__ = ()


def _splat_element(item: Any, element: ast.Variable) -> Argument:
    if isinstance(item, ArgumentName):
        return Argument(item.lstrip("-").rstrip(":"), MISSING, str(item), element)
    return Argument(None, item, to_string(item), element)
