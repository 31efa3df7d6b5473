"""Nearest-name suggestions, the same wording everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``name``, or None.

    >>> nearest("vss_bad_stat", ["waagent_stopped", "vss_bad_state"])
    'vss_bad_state'
    """
    names = list(known)
    lowered = {candidate.lower(): candidate for candidate in names}
    found = get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.5)
    if found:
        return lowered[found[0]]
    inside = [candidate for candidate in names if name and name.lower() in candidate.lower()]
    return inside[0] if inside else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` or an empty string.

    >>> suggestion("detct", ["detect", "inject"])
    "; did you mean 'detect'?"
    """
    match = nearest(name, known)
    return f"; did you mean {match!r}?" if match else ""
