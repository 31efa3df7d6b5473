"""Names that Windows PowerShell 5.1 knows: built-in aliases, and cmdlets that are not implemented here."""

from __future__ import annotations

BUILT_IN_ALIASES: dict[str, str] = {}


def is_known_command(name: str) -> str | None:
    """The name in its own spelling when it is a command of 5.1 on a Windows Server, else None."""
    del name
    return None
