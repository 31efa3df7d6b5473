"""Remote shells of one host (MS-WSMV 3.1.4.5, 3.1.4.11 to 14): shells and their commands.

A shell belongs to the user who made it, not to a connection. Each command is a thread
that runs the line in the shell's session.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Protocol

from fakes.notsimulated import NotSimulated, NotSimulatedLog

from . import faults
from .streams import Output, StandardInput

_log = logging.getLogger(__name__)

# STATUS_CONTROL_C_EXIT as a signed integer, the type of rsp:ExitCode (MS-WSMV 2.2.4.9).
CONTROL_C_EXIT = -1073741510
NOT_SIMULATED_EXIT = 120
INTERNAL_ERROR_EXIT = 121
UNLIMITED = 2147483647


class ByteSource(Protocol):
    """Standard input as a program sees it."""

    def read(self, n: int = -1) -> bytes:
        """Block until there are bytes or the end."""


class CommandSession(Protocol):
    """What runs command lines; ``fakes.windows.shell.session.Session`` is the real one."""

    def run(
        self,
        command_line: str,
        *,
        stdin: ByteSource,
        stdout: Callable[[bytes], None],
        stderr: Callable[[bytes], None],
        stop: threading.Event,
        skip_cmd_shell: bool = False,
    ) -> int:
        """Run one line to its end and return the exit code."""


class SessionFactory(Protocol):
    """Makes the session behind a new shell."""

    def __call__(
        self, user: str, *, cwd: str | None, env: dict[str, str] | None, codepage: int
    ) -> CommandSession:
        """Return a session of the user."""


@dataclass(frozen=True)
class Quotas:
    """Limits of winrm/config/winrs.

    By default those of Windows Server 2016 and later, which are none; up to 2012 R2 they
    were 30 and 25.

    Attributes:
        shells_per_user: MaxShellsPerUser.
        processes_per_shell: MaxProcessesPerShell.
        idle_timeout: IdleTimeout in seconds, after which an unused shell is closed.
    """

    shells_per_user: int = UNLIMITED
    processes_per_shell: int = UNLIMITED
    idle_timeout: float = 7200.0


class Command:
    """One command line that runs, or ran, in a shell."""

    def __init__(self, command_id: str, line: str) -> None:
        self.id = command_id
        self.line = line
        self.stdin = StandardInput()
        self.output = Output()
        self.stop = threading.Event()
        self.interrupted = False
        self.thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether its program is still at work."""
        return self.thread is not None and self.thread.is_alive()

    def interrupt(self) -> None:
        """Control-C: the program ends with STATUS_CONTROL_C_EXIT."""
        if self.running:
            self.interrupted = True
            self.stop.set()
            self.stdin.close()

    def terminate(self) -> None:
        """End the program and drop its output; pending Receives are aborted."""
        self.stop.set()
        self.stdin.close()
        self.output.abandon()


@dataclass
class Shell:
    """One remote shell."""

    id: str
    user: str
    session: CommandSession
    client_ip: str
    input_streams: str
    output_streams: str
    idle_timeout: float
    created: float = field(default_factory=time.monotonic)
    used: float = field(default_factory=time.monotonic)
    commands: dict[str, Command] = field(default_factory=dict)


