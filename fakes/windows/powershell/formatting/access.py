"""How the formatter reads values: through the language's own member access.

Kept in one place so that formatting stays a function of values, testable without a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fakes.windows.powershell.conversion import culture_text
from fakes.windows.powershell.errors import ErrorRecord, PowerShellError, format_error
from fakes.windows.powershell.members import find_property, has_property
from fakes.windows.powershell.values import PSHashtable, PSObject


class Reader:
    """Reads properties, texts and script block results.

    Args:
        interpreter: the running session; None reads plain values only (no script blocks).
    """

    def __init__(self, interpreter: Any = None) -> None:
        self._interpreter = interpreter

    @classmethod
    def plain(cls) -> Reader:
        """A reader without a session."""
        return cls()

    @property
    def enumeration_limit(self) -> int:
        """``$FormatEnumerationLimit``, 4 unless set to another integer."""
        found = self._interpreter.get_variable("FormatEnumerationLimit") if self._interpreter else None
        return found if isinstance(found, int) else 4

    def names(self, value: Any) -> list[str]:
        """Names of the value's properties, in display order: adapted ones, then those that were added."""
        if isinstance(value, PSObject):
            own = value.names()
            if value.base is None:
                return own or _declared(value)
            return [*self.names(value.base), *own]
        if isinstance(value, PSHashtable):
            return ["IsReadOnly", "IsFixedSize", "IsSynchronized", "Keys", "Values", "SyncRoot", "Count"]
        return _declared(value)

    def match(self, value: Any, pattern: str) -> list[str]:
        """Property names matching a name or wildcard pattern; a hidden property answers to its exact name."""
        from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches

        names = self._added_first(value) if isinstance(value, PSObject) else self.names(value)
        found = [name for name in names if matches(pattern, name)]
        if not found and not has_wildcard(pattern) and has_property(value, pattern):
            return [pattern]
        return found

    def _added_first(self, value: PSObject) -> list[str]:
        """The order in which a wildcard finds members: those that were added come before the type's own."""
        names = self.names(value)
        if "System.Management.Automation.PSCustomObject" in value.type_names:
            return names
        return sorted(names, key=lambda name: name.lower() not in value.notes)

    def get(self, value: Any, name: str) -> Any:
        """A property's value, None when there is no such property or reading it fails (as the formatter does)."""
        if not has_property(value, name):
            return None
        try:
            return find_property(value, name)
        except PowerShellError:
            return None

    def text(self, value: Any) -> str:
        """The value as the formatter prints it: culture's dates and numbers."""
        return culture_text(value)

    def error(self, record: ErrorRecord) -> str:
        """The text of an error record in the output."""
        return format_error(record)

    def compose(self, template: str, value: Any) -> str:
        """``template -f value``."""
        from fakes.windows.powershell.text_operators import format_operator

        return str(format_operator(template, [value]))

    def run(
        self, block: Any, item: Any, args: Iterable[Any] = (), write: Callable[[Any], None] | None = None
    ) -> list[Any]:
        """Runs a script block in the current scope with ``$_`` set; returns its output unless `write` takes it."""
        found: list[Any] = self._interpreter.run_block(block, underscore=item, args=args, write=write)
        return found

    def call(self, script: Any, value: Any) -> Any:
        """A calculated property: the block's single result or list; None when it fails."""
        try:
            found = self.run(script, value)
        except PowerShellError:
            return None
        return found[0] if len(found) == 1 else found or None


def _declared(value: Any) -> list[str]:
    """Properties the .NET type itself has, as far as its class is declared."""
    from fakes.windows.powershell.dotnet.types import class_of_value

    if value is None or isinstance(value, (list, bool)):
        return []
    declared = class_of_value(value)
    return [entry[0] for entry in declared.properties.values()] if declared is not None else []
