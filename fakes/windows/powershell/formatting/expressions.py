"""``-Property`` arguments: names, wildcards, script blocks and calculated properties.

A calculated property is a hashtable whose keys may be abbreviated as far as they stay unique among those
the cmdlet knows (``@{n='Size';e={$_.Length / 1MB}}``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fakes.windows.powershell.formatting.access import Reader
from fakes.windows.powershell.values import PSHashtable

KEYS = {
    "select": ("Name", "Label", "Expression"),
    "table": ("Expression", "Name", "Label", "FormatString", "Width", "Alignment"),
    "list": ("Expression", "Name", "Label", "FormatString"),
    "wide": ("Expression", "FormatString"),
    "group": ("Expression", "Name", "Label", "FormatString"),
    "sort": ("Expression", "Ascending", "Descending"),
    "key": ("Expression",),
}


class BadKey(ValueError):
    """A key of a calculated property that the cmdlet does not know."""


@dataclass(frozen=True)
class Expression:
    """One requested property: `source` is a name (may hold wildcards) or a script block."""

    source: Any
    label: str = ""
    width: int = 0
    align: str = ""
    format: str = ""
    descending: bool | None = None

    @property
    def name(self) -> str:
        """What the property is called in the result."""
        return self.label or str(self.source)

    def resolve(self, value: Any, reader: Reader) -> list[Expression]:
        """This expression for one object: wildcards become names, an unknown name nothing."""
        if not isinstance(self.source, str):
            return [self]
        found = reader.match(value, self.source)
        return [
            Expression(name, self.label, self.width, self.align, self.format, self.descending)
            for name in found
        ]

    def evaluate(self, value: Any, reader: Reader) -> Any:
        """The property's value on one object; None when it is missing or the script fails."""
        if isinstance(self.source, str):
            return reader.get(value, self.source)
        return reader.call(self.source, value)


def parse(argument: Any, kind: str, reader: Reader) -> Expression:
    """Reads one element of ``-Property``.

    Args:
        argument: a string, a script block or a hashtable.
        kind: which keys are legal, see :data:`KEYS`.
        reader: reads values of the running session.

    Raises:
        BadKey: the hashtable has a key the cmdlet does not know.
    """
    if not isinstance(argument, PSHashtable):
        return Expression(argument if _is_script(argument) else reader.text(argument))
    entries: dict[str, Any] = {}
    for key, value in argument.items():
        entries[_full_key(reader.text(key), kind)] = value
    source = entries.get("Expression")
    label = entries.get("Name", entries.get("Label"))
    if source is None and label is not None and "Expression" not in entries and kind == "select":
        source = reader.text(label)
    descending = None
    if "Descending" in entries or "Ascending" in entries:
        descending = bool(entries.get("Descending")) or ("Ascending" in entries and not entries["Ascending"])
    return Expression(
        source if _is_script(source) else reader.text(source),
        reader.text(label) if label is not None else "",
        int(entries.get("Width") or 0),
        reader.text(entries.get("Alignment") or "").lower(),
        reader.text(entries.get("FormatString") or ""),
        descending,
    )


def _is_script(value: Any) -> bool:
    return type(value).__name__ == "ScriptBlock"


def _full_key(key: str, kind: str) -> str:
    matches = [known for known in KEYS[kind] if known.lower().startswith(key.lower())]
    exact = [known for known in matches if known.lower() == key.lower()]
    if len(exact or matches) != 1:
        raise BadKey(key)
    return (exact or matches)[0]
