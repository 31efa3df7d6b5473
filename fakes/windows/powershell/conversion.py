"""Conversions of the language: truth, numbers, casts.

Texts and ids: ``ExtendedTypeSystem.resx`` of PowerShell; the rules are those of
``LanguagePrimitives`` as about_Type_Conversion and the language specification (chapter 6)
describe them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell.containers import GrowingList, OrderedHashtable, PSHashtable, TypedArray
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord, PowerShellError, net_exception
from fakes.windows.powershell.numbers import INT32_HIGH, INT32_LOW, SIZED, PSChar, Single, SizedInt
from fakes.windows.powershell.text_form import culture_text, float_text, to_string
from fakes.windows.powershell.values import EnumType, EnumValue, PSObject, find_enum, type_names

__all__ = [
    "CastError",
    "array_of",
    "convert",
    "culture_text",
    "enumerable",
    "float_text",
    "parse_number",
    "to_bool",
    "to_list",
    "to_string",
    "unwrap",
]


class CastError(PowerShellError):
    """A value does not convert; a cast shows it, comparisons take it as different."""

    def __init__(self, message: str, fqid: str, detail: str = "") -> None:
        inner = net_exception("System.FormatException", detail) if detail else None
        exception = net_exception(AUTOMATION + "PSInvalidCastException", message, inner)
        record = ErrorRecord(exception, fqid, "InvalidArgument", reason="RuntimeException")
        super().__init__(record)
        self.detail = detail


def unwrap(value: Any) -> Any:
    """The value inside a PSObject that only adds properties to another value."""
    return value.base if type(value) is PSObject and value.base is not None else value


def to_bool(value: Any) -> bool:
    """The truth of a value.

    >>> [to_bool(v) for v in (None, "", "0", 0, [], [0], [0, 0])]
    [False, False, True, False, False, False, True]
    """
    value = unwrap(value)
    if value is None:
        return False
    if isinstance(value, (bool, int, float, Decimal)):
        return bool(value)
    if isinstance(value, PSChar):
        return value != "\0"
    if isinstance(value, str):
        return value != ""
    if isinstance(value, list):
        if not value:
            return False
        if len(value) == 1:
            return bool(value[0]) if isinstance(value[0], list) else to_bool(value[0])
        return True
    if isinstance(value, EnumValue):
        return value.number != 0
    present = getattr(value, "is_present", None)
    return bool(present) if present is not None else True


def enumerable(value: Any) -> bool:
    """Whether the pipeline takes a value apart."""
    return isinstance(value, list)


def to_list(value: Any) -> list[Any]:
    """What ``@( )`` makes of a value: nothing for $null, the elements of a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def array_of(value: Any, element_type: str) -> TypedArray:
    """``[T[]] value``: every element converted."""
    items = value if isinstance(value, list) else [value]
    return TypedArray([convert(item, element_type) for item in items], resolve_name(element_type))


_NUMBER = re.compile(
    r"\s*(?P<sign>[+-]?)(?P<digits>0x[0-9a-f]+|(?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)"
    r"(?P<multiplier>[kmgtp]b)?\s*$",
    re.IGNORECASE,
)


def parse_number(text: str) -> Any:
    """The number a string stands for in arithmetic, or None.

    >>> parse_number("0x10"), parse_number(" 2.5 "), parse_number("1kb"), parse_number("abc")
    (16, 2.5, 1024, None)
    """
    if not text.strip():
        return 0
    found = _NUMBER.match(text)
    if not found:
        return None
    from fakes.windows.powershell.scanner import number_value

    value = number_value(found["digits"].replace(",", "").rstrip("."), "", found["multiplier"] or "")
    return -value if found["sign"] == "-" and value is not None else value


def _cannot(value: Any, target: str, fqid: str = "ConvertToFinalInvalidCastException") -> CastError:
    if value is None:
        return CastError(f'Cannot convert null to type "{target}".', "nullToObjectInvalidCast")
    source = type_names(value)[0]
    return CastError(
        f'Cannot convert the "{to_string(value)}" value of type "{source}" to type "{target}".', fqid
    )


def _with_inner(value: Any, target: str, detail: str, fqid: str) -> CastError:
    shown = to_string(value)
    return CastError(f'Cannot convert value "{shown}" to type "{target}". Error: "{detail}"', fqid, detail)


