"""The part of OData's ``$filter`` that clients of Recovery Services use: ``a eq 'x' and b eq 'y'``."""

from __future__ import annotations

import re

from fakes.arm.errors import ArmError, bad_request

_TERM = re.compile(r"\s*([A-Za-z/]+)\s+eq\s+'((?:[^']|'')*)'\s*", re.IGNORECASE)
_AND = re.compile(r"and\b", re.IGNORECASE)


def parse_filter(text: str) -> dict[str, str]:
    """Return the wanted values by lower-cased name.

    >>> parse_filter("operation eq 'Backup' and status eq 'Failed'")
    {'operation': 'Backup', 'status': 'Failed'}

    Raises:
        ArmError: 400, the filter is not of this form.
    """
    if not text.strip():
        return {}
    wanted: dict[str, str] = {}
    at = 0
    while True:
        term = _TERM.match(text, at)
        if term is None:
            raise _unreadable(text, at)
        wanted[term[1].lower()] = term[2].replace("''", "'")
        at = term.end()
        if at == len(text):
            return wanted
        joint = _AND.match(text, at)
        if joint is None:
            raise _unreadable(text, at)
        at = joint.end()


def _unreadable(text: str, at: int) -> ArmError:
    return bad_request("BMSUserErrorInvalidFilter", f"The filter cannot be read at character {at}: {text}")
