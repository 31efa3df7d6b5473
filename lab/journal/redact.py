"""The one place where secrets are taken out of what the lab writes down.

Two nets: the values this run knows to be secret (passwords, tokens, keys), and shapes that are
secret whoever made them (the signature of a SAS, bearer tokens, account keys, passwords in
connection strings).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

MASK = "***"

_SHAPES = (
    (re.compile(r"((?:[?&;]|\b)sig=)[^&\s\"'<>]+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"\b(Bearer\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"\b(SharedKey(?:Lite)?\s+[\w-]+:)[A-Za-z0-9+/=]+"), rf"\1{MASK}"),
    (re.compile(r"\b(AccountKey=|SharedAccessSignature=)[^;\s\"']+", re.IGNORECASE), rf"\1{MASK}"),
    (
        re.compile(
            r"(\b[\w-]*(?:password|passwd|pwd|secret|token|(?:access|account|storage)[_-]?key)"
            r"[\"']?\s*[:=]\s*[\"']?)(?!\*\*\*)[^\s\"',;&}]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
)
_SECRET_KEYS = re.compile(r"password|passwd|secret|token|(?:account|access|storage)_?key", re.IGNORECASE)
_SHORTEST = 6


class Redactor:
    """Replaces secrets in text and in JSON-able data.

    >>> Redactor(["Pa55-word"]).text("net use /user:bob Pa55-word https://x/?sv=1&sig=abc%2B")
    'net use /user:bob *** https://x/?sv=1&sig=***'
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Learn more secret values; ones shorter than six characters would mask ordinary text."""
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                self._values |= {secret, quote(secret, safe="")}
        ordered = sorted(self._values, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def text(self, value: str) -> str:
        """Return the text without its secrets."""
        if self._known is not None:
            value = self._known.sub(MASK, value)
        for shape, replacement in _SHAPES:
            value = shape.sub(replacement, value)
        return value

    def data(self, value: Any) -> Any:
        """Return JSON-able data without its secrets; keys that name a secret lose their value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {
                self.text(str(key)): MASK
                if isinstance(item, str) and item and _SECRET_KEYS.search(str(key))
                else self.data(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return value