def _to_integer(value: Any, target: str, low: int, high: int) -> int:
    value = unwrap(value)
    if value is None:
        return 0
    if isinstance(value, (bool, int)):
        number = int(value)
    elif isinstance(value, PSChar):
        number = ord(value)
    elif isinstance(value, (float, Decimal)):
        if not math.isfinite(value):
            raise _with_inner(value, target, _overflow(target), "InvalidCastIConvertible")
        number = round(value)
    elif isinstance(value, EnumValue):
        number = value.number
    elif isinstance(value, str):
        parsed = parse_number(value)
        if parsed is None or re.search(r"[kmgtp]b\s*$", value, re.IGNORECASE):
            detail = "Input string was not in a correct format."
            raise _with_inner(value, target, detail, "InvalidCastFromStringToInteger")
        number = round(parsed)
        if (hexadecimal := re.fullmatch(r"\s*0x([0-9a-f]+)\s*", value, re.IGNORECASE)) is not None:
            number = int(hexadecimal[1], 16)  # read in the width of the target, so that the sign bit counts
            number -= 2 * (high + 1) if low < 0 and high < number <= 2 * high + 1 else 0
    elif isinstance(value, list) and len(value) == 1:
        return _to_integer(value[0], target, low, high)
    else:
        raise _cannot(value, target)
    if not low <= number <= high:
        fqid = "InvalidCastFromStringToInteger" if isinstance(value, str) else "InvalidCastIConvertible"
        raise _with_inner(value, target, _overflow(target), fqid)
    return number


def _overflow(target: str) -> str:
    short = target.rpartition(".")[2]
    article = "an" if short[0] in "AEIOU" and not short.startswith("U") else "a"
    if short in {"Byte", "SByte"}:
        return f"Value was either too large or too small for {'an unsigned byte' if short == 'Byte' else 'a signed byte'}."
    return f"Value was either too large or too small for {article} {short}."


def _to_float(value: Any, target: str = "System.Double") -> float:
    value = unwrap(value)
    if value is None:
        return 0.0
    if isinstance(value, (bool, int, float, Decimal)):
        return float(value)
    if isinstance(value, EnumValue):
        return float(value.number)
    if isinstance(value, str) and not isinstance(value, PSChar):
        if value.strip().lower() in {"nan", "infinity", "-infinity"}:
            return float(value)
        parsed = parse_number(value)
        if parsed is not None and not re.search(r"[kmgtp]b\s*$", value, re.IGNORECASE):
            return float(parsed)
        detail = "Input string was not in a correct format."
        raise _with_inner(value, target, detail, "InvalidCastFromStringToDoubleOrSingle")
    if isinstance(value, list) and len(value) == 1:
        return _to_float(value[0], target)
    raise _cannot(value, target)


def _to_decimal(value: Any) -> Decimal:
    value = unwrap(value)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        return Decimal(float_text(value))
    if isinstance(value, str):
        try:
            return Decimal(value.strip().replace(",", "") or "0")
        except InvalidOperation:
            detail = "Input string was not in a correct format."
            raise _with_inner(value, "System.Decimal", detail, "InvalidCastFromStringToDecimal") from None
    return Decimal(_to_integer(value, "System.Decimal", -(2**96), 2**96))


def _to_char(value: Any) -> PSChar:
    value = unwrap(value)
    if isinstance(value, str) and len(value) == 1:
        return PSChar(value)
    if isinstance(value, str):
        detail = "String must be exactly one character long."
        raise _with_inner(value, "System.Char", detail, "InvalidCastParseTargetInvocation")
    return PSChar(chr(_to_integer(value, "System.Char", 0, 0xFFFF)))


def _to_enum(value: Any, type_name: str) -> EnumValue:
    enum = find_enum(type_name)
    assert enum is not None
    if isinstance(value, EnumValue) and value.type_name == enum.name:
        return value
    if isinstance(value, (int, float, EnumValue)):
        return enum.from_number(value.number if isinstance(value, EnumValue) else int(value))
    if isinstance(value, list) and enum.flags:
        number = 0
        for item in value:
            number |= _to_enum(item, type_name).number
        return enum.from_number(number)
    text = to_string(value).strip()
    if re.fullmatch(r"-?\d+", text):
        return enum.from_number(int(text))
    number = 0
    for part in text.split(","):
        exact = [one for one in enum.members if one.lower() == part.strip().lower()]
        names = exact or [
            one for one in enum.members if part.strip() and one.lower().startswith(part.strip().lower())
        ]
        if len(names) != 1:
            raise _no_such_member(value, part.strip(), enum)
        number |= enum.members[names[0]]
    return enum.from_number(number)


