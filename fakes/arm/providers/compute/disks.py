"""Microsoft.Compute/disks: managed disks, as ARM shows them."""

from __future__ import annotations

import copy

from fakes.arm.errors import ArmError, bad_request
from fakes.arm.http import ArmRequest, ArmResponse, Json
from fakes.arm.ids import stable_guid
from fakes.arm.operations import timestamp
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import declare_reads, delete_resource, new_body, put_with_operation
from fakes.arm.routing import RESOURCE, RouteTable
from fakes.arm.shapes import ANY, envelope

routes = RouteTable()

TYPE = "Microsoft.Compute/disks"

_CREATION = (
    "sourceUri",
    "sourceResourceId",
    "storageAccountId",
    "imageReference",
    "uploadSizeBytes",
    "sourceUniqueId",
)
# Kept and shown as sent.
_KEPT = (
    "osType", "hyperVGeneration", "diskIOPSReadWrite", "diskMBpsReadWrite", "encryption", "networkAccessPolicy",
    "publicNetworkAccess", "diskState", "diskSizeBytes", "timeCreated", "uniqueId", "provisioningState", "tier",
)  # fmt: skip

_SHAPE = envelope(
    {
        "creationData": dict.fromkeys(_CREATION, ANY) | {"createOption": str},
        "diskSizeGB": int,
        **dict.fromkeys(_KEPT, ANY),
    },
    sku={"name": str, "tier": str},
    managedBy=str,
    zones=[str],
    systemData=ANY,
)

declare_reads(routes, TYPE, "disk")


def disk_properties(plane: ControlPlane, disk_id: str, sent: Json) -> Json:
    """Complete the properties of a new disk.

    Raises:
        ArmError: 400 InvalidParameter, when ``creationData`` or a size is missing.
    """
    creation = sent.get("creationData")
    if not creation or not creation.get("createOption"):
        raise bad_request(
            "InvalidParameter",
            "Required parameter 'disk.creationData' is missing (null).",
            "disk.creationData",
        )
    size = sent.get("diskSizeGB")
    if creation["createOption"] == "Empty" and not size:
        raise bad_request(
            "InvalidParameter", "Required parameter 'disk.diskSizeGB' is missing (null).", "disk.diskSizeGB"
        )
    properties: Json = {
        "diskState": "Unattached",
        "timeCreated": timestamp(plane.clock.now()),
        "uniqueId": stable_guid(disk_id, "disk"),
        "diskSizeBytes": (size or 0) * 2**30,
        "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
        "networkAccessPolicy": "AllowAll",
        "publicNetworkAccess": "Enabled",
        **copy.deepcopy(sent),
    }
    properties.pop("provisioningState", None)
    return properties


@routes.operation("PUT", RESOURCE + "/Microsoft.Compute/disks/{disk}")
def put_disk(request: ArmRequest) -> ArmResponse:
    """Create or update a disk."""
    sent = request.resource(_SHAPE)
    old = request.plane.store.get(request.path)
    wanted: Json = dict(sent.get("properties") or {})
    if old is not None:
        wanted = {**old.properties, **wanted}
    body = new_body(request, TYPE, disk_properties(request.plane, request.path, wanted))
    body["sku"] = _sku(sent, old.body["sku"] if old else None)
    if old is not None and "managedBy" in old.body:
        body["managedBy"] = old.body["managedBy"]
    return put_with_operation(request, body, accepts=True)


def _sku(sent: Json, old: Json | None) -> Json:
    name = (sent.get("sku") or {}).get("name") or (old or {}).get("name") or "Standard_LRS"
    return {"name": name, "tier": name.split("_", 1)[0]}


@routes.operation("DELETE", RESOURCE + "/Microsoft.Compute/disks/{disk}")
def delete_disk(request: ArmRequest) -> ArmResponse:
    """Delete a disk that no VM holds."""
    found = request.plane.store.get(request.path)
    if found is not None and "managedBy" in found.body:
        raise ArmError(
            409,
            "OperationNotAllowed",
            f"Disk {found.body['name']} is attached to VM {found.body['managedBy']}.",
        )
    return delete_resource(request, "Microsoft.Compute")
