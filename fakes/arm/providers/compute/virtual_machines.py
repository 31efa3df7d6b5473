"""Microsoft.Compute/virtualMachines: the machines, their view and their deletion."""

from __future__ import annotations

import copy

from fakes.arm.errors import ArmError, bad_request
from fakes.arm.http import ArmRequest, ArmResponse, Json
from fakes.arm.ids import stable_guid
from fakes.arm.operations import timestamp
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import declare_reads, new_body, put_with_operation, reference
from fakes.arm.providers.compute.instance_view import extensions_of, instance_view
from fakes.arm.routing import RESOURCE, RouteTable
from fakes.arm.shapes import ANY, envelope
from fakes.arm.store import Resource, ResourceStore
from fakes.notsimulated import NotSimulated

routes = RouteTable()

TYPE = "Microsoft.Compute/virtualMachines"
MACHINE = RESOURCE + "/Microsoft.Compute/virtualMachines/{vm}"
_REQUIRED = ("hardwareProfile", "storageProfile", "networkProfile")
_SECRET = ("adminPassword", "customData")  # taken, never shown
_FIXED = (("osProfile", "computerName"), ("osProfile", "adminUsername"))


_DISK: Json = {
    **dict.fromkeys(("name", "createOption", "caching", "osType", "deleteOption"), str),
    **dict.fromkeys(("lun", "diskSizeGB"), int),
    **dict.fromkeys(("vhd", "image", "managedDisk", "diffDiskSettings", "encryptionSettings"), dict),
    **dict.fromkeys(("writeAcceleratorEnabled", "toBeDetached"), bool),
}
_SHAPE = envelope(
    {
        "hardwareProfile": {"vmSize": str, "vmSizeProperties": dict},
        "storageProfile": {
            "osDisk": _DISK,
            "dataDisks": [_DISK],
            **dict.fromkeys(("imageReference", "diskControllerType"), ANY),
        },
        "osProfile": {
            **dict.fromkeys(("computerName", "adminUsername", "adminPassword", "customData"), str),
            **dict.fromkeys(("windowsConfiguration", "linuxConfiguration"), dict),
            **dict.fromkeys(("allowExtensionOperations", "requireGuestProvisionSignal"), bool),
            "secrets": [dict],
        },
        "networkProfile": {"networkInterfaces": [{"id": str, "properties": dict}]},
        **dict.fromkeys(("diagnosticsProfile", "additionalCapabilities", "securityProfile"), dict),
        **dict.fromkeys(("vmId", "timeCreated", "provisioningState", "licenseType", "priority"), str),
        "instanceView": ANY,
    },
    resources=ANY,
    identity=ANY,
    plan=ANY,
    zones=[str],
    systemData=ANY,
)


def machine_properties(machine_id: str, sent: Json, *, created: str) -> Json:
    """Complete the properties of a machine.

    Args:
        machine_id: Its id.
        sent: The ``properties`` of a PUT.
        created: Creation time, as ARM writes times.

    Raises:
        ArmError: 400 InvalidParameter, when a required part is missing.
    """
    for part in _REQUIRED:
        if not sent.get(part):
            raise bad_request("InvalidParameter", f"Required parameter '{part}' is missing (null).", part)
    properties = {name: value for name, value in copy.deepcopy(sent).items() if name not in _COMPUTED}
    storage = properties["storageProfile"]
    if not (storage.get("osDisk") or {}).get("name"):
        raise bad_request("InvalidParameter", "Required parameter 'osDisk' is missing (null).", "osDisk")
    storage["dataDisks"] = storage.get("dataDisks") or []
    for secret in _SECRET:
        (properties.get("osProfile") or {}).pop(secret, None)
    return {"vmId": stable_guid(machine_id, "vmId"), "timeCreated": created, **properties}


_COMPUTED = frozenset({"vmId", "timeCreated", "provisioningState", "instanceView"})


def interfaces_of(machine: Json) -> list[str]:
    """Return the ids of the network interfaces that a machine's body names.

    Raises:
        ArmError: 400, when a reference is malformed.
    """
    listed = machine["networkProfile"].get("networkInterfaces") or []
    return [found for one in listed if (found := reference(one, "networkInterfaces")) is not None]