def _no_such_member(value: Any, text: str, enum: EnumType) -> CastError:
    """5.1's words for a name that no member has (``EnumMinimumDisambiguation``)."""
    if not text:
        possible = ",".join(enum.members)
        return CastError(
            f'Cannot convert value "{text}" to type "{enum.name}" due to enumeration values that are not '
            f"valid. Specify one of the following enumeration values and try again. The possible "
            f'enumeration values are "{possible}".',
            "CannotConvertNoEnumValue" if value is not None else "nullToObjectInvalidCast",
        )
    return CastError(
        f'Cannot convert value "{to_string(value)}" to type "{enum.name}". Error: "Unable to match the identifier '
        f"name {text} to a valid enumerator name. Specify one of the following enumerator names and try again:\r\n"
        f'{", ".join(enum.members)}"',
        "SubstringDisambiguationEnumParseThrewAnException",
    )


def _to_hashtable(value: Any) -> Any:
    if value is None or isinstance(value, PSHashtable):
        return PSHashtable(value.items()) if isinstance(value, OrderedHashtable) else value
    raise _cannot(value, "System.Collections.Hashtable")


def _to_custom(value: Any) -> Any:
    from fakes.windows.powershell.values import custom_object

    if isinstance(value, PSHashtable):
        return custom_object({to_string(key): item for key, item in value.items()})
    return value


def _to_array(value: Any) -> Any:
    if value is None or (isinstance(value, list) and not isinstance(value, GrowingList)):
        return value
    return list(value) if isinstance(value, list) else [value]


def _identity(value: Any) -> Any:
    return value


def _single(value: Any) -> Single:
    return Single(_to_float(value, "System.Single"))


_BUILT_IN: dict[str, Callable[[Any], Any]] = {
    "System.Object": _identity,
    "System.Management.Automation.PSObject": _identity,
    "System.Management.Automation.PSCustomObject": _to_custom,
    "System.String": to_string,
    "System.Boolean": to_bool,
    "System.Int32": lambda value: _to_integer(value, "System.Int32", INT32_LOW, INT32_HIGH),
    "System.Double": _to_float,
    "System.Single": _single,
    "System.Decimal": _to_decimal,
    "System.Char": _to_char,
    "System.Collections.Hashtable": _to_hashtable,
    "System.Collections.IDictionary": _to_hashtable,
    "System.Array": _to_array,
    "System.Void": lambda _: None,
    "System.Management.Automation.SwitchParameter": to_bool,
    "System.Numerics.BigInteger": lambda value: _to_integer(
        value, "System.Numerics.BigInteger", -(10**400), 10**400
    ),
}


def _sized(kind: type[SizedInt]) -> Callable[[Any], Any]:
    return lambda value: kind(_to_integer(value, kind.type_name, kind.low, kind.high))


_BUILT_IN.update({name: _sized(kind) for name, kind in SIZED.items()})


def resolve_name(type_name: str) -> str:
    """The full name of a type given as an accelerator, a short or a full name, in any case."""
    from fakes.windows.powershell.dotnet.types import full_name

    return full_name(type_name)


def convert(value: Any, type_name: str) -> Any:
    """Cast a value.

    Args:
        value: any value.
        type_name: a type literal's text without the outer brackets: ``int``, ``string[]``,
            ``System.DateTime``, ``System.Collections.Generic.List[string]``.

    Raises:
        CastError: the value does not convert, with the text and id of 5.1.
        NotSimulated: the type exists in .NET but not here.
    """
    full = resolve_name(type_name)
    if full.endswith("[]"):
        return None if value is None else _convert_array(value, full)
    direct = _BUILT_IN.get(full)
    if direct is not None:
        return direct(value)
    if find_enum(full) is not None:
        return _to_enum(unwrap(value), full)
    from fakes.windows.powershell.dotnet.types import convert_to_class

    if value is not None and full in type_names(value):
        return value
    return convert_to_class(value, full)


def _convert_array(value: Any, full: str) -> Any:
    element = full[:-2]
    if isinstance(value, TypedArray) and value.type_name == full:
        return value
    if element == "System.Object":
        return _to_array(value)
    if element == "System.Char" and isinstance(value, str):
        return TypedArray([PSChar(char) for char in value], "System.Char")
    return array_of(value, element)


def refuse_type(name: str) -> NotSimulated:
    """The refusal of a type that .NET has and this implementation has not."""
    return NotSimulated(f".NET type [{name}]")
