"""The syntax tree of a script. Every node carries its offsets in the source text.

The names follow ``System.Management.Automation.Language`` without the ``Ast`` suffix.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fakes.windows.powershell.position import Source


@dataclass(slots=True)
class Node:
    """A stretch of script: ``start`` (in) and ``end`` (out) are offsets in the text."""

    start: int
    end: int


class Expression(Node):
    """What yields a value."""

    __slots__ = ()


class Statement(Node):
    """What stands in a statement list."""

    __slots__ = ()


# --- expressions -----------------------------------------------------------------------


@dataclass(slots=True)
class Constant(Expression):
    """A number or a literal (single-quoted or bare) string."""

    value: Any
    bare: bool = False


@dataclass(slots=True)
class ExpandableString(Expression):
    """A double-quoted string, here-string or bare argument with ``$`` parts.

    ``parts`` are ``str`` or expressions (:class:`Variable`, :class:`SubExpression`).
    """

    parts: list[Any]
    bare: bool = False


@dataclass(slots=True)
class Variable(Expression):
    """``$name``, ``${name}``, ``$scope:name``, ``$env:name``; ``splat`` for ``@name``."""

    name: str
    scope: str = ""
    splat: bool = False


@dataclass(slots=True)
class TypeName:
    """``string``, ``int[]``, ``System.Collections.Generic.List[string]``."""

    name: str
    arguments: list[TypeName] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)  # one entry per [] pair: 1, or more for [,]

    def __str__(self) -> str:
        generic = f"[{','.join(map(str, self.arguments))}]" if self.arguments else ""
        return self.name + generic + "".join(f"[{',' * (rank - 1)}]" for rank in self.ranks)


@dataclass(slots=True)
class TypeLiteral(Expression):
    """``[int]`` as a value."""

    type: TypeName


@dataclass(slots=True)
class Convert(Expression):
    """``[int] $x``; on the left of an assignment it constrains the variable."""

    type: TypeName
    operand: Expression


@dataclass(slots=True)
class Attributed(Expression):
    """``[ValidateNotNull()] $x``: an attribute on an assigned variable."""

    attribute: Attribute
    operand: Expression


@dataclass(slots=True)
class ArrayLiteral(Expression):
    """``a, b, c``."""

    elements: list[Expression]


@dataclass(slots=True)
class ArrayExpression(Expression):
    """``@( statements )``."""

    body: StatementList


@dataclass(slots=True)
class SubExpression(Expression):
    """``$( statements )``."""

    body: StatementList


@dataclass(slots=True)
class Paren(Expression):
    """``( pipeline )``."""

    pipeline: Statement


@dataclass(slots=True)
class Hashtable(Expression):
    """``@{ key = statement; ... }``."""

    entries: list[tuple[Expression, Statement]]


@dataclass(slots=True)
class ScriptBlockExpression(Expression):
    """``{ ... }`` as a value."""

    block: ScriptBlockAst


@dataclass(slots=True)
class Binary(Expression):
    """``left OP right``; ``operator`` is lower case without the dash (``ceq``, ``+``)."""

    operator: str
    left: Expression
    right: Expression
    operator_start: int = 0
    spelling: str = ""


@dataclass(slots=True)
class Unary(Expression):
    """``OP operand`` or, with ``postfix``, ``operand ++``."""

    operator: str
    operand: Expression
    postfix: bool = False


@dataclass(slots=True)
class Member(Expression):
    """``target.name`` or ``target::name``; ``name`` is a string or an expression."""

    target: Expression
    name: str | Expression
    static: bool


@dataclass(slots=True)
class Call(Expression):
    """``target.name(arguments)``."""

    target: Expression
    name: str | Expression
    arguments: list[Expression]
    static: bool


@dataclass(slots=True)
class Index(Expression):
    """``target[index]``."""

    target: Expression
    index: Expression


# --- commands --------------------------------------------------------------------------


@dataclass(slots=True)
class CommandParameter(Node):
    """``-Name`` or ``-Name:argument``."""

    name: str
    argument: Expression | None = None
    text: str = ""


@dataclass(slots=True)
class Redirection(Node):
    """``2>&1``, ``> file``, ``*>> file``.

    ``stream`` is ``"1"`` to ``"6"`` or ``"*"``; exactly one of ``target`` and ``merge`` is set.
    """

    stream: str
    target: Expression | None = None
    merge: str | None = None
    append: bool = False


@dataclass(slots=True)
class Command(Node):
    """A command with its elements; ``invocation`` is ``""``, ``"&"`` or ``"."``."""

    name: Expression
    elements: list[Expression | CommandParameter]
    invocation: str = ""
    redirections: list[Redirection] = field(default_factory=list)
    verbatim: str | None = None  # what follows --%


@dataclass(slots=True)
class CommandExpression(Node):
    """An expression as the first element of a pipeline."""

    expression: Expression
    redirections: list[Redirection] = field(default_factory=list)


@dataclass(slots=True)
class Pipeline(Statement):
    """``a | b | c``."""

    elements: list[Command | CommandExpression]


# --- statements ------------------------------------------------------------------------


@dataclass(slots=True)
class StatementList(Node):
    """Statements and the traps that stand among them."""

    statements: list[Statement]
    traps: list[Trap] = field(default_factory=list)


@dataclass(slots=True)
class Assignment(Statement):
    """``target OP value``; ``operator`` is ``=``, ``+=``, ..."""

    target: Expression
    operator: str
    value: Statement
    operator_start: int = 0


@dataclass(slots=True)
class If(Statement):
    """``if``/``elseif`` clauses in order, and ``else``."""

    clauses: list[tuple[Statement, StatementList]]
    otherwise: StatementList | None


@dataclass(slots=True)
class While(Statement):
    """``while (condition) { body }``."""

    label: str
    condition: Statement
    body: StatementList


@dataclass(slots=True)
class DoLoop(Statement):
    """``do { body } while|until (condition)``."""

    label: str
    condition: Statement
    body: StatementList
    until: bool


@dataclass(slots=True)
class For(Statement):
    """``for (initial; condition; step) { body }``."""

    label: str
    initial: Statement | None
    condition: Statement | None
    step: Statement | None
    body: StatementList


@dataclass(slots=True)
class ForEach(Statement):
    """``foreach ($variable in values) { body }``."""

    label: str
    variable: Variable
    values: Statement
    body: StatementList


@dataclass(slots=True)
class Switch(Statement):
    """``switch -flags (value) { clauses }``; a clause's first item None is ``default``."""

    label: str
    mode: str  # "", "regex", "wildcard", "exact"
    case_sensitive: bool
    file: Expression | None
    value: Statement | None
    clauses: list[tuple[Expression | None, StatementList]]


