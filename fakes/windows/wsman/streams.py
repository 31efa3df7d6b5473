"""The three streams of a remote command, between the wire and the program.

A command's output waits here until the client receives it; a program that writes much
faster than its client reads is held back, as by a full pipe.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

# A writer is held back above this; one Receive answer carries at most some 380 KB.
PIPE_LIMIT = 4 * 1024 * 1024
# Output that follows within this time travels in the same answer (seconds).
COALESCE = 0.003


@dataclass(frozen=True)
class Received:
    """What one Receive hands over: pieces in the order written, and the exit code at the end."""

    pieces: list[tuple[str, bytes]]
    exit_code: int | None


class StandardInput:
    """Bytes sent by the client; the program's side blocks until there are some, or the end."""

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._data = bytearray()
        self._ended = False

    def feed(self, data: bytes, end: bool) -> bool:
        """Add bytes from the wire; return False when the stream was ended before."""
        with self._ready:
            if self._ended:
                return False
            self._data += data
            self._ended = end
            self._ready.notify_all()
            return True

    def close(self) -> None:
        """End the stream, dropping what was not read."""
        with self._ready:
            self._data.clear()
            self._ended = True
            self._ready.notify_all()

    def read(self, n: int = -1) -> bytes:
        """Return up to n bytes (all up to the end for -1); b"" at the end."""
        with self._ready:
            self._ready.wait_for(lambda: self._ended or (n >= 0 and len(self._data) > 0))
            count = len(self._data) if n < 0 else min(n, len(self._data))
            data = bytes(self._data[:count])
            del self._data[:count]
            return data


class Output:
    """Standard output and error of one command, and its end."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pieces: deque[tuple[str, bytes]] = deque()
        self._size = 0
        self._exit_code: int | None = None
        self._abandoned = False
        self._drained = False

    def writer(self, stream: str) -> Callable[[bytes], None]:
        """Return the function a program writes to; ``stream`` is stdout or stderr."""

        def write(data: bytes) -> None:
            with self._changed:
                self._changed.wait_for(lambda: self._size < PIPE_LIMIT or self._abandoned)
                if data and not self._abandoned:
                    self._pieces.append((stream, bytes(data)))
                    self._size += len(data)
                    self._changed.notify_all()

        return write

    def finish(self, exit_code: int) -> None:
        """Note that the program ended."""
        with self._changed:
            self._exit_code = exit_code
            self._changed.notify_all()

    def abandon(self) -> None:
        """Nobody will read any more: wake pending reads, let writers run free."""
        with self._changed:
            self._abandoned = True
            self._pieces.clear()
            self._changed.notify_all()

    def wait_drained(self, timeout: float) -> None:
        """Wait until the end of the output was handed over, at most ``timeout`` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._drained or self._abandoned, timeout)

    def receive(self, timeout: float, limit: int) -> Received | None:
        """Wait for output or the end.

        Args:
            timeout: Seconds to wait for the first sign of life.
            limit: Bytes to hand over at most.

        Returns:
            None when the time passed without any.

        Raises:
            InterruptedError: The command was abandoned meanwhile.
        """
        with self._changed:
            alive = self._changed.wait_for(self._anything, timeout)
            if alive and self._exit_code is None:
                deadline = time.monotonic() + COALESCE
                while not self._enough(limit) and (left := deadline - time.monotonic()) > 0:
                    self._changed.wait(left)
            if self._abandoned:
                raise InterruptedError
            if not alive:
                return None
            pieces = self._take(limit)
            ended = not self._pieces and self._exit_code is not None
            self._drained = ended
            self._changed.notify_all()
            return Received(pieces, self._exit_code if ended else None)

    def _anything(self) -> bool:
        return bool(self._pieces) or self._exit_code is not None or self._abandoned

    def _enough(self, limit: int) -> bool:
        return self._size >= limit or self._exit_code is not None or self._abandoned

    def _take(self, limit: int) -> list[tuple[str, bytes]]:
        """Take pieces off the queue, joining neighbours of the same stream."""
        joined: list[tuple[str, bytearray]] = []
        while self._pieces and limit > 0:
            stream, data = self._pieces.popleft()
            if len(data) > limit:
                self._pieces.appendleft((stream, data[limit:]))
                data = data[:limit]
            limit -= len(data)
            self._size -= len(data)
            if joined and joined[-1][0] == stream:
                joined[-1][1].extend(data)
            else:
                joined.append((stream, bytearray(data)))
        return [(stream, bytes(data)) for stream, data in joined]
