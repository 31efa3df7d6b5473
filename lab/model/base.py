"""What all models of the scenario file share: strictness, and the small field types."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from lab.hosts.base import SCRIPT_SHELLS

SCRIPT_SUFFIXES = (*SCRIPT_SHELLS, ".py")


class Strict(BaseModel):
    """A mapping of the file: unknown keys are refused, values are not changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern as checks use it: ``^`` and ``$`` match at lines."""
    return re.compile(pattern, re.MULTILINE)


def _check_pattern(value: str) -> str:
    try:
        compiled(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return value


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def looks_like_script(value: str) -> bool:
    """Whether a step's value is meant as a script file: one word with a script's suffix.

    >>> looks_like_script("restart-writers.ps1"), looks_like_script("net stop VSS")
    (True, False)
    """
    stripped = value.strip()
    return (
        bool(stripped)
        and not re.search(r"[\s|&;<>$%\"']", stripped)
        and stripped.lower().endswith(SCRIPT_SUFFIXES)
    )


def _check_script(value: str, info: ValidationInfo) -> str:
    folder = (info.context or {}).get("folder")
    if folder is not None and looks_like_script(value) and not (folder / value.strip()).is_file():
        raise ValueError(f"there is no script {value.strip()!r} beside the scenario file")
    return value


Pattern = Annotated[str, AfterValidator(_check_pattern)]
Patterns = Annotated[list[Pattern], BeforeValidator(_as_list)]
"""One regular expression or a list of them; each is searched with re.MULTILINE."""

ExitCodes = Annotated[list[int], BeforeValidator(_as_list)]
"""One exit code or a list of accepted ones."""

Command = Annotated[str, Field(min_length=1), AfterValidator(_check_script)]
"""A command line, several of them, or the name of a script of the scenario's folder."""

Seconds = Annotated[float, Field(gt=0)]
