"""Numbers: the integer and floating types, ``Math``, ``Convert``, ``BitConverter``, ``Random``."""

from __future__ import annotations

import base64
import math
import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from fakes.windows.powershell.containers import TypedArray
from fakes.windows.powershell.conversion import CastError, convert, parse_number, to_string
from fakes.windows.powershell.dotnet.formatting import format_number
from fakes.windows.powershell.dotnet.registry import NetClass, NetError, net_class
from fakes.windows.powershell.numbers import INT32_HIGH, INT32_LOW, SIZED, Byte, Int64, Single
from fakes.windows.powershell.text_form import to_string as text_of
from fakes.windows.powershell.values import EnumValue, define_enum

_VALUE = ("System.ValueType", "System.Object")
_BAD = "Input string was not in a correct format."


def _declare(name: str, low: Any, high: Any, kind: Any) -> NetClass:
    declared = net_class(name, bases=_VALUE)
    declared.exists("GetTypeCode")
    declared.constants(MinValue=kind(low), MaxValue=kind(high))
    short = name.rpartition(".")[2]

    def parse(text: str, style: Any = None) -> Any:
        if isinstance(style, EnumValue) and "Hex" in style.name:
            return kind(int(text, 16))
        pattern = (
            r"\s*[+-]?\d+\s*"
            if short not in {"Double", "Single", "Decimal"}
            else r"\s*[+-]?[\d,]*\.?\d*(?:[eE][+-]?\d+)?\s*"
        )
        if not text or not re.fullmatch(pattern, text):
            raise NetError("System.FormatException", _BAD)
        try:
            return convert(text.replace(",", ""), name)
        except CastError as error:
            raise NetError("System.OverflowException", error.detail or _BAD) from None

    def try_parse(text: str, result: Any) -> bool:
        try:
            value = parse(text)
        except NetError:
            value = None
        if result is not None and hasattr(result, "set"):
            result.set("Value", value if value is not None else kind(0))
        return value is not None

    declared.static("Parse", ("string",), ("string", "object"))(parse)
    declared.static("TryParse", ("string", "object"))(try_parse)
    declared.method("ToString", ("string",), ("string", "object"))(
        lambda value, spec, _=None: format_number(value, spec) if isinstance(spec, str) else text_of(value)
    )
    declared.method("ToString", ())(text_of)
    declared.method("CompareTo", ("object",))(lambda left, right: (left > right) - (left < right))
    declared.method("Equals", ("object",))(lambda left, right: type(left) is type(right) and left == right)
    return declared


int32 = _declare("System.Int32", INT32_LOW, INT32_HIGH, int)
for _name, _kind in SIZED.items():
    _declare(_name, _kind.low, _kind.high, _kind)
double = _declare("System.Double", -1.7976931348623157e308, 1.7976931348623157e308, float)
double.constants(NaN=math.nan, PositiveInfinity=math.inf, NegativeInfinity=-math.inf, Epsilon=5e-324)
double.static("IsNaN", ("double",))(math.isnan)
double.static("IsInfinity", ("double",))(math.isinf)
_declare("System.Single", -3.4028235e38, 3.4028235e38, Single)
decimal_class = _declare(
    "System.Decimal", "-79228162514264337593543950335", "79228162514264337593543950335", Decimal
)
boolean = net_class("System.Boolean", bases=_VALUE)
boolean.constants(TrueString="True", FalseString="False")


@boolean.static("Parse", ("string",))
def _parse_boolean(text: str) -> bool:
    if text.strip().lower() not in {"true", "false"}:
        raise NetError("System.FormatException", "String was not recognized as a valid Boolean.")
    return text.strip().lower() == "true"


@boolean.static("TryParse", ("string", "object"))
def _try_parse_boolean(text: str, result: Any) -> bool:
    known = text.strip().lower() in {"true", "false"}
    if result is not None:
        result.set("Value", text.strip().lower() == "true")
    return known


# --- Math ------------------------------------------------------------------------------

math_class = net_class("System.Math")
math_class.exists("BigMul IEEERemainder")
math_class.constants(PI=math.pi, E=math.e)
ROUNDING = define_enum("System.MidpointRounding", {"ToEven": 0, "AwayFromZero": 1})


