"""The errors of the lab: one class per outcome, each carrying its exit code.

Whoever raises one of these decides how the run ends, so the classes follow the table of outcomes
and not the places where things go wrong. A broken lab must never look like a wrong answer.
"""

from __future__ import annotations

from typing import ClassVar


class LabError(Exception):
    """Base of everything the lab raises on purpose.

    Args:
        message: One clear line: what happened, where, and what to do about it.
        detail: More lines for the curious (the last lines of a log, a stderr).
        exit_code: Overrides the exit code of the class.
    """

    default_exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, detail: str = "", exit_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.exit_code = self.default_exit_code if exit_code is None else exit_code


class NotHealed(LabError):
    """The fault is still there, or a proof failed."""

    default_exit_code = 1


class UsageError(LabError):
    """The caller's input is wrong: an unknown scenario, a bad file, an unknown fact."""

    default_exit_code = 2


class InfrastructureError(LabError):
    """Our own machinery failed; nothing can be said about the scenario."""

    default_exit_code = 3


class Refused(LabError):
    """The safety guard said no; nothing was changed."""

    default_exit_code = 4


class Inconclusive(LabError):
    """Something was not simulated, so neither pass nor fail would be the truth."""

    default_exit_code = 5


class PartDied(InfrastructureError):
    """A part of the lab itself died in the middle of a run; what was seen since says nothing."""


class HostUnreachable(InfrastructureError):
    """A host does not answer, or refuses our credentials."""


class LogonRefused(HostUnreachable):
    """A host refuses our user name or password; trying on would only lock the account."""


class CommandTimeout(InfrastructureError):
    """A command on a host did not end within its time-out; the driver has stopped it."""


class StartTimeout(InfrastructureError):
    """A process, container or host did not become ready within its time-out."""


class PhaseTimeout(InfrastructureError):
    """A phase of the run took longer than its limit."""
