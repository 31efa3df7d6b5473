"""Shows a run as it happens: lines for logs, with colour and a spinner where a person watches."""

from __future__ import annotations

import os
import sys
from itertools import groupby
from typing import IO, TYPE_CHECKING

from lab.engine.diff import Change, shortened, summaries
from lab.journal.journal import Event

if TYPE_CHECKING:
    from rich.console import Console as RichConsole
    from rich.status import Status

MARKS = {"ok": "ok", "failed": "FAILED", "error": "ERROR", "interrupted": "stopped"}
OUTCOMES = {
    "healed": ("HEALED", "bold green"),
    "proven": ("PROVEN", "bold green"),
    "not healed": ("NOT HEALED", "bold red"),
    "not proven": ("NOT PROVEN", "bold red"),
    "lab error": ("LAB ERROR", "bold yellow"),
    "usage": ("USAGE ERROR", "bold yellow"),
    "refused": ("REFUSED", "bold yellow"),
    "inconclusive": ("INCONCLUSIVE", "bold yellow"),
    "interrupted": ("INTERRUPTED", "bold yellow"),
}
_LAST_LINES = 12
"""How much of a failed script's output is shown unasked."""
_STYLES = {"ok": "green", "FAILED": "red", "ERROR": "yellow", "stopped": "yellow"}


class Lines:
    """Where lines go; plain by default. Knows nothing of events."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stdout

    def line(self, text: str = "", style: str = "") -> None:  # noqa: ARG002  for those that have colours
        """Write one line."""
        try:
            print(text, file=self._stream, flush=True)
        except OSError:
            _to_nobody(self._stream)

    def busy(self, text: str | None) -> None:
        """Say what takes time now; None for nothing."""


class RichLines(Lines):
    """Lines of a terminal: colour, and a spinner that leaves nothing behind."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        super().__init__(stream)
        from rich.console import Console

        self._console: RichConsole = Console(file=self._stream, highlight=False, soft_wrap=True)
        self._status: Status | None = None

    def line(self, text: str = "", style: str = "") -> None:
        """Write one line above the spinner."""
        try:
            self._console.print(text, style=style or None, markup=False)
        except (OSError, SystemExit):  # the latter is Rich's own answer to a broken pipe
            _to_nobody(self._stream)

    def busy(self, text: str | None) -> None:
        """Start, change or end the spinner."""
        try:
            if self._status is not None:
                self._status.stop()
                self._status = None
            if text is not None:
                self._status = self._console.status(text, spinner="dots")
                self._status.start()
        except (OSError, SystemExit):  # the latter is Rich's own answer to a broken pipe
            _to_nobody(self._stream)


def _to_nobody(stream: IO[str]) -> None:
    """Let a stream run into the void once nobody reads it: the terminal closed, ``| head`` ended.

    The run goes on (or is ended by the signal that comes with it), and must still clean up.
    """
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, stream.fileno())  # also for what the stream still holds and writes at exit
    os.close(sink)


def lines_for(stream: IO[str] | None = None) -> Lines:
    """Lines for a stream: rich where a person watches."""
    stream = stream or sys.stdout
    return RichLines(stream) if stream.isatty() else Lines(stream)


