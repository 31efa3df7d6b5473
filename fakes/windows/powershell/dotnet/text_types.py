"""``System.String`` and ``System.Char``."""

from __future__ import annotations

import unicodedata
from typing import Any

from fakes.windows.powershell.containers import TypedArray
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.dotnet.formatting import composite
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.numbers import PSChar
from fakes.windows.powershell.values import EnumValue, define_enum

STRING_COMPARISON = define_enum(
    "System.StringComparison",
    {
        "CurrentCulture": 0,
        "CurrentCultureIgnoreCase": 1,
        "InvariantCulture": 2,
        "InvariantCultureIgnoreCase": 3,
        "Ordinal": 4,
        "OrdinalIgnoreCase": 5,
    },
)
SPLIT_OPTIONS = define_enum("System.StringSplitOptions", {"None": 0, "RemoveEmptyEntries": 1}, flags=True)
_COMPARISON, _OPTIONS = "System.StringComparison", "System.StringSplitOptions"

string = net_class("System.String")
string.exists("Normalize IsNormalized GetEnumerator GetTypeCode CopyTo Intern IsInterned")
string.property("Length")(len)


def _range_error(message: str) -> NetError:
    return NetError("System.ArgumentOutOfRangeException", message)


def _fold(text: str, comparison: EnumValue | None) -> str:
    return text.lower() if comparison is not None and comparison.name.endswith("IgnoreCase") else text


@string.method("Substring", ("int",), ("int", "int"))
def _substring(text: str, start: int, length: int | None = None) -> str:
    if start < 0:
        raise _range_error("StartIndex cannot be less than zero.\r\nParameter name: startIndex")
    if start > len(text):
        raise _range_error("startIndex cannot be larger than length of string.\r\nParameter name: startIndex")
    if length is None:
        return text[start:]
    if length < 0:
        raise _range_error("Length cannot be less than zero.\r\nParameter name: length")
    if start + length > len(text):
        raise _range_error(
            "Index and length must refer to a location within the string.\r\nParameter name: length"
        )
    return text[start : start + length]


string.method("ToUpper", ())(str.upper)
string.method("ToLower", ())(str.lower)
string.method("ToUpperInvariant", ())(str.upper)
string.method("ToLowerInvariant", ())(str.lower)


def _flat(characters: tuple[Any, ...]) -> list[str]:
    """``params char[]``: single characters, or one array of them."""
    return (
        list(characters[0]) if len(characters) == 1 and isinstance(characters[0], list) else list(characters)
    )


def _trim_set(characters: tuple[Any, ...]) -> str | None:
    return "".join(_flat(characters)) or None


@string.method("Trim", (), ("char[]",), ("char...",))
def _trim(text: str, *characters: Any) -> str:
    return text.strip(_trim_set(characters))


@string.method("TrimStart", ("char[]",), ("char...",))
def _trim_start(text: str, *characters: Any) -> str:
    return text.lstrip(_trim_set(characters))


@string.method("TrimEnd", ("char[]",), ("char...",))
def _trim_end(text: str, *characters: Any) -> str:
    return text.rstrip(_trim_set(characters))


@string.method("StartsWith", ("string",), ("string", _COMPARISON))
def _starts_with(text: str, prefix: str, comparison: EnumValue | None = None) -> bool:
    return _fold(text, comparison).startswith(_fold(prefix, comparison))


@string.method("EndsWith", ("string",), ("string", _COMPARISON))
def _ends_with(text: str, suffix: str, comparison: EnumValue | None = None) -> bool:
    return _fold(text, comparison).endswith(_fold(suffix, comparison))


@string.method("Contains", ("string",))
def _contains(text: str, wanted: str) -> bool:
    return wanted in text


@string.method("IndexOf", ("char",), ("string",), ("char", "int"), ("string", "int"), ("string", _COMPARISON))
def _index_of(text: str, wanted: str, option: Any = 0) -> int:
    if isinstance(option, EnumValue):
        return _fold(text, option).find(_fold(wanted, option))
    if option > len(text):
        raise _range_error(
            "Index was out of range. Must be non-negative and less than the size of the collection.\r\nParameter name: startIndex"
        )
    return text.find(wanted, option)


@string.method("LastIndexOf", ("char",), ("string",), ("string", _COMPARISON))
def _last_index_of(text: str, wanted: str, option: EnumValue | None = None) -> int:
    return _fold(text, option).rfind(_fold(wanted, option))


@string.method("IndexOfAny", ("char[]",))
def _index_of_any(text: str, wanted: list[str]) -> int:
    return min((at for at in (text.find(char) for char in wanted) if at >= 0), default=-1)


@string.method("Replace", ("char", "char"), ("string", "string"))
def _replace(text: str, old: str, new: str) -> str:
    if not old:
        raise NetError(
            "System.ArgumentException", "String cannot be of zero length.\r\nParameter name: oldValue"
        )
    return text.replace(old, new)


@string.method("Remove", ("int",), ("int", "int"))
def _remove(text: str, start: int, count: int | None = None) -> str:
    if not 0 <= start <= len(text) or (count is not None and start + count > len(text)):
        raise _range_error(
            "Index and count must refer to a location within the string.\r\nParameter name: count"
        )
    return text[:start] if count is None else text[:start] + text[start + count :]


@string.method("Insert", ("int", "string"))
def _insert(text: str, start: int, value: str) -> str:
    if not 0 <= start <= len(text):
        raise _range_error(
            "Specified argument was out of the range of valid values.\r\nParameter name: startIndex"
        )
    return text[:start] + value + text[start:]


@string.method("PadLeft", ("int",), ("int", "char"))
def _pad_left(text: str, width: int, filler: str = " ") -> str:
    return text.rjust(width, filler)


