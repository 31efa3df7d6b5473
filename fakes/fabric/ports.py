"""The joints between the fabric's parts: what one part may ask of another.

ARM shows what the guest agent reports, the backup engine waits for it and publishes
goal states; neither knows how reports arrive or how goal states leave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Substatus:
    """One entry of a handler's ``substatus`` list (extension status document)."""

    name: str
    status: str
    code: int
    message: str


@dataclass(frozen=True)
class HandlerStatus:
    """What the agent last said of one extension handler.

    Attributes:
        name: Publisher and type, ``Microsoft.Azure.RecoveryServices.VMSnapshotLinux``.
        version: The installed version.
        handler_state: ``Ready``, ``NotReady``, ``Installing`` or ``Unresponsive``.
        sequence: The settings' sequence number that ``status`` speaks of, or ``None``.
        status: ``success``, ``error``, ``warning``, ``transitioning``, or ``""`` when
            the handler has reported none.
        code: The handler's own numeric code.
        message: The handler's own text.
        substatus: Its further statuses.
    """

    name: str
    version: str
    handler_state: str
    sequence: int | None
    status: str
    code: int
    message: str
    substatus: tuple[Substatus, ...] = ()


@dataclass(frozen=True)
class AgentReport:
    """One status blob of a guest agent, as it arrived.

    Attributes:
        received: Virtual time of arrival (aware, UTC): the agent's heartbeat.
        version: The agent's version, ``2.7.3.0``.
        status: ``Ready`` or ``NotReady``.
        message: The agent's own text.
        os_name: Operating system as the agent names it.
        handlers: By lower-cased handler name.
    """

    received: datetime
    version: str
    status: str
    message: str
    os_name: str = ""
    handlers: dict[str, HandlerStatus] = field(default_factory=dict)

    def handler(self, name: str) -> HandlerStatus | None:
        """Return the status of a handler by its name, in any case."""
        return self.handlers.get(name.lower())


class AgentMonitor(Protocol):
    """What is known of the guest agents."""

    def latest(self, vm_id: str) -> AgentReport | None:
        """Return the newest report of a VM (id in any case), or ``None`` if none ever came."""

    def contacted(self, vm_id: str) -> datetime | None:
        """Return when the agent last asked the fabric for anything (virtual time), or ``None``.

        An agent that has just started fetches its goal state long before it reports; one
        that is busy with an extension does neither for a while.
        """


class GoalStatePublisher(Protocol):
    """Where extensions are asked for."""

    def publish_extension(
        self,
        vm_id: str,
        name: str,
        version: str,
        settings: dict[str, Any],
        protected: dict[str, Any] | None = None,
    ) -> int:
        """Put an extension with public settings into a VM's goal state.

        Returns:
            The sequence number under which the handler will report.
        """

    def remove_extension(self, vm_id: str, name: str) -> None:
        """Ask the agent to uninstall an extension; unknown names are ignored."""
