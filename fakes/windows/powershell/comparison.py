"""Comparison operators: -eq -ne -gt -ge -lt -le, -contains, -in, and equality elsewhere.

The left operand's type decides; when the left operand is a list, the operator filters it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from fakes.windows.powershell.conversion import CastError, convert, to_bool, to_string, unwrap
from fakes.windows.powershell.errors import PowerShellError, runtime_error
from fakes.windows.powershell.numbers import PSChar, is_number
from fakes.windows.powershell.values import EnumValue, PSObject, type_names


def same(left: Any, right: Any, *, case: bool = False) -> bool:
    """``left -eq right`` for scalars (``case``: ``-ceq``)."""
    left, right = unwrap(left), unwrap(right)
    if left is None or right is None:
        return left is right
    if isinstance(left, str) and not (isinstance(left, PSChar) and is_number(right)):
        text = to_string(right)
        return left == text if case else left.lower() == text.lower()
    if isinstance(left, bool):
        return left == to_bool(right)
    if is_number(left):
        return _same_number(left, right)
    if isinstance(left, EnumValue):
        if isinstance(right, EnumValue):
            return left.type_name == right.type_name and left.number == right.number
        try:
            converted = convert(right, left.type_name)
        except PowerShellError:
            return False
        return bool(converted.number == left.number)
    if isinstance(left, (datetime, timedelta, uuid.UUID)):
        try:
            return bool(_comparable(left) == _comparable(convert(right, type_names(left)[0])))
        except PowerShellError:
            return False
    if isinstance(left, PSObject) and isinstance(right, str):
        sortable = getattr(left, "sort_key", None)
        if sortable is None:
            return False
        try:
            return bool(sortable() == convert(right, type_names(left)[0]).sort_key())
        except PowerShellError:
            return False
    sortable = getattr(left, "sort_key", None)
    if sortable is not None and type(left) is type(right):
        return bool(sortable() == right.sort_key())
    return left is right or (
        isinstance(left, PSObject) and type(left).__eq__ is not object.__eq__ and left == right
    )


def _same_number(left: Any, right: Any) -> bool:
    if isinstance(right, EnumValue):
        return bool(left == right.number)
    if isinstance(right, bool):
        return bool(left == int(right))
    if is_number(right):
        return (
            bool(left == right)
            if not isinstance(right, float) or not isinstance(left, Decimal)
            else float(left) == right
        )
    try:
        return bool(left == _number_like(left, right))
    except CastError:
        return False


def _number_like(left: Any, right: Any) -> Any:
    """The right operand as a number comparable with the left one."""
    if is_number(right):
        return right
    if isinstance(right, str) and not isinstance(right, PSChar):
        from fakes.windows.powershell.conversion import parse_number

        parsed = parse_number(right)
        if parsed is not None:
            return parsed
    return convert(right, type_names(left)[0])


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.replace(tzinfo=None)
    return value


def compare(left: Any, right: Any, *, case: bool = False, spelling: str = "-gt") -> int:
    """Order two scalars: negative, zero or positive.

    Raises:
        PowerShellError: they cannot be compared.
    """
    del spelling
    left, right = unwrap(left), unwrap(right)
    if left is None:
        if right is None:
            return 0
        return 1 if is_number(right) and right < 0 else -1
    if right is None:
        return -1 if is_number(left) and left < 0 else 1
    if isinstance(left, str):
        return compare_text(left, to_string(right), case=case)
    try:
        one, other = _ordered_pair(left, right)
        return int(one > other) - int(one < other)
    except (CastError, TypeError) as error:
        raise _not_comparable(left, right, error) from None


def _ordered_pair(left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, bool):
        return int(left), int(to_bool(right))
    if is_number(left):
        if isinstance(right, EnumValue):
            return left, right.number
        other = _number_like(left, right)
        if isinstance(left, Decimal) and isinstance(other, float):
            return float(left), other
        return (
            (left, float(other)) if isinstance(left, float) and isinstance(other, Decimal) else (left, other)
        )
    if isinstance(left, EnumValue):
        return left.number, convert(right, left.type_name).number
    if isinstance(left, (datetime, timedelta)):
        return _comparable(left), _comparable(convert(right, type_names(left)[0]))
    sortable = getattr(left, "sort_key", None)
    if sortable is not None:
        converted = right if type(right) is type(left) else convert(right, type_names(left)[0])
        return sortable(), converted.sort_key()
    raise TypeError


def _not_comparable(left: Any, right: Any, error: Exception) -> PowerShellError:
    if isinstance(error, CastError):
        reason = error.record.message
        message = f'Could not compare "{to_string(left)}" to "{to_string(right)}". Error: "{reason}"'
        return runtime_error(message, "ComparisonFailure")
    message = (
        f'Cannot compare "{to_string(left)}" because it is not IComparable.'
        if not isinstance(left, list)
        else f'Could not compare "{to_string(left)}" to "{to_string(right)}".'
    )
    return runtime_error(message, "NotIcomparable")


def compare_text(left: str, right: str, *, case: bool = False) -> int:
    """Order strings as .NET's culture comparison does, near enough: letters before case."""
    one, other = collation_key(left), collation_key(right)
    if one != other:
        return 1 if one > other else -1
    if not case:
        return 0
    swapped_left, swapped_right = left.swapcase(), right.swapcase()
    return int(swapped_left > swapped_right) - int(swapped_left < swapped_right)


def collation_key(text: str) -> list[tuple[int, str]]:
    """A sort key: punctuation before digits before letters, case ignored, hyphens last."""
    key = []
    for char in text.lower():
        group = 3 if char.isalpha() else 2 if char.isdigit() else 1
        if char in "-'":
            continue
        key.append((group, char))
    return key


_ORDERED: dict[str, Callable[[int], bool]] = {
    "gt": lambda order: order > 0,
    "ge": lambda order: order >= 0,
    "lt": lambda order: order < 0,
    "le": lambda order: order <= 0,
}


def comparison(operator: str, left: Any, right: Any) -> Any:
    """``left -operator right`` with the filter rule for lists.

    ``operator`` is lower case and may begin with c or i: ``eq``, ``cne``, ``ige``...
    """
    case = operator[0] == "c" and operator[1:] in {"eq", "ne", "gt", "ge", "lt", "le"}
    base = operator[1:] if case or (operator[0] == "i" and operator != "in") else operator
    if isinstance(left, list):
        return [element for element in left if _test(base, element, right, case)]
    return _test(base, left, right, case)


def _test(operator: str, left: Any, right: Any, case: bool) -> bool:
    if operator == "eq":
        return same(left, right, case=case)
    if operator == "ne":
        return not same(left, right, case=case)
    return _ORDERED[operator](compare(left, right, case=case, spelling=operator))


def contains(values: Any, wanted: Any, *, case: bool = False) -> bool:
    """``values -contains wanted``."""
    items = values if isinstance(values, list) else [values]
    return any(same(item, wanted, case=case) for item in items)
