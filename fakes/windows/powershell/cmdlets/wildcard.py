"""PowerShell wildcards: ``*``, ``?``, ``[a-z]`` and the backtick that escapes them."""

from __future__ import annotations

import re
from functools import lru_cache

_SPECIAL = frozenset("*?[")


def has_wildcard(text: str) -> bool:
    """Whether the text holds an unescaped wildcard character.

    >>> has_wildcard("a*"), has_wildcard("a`*")
    (True, False)
    """
    escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif char == "`":
            escaped = True
        elif char in _SPECIAL:
            return True
    return False


@lru_cache(maxsize=512)
def compile_wildcard(pattern: str) -> re.Pattern[str]:
    """A regular expression for the whole text, without case."""
    parts: list[str] = []
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "`" and index + 1 < len(pattern):
            index += 1
            parts.append(re.escape(pattern[index]))
        elif char == "*":
            parts.append(".*")
        elif char == "?":
            parts.append(".")
        elif char == "[" and "]" in pattern[index + 2 :]:
            end = pattern.index("]", index + 2)
            members = pattern[index + 1 : end].replace("\\", "\\\\").replace("^", "\\^").replace("[", "\\[")
            parts.append(f"[{members}]")
            index = end
        else:
            parts.append(re.escape(char))
        index += 1
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Whether the text as a whole matches the pattern.

    >>> matches("Windows*", "WindowsAzureGuestAgent"), matches("v[sx]s", "VSS")
    (True, True)
    """
    return compile_wildcard(pattern).fullmatch(text) is not None


def matches_any(patterns: list[str] | None, text: str) -> bool:
    """Whether one of the patterns matches; False without patterns."""
    return any(matches(pattern, text) for pattern in patterns or [])
