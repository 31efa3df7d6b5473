"""One session: its id, labels, expiry and temporary folder, known to the registry from the start."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from lab.errors import InfrastructureError
from lab.registry import ProcessId, Record

RUN_TTL = 2 * 3600
"""Seconds after which the things of a run may be removed by anyone."""


class Session:
    """Everything of a session carries its id; entering it makes its folder, leaving removes it.

    Args:
        scenario: Id of the scenario it runs.
        ttl: Seconds until it expires.
        detached: It is meant to outlive this process.
    """

    def __init__(self, scenario: str, *, ttl: float = RUN_TTL, detached: bool = False) -> None:
        identity = secrets.token_hex(4)
        self.record = Record(
            id=identity,
            scenario=scenario,
            expires=time.time() + ttl,
            dir=str(Path(tempfile.gettempdir()) / f"lab-{identity}"),
            owner=ProcessId.of(os.getpid(), "owner"),
            detached=detached,
        )
        self._closing = ExitStack()

    @property
    def id(self) -> str:
        """Eight hexadecimal digits."""
        return self.record.id

    @property
    def dir(self) -> Path:
        """Its temporary folder."""
        return Path(self.record.dir)

    @property
    def expires(self) -> int:
        """Unix time of its expiry."""
        return int(self.record.expires)

    def open(self) -> Session:
        """Register the session, then make its folder: in this order nothing is ever unknown.

        Raises:
            InfrastructureError: The state folder or the temporary folder cannot be written.
        """
        self.record.save()
        try:
            self.dir.mkdir(mode=0o700)
        except OSError as error:
            self.record.remove()
            raise InfrastructureError(
                f"no folder can be made in {self.dir.parent}: {error.strerror}; "
                "make room, or set TMPDIR to another place"
            ) from None
        return self

    def on_close(self, action: Callable[[], None]) -> None:
        """Do something before the session ends, whatever became of who should have done it.

        An exception (a time-out, too) may strike between making a thing and handing it over.
        The action must be harmless the second time.
        """
        self._closing.callback(action)

    def started(self, pid: int, what: str) -> None:
        """Note down a process of the session."""
        self.record.pids.append(ProcessId.of(pid, what))
        self.record.save()

    def uses(self, engine: Path) -> None:
        """Note down on which container engine (its socket) the session makes things."""
        self.record.engine = str(engine)
        self.record.save()

    def ended(self, pid: int) -> None:
        """Forget a process that has ended."""
        self.record.pids = [known for known in self.record.pids if known.pid != pid]
        self.record.save()

    def keep(self) -> None:
        """Let the session outlive this process, until it expires."""
        self.record.detached = True
        self.record.save()

    def close(self) -> None:
        """Remove the folder and forget the session, once nothing of it runs any more."""
        from lab.reaper import end_process

        self._closing.close()
        for identity in list(self.record.pids):  # an interrupt between a start and its bookkeeping
            end_process(identity)
        shutil.rmtree(self.dir, ignore_errors=True)
        if self.dir.exists():
            return  # still known to the registry, so that `lab reap` finds it
        self.record.remove()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.record.detached:
            self.close()
