"""Ordering of values: what Sort-Object, Group-Object, Compare-Object and Measure-Object compare by.

Strings compare as the invariant culture does (word sort): hyphen and apostrophe count least, then come
blanks, punctuation, digits and letters; without case unless asked. [Approximation of Windows NLS tables.]
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.values import EnumValue


def string_key(text: str, *, case_sensitive: bool = False) -> tuple[Any, ...]:
    """Sort key of a string.

    >>> sorted(["b", "_a", "B2", "a-b", "ab"], key=string_key)
    ['_a', 'ab', 'a-b', 'b', 'B2']
    """
    weights: list[tuple[int, str]] = []
    ignored: list[int] = []
    for index, char in enumerate(text):
        if char in "-'":
            ignored.append(index)
            continue
        kind = 0 if char.isspace() else 3 if char.isalpha() else 2 if char.isdigit() else 1
        weights.append((kind, char.casefold()))
    case = tuple(char.isupper() for char in text) if case_sensitive else ()
    return (tuple(weights), tuple(ignored), case)


def sort_key(value: Any, *, case_sensitive: bool = False) -> tuple[Any, ...]:
    """Key under which values of any kind can be sorted together: $null first, then by kind."""
    if value is None:
        return (0,)
    if isinstance(value, EnumValue):
        return (1, value.number)
    if isinstance(value, (bool, int, float, Decimal)):
        return (1, value)
    if isinstance(value, datetime):
        return (2, value.replace(tzinfo=None))
    if isinstance(value, timedelta):
        return (3, value)
    base = getattr(value, "base", None)
    if base is not None:
        return sort_key(base, case_sensitive=case_sensitive)
    return (4, string_key(to_string(value), case_sensitive=case_sensitive))


def uniform_keys(values: list[Any], *, case_sensitive: bool = False) -> list[tuple[Any, ...]]:
    """Sort keys of a column. Mixed kinds are compared as strings, as ``ObjectCommandComparer`` does."""
    keys = [sort_key(value, case_sensitive=case_sensitive) for value in values]
    if len({key[0] for key in keys if key[0]}) <= 1:
        return keys
    return [
        (0,) if value is None else (4, string_key(to_string(value), case_sensitive=case_sensitive))
        for value in values
    ]


def equal(left: Any, right: Any, *, case_sensitive: bool = False) -> bool:
    """Whether two values sort alike."""
    keys = uniform_keys([left, right], case_sensitive=case_sensitive)
    return keys[0] == keys[1]
