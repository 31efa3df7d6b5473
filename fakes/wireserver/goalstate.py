"""What the fabric wants of each VM: incarnations, extensions and their settings.

An incarnation is the version of a goal state: the agent fetches the whole of it again
only when this number changes (WALinuxAgent, ``protocol/goal_state.py``).
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from fakes.notsimulated import NotSimulatedLog


@dataclass
class ExtensionGoal:
    """One extension that a VM should have (or should be rid of).

    Attributes:
        name: Publisher and type, ``Microsoft.Azure.RecoveryServices.VMSnapshotLinux``.
        version: Four numbers, ``1.0.9100.0``.
        state: ``enabled`` or ``uninstall``.
        sequence: Number of the newest settings; the handler reports under it.
        settings: Its public settings.
    """

    name: str
    version: str
    state: str
    sequence: int
    settings: dict[str, Any]


@dataclass
class VmGoalState:
    """The goal state of one VM.

    Attributes:
        vm_id: ARM id, with its casing.
        container_id: What the host node calls the VM's container; agents send it back.
        instance_id: The role instance's name.
        incarnation: Version of this goal state.
        status_blob_uri: Where the agent puts its status document (a SAS).
        extensions: By lower-cased name.
    """

    vm_id: str
    status_blob_uri: str = ""
    container_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    instance_id: str = field(default_factory=lambda: f"{uuid.uuid4()}._vm")
    incarnation: int = 1
    extensions: dict[str, ExtensionGoal] = field(default_factory=dict)


class GoalStates:
    """The goal states of all VMs; implements :class:`fakes.fabric.ports.GoalStatePublisher`.

    >>> states = GoalStates(NotSimulatedLog())
    >>> vm = states.add("/subscriptions/s/vm1")
    >>> states.publish_extension(vm.vm_id, "Microsoft.Azure.RecoveryServices.VMSnapshot", "1.0.0.0", {})
    0
    >>> states.publish_extension(vm.vm_id, "Microsoft.Azure.RecoveryServices.VMSnapshot", "1.0.0.0", {})
    1
    >>> vm.incarnation
    3
    """

    def __init__(self, not_simulated: NotSimulatedLog) -> None:
        self._not_simulated = not_simulated
        self._lock = threading.Lock()
        self._vms: dict[str, VmGoalState] = {}

    def add(self, vm_id: str, status_blob_uri: str = "") -> VmGoalState:
        """Register a VM and return its (first) goal state."""
        state = VmGoalState(vm_id, status_blob_uri)
        self._vms[vm_id.lower()] = state
        return state

    def of(self, vm_id: str) -> VmGoalState:
        """Return a VM's goal state.

        Raises:
            KeyError: The VM was never registered with the fabric.
        """
        return self._vms[vm_id.lower()]

    def publish_extension(
        self,
        vm_id: str,
        name: str,
        version: str,
        settings: dict[str, Any],
        protected: dict[str, Any] | None = None,
    ) -> int:
        """See :class:`fakes.fabric.ports.GoalStatePublisher`; protected settings are refused."""
        if protected:
            raise self._not_simulated.refuse("protectedSettings of an extension", vm_id)
        vm = self.of(vm_id)
        with self._lock:
            before = vm.extensions.get(name.lower())
            sequence = before.sequence + 1 if before else 0
            vm.extensions[name.lower()] = ExtensionGoal(name, version, "enabled", sequence, settings)
            vm.incarnation += 1
        return sequence

    def remove_extension(self, vm_id: str, name: str) -> None:
        """Ask the agent to uninstall an extension; unknown names are ignored."""
        vm = self.of(vm_id)
        with self._lock:
            if goal := vm.extensions.get(name.lower()):
                goal.state = "uninstall"
                vm.incarnation += 1
