"""Operators on text: -like, -match, -replace, -split, -join, -f."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from fakes.windows.powershell.containers import PSHashtable, TypedArray
from fakes.windows.powershell.conversion import convert, to_bool, to_string
from fakes.windows.powershell.dotnet.registry import NetError
from fakes.windows.powershell.errors import PowerShellError, runtime_error
from fakes.windows.powershell.regex import compile_regex, replacement
from fakes.windows.powershell.values import PSObject


@lru_cache(maxsize=512)
def wildcard(pattern: str, *, case: bool = False) -> re.Pattern[str]:
    """The regular expression of a wildcard pattern (about_Wildcards).

    Raises:
        PowerShellError: an unterminated ``[``.
    """
    pieces: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "`" and at < len(pattern):
            pieces.append(re.escape(pattern[at]))
            at += 1
        elif char == "*":
            pieces.append(".*")
        elif char == "?":
            pieces.append(".")
        elif char == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                raise runtime_error(
                    f"The specified wildcard character pattern is not valid: {pattern}",
                    "WildcardPatternException",
                    "InvalidOperation",
                    exception_type="System.Management.Automation.WildcardPatternException",
                )
            inner = pattern[at:end].replace("\\", "\\\\").replace("^", "\\^").replace("[", "\\[")
            pieces.append(f"[{inner}]")
            at = end + 1
        else:
            pieces.append(re.escape(char))
    flags = re.DOTALL if case else re.DOTALL | re.IGNORECASE
    return re.compile("".join(pieces) + r"\Z", flags)


def like(left: Any, right: Any, *, case: bool = False, negated: bool = False) -> Any:
    """``left -like right``; filters a list."""
    pattern = wildcard(to_string(right), case=case)
    if isinstance(left, list):
        return [item for item in left if (pattern.match(to_string(item)) is not None) != negated]
    return (pattern.match(to_string(left)) is not None) != negated


def pattern_of(value: Any, *, case: bool) -> re.Pattern[str]:
    """The compiled pattern of a -match, -replace or -split operand.

    Raises:
        PowerShellError: the pattern is not valid.
    """
    compiled = getattr(value, "compiled", None)
    if compiled is not None:
        return compiled if case else re.compile(compiled.pattern, compiled.flags | re.IGNORECASE)
    try:
        return compile_regex(to_string(value), 0 if case else re.IGNORECASE)
    except NetError as error:
        raise runtime_error(
            error.message,
            "System.ArgumentException",
            "OperationStopped",
            exception_type="System.ArgumentException",
        ) from None


def match(left: Any, right: Any, ctx: Any = None, *, case: bool = False, negated: bool = False) -> Any:
    """``left -match right``; sets ``$Matches`` for a single text."""
    pattern = pattern_of(right, case=case)
    if isinstance(left, list):
        return [item for item in left if (pattern.search(to_string(item)) is not None) != negated]
    found = pattern.search(to_string(left))
    if found is not None and ctx is not None:
        ctx.set_variable("Matches", match_table(found))
    return (found is not None) != negated


def match_table(found: re.Match[str]) -> PSHashtable:
    """``$Matches``: groups that took part, by name or number."""
    table = PSHashtable()
    names = {number: name for name, number in found.re.groupindex.items()}
    for number in range(found.re.groups, -1, -1):
        text = found.group(number)
        if text is not None:
            table[names.get(number, number)] = text
    return table


def replace(left: Any, right: Any, *, case: bool = False) -> Any:
    """``left -replace pattern, substitute``."""
    operands = right if isinstance(right, list) else [right]
    if len(operands) > 2:
        raise runtime_error(
            f"The -ireplace operator allows only two elements to follow it, not {len(operands)}.",
            "BadReplaceArgument",
        )
    pattern = pattern_of(operands[0], case=case) if operands else pattern_of("", case=case)
    template = to_string(operands[1]) if len(operands) > 1 else ""

    def one(value: Any) -> str:
        return pattern.sub(lambda found: replacement(template, found), to_string(value))

    if isinstance(left, list):
        return [one(item) for item in left]
    return one(left)


def split(left: Any, right: Any, *, case: bool = False) -> list[str]:
    """``left -split pattern, max, options`` or ``left -split { predicate }``."""
    operands = right if isinstance(right, list) else [right]
    texts = [to_string(item) for item in (left if isinstance(left, list) else [left])]
    limit = int(convert(operands[1], "int")) if len(operands) > 1 else 0
    options = to_string(operands[2]).lower() if len(operands) > 2 else ""
    first = operands[0]
    if isinstance(first, PSObject) and hasattr(first, "ast"):
        return TypedArray(
            [part for text in texts for part in _split_by_block(text, first, limit)], "System.String"
        )
    if "simplematch" in options:
        pattern = re.compile(re.escape(to_string(first)), 0 if case else re.IGNORECASE)
    else:
        pattern = pattern_of(first, case=case and "ignorecase" not in options)
    if "multiline" in options:
        pattern = re.compile(pattern.pattern, pattern.flags | re.MULTILINE)
    parts: list[str] = []
    for text in texts:
        parts += _split_one(text, pattern, limit)
    return TypedArray(parts, "System.String")


def _split_one(text: str, pattern: re.Pattern[str], limit: int) -> list[str]:
    """Regex.Split: captured groups stay in the result."""
    parts: list[str] = []
    at = 0
    for found in pattern.finditer(text):
        if limit > 0 and len(parts) + 1 >= limit:
            break
        if (
            found.end() == found.start()
            and found.start() in {0, len(text)}
            and not parts
            and found.start() == len(text)
        ):
            continue
        parts.append(text[at : found.start()])
        parts += [group for group in found.groups() if group is not None]
        at = found.end()
    return [*parts, text[at:]]


def _split_by_block(text: str, block: Any, limit: int) -> list[str]:
    from fakes.windows.powershell.current import required_interpreter

    interpreter = required_interpreter("-split with a script block")
    parts: list[str] = []
    current = ""
    for char in text:
        answer = interpreter.run_block(block, underscore=char)
        if to_bool(answer[0] if len(answer) == 1 else answer) and not (limit > 0 and len(parts) + 1 >= limit):
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


def join(left: Any, right: Any) -> str:
    """``left -join separator``."""
    items = left if isinstance(left, list) else [left]
    return to_string(right).join(to_string(item) for item in items)


def format_operator(left: Any, right: Any) -> str:
    """``template -f values``.

    Raises:
        PowerShellError: the template is malformed or asks for a value that is not there.
    """
    from fakes.windows.powershell.dotnet.formatting import composite

    values = right if isinstance(right, list) else [right]
    try:
        return composite(to_string(left), values)
    except NetError as error:
        raise format_error_of(error.message) from None


def format_error_of(reason: str) -> PowerShellError:
    """``Error formatting a string: ...``."""
    return runtime_error(f"Error formatting a string: {reason}.", "FormatError")
