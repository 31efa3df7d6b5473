"""What the engine asks of a world, whoever built it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from lab.hosts.base import Host


@dataclass(frozen=True)
class Refusal:
    """Something a fake was asked for and does not implement."""

    construct: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.construct} ({self.where})" if self.where else self.construct


@dataclass(frozen=True)
class BackupResult:
    """How an on-demand backup ended.

    Attributes:
        status: ``Completed``, ``CompletedWithWarnings``, ``Failed`` or ``Cancelled``.
        error: The documented error code, None without an error.
        message: The job's error text.
        job_id: Resource id of the job, empty when none was started.
        tasks: Task -> status, as the job lists them.
        seconds: Real time from the request to the job's end.
    """

    status: str
    error: str | None = None
    message: str = ""
    job_id: str = ""
    tasks: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        tasks = ", ".join(f"{name} {status}" for name, status in self.tasks.items())
        error = f" with {self.error}" if self.error else ""
        return f"backup {self.status}{error}" + (f" ({tasks})" if tasks else "")


@dataclass(frozen=True)
class AzureReply:
    """Answer of the control plane, after a long-running operation has ended.

    Attributes:
        status: HTTP status of the first answer.
        body: JSON of the last answer.
        error: Why the long-running operation failed, empty when it did not.
        not_simulated: What the control plane does not implement.
    """

    status: int
    body: Any
    error: str = ""
    not_simulated: tuple[str, ...] = ()


class World(Protocol):
    """One provisioned world: hosts, control plane, fabric, and their state."""

    @property
    def hosts(self) -> Mapping[str, Host]:
        """Name -> host."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """What scenarios may name as ``${fact}``."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """Values that must not enter the journal."""
        ...

    @property
    def fidelity(self) -> Mapping[str, str]:
        """Part -> ``real``, ``emulated`` or ``modelled``, with what stands behind it."""
        ...

    @property
    def python_env(self) -> Mapping[str, str]:
        """Environment of ``python:`` steps."""
        ...

    def is_simulated(self, host: str) -> bool:
        """Whether ``simulated:`` injections apply to a host."""
        ...

    def inject(self, host: str, change: Mapping[str, Any]) -> None:
        """Change the state of a simulated host."""
        ...

    def backup(self, timeout: float) -> BackupResult:
        """Take an on-demand backup and wait for the job's end."""
        ...

    def azure(self, method: str, path: str, body: Any, timeout: float) -> AzureReply:
        """Call the control plane and follow a long-running operation to its end."""
        ...

    def knob(self, settings: Mapping[str, Any]) -> None:
        """Set knobs of the fabric."""
        ...

    def advance(self, seconds: float) -> None:
        """Let virtual time pass."""
        ...

    def restart(self, host: str, timeout: float) -> None:
        """Restart a host and wait until it takes commands."""
        ...

    def not_simulated(self) -> Sequence[Refusal]:
        """Everything refused as not simulated since the world began, in order.

        It is asked for after whatever is judged, so this is where a broken lab must show.

        Raises:
            PartDied: A part of the lab has died, so that what was seen says nothing.
        """
        ...

    def capture_state(self) -> dict[str, Any]:
        """State of hosts and control plane, for differences."""
        ...

    def logs(self) -> Mapping[str, str]:
        """Logs worth keeping when a run fails."""
        ...

    def leave(self) -> None:
        """Let go of the world without ending it; only for worlds made to outlive this process."""
        ...

    def close(self) -> None:
        """Take the world down; leaves nothing behind."""
        ...
