"""``System.Text.RegularExpressions``."""

from __future__ import annotations

import re
from typing import Any

from fakes.windows.powershell.containers import GrowingList, TypedArray
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.numbers import is_number
from fakes.windows.powershell.regex import compile_regex, replacement
from fakes.windows.powershell.script_block import ScriptBlock
from fakes.windows.powershell.text_operators import _split_one
from fakes.windows.powershell.values import EnumValue, PSObject, define_enum

_SPACE = "System.Text.RegularExpressions."
OPTIONS = define_enum(
    _SPACE + "RegexOptions",
    {
        "None": 0,
        "IgnoreCase": 1,
        "Multiline": 2,
        "ExplicitCapture": 4,
        "Compiled": 8,
        "Singleline": 16,
        "IgnorePatternWhitespace": 32,
        "RightToLeft": 64,
        "ECMAScript": 256,
        "CultureInvariant": 512,
    },
    flags=True,
)
_FLAGS = {1: re.IGNORECASE, 2: re.MULTILINE, 16: re.DOTALL, 32: re.VERBOSE}


def flags_of(options: EnumValue | None) -> int:
    """``re`` flags of RegexOptions."""
    number = options.number if options is not None else 0
    return sum(int(flag) for bit, flag in _FLAGS.items() if number & bit)


class Regex(PSObject):
    """A compiled pattern as a value."""

    __slots__ = ("compiled",)

    def __init__(self, pattern: str, options: EnumValue | None = None) -> None:
        self.compiled = compile_regex(pattern, flags_of(options))
        super().__init__(
            [_SPACE + "Regex", "System.Object"],
            {"Options": options or OPTIONS("None"), "RightToLeft": False, "MatchTimeout": None},
            text=pattern,
        )


def _to_regex(value: Any) -> Any:
    if value is None or isinstance(value, Regex):
        return value
    try:
        return Regex(to_string(value))
    except NetError as error:
        raise ValueError(error.message) from None


def _capture(found: re.Match[str], group: int | str) -> dict[str, Any]:
    text = found.group(group)
    start = found.start(group)
    return {
        "Index": max(start, 0),
        "Length": len(text or ""),
        "Value": text or "",
        "Success": text is not None,
    }


def group_object(found: re.Match[str] | None, group: int | str) -> PSObject:
    """One Group of a match."""
    values = (
        _capture(found, group)
        if found is not None
        else {"Index": 0, "Length": 0, "Value": "", "Success": False}
    )
    made = PSObject(
        [_SPACE + "Group", _SPACE + "Capture", "System.Object"], values, text=str(values["Value"])
    )
    made.add("Name", str(group), note=False)
    made.add("Captures", [made] if values["Success"] else [], note=False)
    return made


class GroupCollection(PSObject):
    """``$m.Groups``: by number or name."""

    __slots__ = ("found",)

    def __init__(self, found: re.Match[str] | None) -> None:
        self.found = found
        super().__init__(
            [_SPACE + "GroupCollection", "System.Object"],
            {"Count": (found.re.groups + 1) if found is not None else 1},
            {"get_Item": self.item, "GetEnumerator": self.elements},
        )

    def item(self, key: Any) -> PSObject:
        """A group by number or name; an unsuccessful one when there is none."""
        name: int | str = int(key) if is_number(key) else to_string(key)
        if self.found is None:
            return group_object(None, name)
        try:
            self.found.group(name)
        except (IndexError, KeyError):
            return group_object(None, name)
        return group_object(self.found, name)

    def elements(self) -> list[PSObject]:
        """All groups."""
        return [self.item(number) for number in range(int(self.get("Count")))]