def attach(store: ResourceStore, machine_id: str, interface_ids: list[str]) -> None:
    """Note in each interface whose machine it is.

    Raises:
        ArmError: 404 NotFound or 409 when an interface is missing or another machine's.
    """
    for one in interface_ids:
        found = store.get(one)
        if found is None:
            raise bad_request(
                "InvalidResourceReference",
                f"Resource {one} referenced by resource {machine_id} was not found. Please make sure that the "
                "referenced resource exists, and that both resources are in the same region.",
            )
        holder = (found.properties.get("virtualMachine") or {}).get("id", machine_id)
        if holder.lower() != machine_id.lower():
            raise bad_request(
                "NetworkInterfaceInUse",
                f"Network interface {one} is already attached to virtual machine {holder}.",
            )
    for one in interface_ids:
        with store.edit(one) as interface:
            interface.properties["virtualMachine"] = {"id": machine_id}


def view_machine(plane: ControlPlane, machine: Resource, request: ArmRequest) -> Json:
    """Show a machine with its extensions, and with its instance view when that is asked for."""
    shown = machine.body
    extensions = extensions_of(plane, machine.id)
    if extensions:
        shown = {**shown, "resources": [one.body for one in extensions]}
    if request.expands("instanceView"):
        shown = {
            **shown,
            "properties": {**shown["properties"], "instanceView": instance_view(plane, machine)},
        }
    return shown


declare_reads(routes, TYPE, "vm", view_machine)


@routes.operation("GET", MACHINE + "/instanceView")
def get_instance_view(request: ArmRequest) -> ArmResponse:
    """Show the instance view alone."""
    machine = request.plane.require(request.path.rpartition("/")[0])
    return ArmResponse(200, instance_view(request.plane, machine))


@routes.operation("PUT", MACHINE)
def put_machine(request: ArmRequest) -> ArmResponse:
    """Create or update a machine. What is created has no guest behind it: its agent stays silent."""
    plane, sent = request.plane, request.resource(_SHAPE)
    old = plane.store.get(request.path)
    wanted: Json = dict(sent.get("properties") or {})
    if old is not None:
        for part, field in _FIXED:
            asked = (wanted.get(part) or {}).get(field)
            if asked is not None and asked != (old.properties.get(part) or {}).get(field):
                name = f"{part}.{field}"
                raise ArmError(
                    409,
                    "PropertyChangeNotAllowed",
                    f"Changing property '{name}' is not allowed.",
                    target=name,
                )
        wanted = {**old.properties, **wanted}
    created = old.properties["timeCreated"] if old else timestamp(plane.clock.now())
    machine_id = old.id if old else request.path
    body = new_body(request, TYPE, machine_properties(machine_id, wanted, created=created))
    attach(plane.store, machine_id, interfaces_of(body["properties"]))
    return put_with_operation(request, body, state=old.state if old else {"power": "running"})


@routes.operation("PATCH", MACHINE)
def patch_machine(request: ArmRequest) -> ArmResponse:
    """Change a machine's tags.

    Raises:
        NotSimulated: Something else is to be changed.
    """
    machine = request.plane.require(request.path)
    sent = request.resource(_SHAPE)
    others = sorted(sent.keys() - {"tags"} - ({"properties"} if not sent.get("properties") else set()))
    if others:
        raise NotSimulated(f"PATCH of a virtual machine's {', '.join(others)}")
    body = {**machine.body, "tags": sent.get("tags") or {}}
    return put_with_operation(request, body)


@routes.operation("DELETE", MACHINE)
def delete_machine(request: ArmRequest) -> ArmResponse:
    """Delete a machine and its extensions; disks and interfaces stay, free to be used."""
    plane = request.plane
    machine = plane.store.get(request.path)
    if machine is None:
        return ArmResponse(204)

    async def remove() -> None:
        if plane.power_switch is not None:
            await plane.power_switch(machine.id, "delete")
        for one in interfaces_of(machine.properties):
            if one in plane.store:
                with plane.store.edit(one) as interface:
                    interface.properties.pop("virtualMachine", None)
        for disk in plane.store.list(f"/subscriptions/{request.subscription}", "Microsoft.Compute/disks"):
            if str(disk.body.get("managedBy", "")).lower() == machine.id.lower():
                with plane.store.edit(disk.id) as freed:
                    freed.body.pop("managedBy")
                    freed.properties["diskState"] = "Unattached"
        plane.store.delete(machine.id)

    operation = plane.operations.start(
        request.subscription, "Microsoft.Compute", machine.body["location"], remove
    )
    return plane.operations.accepted(request, operation)