class Console:
    """The console view: a listener of the journal.

    Args:
        lines: Where to write.
        verbose: Show every step with its command and output, not only those that matter.
    """

    def __init__(self, lines: Lines, *, verbose: bool = False) -> None:
        self._out = lines
        self._verbose = verbose
        self._steps: list[Event] = []
        self._notes: list[str] = []

    def __call__(self, event: Event) -> None:
        """Show one event."""
        handler = getattr(self, f"_{event['event']}", None)
        if handler is not None:
            handler(event)

    def _run(self, event: Event) -> None:
        self._out.line(f"{event['scenario']}: {event['title']}", "bold")
        judged = f"  judging {event['remediation']}" if event.get("remediation") else ""
        self._out.line(f"session {event['session']}  seed {event['seed']}{judged}", "dim")

    def _phase(self, event: Event) -> None:
        if event["state"] == "start":
            self._steps, self._notes = [], []
            self._out.busy(event["phase"])
            return
        self._out.busy(None)
        mark = MARKS[event["status"]]
        if event["phase"] == "plan" and mark == "ok":
            return
        self._out.line(f"  {event['phase']:<10} {mark:<7} {_seconds(event['seconds']):>8}", _STYLES[mark])
        for step in self._steps:
            self._show(step, loud=mark != "ok")
        for note in self._notes:
            self._out.line(f"      {note}", "dim")

    def _step(self, event: Event) -> None:
        self._steps.append(event)
        self._out.busy(f"{event['phase']}: {event['step']}")

    def _verdict(self, event: Event) -> None:
        self._steps.append(event)

    def _show(self, event: Event, *, loud: bool) -> None:
        if event["event"] == "verdict":
            mark, style = ("holds", "green") if event["ok"] else ("FAILS", "bold red")
            self._out.line(f"      proof {event['proof']} {event['name']}: {mark}: {event['text']}", style)
            return
        where = f"{event['host']}: " if event.get("host") else ""
        judged = event.get("kind") == "remediation"
        failed_script = judged and not event["ok"]
        loud = loud or self._verbose or failed_script
        reason = f"  [{event['reason']}]" if event.get("reason") and loud else ""
        text = shortened(f"{event['step']}  ({where}{_first_line(event['command'])}){reason}")
        self._out.line(f"      {text}", "dim")
        if self._verbose or failed_script or (judged and event.get("phase") == "remediate"):
            lines = event.get("output", "").splitlines()
            for line in lines if self._verbose else lines[-_LAST_LINES:]:
                self._out.line(f"        | {line}", "dim")

    def _note(self, event: Event) -> None:
        if self._verbose or event["text"].startswith(("tear-down failed", "no logs")):
            self._notes.append(event["text"])
        else:
            self._out.busy(event["text"])

    def _not_simulated(self, event: Event) -> None:
        where = f" ({event['where']})" if event.get("where") else ""
        self._notes.append(f"NOT SIMULATED: {event['construct']}{where}")

    def _outcome(self, event: Event) -> None:
        self._out.busy(None)
        self._show_differences(event)
        self._show_fidelity(event.get("fidelity") or {})
        text, style = OUTCOMES[event["outcome"]]
        self._out.line(f"{text} in {_seconds(event['seconds'])}", style)
        if event.get("reason"):
            self._out.line(f"  {event['reason']}")
        for refusal in event.get("not_simulated", []):
            where = f" ({refusal['where']})" if refusal["where"] else ""
            self._out.line(f"  not simulated: {refusal['construct']}{where}")
        for line in (event.get("detail") or "").rstrip().splitlines()[-12:]:
            self._out.line(f"  | {line}", "dim")

    def _show_differences(self, event: Event) -> None:
        changes = [Change(**change) for change in event.get("differences") or []]
        for when, group in groupby(changes, key=lambda change: change.when):
            self._show_changes(f"changed and not allowed{', ' if when else ''}{when}", list(group))
        allowed = [Change(**change) for change in event.get("allowed_differences") or []]
        if allowed:
            self._show_changes("changed as the scenario allows", allowed)

    def _show_changes(self, heading: str, changes: list[Change]) -> None:
        lines = summaries(changes)
        self._out.line(f"  {heading} ({len(lines)}):")
        for line in lines[:10]:
            self._out.line(f"      {line}")
        if len(lines) > 10:
            self._out.line(f"      ... and {len(lines) - 10} more; the journal has all")

    def _show_fidelity(self, parts: dict[str, str]) -> None:
        if not parts:
            return
        width = max(map(len, parts))
        self._out.line("  how real it was:", "dim")
        for part, text in parts.items():
            self._out.line(f"      {part:<{width}}  {text}", "dim")


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def _first_line(text: str) -> str:
    lines = shortened(text).strip().splitlines() or [""]
    first = lines[0] + (" ..." if len(lines) > 1 else "")
    return first if len(first) <= 100 else first[:97] + "..."
