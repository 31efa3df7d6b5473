"""What the run engine asks of a host, whatever runs there and however it is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from testinfra.host import Host as TestinfraHost

Shell = Literal["cmd", "powershell", "bash"]
HostOS = Literal["windows", "linux"]

SCRIPT_SHELLS: dict[str, Shell] = {
    ".ps1": "powershell",
    ".cmd": "cmd",
    ".bat": "cmd",
    ".sh": "bash",
}
"""Which shell of the host runs a script, by the script's suffix."""

NOT_SIMULATED_EXIT = 120
"""Exit code with which a simulated host ends a command it does not implement."""


@dataclass(frozen=True)
class CommandResult:
    """What one command on a host did.

    Attributes:
        host: Name of the host in the scenario, such as ``vm``.
        command: The command as it was given, or the name of the script.
        exit_code: Exit code of the command.
        stdout: Decoded standard output; lines end in LF.
        stderr: Decoded standard error (PowerShell's CLIXML already turned into text).
        seconds: Wall time the command took.
        not_simulated: Constructs the host does not implement and the command met.

    >>> CommandResult("vm", "ver", 0, "Microsoft Windows", "", 0.01).ok
    True
    """

    host: str
    command: str
    exit_code: int
    stdout: str
    stderr: str
    seconds: float
    not_simulated: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the command ended with exit code 0."""
        return self.exit_code == 0

    @property
    def output(self) -> str:
        """Standard output followed by standard error, as a person would have seen it."""
        if self.stdout and self.stderr and not self.stdout.endswith("\n"):
            return f"{self.stdout}\n{self.stderr}"
        return self.stdout + self.stderr


@runtime_checkable
class Host(Protocol):
    """A machine of a scenario: runs commands and scripts, restarts, tells its state."""

    @property
    def name(self) -> str:
        """Name of the host in the scenario."""
        ...

    @property
    def os(self) -> HostOS:
        """Operating system family."""
        ...

    @property
    def fidelity(self) -> dict[str, str]:
        """Part of the host -> ``real``, ``emulated`` or ``modelled``, with the program behind it."""
        ...

    def run(
        self,
        command: str,
        shell: Shell,
        *,
        stdin: str | None = None,
        timeout: float = 120,
        env: Mapping[str, str] | None = None,
    ) -> CommandResult:
        """Run one command line in a shell and wait for its end.

        Raises:
            CommandTimeout: The command did not end in ``timeout`` seconds; it has been stopped.
            HostUnreachable: The host does not answer.
        """
        ...

    def run_script(
        self,
        path: Path,
        *,
        args: Sequence[str] = (),
        timeout: float = 600,
        env: Mapping[str, str] | None = None,
    ) -> CommandResult:
        """Run a script file of this machine on the host; the suffix chooses the shell.

        Raises:
            UsageError: The suffix is none of `SCRIPT_SHELLS`, or its shell is not on this host.
            CommandTimeout: As for `run`.
            HostUnreachable: As for `run`.
        """
        ...

    def wait_ready(self, timeout: float) -> None:
        """Wait until the host takes commands; raises `StartTimeout` after ``timeout`` seconds."""
        ...

    def restart(self, timeout: float) -> None:
        """Restart the machine and wait until it takes commands again."""
        ...

    def pulse(self) -> object:
        """Return which boot this is and what is announced for it; `settle` compares with it."""
        ...

    def settle(self, pulse: object, timeout: float) -> str:
        """Wait out a restart that somebody's script has set off.

        Args:
            pulse: From before the script; None where there was no chance to take it.
            timeout: Seconds for the machine to come back.

        Returns:
            Nothing when the machine takes commands; otherwise what became of it, such as
            ``is switched off``.

        Raises:
            InfrastructureError: It does not answer, and whether that is the machine's own state or
                the lab's failure cannot be told.
        """
        ...

    def capture_state(self) -> dict[str, Any]:
        """Return the host's state as JSON-able data in a stable order, for differences."""
        ...

    def logs(self) -> dict[str, str]:
        """Return name -> text of the logs worth keeping when a run fails."""
        ...

    def close(self) -> None:
        """Let go of connections and shells; the machine itself stays as it is."""
        ...


@runtime_checkable
class Guest(Host, Protocol):
    """A Linux host; pytest-testinfra looks into it too."""

    @property
    def testinfra(self) -> TestinfraHost:
        """The machine as testinfra's host object."""
        ...
