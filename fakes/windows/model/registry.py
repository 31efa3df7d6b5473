"""The registry: an immutable tree of keys, changed by copying the path to the root.

Hosts share the tree they start from. A change makes new nodes only along its path, so
a host costs a pointer, a reset is an assignment, and two states can be compared by
skipping every subtree that is the same object.

Names are case-insensitive and keep their case. Types and limits follow
MicrosoftDocs/win32, "Registry Value Types".
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fakes.windows.model.win32 import Win32Error

TYPES = (
    "REG_NONE",
    "REG_SZ",
    "REG_EXPAND_SZ",
    "REG_BINARY",
    "REG_DWORD",
    "REG_DWORD_BIG_ENDIAN",
    "REG_LINK",
    "REG_MULTI_SZ",
    "REG_RESOURCE_LIST",
    "REG_FULL_RESOURCE_DESCRIPTOR",
    "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
)

HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
_LONG = {long.lower(): long for long in HIVES.values()} | {
    short.lower(): long for short, long in HIVES.items()
}
# Where the hives that are only links lead. HKEY_CURRENT_USER depends on who asks.
_LINKS = {
    "hkey_classes_root": ("HKEY_LOCAL_MACHINE", "SOFTWARE", "Classes"),
    "hkey_current_config": (
        "HKEY_LOCAL_MACHINE", "SYSTEM", "CurrentControlSet", "Hardware Profiles", "Current",
    ),
}  # fmt: skip

Data = str | int | bytes | tuple[str, ...]


class KeyNotFound(Win32Error):
    """No such key (ERROR_FILE_NOT_FOUND); ``detail`` is the path asked for."""

    def __init__(self, path: str) -> None:
        super().__init__(2, path)


class ValueNotFound(Win32Error):
    """The key exists, the value does not (ERROR_FILE_NOT_FOUND); ``detail`` is its name."""

    def __init__(self, path: str, name: str) -> None:
        super().__init__(2, name)
        self.path = path


@dataclass(frozen=True, slots=True)
class Value:
    """One named value of a key.

    Attributes:
        name: As it was written; empty for the key's default value.
        type: One of :data:`TYPES`.
        data: ``str`` for REG_SZ and REG_EXPAND_SZ (unexpanded), ``int`` for DWORD and
            QWORD, ``tuple[str, ...]`` for MULTI_SZ, ``bytes`` for everything else.
    """

    name: str
    type: str
    data: Data


class Key:
    """One key; never changed once it hangs in a tree.

    Attributes:
        name: The last part of its path, with its case.
        values: Lower-case name to :class:`Value`, in the order they were written.
        children: Lower-case name to :class:`Key`.
        derived: Room for what a reader worked out from this key (a key never changes,
            so it stays true for every host that shares it).
    """

    __slots__ = ("children", "derived", "name", "values")

    def __init__(
        self,
        name: str,
        values: dict[str, Value] | None = None,
        children: dict[str, Key] | None = None,
    ) -> None:
        self.name = name
        self.values = values or {}
        self.children = children or {}
        self.derived: Any = None

    def subkeys(self) -> list[Key]:
        """Return the subkeys in the registry's order, which is alphabetical."""
        return [self.children[name] for name in sorted(self.children)]

    def get(self, name: str, default: Any = None) -> Any:
        """Return the data of the value ``name``, or ``default``."""
        value = self.values.get(name.lower())
        return default if value is None else value.data


def check(type_: str, data: Data, name: str = "") -> Value:
    """Return the value, or raise ValueError when the data does not fit the type."""
    fits: dict[str, Callable[[Any], bool]] = {
        "REG_SZ": lambda d: isinstance(d, str),
        "REG_EXPAND_SZ": lambda d: isinstance(d, str),
        "REG_DWORD": lambda d: isinstance(d, int) and 0 <= d < 2**32,
        "REG_QWORD": lambda d: isinstance(d, int) and 0 <= d < 2**64,
        "REG_MULTI_SZ": lambda d: isinstance(d, tuple) and all(isinstance(s, str) for s in d),
    }
    if type_ not in TYPES:
        raise ValueError(f"unknown registry type {type_!r}; expected one of {', '.join(TYPES)}")
    if not fits.get(type_, lambda d: isinstance(d, bytes))(data):
        raise ValueError(f"{data!r} does not fit registry type {type_}")
    return Value(name, type_, data)


