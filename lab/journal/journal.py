"""Writes the journal and hands each event to the views that watch."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from lab.errors import InfrastructureError
from lab.journal.redact import Redactor

Event = dict[str, Any]
"""One line of the journal: ``time`` (ISO, UTC), ``at`` (seconds since the run began), ``event``
(``run``, ``phase``, ``step``, ``verdict``, ``not_simulated``, ``fidelity``, ``note``, ``outcome``)
and the fields of that kind."""

LONGEST_OUTPUT = 64 * 1024


class Journal:
    """An append-only record of one run.

    Args:
        path: File to write; None keeps events for the listeners only.
        redactor: Takes the secrets out of every event before anyone sees it.
        append: Go on with an earlier file instead of starting anew.
    """

    def __init__(
        self, path: Path | None = None, redactor: Redactor | None = None, *, append: bool = False
    ) -> None:
        self.path = path
        self.redactor = redactor or Redactor()
        self.events: list[Event] = []
        self._listeners: list[Callable[[Event], None]] = []
        self._lock = threading.Lock()
        self._start = time.monotonic()
        self._file: IO[str] | None = None
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("a" if append else "w", encoding="utf-8")
            except OSError as error:
                raise InfrastructureError(
                    f"the journal {path} cannot be written: {error.strerror}; "
                    "give another place with --report-dir, or none with --no-report"
                ) from None

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Call ``listener`` with every event from now on, after it is on disk."""
        self._listeners.append(listener)

    def write(self, event: str, **fields: Any) -> None:
        """Record one event: redacted, shortened, on disk, then shown.

        Raises:
            InfrastructureError: The disk is full, or so. Only the first time: later events still
                reach the listeners, and who cleans up is not kept from it.
        """
        line: Event = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "at": round(time.monotonic() - self._start, 4),
            "event": event,
            **self.redactor.data({key: _short(value) for key, value in fields.items() if value is not None}),
        }
        with self._lock:
            self.events.append(line)
            trouble = self._append(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        for listener in self._listeners:
            listener(line)
        if trouble is not None:
            raise InfrastructureError(
                f"the journal {self.path} cannot be written: {trouble.strerror}; "
                "make room, or give another place with --report-dir"
            )

    def _append(self, line: str) -> OSError | None:
        if self._file is None:
            return None
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            with contextlib.suppress(OSError):  # what it still buffers cannot be written either
                self._file.close()
            self._file = None
            return error
        return None

    def close(self) -> None:
        """Close the file; later events still reach the listeners."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(path: Path) -> Iterator[Event]:
    """Yield the events of a journal file; a torn last line (kill -9) is left out."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_OUTPUT:
        half = LONGEST_OUTPUT // 2
        return f"{value[:half]}\n[... {len(value) - 2 * half} characters left out ...]\n{value[-half:]}"
    return value
