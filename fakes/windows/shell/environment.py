"""Environment variables: names in any case, kept as first written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MISSING = object()


class Environment(dict[str, str]):
    """A process's environment block; looks like a dict whose keys ignore case.

    >>> env = Environment({"Path": "C:"})
    >>> env["PATH"] = "D:"
    >>> dict(env)
    {'Path': 'D:'}
    """

    def __init__(self, start: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._names: dict[str, str] = {}
        for name, value in (start or {}).items():
            self[name] = value

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(self._names.setdefault(name.upper(), name), value)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(self._names.get(name.upper(), name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.upper() in self._names

    def __delitem__(self, name: str) -> None:
        super().__delitem__(self._names.pop(name.upper(), name))

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value, or ``default``."""
        return super().get(self._names.get(name.upper(), name), default)

    def text(self, name: str, default: str = "") -> str:
        """Return the value, or ``default``, as text."""
        return str(self.get(name, default))

    def pop(self, name: str, default: Any = _MISSING) -> Any:
        """Take a variable away and return its value."""
        if name not in self:
            if default is _MISSING:
                raise KeyError(name)
            return default
        value = self[name]
        del self[name]
        return value

    def update(self, other: Mapping[str, str]) -> None:  # type: ignore[override]
        """Set every variable of ``other``."""
        for name, value in other.items():
            self[name] = value

    def copy(self) -> Environment:
        """Return an independent copy."""
        return Environment(self)

    def sorted(self) -> list[tuple[str, str]]:
        """Return name and value in the order in which ``set`` lists them."""
        return sorted(self.items(), key=lambda item: item[0].upper())
