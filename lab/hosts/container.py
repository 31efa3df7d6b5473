"""Run commands in a container over the engine's API, with input and a time-out that kills.

The SDK's own exec cannot do this: its socket loses what the HTTP reader has buffered, and
it never stops a command. So the one hijacked request, ``POST /exec/{id}/start``, is made
here on a connection of its own (Docker Engine API, "Attach to a container" describes the
stream's format).
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import struct
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.engine_setup import Engine
from lab.errors import CommandTimeout, HostUnreachable

MARK = "LAB_COMMAND"
"""Environment variable that marks a command and all its children, so that they are found."""

KILL = f"""
for file in $(grep -lsaF "{MARK}=$1" /proc/[0-9]*/environ); do
  pid=${{file#/proc/}}; pid=${{pid%/environ}}
  [ "$pid" = $$ ] || kill -KILL "$pid" 2>/dev/null
done
true
"""

STDIN_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Finished:
    """What a command in a container did: exit code, both streams, wall time in seconds."""

    exit_code: int
    stdout: bytes
    stderr: bytes
    seconds: float


class _Stream:
    """The hijacked connection: writes standard input, sorts the frames that come back."""

    def __init__(self, engine: Engine, exec_id: str, deadline: float) -> None:
        self._deadline = deadline
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(max(deadline - time.monotonic(), 0.1))
        self._socket.connect(os.fspath(engine.socket))
        body = json.dumps({"Detach": False, "Tty": False}).encode()
        self._socket.sendall(
            f"POST /exec/{exec_id}/start HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\n"
            f"Upgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        self._buffer = bytearray()
        while b"\r\n\r\n" not in self._buffer:
            chunk = self._socket.recv(4096)
            if not chunk:
                break
            self._buffer += chunk
        head, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        status = head.split(b"\r\n", 1)[0].decode(errors="replace")
        if " 101 " not in f"{status} " and " 200 " not in f"{status} ":
            raise HostUnreachable(
                f"the engine refused to run the command: {status}; {rest.decode(errors='replace')}"
            )
        self._buffer = bytearray(rest)
        self.streams: dict[int, bytearray] = {1: bytearray(), 2: bytearray()}

    def close(self) -> None:
        self._socket.close()

    def communicate(self, stdin: bytes) -> bool:
        """Exchange everything until the command ends; ``False`` when the time is up."""
        self._socket.setblocking(False)
        pending = memoryview(stdin)
        if not pending:
            self._end_of_input()
        while True:
            self._sort_frames()
            left = self._deadline - time.monotonic()
            if left <= 0:
                return False
            readable, writable, _ = select.select([self._socket], [self._socket] if pending else [], [], left)
            if writable:
                try:
                    pending = pending[self._socket.send(pending[:STDIN_CHUNK]) :]
                except (BrokenPipeError, ConnectionResetError):
                    pending = memoryview(b"")  # the command closed its input: not our error
                if not pending:
                    self._end_of_input()
            if readable:
                try:
                    chunk = self._socket.recv(STDIN_CHUNK)
                except ConnectionResetError:
                    chunk = b""
                if not chunk:
                    return True
                self._buffer += chunk

    def _end_of_input(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def _sort_frames(self) -> None:
        """Move complete frames (stream number, 3 zero bytes, length, payload) to their stream."""
        while len(self._buffer) >= 8:
            number, size = struct.unpack_from(">BxxxL", self._buffer)
            if len(self._buffer) < 8 + size:
                return
            self.streams.setdefault(number, bytearray()).extend(self._buffer[8 : 8 + size])
            del self._buffer[: 8 + size]


def execute(
    engine: Engine,
    container: str,
    argv: Sequence[str],
    *,
    stdin: bytes = b"",
    timeout: float = 120,
    env: Mapping[str, str] | None = None,
) -> Finished:
    """Run a program in a container and wait for its end.

    Args:
        engine: Where the container is.
        container: Id or name.
        argv: Program and arguments; no shell is involved.
        stdin: Its standard input, which ends after it.
        timeout: Seconds of wall time.
        env: Variables added to the container's own.

    Raises:
        CommandTimeout: It did not end in time. It and all its children were killed; one
            that waits in the kernel (for a frozen file system) ends when that lets it.
        HostUnreachable: The container does not run, or the engine does not answer.
    """
    import docker.errors
    import requests

    started = time.monotonic()
    mark = uuid.uuid4().hex
    variables = {**(env or {}), MARK: mark}
    try:
        exec_id = engine.client.api.exec_create(container, list(argv), stdin=True, environment=variables)[
            "Id"
        ]
        stream = _Stream(engine, exec_id, started + timeout)
    except (docker.errors.APIError, requests.RequestException, OSError) as error:
        reason = getattr(error, "explanation", None) or error
        raise HostUnreachable(f"container {container} takes no commands: {reason}") from error
    try:
        ended = stream.communicate(stdin)
    except KeyboardInterrupt:
        kill_marked(engine, container, mark)
        raise
    finally:
        stream.close()
    seconds = time.monotonic() - started
    if not ended:
        fate = "and was killed"
        try:
            kill_marked(engine, container, mark)
        except (docker.errors.APIError, requests.RequestException) as error:  # paused, gone, or silent
            fate = f"and could not be killed: {getattr(error, 'explanation', None) or error}"
        words = bytes(stream.streams[1] + stream.streams[2]).decode(errors="replace")
        raise CommandTimeout(
            f"{container}: {' '.join(argv)[:200]!r} did not end in {timeout:g} s {fate}",
            detail=words[-2000:],
        )
    code = engine.client.api.exec_inspect(exec_id)["ExitCode"]
    return Finished(
        int(code if code is not None else -1),
        bytes(stream.streams[1]),
        bytes(stream.streams[2]),
        seconds,
    )


def kill_marked(engine: Engine, container: str, mark: str) -> None:
    """Kill a command and all its children, wherever they have moved to, by their mark."""
    exec_id = engine.client.api.exec_create(container, ["/bin/sh", "-c", KILL, "kill", mark])["Id"]
    engine.client.api.exec_start(exec_id)
