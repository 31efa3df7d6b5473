"""Which parts a run has."""

from __future__ import annotations

from dataclasses import dataclass

from lab.engine.run import Options


@dataclass(frozen=True)
class Parts:
    """Which parts a run has; ``lab run`` leaves most controls to ``lab prove``."""

    healthy_backup: bool
    harmless: bool
    stays_broken: bool
    second_time: bool
    restart: bool
    compare: bool

    @classmethod
    def of(cls, options: Options) -> Parts:
        """Parts of a run: all for proving, the judging ones for somebody's own script."""
        prove = options.mode == "prove"
        judge = prove or options.judged
        return cls(judge, judge, prove, judge, prove, judge)
