"""Arithmetic, bitwise and range operators, with .NET's promotions.

Int32 results that overflow become Double, division of integers stays integer only when it is
exact (language specification, chapter 7).
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from fakes.windows.powershell.containers import GrowingList, PSHashtable, TypedArray
from fakes.windows.powershell.conversion import convert, parse_number, to_string, unwrap
from fakes.windows.powershell.errors import PowerShellError, net_exception, runtime_error
from fakes.windows.powershell.numbers import (
    INT32_HIGH,
    INT32_LOW,
    Int64,
    PSChar,
    Single,
    SizedInt,
    UInt32,
    UInt64,
    integer_type,
    is_number,
)
from fakes.windows.powershell.values import EnumValue, type_names


def _undefined(operator: str, left: Any, right: Any) -> PowerShellError:
    one = type_names(left)[0] if left is not None else "null"
    other = type_names(right)[0] if right is not None else "null"
    if operator in "+-*/%":
        method = {
            "+": "op_Addition",
            "-": "op_Subtraction",
            "*": "op_Multiply",
            "/": "op_Division",
            "%": "op_Modulus",
        }
        return runtime_error(
            f"Method invocation failed because [{one}] does not contain a method named '{method[operator]}'.",
            "MethodNotFound",
            target=method[operator],
        )
    return runtime_error(
        f"The operation '[{one}] {operator} [{other}]' is not defined.", "NotADefinedOperationForType"
    )


def add(left: Any, right: Any) -> Any:
    """``left + right``."""
    left, right = unwrap(left), unwrap(right)
    if left is None:
        return right
    if isinstance(left, PSChar) and not is_number(right):
        return str(left) + to_string(right)
    if isinstance(left, str) and not isinstance(left, PSChar):
        return left + to_string(right)
    if isinstance(left, list):
        return list(left) + (list(right) if isinstance(right, list) else [right])
    if isinstance(left, PSHashtable):
        return _add_hashtables(left, right)
    if isinstance(left, datetime):
        return left + (right if isinstance(right, timedelta) else convert(right, "timespan"))
    if isinstance(left, timedelta):
        return left + convert(right, "timespan")
    return _numeric("+", left, right)


def _add_hashtables(left: PSHashtable, right: Any) -> PSHashtable:
    if not isinstance(right, PSHashtable):
        raise runtime_error(
            "A hash table can only be added to another hash table.", "AddHashTableToNonHashTable"
        )
    result = left.copy()
    for key, value in right.items():
        if key in result:
            raise runtime_error(
                f"Item has already been added. Key in dictionary: '{to_string(key)}'  Key being added: '{to_string(key)}'",
                "System.ArgumentException",
                "OperationStopped",
                exception_type="System.ArgumentException",
            )
        result[key] = value
    return result


def subtract(left: Any, right: Any) -> Any:
    """``left - right``."""
    left, right = unwrap(left), unwrap(right)
    if isinstance(left, datetime):
        if isinstance(right, timedelta):
            return left - right
        other = right if isinstance(right, datetime) else convert(right, "datetime")
        return left.replace(tzinfo=None) - other.replace(tzinfo=None)
    if isinstance(left, timedelta):
        return left - convert(right, "timespan")
    return _numeric("-", left, right)


def multiply(left: Any, right: Any) -> Any:
    """``left * right``; strings and arrays repeat."""
    left, right = unwrap(left), unwrap(right)
    if isinstance(left, str) and not isinstance(left, PSChar):
        return left * _times(right)
    if isinstance(left, list):
        return list(left) * _times(right)
    return _numeric("*", left, right)


def _times(value: Any) -> int:
    count = convert(value, "int")
    if count < 0:
        raise runtime_error(
            "Specified argument was out of the range of valid values.\nParameter name: times",
            "System.ArgumentOutOfRangeException",
            "OperationStopped",
            exception_type="System.ArgumentOutOfRangeException",
        )
    return int(count)


def divide(left: Any, right: Any) -> Any:
    """``left / right``."""
    return _numeric("/", unwrap(left), unwrap(right))


def modulo(left: Any, right: Any) -> Any:
    """``left % right``; the sign is the dividend's."""
    return _numeric("%", unwrap(left), unwrap(right))


def to_number(value: Any) -> Any:
    """An operand of arithmetic as a number.

    Raises:
        CastError: a string that is no number.
        TypeError: a value that has no number.
    """
    value = unwrap(value)
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if is_number(value):
        return value
    if isinstance(value, EnumValue):
        return value.number
    if isinstance(value, PSChar):
        return ord(value)
    if isinstance(value, str):
        parsed = parse_number(value)
        if parsed is None:
            return convert(value, "int")
        return parsed
    if isinstance(value, list) and len(value) == 1 and not isinstance(value, (GrowingList, TypedArray)):
        raise TypeError
    raise TypeError