@dataclass(slots=True)
class CatchClause(Node):
    """``catch [type], [type] { body }``; no types: catches all."""

    types: list[TypeName]
    body: StatementList


@dataclass(slots=True)
class Try(Statement):
    """``try { } catch { } finally { }``."""

    body: StatementList
    catches: list[CatchClause]
    final: StatementList | None


@dataclass(slots=True)
class Trap(Statement):
    """``trap [type] { body }``."""

    type: TypeName | None
    body: StatementList


@dataclass(slots=True)
class Flow(Statement):
    """``return``, ``throw``, ``exit`` with a value; ``break``, ``continue`` with a label."""

    keyword: str
    value: Statement | None = None
    label: Expression | None = None


@dataclass(slots=True)
class FunctionDefinition(Statement):
    """``function name { }`` or ``filter name { }``."""

    name: str
    block: ScriptBlockAst
    is_filter: bool


@dataclass(slots=True)
class Block(Statement):
    """A bare statement list where a statement is wanted: ``data { }``."""

    body: StatementList


@dataclass(slots=True)
class Unsupported(Statement):
    """A construct of the language that this implementation parses over but does not run."""

    construct: str


# --- script blocks ---------------------------------------------------------------------


@dataclass(slots=True)
class Attribute(Node):
    """``[Parameter(Mandatory, Position = 0)]``."""

    name: str
    positional: list[Expression]
    named: dict[str, Expression | None]  # None: given without a value, which means $true


@dataclass(slots=True)
class Parameter(Node):
    """One parameter of a ``param`` block."""

    name: str
    type: TypeName | None
    attributes: list[Attribute]
    default: Expression | None


@dataclass(slots=True)
class ParamBlock(Node):
    """``[CmdletBinding()] param(...)``."""

    parameters: list[Parameter]
    attributes: list[Attribute]


@dataclass(slots=True)
class ScriptBlockAst(Node):
    """A script, function body or ``{ }``.

    ``body`` is the unnamed block; ``named`` is set instead when begin/process/end stand there.
    """

    source: Source
    params: ParamBlock | None
    body: StatementList | None
    named: dict[str, StatementList] = field(default_factory=dict)
    requires: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What ``{ ... }.ToString()`` gives: the text between the braces."""
        text = self.source.text[self.start : self.end]
        return text[1:-1] if text.startswith("{") and text.endswith("}") else text


@dataclass(slots=True)
class EnumDefinition(Statement):
    """``enum Name { A; B = 2 }``."""

    name: str
    members: list[tuple[str, Expression | None]]
