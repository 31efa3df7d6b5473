"""What a line of cmd means: the tree the parser makes and the interpreter walks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Redirect:
    """``2>nul``, ``>>file``, ``<file`` or ``2>&1``.

    Attributes:
        fd: Which handle is redirected.
        op: ``>``, ``>>``, ``<`` or ``&`` (make it a duplicate).
        target: A file name as typed, or the number of the handle to duplicate.
    """

    fd: int
    op: str
    target: str


class Node:
    """Anything that can be run."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Simple(Node):
    """A command: its text after carets were taken, quotes still in it, redirections taken out."""

    text: str
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Block(Node):
    """``( ... )`` with its redirections."""

    body: Node | None
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two commands joined by ``&``, ``&&`` or ``||``; a line end in a block joins like ``&``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Pipe(Node):
    """``left | right``."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Quiet(Node):
    """``@command``: not echoed."""

    body: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if``.

    Attributes:
        kind: ``exist``, ``defined``, ``errorlevel``, ``cmdextversion`` or a comparison
            (``==``, ``EQU``, ``NEQ``, ``LSS``, ``LEQ``, ``GTR``, ``GEQ``).
        left: The operand.
        right: The other operand of a comparison.
        ignore_case: ``/i``.
        negate: ``not``.
        then: What runs when it holds.
        other: What runs when it does not.
    """

    kind: str
    left: str
    right: str
    ignore_case: bool
    negate: bool
    then: Node
    other: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for``.

    Attributes:
        kind: Empty, or ``d``, ``r``, ``l``, ``f``.
        options: The directory of ``/r`` or the option string of ``/f``.
        variable: One letter.
        items: The text between the parentheses.
        body: What runs for each.
    """

    kind: str
    options: str
    variable: str
    items: str
    body: Node
    redirects: tuple[Redirect, ...] = field(default=())
