"""Judges an output by what a step expects of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lab.hosts.base import CommandResult
from lab.model.base import compiled

ANY_EXIT: Sequence[int] = ()
"""Accept every exit code."""


def telling(result: CommandResult) -> str:
    r"""Return the line of a failed script's output that tells most, to put behind a reason.

    That is where its error output begins, less what PowerShell says around its messages.

    >>> telling(CommandResult("vm", "x", 1, "", "At line:1 char:3\n+ x\n+ ~\nMissing '}'.\n", 0.1))
    ": Missing '}'."
    """
    for line in result.stderr.splitlines():
        text = line.strip()
        if text and not text.startswith(("+", "At line:", "NOT SIMULATED")):
            return f": {text[:160]}"
    return ""


def judge_text(text: str, finds: Sequence[str] | None, lacks: Sequence[str] | None) -> str | None:
    r"""Return why ``text`` is not as expected, None when it is.

    >>> judge_text("State: [8] Failed", [r"\[1\]"], None)
    'found no match for /\\[1\\]/'
    >>> judge_text("State: [8] Failed", None, ["Failed"])
    "found 'Failed', a match for /Failed/"
    """
    normal = text.replace("\r\n", "\n")
    for pattern in finds or ():
        if compiled(pattern).search(normal) is None:
            return f"found no match for /{pattern}/"
    for pattern in lacks or ():
        match = compiled(pattern).search(normal)
        if match is not None:
            return f"found {match.group()!r}, a match for /{pattern}/"
    return None


def evidence(text: str, finds: Sequence[str] | None, lacks: Sequence[str] | None, equals: Any = None) -> str:
    r"""Return what made a step hold, for people to see: the first line that was looked for.

    >>> evidence("Writer\n   State: [8] Failed\n", [r"\[8\]"], None)
    'State: [8] Failed'
    >>> evidence("init", None, ["waagent"])
    'nothing like /waagent/'
    """
    normal = text.replace("\r\n", "\n")
    for pattern in finds or ():
        if match := compiled(pattern).search(normal):
            start = normal.rfind("\n", 0, match.start()) + 1
            return normal[start : match.end()].strip() + normal[match.end() :].partition("\n")[0].rstrip()
    if lacks:
        return " and ".join(f"nothing like /{pattern}/" for pattern in lacks)
    return "" if equals is None else f"is {_json(equals)}"


def judge_exit(code: int, accepted: Sequence[int]) -> str | None:
    """Return why an exit code is not accepted, None when it is."""
    if not accepted or code in accepted:
        return None
    return f"exit code {code}, expected {' or '.join(map(str, accepted))}"


def judge_value(
    value: Any, finds: Sequence[str] | None, lacks: Sequence[str] | None, equals: Any
) -> str | None:
    """Return why the result of a query is not as expected, None when it is."""
    if equals is not None and value != equals:
        return f"is {_json(value)}, expected {_json(equals)}"
    text = value if isinstance(value, str) else _json(value)
    return judge_text(text, finds, lacks)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=None, default=str)
