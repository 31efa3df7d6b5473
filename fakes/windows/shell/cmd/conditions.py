"""The conditions of ``if``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakes.windows.shell.cmd import expand
from fakes.windows.shell.cmd.ast import If

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd

_INTEGER = re.compile(r"[+-]?(0x[0-9a-f]+|\d+)$", re.IGNORECASE)


def holds(cmd: Cmd, node: If) -> bool:
    """Return whether the condition holds, ``not`` included."""
    left, right = cmd.expand(node.left), cmd.expand(node.right)
    return _plain(cmd, node, left, right) != node.negate


def _plain(cmd: Cmd, node: If, left: str, right: str) -> bool:
    if node.kind == "exist":
        return expand.exists(cmd.host.files, left, cmd.cwd)
    if node.kind == "defined":
        return cmd.lookup(left) is not None
    if node.kind == "errorlevel":
        return cmd.errorlevel >= (integer(left) or 0)
    if node.kind == "cmdextversion":
        return (integer(left) or 0) <= 2
    if node.kind == "==":
        return left.lower() == right.lower() if node.ignore_case else left == right
    return _compare(node.kind, left, right, ignore_case=node.ignore_case)


def _compare(kind: str, left: str, right: str, *, ignore_case: bool) -> bool:
    """Compare as numbers when both are, else as text."""
    a, b = integer(left), integer(right)
    if a is None or b is None:
        x, y = (left.lower(), right.lower()) if ignore_case else (left, right)
        order = (x > y) - (x < y)
    else:
        order = (a > b) - (a < b)
    answers = {
        "EQU": order == 0, "NEQ": order != 0, "LSS": order < 0, "LEQ": order <= 0, "GTR": order > 0, "GEQ": order >= 0,
    }  # fmt: skip
    return answers[kind]


def integer(text: str) -> int | None:
    """Return a number as cmd reads it (decimal, 0x hexadecimal, 0 octal), or None.

    >>> integer("010"), integer("0x10"), integer("1a")
    (8, 16, None)
    """
    if not _INTEGER.match(text):
        return None
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
    if digits.lower().startswith("0x"):
        return sign * int(digits, 16)
    try:
        return sign * int(digits, 8 if digits.startswith("0") and len(digits) > 1 else 10)
    except ValueError:
        return None