def _numeric(operator: str, left: Any, right: Any) -> Any:
    try:
        one, other = to_number(left), to_number(right)
    except TypeError:
        raise _undefined(operator, left, right) from None
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        return _decimal(operator, one, other)
    if isinstance(one, float) or isinstance(other, float):
        single = isinstance(one, Single) and not (isinstance(other, float) and not isinstance(other, Single))
        result = _float(operator, float(one), float(other))
        return Single(result) if single and isinstance(result, float) else result
    return _integer(operator, one, other)


def _zero_division() -> PowerShellError:
    message = "Attempted to divide by zero."
    inner = net_exception("System.DivideByZeroException", message)
    return runtime_error(message, "RuntimeException", "NotSpecified", inner=inner)


def _float(operator: str, left: float, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        if left == 0 or math.isnan(left) or operator == "%":
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right if operator == "/" else math.fmod(left, right)


def _decimal(operator: str, left: Any, right: Any) -> Decimal:
    one = left if isinstance(left, Decimal) else convert(left, "decimal")
    other = right if isinstance(right, Decimal) else convert(right, "decimal")
    try:
        if operator == "+":
            return one + other
        if operator == "-":
            return one - other
        if operator == "*":
            return one * other
        if other == 0:
            raise _zero_division()
        return one / other if operator == "/" else one % other
    except InvalidOperation:
        raise runtime_error(
            "Value was either too large or too small for a Decimal.", "RuntimeException", "NotSpecified"
        ) from None


def _integer(operator: str, left: int, right: int) -> Any:
    kind = _promoted(left, right)
    one, other = int(left), int(right)
    if operator == "+":
        result = one + other
    elif operator == "-":
        result = one - other
    elif operator == "*":
        result = one * other
    else:
        if other == 0:
            raise _zero_division()
        quotient = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
        if operator == "%":
            return _of_kind(one - quotient * other, kind)
        if quotient * other != one:
            return one / other
        result = quotient
    return _of_kind(result, kind)


def _promoted(left: int, right: int) -> str:
    kinds = {integer_type(left), integer_type(right)}
    if "System.UInt64" in kinds:
        return "System.UInt64"
    if "System.Int64" in kinds or ("System.UInt32" in kinds and len(kinds) > 1):
        return "System.Int64"
    return "System.UInt32" if kinds == {"System.UInt32"} else "System.Int32"


def _of_kind(result: int, kind: str) -> Any:
    """The result in the operands' common type; one that overflows is a Double."""
    if kind == "System.Int32":
        return result if INT32_LOW <= result <= INT32_HIGH else float(result)
    sized: type[SizedInt] = {"System.Int64": Int64, "System.UInt64": UInt64, "System.UInt32": UInt32}[kind]
    return sized(result) if sized.low <= result <= sized.high else float(result)


def negate(value: Any) -> Any:
    """``-value``."""
    return _numeric("-", 0, value)


def bitwise(operator: str, left: Any, right: Any) -> Any:
    """``-band``, ``-bor``, ``-bxor``, ``-shl``, ``-shr``."""
    one_value, other_value = unwrap(left), unwrap(right)
    one, other = _bits(one_value), _bits(other_value)
    if operator == "shl":
        wide = isinstance(one, Int64) or not INT32_LOW <= one <= INT32_HIGH
        return _wrapped(int(one) << (other & (63 if wide else 31)), wide=wide)
    if operator == "shr":
        return int(one) >> (other & (31 if INT32_LOW <= one <= INT32_HIGH else 63))
    result = one & other if operator == "band" else one | other if operator == "bor" else one ^ other
    if isinstance(one_value, EnumValue):
        return convert(int(result), one_value.type_name)
    return int(result)


def _bits(value: Any) -> int:
    number = to_number(value)
    return round(number) if isinstance(number, (float, Decimal)) else number


def _wrapped(value: int, *, wide: bool) -> int:
    bits = 64 if wide else 32
    value &= 2**bits - 1
    value = value - 2**bits if value >= 2 ** (bits - 1) else value
    return Int64(value) if wide else value


def bitwise_not(value: Any) -> Any:
    """``-bnot value``."""
    return ~_bits(unwrap(value))


def integer_range(left: Any, right: Any) -> list[int]:
    """``left..right``."""
    low, high = (int(convert(one, "int")) for one in (unwrap(left), unwrap(right)))
    return list(range(low, high + 1)) if low <= high else list(range(low, high - 1, -1))