def _number(value: Any) -> Any:
    parsed = parse_number(value) if isinstance(value, str) else value
    if parsed is None or not isinstance(parsed, (int, float, Decimal)):
        raise CastError(
            f'Cannot convert value "{to_string(value)}" to type "System.Double". Error: "{_BAD}"',
            "InvalidCastFromStringToDoubleOrSingle",
        )
    return int(parsed) if isinstance(parsed, bool) else parsed


@math_class.static(
    "Round", ("object",), ("object", "object"), ("object", "object", "System.MidpointRounding")
)
def _round(value: Any, digits: Any = 0, mode: EnumValue | None = None) -> Any:
    if isinstance(digits, EnumValue) or (isinstance(digits, str) and not digits.isdigit()):
        digits, mode = 0, convert(digits, "System.MidpointRounding")
    number = _number(value)
    places = int(convert(digits, "int"))
    if not 0 <= places <= 28:
        raise NetError(
            "System.ArgumentOutOfRangeException",
            "Rounding digits must be between 0 and 15, inclusive.\r\nParameter name: digits",
        )
    if isinstance(number, float) and (math.isnan(number) or math.isinf(number)):
        return number
    rounding = ROUND_HALF_UP if mode is not None and mode.number == 1 else ROUND_HALF_EVEN
    exact = number if isinstance(number, Decimal) else Decimal(repr(float(number)))
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    return rounded if isinstance(number, Decimal) else float(rounded)


def _pick(choose: Any) -> Any:
    def pick(left: Any, right: Any) -> Any:
        one, other = _number(left), _number(right)
        if (
            isinstance(one, float) != isinstance(other, float)
            and not isinstance(one, Decimal)
            and not isinstance(other, Decimal)
        ):
            one, other = float(one), float(other)
        return choose(one, other)

    return pick


math_class.static("Max", ("object", "object"))(_pick(max))
math_class.static("Min", ("object", "object"))(_pick(min))
math_class.static("Abs", ("object",))(lambda value: abs(_number(value)))
math_class.static("Sign", ("object",))(lambda value: (_number(value) > 0) - (_number(value) < 0))


def _whole(function: Any) -> Any:
    def apply(value: Any) -> Any:
        number = _number(value)
        if isinstance(number, Decimal):
            return Decimal(function(number))
        return float(function(number)) if math.isfinite(number) else number

    return apply


math_class.static("Floor", ("object",))(_whole(math.floor))
math_class.static("Ceiling", ("object",))(_whole(math.ceil))
math_class.static("Truncate", ("object",))(_whole(math.trunc))


@math_class.static("Pow", ("double", "double"))
def _pow(base: float, exponent: float) -> float:
    try:
        result = base**exponent
    except OverflowError:
        return math.inf
    return result if isinstance(result, float) else math.nan


@math_class.static("Sqrt", ("double",))
def _sqrt(value: float) -> float:
    return math.sqrt(value) if value >= 0 else math.nan


@math_class.static("Log", ("double",), ("double", "double"))
def _log(value: float, base: float = math.e) -> float:
    if value <= 0:
        return -math.inf if value == 0 else math.nan
    return math.log(value) if base == math.e else math.log(value, base)


