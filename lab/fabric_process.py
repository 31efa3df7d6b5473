"""Starts and stops the fabric: the one process that stands for Azure.

The configuration goes to its standard input as one line of JSON; one line of JSON comes back
when it is ready. It ends when its standard input closes, so it cannot outlive a killed lab,
unless it is detached on purpose: then it ends when it expires.
"""

from __future__ import annotations

import contextlib
import json
import select
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab import programs
from lab.errors import InfrastructureError, StartTimeout
from lab.fabric_config import FabricConfig, Ready
from lab.interrupts import shielded

STOP_SECONDS = 10.0


class FabricProcess:
    """A running fabric."""

    def __init__(
        self, process: subprocess.Popen[bytes], ready: Ready, log: Path, *, detached: bool = False
    ) -> None:
        self.ready = ready
        self.log = log
        self.detached = detached
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def log_tail(self, lines: int = 40) -> str:
        """Return the last lines it wrote to standard error."""
        return _tail(self.log, lines)

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it: close its standard input (a detached one is told by a signal), then insist.

        Raises:
            InfrastructureError: It had already died by itself with an error.
        """
        died = self._process.poll()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        if died is None:
            _end(self._process, ask=self.detached)
        elif died != 0:
            raise InfrastructureError(f"the fabric had died with exit code {died}", detail=self.log_tail())

    def leave(self) -> None:
        """Let go of a detached fabric; it lives on."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.returncode = 0  # keeps Popen from warning about a child that is meant to live


def start(
    config: FabricConfig,
    *,
    timeout: float = 60.0,
    command: tuple[str, ...] = programs.FABRIC,
    note: Callable[[int], None] = lambda _: None,
) -> FabricProcess:
    """Start a fabric and wait until it is ready.

    Args:
        config: What it shall be.
        timeout: Seconds until it must be ready.
        command: The program.
        note: Told the process id as soon as there is one.

    Raises:
        InfrastructureError: It ended early or said something else than that it is ready; the
            detail is the end of its log.
        StartTimeout: It was not ready in time.
    """
    log = config.dir / "fabric.log"
    with shielded(), log.open("ab") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for the lab, which then ends the fabric in order
        )
        note(process.pid)
    try:
        ready = Ready.parse(_handshake(process, config, log, timeout))
    except BaseException:
        _end(process, ask=config.detached)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        raise
    return FabricProcess(process, ready, log, detached=config.detached)


def _handshake(
    process: subprocess.Popen[bytes], config: FabricConfig, log: Path, timeout: float
) -> dict[str, Any]:
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        raise InfrastructureError("the fabric has no pipes")
    try:
        stdin.write(config.as_line().encode() + b"\n")
        stdin.flush()
    except BrokenPipeError:
        raise _ended(process, log) from None
    deadline = time.monotonic() + timeout
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        readable, _, _ = select.select([stdout], [], [], max(left, 0))
        if not readable:
            raise StartTimeout(f"the fabric was not ready within {timeout:g} s", detail=_tail(log))
        chunk = stdout.read1(65536)  # type: ignore[attr-defined]
        if not chunk:
            raise _ended(process, log)
        line += chunk
    try:
        answer = json.loads(line)
    except ValueError:
        raise InfrastructureError(
            f"the fabric said {line[:200]!r} instead of that it is ready", detail=_tail(log)
        ) from None
    if not isinstance(answer, dict) or answer.get("ready") is not True:
        told = answer.get("error", answer) if isinstance(answer, dict) else answer
        raise InfrastructureError(f"the fabric did not start: {told}", detail=_tail(log))
    return answer


def _ended(process: subprocess.Popen[bytes], log: Path) -> InfrastructureError:
    code = process.wait(STOP_SECONDS)
    tail = _tail(log)
    last = tail.strip().splitlines()[-1] if tail.strip() else "it said nothing"
    return InfrastructureError(
        f"the fabric ended with exit code {code} before it was ready: {last}", detail=tail
    )


def _end(process: subprocess.Popen[bytes], *, ask: bool = False) -> None:
    """End a fabric: by the end of its input, or, where it would ignore that, by asking."""
    if process.stdin is not None and not process.stdin.closed:
        with contextlib.suppress(BrokenPipeError):  # it is ending already
            process.stdin.close()
    for insist in (process.terminate if ask else None, process.terminate, process.kill):
        if insist is not None:
            insist()
        try:
            process.wait(3 if insist == process.kill else STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _tail(log: Path, lines: int = 40) -> str:
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""
