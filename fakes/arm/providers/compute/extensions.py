"""Microsoft.Compute/virtualMachines/extensions: asked for by goal state, judged by the agent's report."""

from __future__ import annotations

from typing import Any

from fakes.arm.errors import ArmError, bad_request, parent_not_found
from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.ids import parse
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import new_body, with_state
from fakes.arm.providers.compute.instance_view import (
    extension_view,
    extensions_of,
    handler_name,
    power_state,
)
from fakes.arm.providers.compute.virtual_machines import MACHINE
from fakes.arm.routing import RouteTable
from fakes.arm.shapes import ANY, envelope
from fakes.arm.store import Resource
from fakes.fabric.ports import HandlerStatus
from fakes.notsimulated import NotSimulated

routes = RouteTable()

TYPE = "Microsoft.Compute/virtualMachines/extensions"
EXTENSION = MACHINE + "/extensions/{extension}"
PROVISIONING_TIMEOUT = 90 * 60.0
"""Virtual seconds that a handler has to report (learn.microsoft.com, VM extensions: 90 minutes)."""
_POLL = 1.0


_SHAPE = envelope(
    {
        **dict.fromkeys(
            ("publisher", "type", "typeHandlerVersion", "forceUpdateTag", "provisioningState"), str
        ),
        **dict.fromkeys(("autoUpgradeMinorVersion", "enableAutomaticUpgrade", "suppressFailures"), bool),
        **dict.fromkeys(("settings", "protectedSettings"), dict),
        "instanceView": ANY,
    }
)


def record_extension(
    plane: ControlPlane,
    extension_id: str,
    *,
    location: str,
    publisher: str,
    kind: str,
    version: str,
    settings: Json | None = None,
    sequence: int | None = None,
    provisioning_state: str = "Succeeded",
) -> Resource:
    """Put an extension into the store without asking the agent for it.

    For a service that publishes the goal state itself, as backup does with VMSnapshot.

    Args:
        plane: The control plane.
        extension_id: ``<vm id>/extensions/<name>``.
        location: Region.
        publisher: ``Microsoft.Azure.RecoveryServices``.
        kind: Its type, ``VMSnapshotLinux``.
        version: Major and minor, ``1.0``.
        settings: Public settings.
        sequence: Under which its handler reports.
        provisioning_state: Of the resource.
    """
    body: Json = {
        "id": extension_id,
        "name": parse(extension_id).name,
        "type": TYPE,
        "location": location,
        "properties": {
            "publisher": publisher,
            "type": kind,
            "typeHandlerVersion": version,
            "autoUpgradeMinorVersion": True,
            "settings": settings or {},
            "provisioningState": provisioning_state,
        },
    }
    return plane.store.put(extension_id, body, {"sequence": sequence})


def _view(plane: ControlPlane, extension: Resource, request: ArmRequest) -> Json:
    if not request.expands("instanceView"):
        return extension.body
    properties = {**extension.properties, "instanceView": extension_view(plane, extension)}
    return {**extension.body, "properties": properties}


@routes.operation("GET", MACHINE + "/extensions")
def list_extensions(request: ArmRequest) -> ArmResponse:
    """List a machine's extensions."""
    machine = request.plane.require(request.path.rpartition("/")[0])
    return listing([_view(request.plane, one, request) for one in extensions_of(request.plane, machine.id)])


@routes.operation("GET", EXTENSION)
def get_extension(request: ArmRequest) -> ArmResponse:
    """Show an extension."""
    return ArmResponse(200, _view(request.plane, request.plane.require(request.path), request))