class Shells:
    """All shells of one host; thread-safe.

    Args:
        factory: Makes sessions.
        log: Where a program that is not simulated is recorded.
        where: Name of the host, for the log.
        quotas: Limits; also an attribute.
    """

    def __init__(
        self,
        factory: SessionFactory,
        log: NotSimulatedLog,
        where: str,
        quotas: Quotas | None = None,
    ) -> None:
        self._factory = factory
        self._log = log
        self._where = where
        self.quotas = quotas or Quotas()
        self._lock = threading.Lock()
        self._shells: dict[str, Shell] = {}
        self._threads: set[threading.Thread] = set()

    def create(
        self,
        user: str,
        *,
        client_ip: str,
        shell_id: str | None,
        cwd: str | None,
        env: Mapping[str, str],
        codepage: int,
        input_streams: str = "stdin",
        output_streams: str = "stdout stderr",
        idle_timeout: float | None = None,
    ) -> Shell:
        """Open a shell; raises Fault when the user has too many.

        A client may ask for a shorter ``idle_timeout`` (seconds) than the host's, not a longer one.
        """
        self._close_idle()
        try:
            session = self._factory(user, cwd=cwd, env=dict(env) or None, codepage=codepage)
        except ValueError as error:
            raise faults.schema_violation(str(error)) from error
        identity = (shell_id or str(uuid.uuid4())).upper()
        longest = self.quotas.idle_timeout
        patience = longest if idle_timeout is None else min(idle_timeout, longest)
        shell = Shell(identity, user, session, client_ip, input_streams, output_streams, patience)
        with self._lock:
            own = sum(1 for other in self._shells.values() if other.user == user)
            if own >= self.quotas.shells_per_user:
                raise faults.too_many_shells(self.quotas.shells_per_user)
            if identity in self._shells:
                raise faults.shell_not_found(identity)
            self._shells[identity] = shell
        return shell

    def find(self, user: str, shell_id: str) -> Shell:
        """Return a shell of this user; raises Fault when there is none."""
        self._close_idle()
        with self._lock:
            shell = self._shells.get(shell_id.upper())
            if shell is None or shell.user != user:
                raise faults.shell_not_found(shell_id)
            shell.used = time.monotonic()
            return shell

    def all(self) -> list[Shell]:
        """Return all open shells."""
        with self._lock:
            return list(self._shells.values())

    def start(self, shell: Shell, line: str, command_id: str | None, *, skip_cmd_shell: bool) -> Command:
        """Start a command line in a shell."""
        command = Command((command_id or str(uuid.uuid4())).upper(), line)
        with self._lock:
            running = sum(1 for other in shell.commands.values() if other.running)
            if running >= self.quotas.processes_per_shell:
                raise faults.too_many_commands(self.quotas.processes_per_shell)
            shell.commands[command.id] = command
        command.thread = threading.Thread(
            target=self._run,
            args=(shell, command, skip_cmd_shell),
            name=f"winrs {self._where} {line[:40]}",
            daemon=True,
        )
        with self._lock:
            self._threads = {thread for thread in self._threads if thread.is_alive()}
            self._threads.add(command.thread)
        command.thread.start()
        return command

    def command(self, shell: Shell, command_id: str) -> Command:
        """Return a command of a shell; raises Fault when there is none."""
        with self._lock:
            command = shell.commands.get(command_id.upper())
        if command is None:
            raise faults.command_not_found()
        return command

    def terminate(self, shell: Shell, command: Command) -> None:
        """End a command and forget it."""
        with self._lock:
            shell.commands.pop(command.id, None)
        command.terminate()

    def delete(self, shell: Shell) -> None:
        """Close a shell with all that runs in it."""
        with self._lock:
            self._shells.pop(shell.id, None)
            commands = list(shell.commands.values())
            shell.commands.clear()
        for command in commands:
            command.terminate()

    def owns(self, thread: threading.Thread) -> bool:
        """Say whether a thread runs one of the commands."""
        with self._lock:
            return thread in self._threads

    def wait_drained(self, timeout: float) -> None:
        """Wait until clients have received what their ended commands have written."""
        deadline = time.monotonic() + timeout
        for shell in self.all():
            for command in list(shell.commands.values()):
                if not command.running:
                    command.output.wait_drained(max(0.0, deadline - time.monotonic()))

    def close(self, timeout: float = 5.0) -> list[str]:
        """Close everything; return the lines of programs that did not end within ``timeout``."""
        for shell in self.all():
            self.delete(shell)
        deadline = time.monotonic() + timeout
        with self._lock:
            threads, self._threads = self._threads, set()
        stuck = []
        for thread in threads:
            if thread is not threading.current_thread() and thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))
                if thread.is_alive():
                    stuck.append(thread.name)
        for name in stuck:
            _log.warning("%s: still running after its shell was closed", name)
        return stuck

    def _close_idle(self) -> None:
        now = time.monotonic()
        for shell in self.all():
            if now - shell.used > shell.idle_timeout and not any(c.running for c in shell.commands.values()):
                self.delete(shell)

    def _run(self, shell: Shell, command: Command, skip_cmd_shell: bool) -> None:
        output = command.output
        stderr = output.writer("stderr")
        try:
            exit_code = shell.session.run(
                command.line,
                stdin=command.stdin,
                stdout=output.writer("stdout"),
                stderr=stderr,
                stop=command.stop,
                skip_cmd_shell=skip_cmd_shell,
            )
        except NotSimulated as refusal:
            stderr(f"{refusal}\r\n".encode())
            exit_code = NOT_SIMULATED_EXIT
        except Exception as error:  # noqa: BLE001 - a bug must not look like Windows
            _log.exception("%s: %s", self._where, command.line)
            last = traceback.extract_tb(error.__traceback__)[-1]
            bug = f"{error!r} at {PurePath(last.filename).name}:{last.lineno}"
            self._log.record(f"internal error: {bug}, running {command.line[:80]!r}", self._where)
            stderr(f"INTERNAL ERROR of the simulated host: {bug}\r\n".encode())
            exit_code = INTERNAL_ERROR_EXIT
        if command.interrupted:
            exit_code = CONTROL_C_EXIT
        shell.used = time.monotonic()
        output.finish(_int32(exit_code))


def _int32(number: int) -> int:
    """Return an exit code as xs:int carries it.

    >>> _int32(0x80070005)
    -2147024891
    """
    return (number + 0x80000000) % 0x100000000 - 0x80000000
