"""The outcomes of a run and their exit codes."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a run ended."""

    HEALED = "healed"
    PROVEN = "proven"
    NOT_HEALED = "not healed"
    NOT_PROVEN = "not proven"
    USAGE = "usage"
    LAB_ERROR = "lab error"
    REFUSED = "refused"
    INCONCLUSIVE = "inconclusive"
    INTERRUPTED = "interrupted"

    @property
    def exit_code(self) -> int:
        """Exit code of the process."""
        return _EXIT_CODES[self]

    @property
    def good(self) -> bool:
        """Whether the run proved what it set out to prove."""
        return self.exit_code == 0

    @classmethod
    def of_exit_code(cls, code: int) -> Outcome:
        """Outcome that stands behind an error's exit code."""
        return next(
            (outcome for outcome, known in _EXIT_CODES.items() if known == code and code), cls.LAB_ERROR
        )


_EXIT_CODES = {
    Outcome.HEALED: 0,
    Outcome.PROVEN: 0,
    Outcome.NOT_HEALED: 1,
    Outcome.NOT_PROVEN: 1,
    Outcome.USAGE: 2,
    Outcome.LAB_ERROR: 3,
    Outcome.REFUSED: 4,
    Outcome.INCONCLUSIVE: 5,
    Outcome.INTERRUPTED: 130,
}
