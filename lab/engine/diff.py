"""Differences between two captured states, as a list of changed paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

ABSENT = "<absent>"
_SCOPE = re.compile(r"/subscriptions/[^/\s]+/resourceGroups/[^/\s]+/providers/", re.IGNORECASE)
_DULL = frozenset({"attributes", "times", "version", "id", "name", "type", "provisioningState"})
"""What a file has besides its content, and a resource besides what was asked of it."""
_LABELS = ("name", "id", "Name", "pid", "path")


@dataclass(frozen=True)
class Change:
    """One difference: the path, joined by ``/``, the values on both sides, and when it was seen."""

    path: str
    before: Any
    after: Any
    when: str = ""

    def __str__(self) -> str:
        return f"{shortened(self.path)}: {_brief(self.before)} -> {_brief(self.after)}"

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"path": self.path, "before": self.before, "after": self.after, "when": self.when}


def difference(before: Any, after: Any, ignore: Sequence[str] = ()) -> list[Change]:
    """Compare two states.

    Args:
        before: JSON-able state.
        after: JSON-able state.
        ignore: Patterns of paths to leave out: ``*`` stands for anything, ``/`` included; case
            does not matter. A pattern that names a folder (``vm/services/*``) also covers the
            folder itself.

    Returns:
        The changes in the order of their paths.

    >>> [str(c) for c in difference({"a": {"x": 1, "y": 1}}, {"a": {"x": 2, "y": 2}}, ["a/y"])]
    ['a/x: 1 -> 2']
    """
    patterns = [pattern.lower() for pattern in ignore]
    found = [c for c in _walk("", before, after) if not any(covers(p, c.path) for p in patterns)]
    return sorted(found, key=lambda change: change.path)


def summaries(changes: Sequence[Change]) -> list[str]:
    """Tell changes to people: what came or went as a whole is one line.

    >>> came = [Change("vm/files/x/size", ABSENT, 3), Change("vm/files/x/text", ABSENT, "abc")]
    >>> summaries([*came, Change("vm/light", "on", "off")])
    ["vm/files/x: new (size 3, text 'abc')", "vm/light: 'on' -> 'off'"]
    """
    lines: list[str] = []
    rest = list(changes)
    while rest:
        whole, what = _thing(rest[0])
        size = next((n for n, c in enumerate(rest) if not _belongs(c, whole, what)), len(rest))
        group, rest = rest[:size], rest[size:]
        if len(group) == 1:
            lines.append(str(group[0]))
            continue
        leaves = ((c.path.rpartition("/")[2], c.after if what == "new" else c.before) for c in group)
        told = ", ".join(
            f"{name} {_brief(value)}" for name, value in leaves if name not in _DULL and value not in ([], "")
        )
        lines.append(f"{shortened(whole)}: {what}" + (f" ({told})" if told else ""))
    return lines


def _thing(change: Change) -> tuple[str, str]:
    """What a change belongs to when the whole of it came or went."""
    what = _direction(change)
    return (change.path.rpartition("/")[0] if what else change.path, what)


def _direction(change: Change) -> str:
    return "new" if change.before == ABSENT else "gone" if change.after == ABSENT else ""


def _belongs(change: Change, whole: str, what: str) -> bool:
    if not what:
        return change.path == whole
    return change.path.startswith(f"{whole}/") and _direction(change) == what


def shortened(text: str) -> str:
    """Leave out what is the same in all resource ids of a lab, for people.

    >>> shortened("azure/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/x/y/name")
    'azure/.../Microsoft.Network/x/y/name'
    """
    return _SCOPE.sub("/.../", text)


def covers(pattern: str, path: str) -> bool:
    """Whether a pattern (lower case) covers a path."""
    lowered = path.lower()
    return fnmatchcase(lowered, pattern) or (pattern.endswith("/*") and fnmatchcase(lowered, pattern[:-2]))


def _walk(path: str, before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _walk(_join(path, key), before.get(key, ABSENT), after.get(key, ABSENT))
    elif isinstance(before, list) and isinstance(after, list):
        left, right = _keyed(before), _keyed(after)
        if left is not None and right is not None:
            yield from _walk(path, left, right)
        elif before != after:
            yield Change(path, before, after)
    elif before != after:
        # a whole subtree that came or went is told leaf by leaf, so that patterns can name leaves
        whole = after if before == ABSENT else before
        other_absent = ABSENT in (before, after)
        if other_absent and isinstance(whole, dict) and whole:
            for key, value in whole.items():
                yield from _walk(
                    _join(path, key), *((ABSENT, value) if before == ABSENT else (value, ABSENT))
                )
        else:
            yield Change(path, before, after)


def _keyed(items: list[Any]) -> dict[str, Any] | None:
    """Index a list of mappings by their names, so that a new first entry is one change."""
    if not items:
        return {}
    for label in _LABELS:
        if all(isinstance(item, dict) and isinstance(item.get(label), str | int) for item in items):
            keyed = {str(item[label]): item for item in items}
            if len(keyed) == len(items):
                return keyed
    return None


def _join(path: str, key: Any) -> str:
    return f"{path}/{str(key).strip('/')}" if path else str(key).strip("/")


def _brief(value: Any) -> str:
    text = repr(value) if value != ABSENT else ABSENT
    return text if len(text) <= 80 else text[:77] + "..."
