"""How a stage of a backup says that it met an error, or that the job was cancelled."""

from __future__ import annotations


class BackupFailure(Exception):
    """A documented error was met.

    Attributes:
        code: Its string code; one of :func:`fakes.backup.catalogue.errors`.
        observed: What the service saw, in its own words: a time-out, an answer, a text.
    """

    def __init__(self, code: str, observed: str) -> None:
        super().__init__(f"{code}: {observed}")
        self.code = code
        self.observed = observed


class JobCancelled(Exception):
    """Somebody cancelled the job while that was possible."""