class Match(PSObject):
    """``System.Text.RegularExpressions.Match``."""

    __slots__ = ("found",)

    def __init__(self, found: re.Match[str] | None) -> None:
        self.found = found
        values = (
            _capture(found, 0)
            if found is not None
            else {"Index": 0, "Length": 0, "Value": "", "Success": False}
        )
        groups = GroupCollection(found)
        super().__init__(
            [_SPACE + "Match", _SPACE + "Group", _SPACE + "Capture", "System.Object"],
            {"Groups": groups, "Success": values["Success"], "Name": "0", "Captures": [], **values},
            {"NextMatch": self.next_match, "Result": self.result},
            text=str(values["Value"]),
        )

    def next_match(self) -> Match:
        """The match after this one."""
        if self.found is None:
            return self
        start = self.found.end() + (self.found.end() == self.found.start())
        return Match(self.found.re.search(self.found.string, start))

    def result(self, template: str) -> str:
        """A replacement pattern expanded."""
        return replacement(template, self.found) if self.found is not None else ""


def _matches(compiled: re.Pattern[str], text: str) -> GrowingList:
    return GrowingList([Match(found) for found in compiled.finditer(text)], _SPACE + "MatchCollection")


def _substitute(compiled: re.Pattern[str], text: str, by: Any, count: int = 0) -> str:
    if isinstance(by, ScriptBlock):
        from fakes.windows.powershell.current import required_interpreter

        interpreter = required_interpreter("Regex.Replace with a script block")
        return compiled.sub(
            lambda found: "".join(map(to_string, interpreter.invoke(by, [Match(found)]))), text, count
        )
    template = to_string(by)
    return compiled.sub(lambda found: replacement(template, found), text, max(count, 0))


regex = net_class(_SPACE + "Regex", convert=_to_regex)
regex.exists(
    "GetGroupNames GetGroupNumbers GroupNameFromNumber GroupNumberFromName CacheSize CompileToAssembly Unescape"
)
_OPTION = _SPACE + "RegexOptions"
match_collection = net_class(_SPACE + "MatchCollection")
match_collection.property("Count")(len)
match_collection.method("Item", ("int",))(lambda values, index: values[index])


@regex.constructor(("string",), ("string", _OPTION))
def _new(pattern: str, options: EnumValue | None = None) -> Regex:
    return Regex(pattern, options)


regex.method("IsMatch", ("string",), ("string", "int"))(
    lambda one, text, start=0: one.compiled.search(text, start) is not None
)
regex.method("Match", ("string",), ("string", "int"))(
    lambda one, text, start=0: Match(one.compiled.search(text, start))
)
regex.method("Matches", ("string",))(lambda one, text: _matches(one.compiled, text))
regex.method("Replace", ("string", "object"), ("string", "object", "int"))(
    lambda one, text, by, count=0: _substitute(one.compiled, text, by, count)
)
regex.method("Split", ("string",), ("string", "int"))(
    lambda one, text, limit=0: TypedArray(_split_one(text, one.compiled, limit), "System.String")
)


def _static(pattern: str, options: EnumValue | None) -> re.Pattern[str]:
    return compile_regex(pattern, flags_of(options))


regex.static("IsMatch", ("string", "string"), ("string", "string", _OPTION))(
    lambda text, pattern, options=None: _static(pattern, options).search(text) is not None
)
regex.static("Match", ("string", "string"), ("string", "string", _OPTION))(
    lambda text, pattern, options=None: Match(_static(pattern, options).search(text))
)
regex.static("Matches", ("string", "string"), ("string", "string", _OPTION))(
    lambda text, pattern, options=None: _matches(_static(pattern, options), text)
)
regex.static("Replace", ("string", "string", "object"), ("string", "string", "object", _OPTION))(
    lambda text, pattern, by, options=None: _substitute(_static(pattern, options), text, by)
)
regex.static("Split", ("string", "string"), ("string", "string", _OPTION))(
    lambda text, pattern, options=None: TypedArray(
        _split_one(text, _static(pattern, options), 0), "System.String"
    )
)


@regex.static("Escape", ("string",))
def _escape(text: str) -> str:
    names = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}
    return "".join(names.get(char) or (f"\\{char}" if char in "\\*+?|{[()^$.# " else char) for char in text)


def match_object(found: re.Match[str]) -> Match:
    """A Match of Python's ``re`` as the .NET object scripts see (Select-String's Matches)."""
    return Match(found)
