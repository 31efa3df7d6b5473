"""Numeric and character types that Python has no own type for.

A plain ``int`` is ``System.Int32`` while it fits and ``System.Int64`` beyond; a plain
``float`` is ``System.Double`` and ``decimal.Decimal`` is ``System.Decimal``.
"""

from __future__ import annotations

from typing import Any, ClassVar


class PSChar(str):
    """``System.Char``: one UTF-16 code unit."""

    __slots__ = ()


class SizedInt(int):
    """An integer of a .NET type other than Int32."""

    __slots__ = ()
    type_name: ClassVar[str]
    low: ClassVar[int]
    high: ClassVar[int]


class Int64(SizedInt):
    """``System.Int64`` for values that would fit an Int32 too."""

    __slots__ = ()
    type_name = "System.Int64"
    low, high = -(2**63), 2**63 - 1


class UInt64(SizedInt):
    """``System.UInt64``."""

    __slots__ = ()
    type_name = "System.UInt64"
    low, high = 0, 2**64 - 1


class UInt32(SizedInt):
    """``System.UInt32``."""

    __slots__ = ()
    type_name = "System.UInt32"
    low, high = 0, 2**32 - 1


class Int16(SizedInt):
    """``System.Int16``."""

    __slots__ = ()
    type_name = "System.Int16"
    low, high = -(2**15), 2**15 - 1


class UInt16(SizedInt):
    """``System.UInt16``."""

    __slots__ = ()
    type_name = "System.UInt16"
    low, high = 0, 2**16 - 1


class Byte(SizedInt):
    """``System.Byte``."""

    __slots__ = ()
    type_name = "System.Byte"
    low, high = 0, 255


class SByte(SizedInt):
    """``System.SByte``."""

    __slots__ = ()
    type_name = "System.SByte"
    low, high = -128, 127


class Single(float):
    """``System.Single``."""

    __slots__ = ()
    type_name = "System.Single"


INT32_LOW, INT32_HIGH = -(2**31), 2**31 - 1

SIZED: dict[str, type[SizedInt]] = {
    kind.type_name: kind for kind in (Int64, UInt64, UInt32, Int16, UInt16, Byte, SByte)
}


def integer_type(value: int) -> str:
    """The .NET type name of a Python integer (not of a bool)."""
    if isinstance(value, SizedInt):
        return value.type_name
    if INT32_LOW <= value <= INT32_HIGH:
        return "System.Int32"
    if Int64.low <= value <= Int64.high:
        return "System.Int64"
    return "System.Numerics.BigInteger"


def is_number(value: Any) -> bool:
    """Whether a value is numeric in PowerShell's sense: no bool, no char, no string."""
    from decimal import Decimal

    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
