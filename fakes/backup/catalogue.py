"""The documented errors, from ``errors.yaml``: read when the first one is needed."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "errors.yaml"


@dataclass(frozen=True)
class DocumentedError:
    """One error of the troubleshooting articles.

    Attributes:
        code: The string code, ``UserErrorGuestAgentStatusUnavailable``.
        title: The article's heading.
        message: The official English message.
        source: URL of the article.
        number: The integer code of a job's ``errorDetails``.
        published: Whether ``number`` is Azure's; otherwise it is the lab's own.
        recommendations: What to do, in the order of the article.
        message_published: Whether ``message`` is Azure's; some codes stand without one.
    """

    code: str
    title: str
    message: str
    source: str
    number: int
    published: bool
    recommendations: tuple[str, ...]
    message_published: bool = True


@dataclass(frozen=True)
class CancelRefusal:
    """Why a job is not cancelled; the code is the lab's own, none is published."""

    code: str
    message: str
    advice: str

    @property
    def text(self) -> str:
        """The message with its advice, as one text."""
        return f"{self.message}: {self.advice}"


@functools.cache
def _data() -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), loader)  # noqa: S506 - a safe loader
    return loaded


@functools.cache
def errors() -> dict[str, DocumentedError]:
    """Return all documented errors by their code."""
    sources = _data()["sources"]
    return {
        entry["code"]: DocumentedError(
            code=entry["code"],
            title=entry["title"],
            message=entry["message"],
            source=sources[entry["source"]],
            number=entry["number"],
            published=entry["published"],
            recommendations=tuple(entry["recommendations"]),
            message_published=entry.get("message_published", True),
        )
        for entry in _data()["errors"]
    }


def error(code: str) -> DocumentedError:
    """Return a documented error.

    Raises:
        KeyError: No article documents such a code.
    """
    return errors()[code]


@functools.cache
def cancel_refusals() -> dict[str, CancelRefusal]:
    """Return the four documented refusals to cancel a job, by their (lab's own) code."""
    return {entry["code"]: CancelRefusal(**entry) for entry in _data()["cancel_refusals"]}
