"""Starting, stopping, deallocating and restarting a virtual machine."""

from __future__ import annotations

from fakes.arm.errors import ArmError
from fakes.arm.http import ArmRequest, ArmResponse
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.compute.instance_view import power_state
from fakes.arm.providers.compute.virtual_machines import MACHINE
from fakes.arm.routing import RouteTable

routes = RouteTable()

# Action -> the state while it goes on, and the state it leads to.
_ACTIONS = {
    "start": ("starting", "running"),
    "restart": ("starting", "running"),
    "poweroff": ("stopping", "stopped"),
    "deallocate": ("deallocating", "deallocated"),
}
_WIRE_NAMES = {"poweroff": "powerOff"}


def set_power(plane: ControlPlane, machine_id: str, state: str) -> None:
    """Note a VM's power state, for example after its guest shut itself down.

    Raises:
        KeyError: There is no such VM.
    """
    with plane.store.edit(machine_id) as machine:
        machine.state["power"] = state


@routes.operation("POST", *(f"{MACHINE}/{action}" for action in _ACTIONS))
def change_power(request: ArmRequest) -> ArmResponse:
    """Change a machine's power state: 202, and an operation."""
    plane = request.plane
    machine_id, _, verb = request.path.rpartition("/")
    machine = plane.require(machine_id)
    action = verb.lower()
    passing, final = _ACTIONS[action]
    if action == "restart" and power_state(machine) != "running":
        raise ArmError(
            409,
            "OperationNotAllowed",
            f"Cannot restart VM '{machine.body['name']}' because it is not running.",
        )
    set_power(plane, machine.id, passing)

    async def switch() -> None:
        if plane.power_switch is not None:
            await plane.power_switch(machine.id, _WIRE_NAMES.get(action, action))
        if machine.id in plane.store:
            set_power(plane, machine.id, final)

    operation = plane.operations.start(
        request.subscription, "Microsoft.Compute", machine.body["location"], switch
    )
    return plane.operations.accepted(request, operation)
