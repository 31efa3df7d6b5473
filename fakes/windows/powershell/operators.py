"""Binary operators by name: one table for the evaluator, Where-Object and others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell import arithmetic
from fakes.windows.powershell.comparison import comparison, contains
from fakes.windows.powershell.conversion import CastError, convert, to_bool, to_string
from fakes.windows.powershell.errors import PowerShellError, runtime_error
from fakes.windows.powershell.text_operators import format_operator, join, like, match, replace, split

__all__ = ["binary", "unary_join", "unary_split"]


def _is(left: Any, right: Any) -> bool:
    from fakes.windows.powershell.dotnet.types import TypeValue, full_name, is_instance

    if isinstance(right, TypeValue):
        return is_instance(left, right.name)
    if not isinstance(right, str):
        raise runtime_error("The right operand of '-is' must be a type.", "IsOperatorRequiresType")
    return is_instance(left, full_name(right))


def _as(left: Any, right: Any) -> Any:
    from fakes.windows.powershell.dotnet.types import TypeValue

    if not isinstance(right, (TypeValue, str)):
        raise runtime_error("The right operand of '-as' must be a type.", "AsOperatorRequiresType")
    try:
        return convert(left, right.name if isinstance(right, TypeValue) else right)
    except CastError:
        return None
    except PowerShellError:
        return None


def _bit(operator: str) -> Callable[[Any, Any], Any]:
    return lambda left, right: arithmetic.bitwise(operator, left, right)


def _compare(operator: str) -> Callable[[Any, Any], Any]:
    return lambda left, right: comparison(operator, left, right)


_PLAIN: dict[str, Callable[[Any, Any], Any]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.modulo,
    "..": arithmetic.integer_range,
    "and": lambda left, right: to_bool(left) and to_bool(right),
    "or": lambda left, right: to_bool(left) or to_bool(right),
    "xor": lambda left, right: to_bool(left) != to_bool(right),
    "is": _is,
    "isnot": lambda left, right: not _is(left, right),
    "as": _as,
    "f": format_operator,
    "join": join,
    **{operator: _bit(operator) for operator in ("band", "bor", "bxor", "shl", "shr")},
    **{
        prefix + operator: _compare(prefix + operator)
        for operator in ("eq", "ne", "gt", "ge", "lt", "le")
        for prefix in ("", "c", "i")
    },
}


def _cased(operator: str) -> tuple[str, bool]:
    """The operator without its c or i prefix, and whether case counts."""
    for base in (
        "notlike",
        "like",
        "notmatch",
        "match",
        "notcontains",
        "contains",
        "notin",
        "in",
        "replace",
        "split",
    ):
        if operator == base:
            return base, False
        if operator[1:] == base and operator[0] in "ci":
            return base, operator[0] == "c"
    raise NotSimulated(f"operator -{operator}")


def binary(operator: str, left: Any, right: Any, ctx: Any = None) -> Any:
    """``left OP right``.

    Args:
        operator: with or without the dash, in any case: ``-Eq``, ``clike``, ``+``.
        left: evaluated left operand.
        right: evaluated right operand.
        ctx: the interpreter, where ``-match`` leaves ``$Matches``.
    """
    name = operator.lstrip("-").lower() if len(operator) > 1 else operator
    plain = _PLAIN.get(name)
    if plain is not None:
        return plain(left, right)
    base, case = _cased(name)
    if base.endswith("contains"):
        return contains(left, right, case=case) != base.startswith("not")
    if base in {"in", "notin"}:
        return contains(right, left, case=case) != base.startswith("not")
    if base.endswith("like"):
        return like(left, right, case=case, negated=base.startswith("not"))
    if base.endswith("match"):
        return match(left, right, ctx, case=case, negated=base.startswith("not"))
    if base == "replace":
        return replace(left, right, case=case)
    return split(left, right, case=case)


def unary_join(value: Any) -> str:
    """``-join values``."""
    return join(value, "")


def unary_split(value: Any) -> list[str]:
    """``-split text``: at runs of white space."""
    texts = value if isinstance(value, list) else [value]
    return [word for text in texts for word in to_string(text).split()]