class Registry:
    r"""A host's registry.

    Paths are strings such as ``HKLM\SYSTEM\CurrentControlSet``; the hive may have
    its short or its long name.

    Args:
        root: The tree to start from; shared, never changed.
        user_sid: Whose hive HKEY_CURRENT_USER is when a call does not say.
        lock: Held while the tree changes; the host's.
    """

    def __init__(self, root: Key, user_sid: str = "S-1-5-18", lock: threading.RLock | None = None) -> None:
        self._lock = lock or threading.RLock()
        self.root = root
        self.user_sid = user_sid

    # -- reading ---------------------------------------------------------------
    def parts(self, path: str, sid: str | None = None) -> tuple[str, ...]:
        """Return where ``path`` leads, with every link resolved.

        Raises:
            Win32Error: 87, when the path does not begin with a hive's name.
        """
        names = [part for part in path.strip().strip("\\").split("\\") if part]
        hive = _LONG.get(names[0].lower().rstrip(":")) if names else None
        if hive is None:
            raise Win32Error(87, path)
        if hive == "HKEY_CURRENT_USER":
            return ("HKEY_USERS", sid or self.user_sid, *names[1:])
        return (*_LINKS.get(hive.lower(), (hive,)), *names[1:])

    def find(self, path: str, sid: str | None = None) -> Key | None:
        """Return the key, or None when there is none."""
        node: Key | None = self.root
        for part in self.parts(path, sid):
            node = node.children.get(part.lower()) if node else None
            if node is None:
                return None
        return node

    def open(self, path: str, sid: str | None = None) -> Key:
        """Return the key.

        Raises:
            KeyNotFound: There is none.
        """
        key = self.find(path, sid)
        if key is None:
            raise KeyNotFound(path)
        return key

    def value(self, path: str, name: str = "", sid: str | None = None) -> Value:
        """Return one value; the default value when ``name`` is empty.

        Raises:
            KeyNotFound: The key does not exist.
            ValueNotFound: The key has no such value.
        """
        found = self.open(path, sid).values.get(name.lower())
        if found is None:
            raise ValueNotFound(path, name)
        return found

    def get(self, path: str, name: str = "", default: Any = None, sid: str | None = None) -> Any:
        """Return a value's data, or ``default`` when the key or the value is missing."""
        key = self.find(path, sid)
        return default if key is None else key.get(name, default)

    def exists(self, path: str, sid: str | None = None) -> bool:
        """Return whether the key exists."""
        return self.find(path, sid) is not None

    def walk(self, path: str, sid: str | None = None) -> Iterator[tuple[str, Key]]:
        """Yield (path, key) for every key below ``path`` in reg.exe's order: a key, then its children."""

        def below(prefix: str, key: Key) -> Iterator[tuple[str, Key]]:
            for child in key.subkeys():
                yield f"{prefix}\\{child.name}", child
                yield from below(f"{prefix}\\{child.name}", child)

        yield from below(path, self.open(path, sid))

    # -- changing --------------------------------------------------------------
    def create(self, path: str, sid: str | None = None) -> bool:
        """Create the key with every missing parent; return whether it was missing."""
        if self.exists(path, sid):
            return False
        self._edit(self.parts(path, sid), lambda key: key, create=True)
        return True

    def set(self, path: str, name: str, type_: str, data: Data, sid: str | None = None) -> None:
        """Write a value, creating the key when it is missing.

        Raises:
            ValueError: The type is unknown, or the data does not fit it.
        """
        value = check(type_, data, name)

        def write(key: Key) -> Key:
            values = dict(key.values)
            old = values.get(name.lower())
            values[name.lower()] = value if old is None else Value(old.name, type_, data)
            return Key(key.name, values, key.children)

        self._edit(self.parts(path, sid), write, create=True)

    def delete_value(self, path: str, name: str, sid: str | None = None) -> None:
        """Delete a value.

        Raises:
            KeyNotFound: The key does not exist.
            ValueNotFound: The key has no such value.
        """
        self.value(path, name, sid)

        def drop(key: Key) -> Key:
            return Key(key.name, {k: v for k, v in key.values.items() if k != name.lower()}, key.children)

        self._edit(self.parts(path, sid), drop)

    def delete_key(self, path: str, sid: str | None = None) -> None:
        """Delete a key with everything below it.

        Raises:
            KeyNotFound: The key does not exist.
            Win32Error: 5, when it is a hive.
        """
        self.open(path, sid)
        parts = self.parts(path, sid)
        if len(parts) < 2:
            raise Win32Error(5, path)
        self._edit(parts, lambda _: None)

    def rename_value(self, path: str, old: str, new: str) -> None:
        """Give a value another name, keeping type and data."""
        value = self.value(path, old)
        self.delete_value(path, old)
        self.set(path, new, value.type, value.data)

    def _edit(
        self, parts: tuple[str, ...], change: Callable[[Key], Key | None], *, create: bool = False
    ) -> None:
        """Replace the node at ``parts`` and copy the nodes above it."""

        def rebuild(node: Key, depth: int) -> Key | None:
            if depth == len(parts):
                return change(node)
            lower = parts[depth].lower()
            child = node.children.get(lower)
            if child is None:
                if not create:
                    raise KeyNotFound("\\".join(parts))
                child = Key(parts[depth])
            new = rebuild(child, depth + 1)
            children = dict(node.children)
            if new is None:
                del children[lower]
            else:
                children[lower] = new
            return Key(node.name, node.values, children)

        with self._lock:
            root = rebuild(self.root, 0)
            assert root is not None
            self.root = root
