"""How the formatter reads values: through the language's own member access.

Kept in one place so that formatting stays a function of values, testable without a session.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from fakes.windows.powershell.values import PSObject


class Reader:
    """Reads properties, texts and script block results.

    Args:
        runspace: the running session; None reads plain values only (no script blocks).
    """

    def __init__(self, runspace: Any = None) -> None:
        self._runspace = runspace

    @classmethod
    def plain(cls) -> Reader:
        """A reader without a session."""
        return cls()

    @property
    def enumeration_limit(self) -> int:
        """``$FormatEnumerationLimit``, 4 unless set to another integer."""
        return 4

    def names(self, value: Any) -> list[str]:
        """Names of the value's properties, in display order."""
        return value.names() if isinstance(value, PSObject) else []

    def match(self, value: Any, pattern: str) -> list[str]:
        """Property names matching a name or wildcard pattern."""
        wanted = pattern.lower()
        return [name for name in self.names(value) if fnmatchcase(name.lower(), wanted)]

    def get(self, value: Any, name: str) -> Any:
        """A property's value, None when there is no such property."""
        return value.get(name) if isinstance(value, PSObject) else None

    def text(self, value: Any) -> str:
        """The value as a string, as string interpolation gives it."""
        return str(value)

    def compose(self, template: str, value: Any) -> str:
        """``template -f value``."""
        return template.format(value)

    def call(self, script: Any, value: Any) -> Any:
        """The script block's result with ``$_`` set to the value."""
        raise NotImplementedError
