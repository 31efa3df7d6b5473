"""Commands on the host, over WinRM, for the courier's worker thread.

One remote shell per round: opened, used, deleted, so that the courier leaves nothing
behind on the host between rounds and survives its restarts.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from winrm.protocol import Protocol as WinRM

_UTF8 = 65001
_OPERATION_SECONDS = 20
_READ_SECONDS = 30
_CHUNK = 90_000  # bytes of standard input in one message
_POWERSHELL = "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand "


class HostUnreachable(Exception):
    """The host does not answer over WinRM: it is off, restarting, or refuses us."""


class LogonRefused(HostUnreachable):
    """The host refuses our credentials; trying on would only lock the account."""


@dataclass(frozen=True)
class Output:
    """What a command left: exit code and both streams as text."""

    exit_code: int
    stdout: str
    stderr: str


class HostShell(Protocol):
    """What the courier needs of a host."""

    def powershell(self, command: str, stdin: str = "") -> Output:
        """Run a short piece of Windows PowerShell with some text on its standard input.

        Raises:
            HostUnreachable: The host does not answer.
        """


class WinRmShell:
    """A host over WinRM.

    Args:
        url: ``http://address:5985/wsman``.
        user: Account.
        password: Its password.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url, self._user, self._password = url, user, password
        self._winrm: WinRM | None = None

    def powershell(self, command: str, stdin: str = "") -> Output:
        """See :class:`HostShell`."""
        line = _POWERSHELL + base64.b64encode(command.encode("utf-16-le")).decode()
        with self._translated():
            winrm = self._connect()
            shell = winrm.open_shell(codepage=_UTF8)
            try:
                return self._run(winrm, shell, line, stdin.encode())
            finally:
                winrm.close_shell(shell, close_session=False)

    def close(self) -> None:
        """Close the connection."""
        winrm, self._winrm = self._winrm, None
        if winrm is not None:
            winrm.transport.close_session()

    # -- private ------------------------------------------------------------------
    @staticmethod
    def _run(winrm: WinRM, shell: str, line: str, stdin: bytes) -> Output:
        # Console mode off makes standard input a pipe, which alone can be ended.
        command = winrm.run_command(shell, line, console_mode_stdin=not stdin)
        try:
            for start in range(0, len(stdin), _CHUNK):
                winrm.send_command_input(
                    shell, command, stdin[start : start + _CHUNK], start + _CHUNK >= len(stdin)
                )
            out, err, code = winrm.get_command_output(shell, command)
        finally:
            winrm.cleanup_command(shell, command)
        return Output(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    def _connect(self) -> WinRM:
        if self._winrm is None:
            from winrm.protocol import Protocol as WinRM

            self._winrm = WinRM(
                endpoint=self._url,
                transport="ntlm",
                username=self._user,
                password=self._password,
                message_encryption="auto",
                operation_timeout_sec=_OPERATION_SECONDS,
                read_timeout_sec=_READ_SECONDS,
                # Said explicitly, for pywinrm warns of what it takes from the environment.
                ca_trust_path="legacy_requests",
                proxy=None,
            )
        return self._winrm

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        import requests
        from winrm.exceptions import (
            AuthenticationError,
            WinRMError,
            WinRMOperationTimeoutError,
            WinRMTransportError,
        )

        try:
            yield
        except AuthenticationError as error:
            self._winrm = None
            raise LogonRefused(f"{self._url}: {error}") from error
        except (
            requests.exceptions.RequestException,
            WinRMError,
            WinRMOperationTimeoutError,
            WinRMTransportError,
        ) as error:
            self._winrm = None  # whatever state the connection is in, the next round begins afresh
            raise HostUnreachable(f"{self._url}: {error}") from error