@string.method("PadRight", ("int",), ("int", "char"))
def _pad_right(text: str, width: int, filler: str = " ") -> str:
    return text.ljust(width, filler)


@string.method(
    "Split",
    ("char[]", _OPTIONS),
    ("string[]", _OPTIONS),
    ("char[]", "int"),
    ("char[]", "int", _OPTIONS),
    ("string[]", "int", _OPTIONS),
)
def _split_options(
    text: str, separators: list[str], limit: Any, options: EnumValue | None = None
) -> TypedArray:
    if isinstance(limit, EnumValue):
        limit, options = 0, limit
    return _split(text, separators, int(limit), bool(options and options.number))


@string.method("Split", ("char[]",), ("char...",))
def _split_chars(text: str, *separators: Any) -> TypedArray:
    return _split(text, _flat(separators), 0, drop_empty=False)


def _split(text: str, separators: list[str], limit: int, drop_empty: bool) -> TypedArray:
    wanted = sorted((one for one in separators if one), key=len, reverse=True)
    parts: list[str] = []
    start = at = 0
    while at < len(text):
        if limit and len(parts) + 1 >= limit:
            break
        if wanted:
            hit = next((one for one in wanted if text.startswith(one, at)), None)
        else:
            hit = text[at] if text[at].isspace() else None
        if hit is None:
            at += 1
            continue
        if not (drop_empty and at == start):
            parts.append(text[start:at])
        at += len(hit)
        start = at
    if not (drop_empty and start == len(text)):
        parts.append(text[start:])
    return TypedArray(parts, "System.String")


@string.method("ToCharArray", ())
def _to_char_array(text: str) -> TypedArray:
    return TypedArray([PSChar(char) for char in text], "System.Char")


@string.method("ToString", (), ("object",))
def _to_string(text: str, provider: Any = None) -> str:
    del provider
    return str(text)


@string.method("Equals", ("object",), ("string", _COMPARISON))
def _equals(text: str, other: Any, comparison: EnumValue | None = None) -> bool:
    return isinstance(other, str) and _fold(text, comparison) == _fold(other, comparison)


@string.method("CompareTo", ("object",))
def _compare_to(text: str, other: Any) -> int:
    from fakes.windows.powershell.comparison import compare_text

    return compare_text(text, to_string(other), case=True)


@string.method("Clone", ())
def _clone(text: str) -> str:
    return text


@string.method("Chars", ("int",))
@string.method("get_Chars", ("int",))
def _chars(text: str, index: int) -> PSChar:
    if not 0 <= index < len(text):
        raise NetError("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return PSChar(text[index])


# --- static ----------------------------------------------------------------------------

string.constants(Empty="")


@string.static("IsNullOrEmpty", ("string",))
def _is_null_or_empty(text: str | None) -> bool:
    return not text


@string.static("IsNullOrWhiteSpace", ("string",))
def _is_null_or_white_space(text: str | None) -> bool:
    return not text or text.isspace()


@string.static("Join", ("string", "object..."))
def _join(separator: str, *values: Any) -> str:
    return separator.join(to_string(value) for value in values)


@string.static("Concat", ("object...",))
def _concat(*values: Any) -> str:
    return "".join(to_string(value) for value in values)


@string.static("Format", ("string", "object..."))
def _format(template: str, *values: Any) -> str:
    return composite(template, values)


@string.static(
    "Compare", ("string", "string"), ("string", "string", "bool"), ("string", "string", _COMPARISON)
)
def _compare(left: str, right: str, option: Any = None) -> int:
    from fakes.windows.powershell.comparison import compare_text

    ignore = option is True or (isinstance(option, EnumValue) and option.name.endswith("IgnoreCase"))
    return compare_text(left, right, case=not ignore)


@string.static("Equals", ("string", "string"), ("string", "string", _COMPARISON))
def _static_equals(left: str, right: str, option: EnumValue | None = None) -> bool:
    return _fold(left, option) == _fold(right, option)


@string.static("Copy", ("string",))
def _copy(text: str) -> str:
    return text


@string.constructor(("char", "int"))
def _repeat(char: str, count: int) -> str:
    return str(char) * count


@string.constructor(("char[]",))
def _from_chars(chars: list[str]) -> str:
    return "".join(chars)


# --- char ------------------------------------------------------------------------------

char_class = net_class("System.Char", bases=("System.ValueType", "System.Object"))
char_class.exists(
    "GetUnicodeCategory IsHighSurrogate IsLowSurrogate IsSurrogate ConvertToUtf32 GetNumericValue Parse TryParse"
)
char_class.constants(MinValue=PSChar("\0"), MaxValue=PSChar("\uffff"))
_TESTS = {
    "IsDigit": str.isdigit,
    "IsLetter": str.isalpha,
    "IsLetterOrDigit": str.isalnum,
    "IsUpper": str.isupper,
    "IsLower": str.islower,
    "IsWhiteSpace": str.isspace,
    "IsNumber": str.isnumeric,
    "IsControl": lambda char: unicodedata.category(char) == "Cc",
    "IsPunctuation": lambda char: unicodedata.category(char).startswith("P"),
    "IsSymbol": lambda char: unicodedata.category(char).startswith("S"),
}
for _name, _test in _TESTS.items():
    char_class.static(_name, ("char",))(_test)
char_class.static("ToUpper", ("char",))(lambda char: PSChar(char.upper()))
char_class.static("ToLower", ("char",))(lambda char: PSChar(char.lower()))
char_class.static("ToString", ("char",))(str)
char_class.static("ConvertFromUtf32", ("int",))(chr)
char_class.method("ToString", ())(str)
char_class.method("CompareTo", ("char",))(lambda left, right: ord(left) - ord(right))
char_class.method("Equals", ("object",))(lambda left, right: isinstance(right, PSChar) and left == right)
