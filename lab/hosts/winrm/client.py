"""One Windows host over WinRM, on pywinrm's protocol layer.

A remote shell is opened once and used for all commands: WinRS starts each command as a
process of its own, which inherits nothing from the one before. The shell's environment
dates from its opening, so whoever may have changed the machine's environment, or wants
other variables, takes a fresh one.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import CommandTimeout, HostUnreachable

from . import failures
from .credentials import Credentials
from .endpoint import Endpoint, Transport, authorities, proxy_for

if TYPE_CHECKING:
    from winrm.protocol import Protocol

__all__ = ["Endpoint", "Finished", "Transport", "WinRmClient"]

_log = logging.getLogger(__name__)

UTF8 = 65001
# Seconds the server may hold a Receive; a silent command is asked again after that.
_RECEIVE_SECONDS = 20
_READ_MARGIN = 10
# Bytes of standard input in one message; the oldest supported servers take 150 KB envelopes.
_INPUT_CHUNK = 90_000
# http.sys closes a connection that was idle for 120 s, and pywinrm cannot seal messages for
# the next one with the keys of the last; so we change connections before that.
_IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Finished:
    """A command that ended: exit code, both streams as bytes, seconds of wall time."""

    exit_code: int
    stdout: bytes
    stderr: bytes
    seconds: float


class WinRmClient:
    """Runs commands on one host; one command at a time.

    Args:
        name: Name of the host in the scenario, for messages.
        endpoint: Where it is.
        credentials: Who we are there.
    """

    def __init__(self, name: str, endpoint: Endpoint, credentials: Credentials) -> None:
        self.name = name
        self.endpoint = endpoint
        self._credentials = credentials
        self._lock = threading.RLock()
        self._protocol: Protocol | None = None
        self._shell: str | None = None
        self._used = time.monotonic()

    def __repr__(self) -> str:
        return f"WinRmClient({self.name!r}, {self.endpoint.url!r}, {self._credentials.user!r})"

    def run(
        self,
        command_line: str,
        *,
        stdin: bytes | None = None,
        timeout: float = 120.0,
        env: Mapping[str, str] | None = None,
        codepage: int = UTF8,
        label: str = "",
    ) -> Finished:
        """Run a command line of cmd.exe and wait for its end.

        Args:
            command_line: As typed at the prompt.
            stdin: Standard input, ended after it; None leaves it open and unused.
            timeout: Seconds, after which the command is terminated.
            env: Variables besides those of the machine; opens a shell for this command.
            codepage: Code page of the streams; other than UTF-8 opens a shell likewise.
            label: What messages call the command; by default its command line.

        Raises:
            CommandTimeout: It did not end in time; it was told to terminate.
            HostUnreachable: No connection, or the user was refused.
            InfrastructureError: WinRM answered with a fault.
        """
        begun = time.monotonic()
        with self._lock, self._translated():
            own = env is not None or codepage != UTF8
            shell = self._open(env, codepage) if own else self._shared()
            try:
                command, shell = self._start(shell, command_line, stdin, may_reopen=not own)
                try:
                    if stdin is not None:
                        self._feed(shell, command, stdin)
                    result = self._collect(shell, command, begun + timeout)
                except KeyboardInterrupt:
                    # The answer under way is lost, and with it the keys of its connection.
                    self._drop()
                    raise
                finally:
                    self._terminate(shell, command)
            finally:
                self._used = time.monotonic()
                if own:
                    self._delete(shell)
        seconds = time.monotonic() - begun
        exit_code, stdout, stderr = result
        if exit_code is None:
            raise CommandTimeout(
                f"{self.name}: {_short(label or command_line)} did not end within {timeout:g} s "
                "and was stopped",
                detail=(stdout + stderr).decode("utf-8", "replace")[-2000:],
            )
        return Finished(exit_code, stdout, stderr, seconds)

    def ping(self, timeout: float = 5.0) -> None:
        """Log on and open a shell; raises HostUnreachable or InfrastructureError."""
        with self._lock, self._translated():
            self._connect().transport.read_timeout_sec = max(1, math.ceil(timeout))
            try:
                self._shared()
            finally:
                if self._protocol is not None:
                    self._protocol.transport.read_timeout_sec = _RECEIVE_SECONDS + _READ_MARGIN

    def forget_shell(self) -> None:
        """Close the shared shell; the next command opens a new one with the present environment."""
        with self._lock:
            shell, self._shell = self._shell, None
            if shell is not None:
                self._delete(shell)

    def close(self) -> None:
        """Close the shell and the connection."""
        with self._lock:
            self.forget_shell()
            self._drop()

    def abandon(self) -> None:
        """Let go of shell and connection without a word to the host, which may be gone."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        protocol, self._protocol, self._shell = self._protocol, None, None
        if protocol is not None:
            protocol.transport.close_session()

    def _connect(self) -> Protocol:
        idle = time.monotonic() - self._used
        self._used = time.monotonic()
        if self._protocol is not None and idle > _IDLE_SECONDS:
            # The shell belongs to the user, not to the connection: it stays.
            self._protocol.transport.close_session()
            self._protocol = None
        if self._protocol is None:
            from winrm.protocol import Protocol

            secure = self.endpoint.url.startswith("https:")
            self._protocol = Protocol(
                self.endpoint.url,
                transport=self.endpoint.transport,
                username=self._credentials.user,
                password=self._credentials.password,
                message_encryption="auto" if secure else "always",
                ca_trust_path=self.endpoint.ca_file or authorities(),
                operation_timeout_sec=_RECEIVE_SECONDS,
                read_timeout_sec=_RECEIVE_SECONDS + _READ_MARGIN,
                proxy=proxy_for(self.endpoint.url) if self.endpoint.proxy else None,
            )
        return self._protocol

    def _open(self, env: Mapping[str, str] | None, codepage: int) -> str:
        return self._connect().open_shell(env_vars=dict(env) if env else None, codepage=codepage)

    def _shared(self) -> str:
        if self._shell is None:
            self._shell = self._open(None, UTF8)
        return self._shell

    def _start(
        self, shell: str, command_line: str, stdin: bytes | None, *, may_reopen: bool
    ) -> tuple[str, str]:
        """Start the command; return its id and the id of the shell it runs in."""
        from winrm.exceptions import WSManFaultError

        # Console mode off makes standard input a pipe, which alone can be ended.
        console = stdin is None
        protocol = self._connect()
        try:
            return protocol.run_command(shell, command_line, console_mode_stdin=console), shell
        except WSManFaultError as error:
            if error.wsman_fault_code != failures.SHELL_NOT_FOUND or not may_reopen:
                raise
        # The shell timed out, or WinRM was restarted. The command has not begun.
        self._shell = None
        shell = self._shared()
        return protocol.run_command(shell, command_line, console_mode_stdin=console), shell

    def _collect(self, shell: str, command: str, deadline: float) -> tuple[int | None, bytes, bytes]:
        """Return exit code (None: still running at the deadline), output and error."""
        stdout, stderr = bytearray(), bytearray()
        exit_code: int | None = None
        for out, err, code in self._receive(shell, command, deadline):
            stdout += out
            stderr += err
            exit_code = code
        return exit_code, bytes(stdout), bytes(stderr)

    def _terminate(self, shell: str, command: str) -> None:
        """Stop a command if it still runs, and free it on the host."""
        protocol = self._connect()
        self._quietly(lambda: protocol.cleanup_command(shell, command))

    def _feed(self, shell: str, command: str, stdin: bytes) -> None:
        from winrm.exceptions import WSManFaultError

        protocol = self._connect()
        for start in range(0, max(len(stdin), 1), _INPUT_CHUNK):
            chunk = stdin[start : start + _INPUT_CHUNK]
            end = start + _INPUT_CHUNK >= len(stdin)
            try:
                protocol.send_command_input(shell, command, chunk, end)
            except WSManFaultError:
                # A program may end without having read its input; Receive tells how it went.
                return

    def _receive(
        self, shell: str, command: str, deadline: float
    ) -> Iterator[tuple[bytes, bytes, int | None]]:
        """Yield output as it comes, with the exit code in the last item; stop at the deadline."""
        from winrm.exceptions import WinRMOperationTimeoutError

        protocol = self._connect()
        while (left := deadline - time.monotonic()) > 0:
            protocol.operation_timeout_sec = max(1, min(_RECEIVE_SECONDS, math.ceil(left)))
            try:
                out, err, exit_code, done = protocol.get_command_output_raw(shell, command)
            except WinRMOperationTimeoutError:
                continue
            finally:
                protocol.operation_timeout_sec = _RECEIVE_SECONDS
            yield out, err, exit_code if done else None
            if done:
                return

    def _delete(self, shell: str) -> None:
        """Delete a shell; if that fails, the host's idle time-out will."""
        protocol = self._protocol
        if protocol is not None:
            self._quietly(lambda: protocol.close_shell(shell, close_session=False))

    def _quietly(self, tidy: Callable[[], object]) -> None:
        """Tidy up on the host; a failure is noted only, for the outcome is known already."""
        import requests
        from winrm.exceptions import WinRMError, WinRMOperationTimeoutError, WinRMTransportError

        try:
            tidy()
        except (
            WinRMError,
            WinRMOperationTimeoutError,
            WinRMTransportError,
            requests.exceptions.RequestException,
        ) as error:
            _log.debug("%s: not tidied up: %s", self.name, error)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn failures into the lab's errors, and start afresh after those that need it."""
        try:
            with failures.translated(f"{self.name}: {self.endpoint.url}", self._credentials.user):
                yield
        except HostUnreachable:
            self._drop()
            raise
        except failures.Fault as fault:
            if fault.number in failures.SHELL_GONE:
                self._shell = None
            raise


def _short(command_line: str) -> str:
    line = command_line.splitlines()[0] if command_line else ""
    return line if len(line) <= 80 else f"{line[:77]}..."
