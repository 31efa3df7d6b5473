"""The control plane: what all providers share.

Another package adds its provider like this (see :mod:`fakes.arm.routing` for handlers)::

    plane = ControlPlane(Clock(), tenant="...")
    plane.register(fakes.backup.rest.routes)
    app = create_app(plane)

and a handler of a long-running operation looks like this::

    @routes.operation("DELETE", RESOURCE + "/Microsoft.Compute/disks/{disk}")
    def delete_disk(request: ArmRequest) -> ArmResponse:
        plane = request.plane
        disk = plane.require(request.path)
        operation = plane.operations.start(
            request.subscription, "Microsoft.Compute", disk.body["location"],
            lambda: plane.store.delete(disk.id),
        )
        return plane.operations.accepted(request, operation)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from fakes.arm.errors import resource_not_found
from fakes.arm.http import ArmRequest
from fakes.arm.operations import Operations
from fakes.arm.routing import Dispatcher, Route, RouteTable
from fakes.arm.store import Resource, ResourceStore
from fakes.arm.tokens import Tokens
from fakes.clock import Clock
from fakes.fabric.ports import AgentMonitor, AgentReport, GoalStatePublisher
from fakes.notsimulated import NotSimulated, NotSimulatedLog

Gate = Callable[[ArmRequest, Route], None]
PowerSwitch = Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True)
class RequestRecord:
    """One line of the plane's request log."""

    method: str
    path: str
    api_version: str
    status: int
    principal: str


class NoAgents:
    """An agent monitor to which nothing has ever reported."""

    def latest(self, vm_id: str) -> AgentReport | None:
        """Return ``None`` for every VM."""
        del vm_id
        return None

    def contacted(self, vm_id: str) -> datetime | None:
        """Return ``None`` for every VM."""
        del vm_id
        return None


class ControlPlane:
    """Resources, operations, tokens, and the joints to the other parts of the fabric.

    Args:
        clock: The fabric's clock.
        tenant: Tenant id.
        not_simulated: Where refusals are recorded.
        agents: What is known of guest agents; the instance view reads it.
        goal_state: Where extensions are asked for; ``None`` makes a PUT of an extension
            a NotSimulated.

    Attributes:
        gates: Called in order with every routed request before its handler; one that
            raises an ArmError refuses it (locks, policy).
        requests: The last thousand requests.
        power_switch: Awaited with a VM's id and ``start``, ``restart``, ``powerOff``,
            ``deallocate`` or ``delete`` before the VM's state changes, so that the guest
            behind it follows; ``None`` leaves the state modelled only.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        tenant: str = "72f988bf-0000-4000-8000-000000000000",
        not_simulated: NotSimulatedLog | None = None,
        agents: AgentMonitor | None = None,
        goal_state: GoalStatePublisher | None = None,
    ) -> None:
        self.clock = clock
        self.store = ResourceStore()
        self.not_simulated = not_simulated or NotSimulatedLog()
        self.operations = Operations(clock, self.note)
        self.tokens = Tokens(tenant)
        self.agents: AgentMonitor = agents or NoAgents()
        self.goal_state = goal_state
        self.gates: list[Gate] = []
        self.power_switch: PowerSwitch | None = None
        self.requests: deque[RequestRecord] = deque(maxlen=1000)
        self.dispatcher = Dispatcher()
        self._register_own_providers()

    def register(self, table: RouteTable) -> None:
        """Take in a provider's operations.

        Raises:
            ValueError: One of them is declared already.
        """
        self.dispatcher.add(table)

    def require(self, resource_id: str) -> Resource:
        """Return a resource.

        Raises:
            ArmError: 404 ResourceNotFound.
        """
        found = self.store.get(resource_id)
        if found is None:
            raise resource_not_found(resource_id)
        return found

    def note(self, missing: NotSimulated) -> None:
        """Record what was refused as not simulated, unless whoever raised it has done so."""
        entry = (missing.construct, missing.where)
        if not any((one["construct"], one["where"]) == entry for one in self.not_simulated.entries()):
            self.not_simulated.record(*entry)

    def _register_own_providers(self) -> None:
        from fakes.arm import providers

        for table in providers.tables():
            self.register(table)
