"""Hashtables and typed lists of the PowerShell language.

``@{}`` is a ``System.Collections.Hashtable`` whose string keys compare without case;
``[ordered]@{}`` is an ``OrderedDictionary``. Both keep the spelling of the first use of a
key. .NET's Hashtable enumerates in bucket order, which depends on culture sort keys that
cannot be reproduced here; ours enumerates in insertion order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def fold(key: Any) -> Any:
    """The form under which a key is stored: strings lose their case, 1 and $true stay apart."""
    if isinstance(key, str):
        return key.lower()
    if isinstance(key, bool):
        return (bool, key)
    try:
        hash(key)
    except TypeError:
        return (type(key), id(key))
    return key


class PSHashtable:
    """``System.Collections.Hashtable``: a mapping from any value to any value."""

    type_name = "System.Collections.Hashtable"
    __slots__ = ("_entries",)

    def __init__(self, items: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = ()) -> None:
        self._entries: dict[Any, tuple[Any, Any]] = {}
        pairs = items.items() if isinstance(items, (Mapping, PSHashtable)) else items
        for key, value in pairs:
            self[key] = value

    def __getitem__(self, key: Any) -> Any:
        """The value under ``key``, or None ($null) as PowerShell's indexer answers."""
        entry = self._entries.get(fold(key))
        return None if entry is None else entry[1]

    def __setitem__(self, key: Any, value: Any) -> None:
        folded = fold(key)
        known = self._entries.get(folded)
        self._entries[folded] = (known[0] if known else key, value)

    def __delitem__(self, key: Any) -> None:
        self._entries.pop(fold(key), None)

    def __contains__(self, key: Any) -> bool:
        return fold(key) in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Any]:
        return iter([entry[0] for entry in self._entries.values()])

    def keys(self) -> list[Any]:
        """The keys as they were first written."""
        return [entry[0] for entry in self._entries.values()]

    def values(self) -> list[Any]:
        """The values, in the order of :meth:`keys`."""
        return [entry[1] for entry in self._entries.values()]

    def items(self) -> list[tuple[Any, Any]]:
        """Pairs of key and value."""
        return list(self._entries.values())

    def get(self, key: Any, default: Any = None) -> Any:
        """The value under ``key``, or ``default``."""
        entry = self._entries.get(fold(key))
        return default if entry is None else entry[1]

    def clear(self) -> None:
        """Remove every entry."""
        self._entries.clear()

    def copy(self) -> PSHashtable:
        """A shallow copy of the same kind."""
        return type(self)(self.items())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.items()!r})"


class OrderedHashtable(PSHashtable):
    """``[ordered]@{}``: also indexable by position."""

    type_name = "System.Collections.Specialized.OrderedDictionary"
    __slots__ = ()

    def at(self, index: int) -> Any:
        """The value at a position.

        Raises:
            IndexError: there is no entry at ``index``.
        """
        if index < 0:
            raise IndexError(index)
        return list(self._entries.values())[index][1]


class TypedArray(list[Any]):
    """An array of one element type, such as ``[string[]]``; a plain list is ``object[]``."""

    __slots__ = ("element_type",)

    def __init__(self, items: Iterable[Any] = (), element_type: str = "System.Object") -> None:
        super().__init__(items)
        self.element_type = element_type

    @property
    def type_name(self) -> str:
        """The full .NET name, for example ``System.String[]``."""
        return f"{self.element_type}[]"


class GrowingList(list[Any]):
    """A list that can grow: ``ArrayList``, ``List[T]``, ``Queue``, ``Stack``, Collection[PSObject]."""

    __slots__ = ("type_name",)

    def __init__(self, items: Iterable[Any] = (), type_name: str = "System.Collections.ArrayList") -> None:
        super().__init__(items)
        self.type_name = type_name