@routes.operation("PUT", EXTENSION)
def put_extension(request: ArmRequest) -> ArmResponse:
    """Ask the guest agent for an extension; ends when its handler has reported."""
    plane = request.plane
    machine = _running_machine(request)
    given = request.resource(_SHAPE)
    sent: Json = dict(given.get("properties") or {})
    for part in ("publisher", "type", "typeHandlerVersion"):
        if not sent.get(part):
            raise bad_request("InvalidParameter", f"Required parameter '{part}' is missing (null).", part)
    if plane.goal_state is None:
        raise NotSimulated("PUT of an extension without a goal state publisher")
    old = plane.store.get(request.path)
    protected: Any = sent.pop("protectedSettings", None)
    settings: Any = sent.get("settings") or {}
    kept = {name: value for name, value in sent.items() if name not in {"provisioningState", "instanceView"}}
    body = new_body(request, TYPE, {"autoUpgradeMinorVersion": False, **kept})
    name = f"{sent['publisher']}.{sent['type']}"
    sequence = plane.goal_state.publish_extension(
        machine.id, name, sent["typeHandlerVersion"], settings, protected
    )
    passing = with_state(body, "Updating" if old else "Creating")
    stored = plane.store.put(body["id"], passing, {"sequence": sequence})

    async def provision() -> None:
        try:
            await _wait_for_handler(plane, stored, sequence)
        except ArmError:
            plane.store.put(stored.id, with_state(body, "Failed"))
            raise
        plane.store.put(stored.id, with_state(body, "Succeeded"))

    operation = plane.operations.start(request.subscription, "Microsoft.Compute", body["location"], provision)
    return plane.operations.put_response(request, operation, passing, created=old is None)


@routes.operation("DELETE", EXTENSION)
def delete_extension(request: ArmRequest) -> ArmResponse:
    """Ask the guest agent to uninstall an extension; ends when its handler is gone."""
    plane = request.plane
    extension = plane.store.get(request.path)
    if extension is None:
        return ArmResponse(204)
    machine = _running_machine(request)
    kind = handler_name(extension)
    plane.store.put(extension.id, with_state(extension.body, "Deleting"))
    if plane.goal_state is not None:
        plane.goal_state.remove_extension(machine.id, kind)

    def gone() -> bool:
        report = plane.agents.latest(machine.id)
        return report is None or report.handler(kind) is None

    async def uninstall() -> None:
        with plane.clock.demand():
            if not await plane.clock.wait_for(gone, PROVISIONING_TIMEOUT, _POLL):
                raise _timed_out(extension, None)
        plane.store.delete(extension.id)

    operation = plane.operations.start(
        request.subscription, "Microsoft.Compute", extension.body["location"], uninstall
    )
    return plane.operations.accepted(request, operation)


def _running_machine(request: ArmRequest) -> Resource:
    machine = request.plane.store.get(request.path.rsplit("/", 2)[0])
    if machine is None:
        raise parent_not_found(request.path)
    if power_state(machine) != "running":
        raise ArmError(
            409, "OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running."
        )
    return machine


async def _wait_for_handler(plane: ControlPlane, extension: Resource, sequence: int) -> None:
    """Wait until the handler has reported on a sequence number.

    Raises:
        ArmError: VMExtensionProvisioningError or VMExtensionProvisioningTimeout.
    """
    machine_id, kind = extension.id.rsplit("/", 2)[0], handler_name(extension)

    def handler() -> HandlerStatus | None:
        report = plane.agents.latest(machine_id)
        return report.handler(kind) if report else None

    def done() -> bool:
        status = handler()
        return (
            status is not None
            and status.sequence == sequence
            and status.status in {"success", "warning", "error"}
        )

    with plane.clock.demand():
        ended = await plane.clock.wait_for(done, PROVISIONING_TIMEOUT, _POLL)
    status = handler()
    if not ended or status is None:
        raise _timed_out(extension, status)
    if status.status == "error":
        name, publisher, kind = (
            extension.body["name"],
            *(extension.properties[k] for k in ("publisher", "type")),
        )
        raise ArmError(
            409,
            "VMExtensionProvisioningError",
            f"VM has reported a failure when processing extension '{name}' (publisher '{publisher}' and type "
            f"'{kind}'). Error message: '{status.message}'.",
        )


def _timed_out(extension: Resource, status: HandlerStatus | None) -> ArmError:
    last = status.message if status else ""
    return ArmError(
        409,
        "VMExtensionProvisioningTimeout",
        f"Provisioning of VM extension {extension.body['name']} has timed out. Extension provisioning has taken too "
        f'long to complete. The extension last reported "{last}".',
    )