math_class.static("Log10", ("double",))(lambda value: math.log10(value) if value > 0 else -math.inf)
for _function in ("Exp", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Tanh"):
    math_class.static(_function, ("double",))(getattr(math, _function.lower()))
math_class.static("Atan2", ("double", "double"))(math.atan2)


@math_class.static("DivRem", ("int", "int", "object"))
def _div_rem(left: int, right: int, rest: Any) -> int:
    if right == 0:
        raise NetError("System.DivideByZeroException", "Attempted to divide by zero.")
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    rest.set("Value", left - quotient * right)
    return quotient


# --- Convert ---------------------------------------------------------------------------

convert_class = net_class("System.Convert")
convert_class.exists("ChangeType GetTypeCode IsDBNull ToBase64CharArray FromBase64CharArray")
_TARGETS = {
    "ToInt32": "int",
    "ToInt64": "long",
    "ToInt16": "int16",
    "ToUInt32": "uint32",
    "ToUInt64": "uint64",
    "ToUInt16": "uint16",
    "ToByte": "byte",
    "ToSByte": "sbyte",
    "ToDouble": "double",
    "ToSingle": "single",
    "ToDecimal": "decimal",
    "ToBoolean": "bool",
    "ToChar": "char",
    "ToDateTime": "datetime",
}


def _converter(target: str) -> Any:
    def run(value: Any, base: Any = None) -> Any:
        if base is not None and isinstance(base, int):
            return _from_base(to_string(value), base, target)
        if target == "bool" and isinstance(value, str):
            return _parse_boolean(value)
        try:
            return convert(value, target)
        except CastError as error:
            raise NetError("System.FormatException", error.detail or error.record.message) from None

    return run


def _from_base(text: str, base: int, target: str) -> Any:
    if base not in {2, 8, 10, 16}:
        raise NetError("System.ArgumentException", "Invalid Base.")
    try:
        number = int(text, base)
    except ValueError:
        raise NetError("System.FormatException", "Could not find any recognizable digits.") from None
    bits = {"int": 32, "long": 64, "int16": 16, "sbyte": 8}.get(target)
    if bits and number >= 2 ** (bits - 1):
        number -= 2**bits
    return convert(number, target)


for _method, _target in _TARGETS.items():
    convert_class.static(_method, ("object",), ("object", "object"))(_converter(_target))


@convert_class.static("ToString", ("object",), ("object", "object"))
def _convert_to_string(value: Any, base: Any = None) -> str:
    if isinstance(base, int) and isinstance(value, int):
        number = int(value)
        if number < 0 and base != 10:
            number += 2 ** (64 if isinstance(value, Int64) or number < INT32_LOW else 32)
        return {2: f"{number:b}", 8: f"{number:o}", 10: str(number), 16: f"{number:x}"}.get(base) or ""
    from fakes.windows.powershell.text_form import culture_text

    return culture_text(value) if value is not None else ""


@convert_class.static("ToBase64String", ("byte[]",), ("byte[]", "object"))
def _to_base64(data: list[int], options: Any = None) -> str:
    del options
    return base64.b64encode(bytes(data)).decode()


@convert_class.static("FromBase64String", ("string",))
def _from_base64(text: str) -> TypedArray:
    cleaned = re.sub(r"\s", "", text)
    if len(cleaned) % 4 or not re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", cleaned):
        raise NetError(
            "System.FormatException",
            "Invalid length for a Base-64 char array or string."
            if len(cleaned) % 4
            else "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding "
            "characters, or an illegal character among the padding characters. ",
        )
    return byte_array(base64.b64decode(cleaned))


def byte_array(data: bytes) -> TypedArray:
    """``byte[]`` of bytes."""
    return TypedArray([Byte(one) for one in data], "System.Byte")


bit_converter = net_class("System.BitConverter")
bit_converter.exists("ToChar DoubleToInt64Bits Int64BitsToDouble ToSingle ToDouble ToBoolean")
bit_converter.constants(IsLittleEndian=True)


@bit_converter.static("ToString", ("byte[]",))
def _bits_text(data: list[int]) -> str:
    return "-".join(f"{one:02X}" for one in data)


@bit_converter.static("GetBytes", ("object",))
def _get_bytes(value: Any) -> TypedArray:
    from fakes.windows.powershell.numbers import integer_type

    size = {"System.Int64": 8, "System.UInt64": 8, "System.Int16": 2, "System.UInt16": 2}.get(
        integer_type(value), 4
    )
    return byte_array((int(value) % 2 ** (8 * size)).to_bytes(size, "little"))


for _method, _size, _signed in (
    ("ToInt16", 2, True),
    ("ToUInt16", 2, False),
    ("ToInt32", 4, True),
    ("ToUInt32", 4, False),
    ("ToInt64", 8, True),
    ("ToUInt64", 8, False),
):
    bit_converter.static(_method, ("byte[]", "int"))(
        lambda data, start, size=_size, signed=_signed: int.from_bytes(
            bytes(data[start : start + size]), "little", signed=signed
        )
    )
