"""Microsoft.Compute/restorePointCollections and their restore points."""

from __future__ import annotations

import copy

from fakes.arm.errors import bad_request, invalid_resource_reference
from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.ids import parse, stable_guid
from fakes.arm.operations import timestamp
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import (
    declare_reads,
    delete_resource,
    new_body,
    put_with_operation,
    reference,
)
from fakes.arm.routing import RESOURCE, RouteTable
from fakes.arm.shapes import ANY, envelope
from fakes.arm.store import Resource
from fakes.notsimulated import NotSimulated

routes = RouteTable()

TYPE = "Microsoft.Compute/restorePointCollections"
POINT_TYPE = TYPE + "/restorePoints"
COLLECTION = RESOURCE + "/Microsoft.Compute/restorePointCollections/{collection}"
_COPIED = ("hardwareProfile", "storageProfile", "osProfile", "diagnosticsProfile", "licenseType", "vmId")


def create_collection(plane: ControlPlane, collection_id: str, machine: Resource) -> Resource:
    """Put a collection for a VM into the store, or return the one that is there."""
    found = plane.store.get(collection_id)
    if found is not None:
        return found
    body: Json = {
        "id": collection_id,
        "name": parse(collection_id).name,
        "type": TYPE,
        "location": machine.body["location"],
        "properties": {**_properties(collection_id, machine), "provisioningState": "Succeeded"},
    }
    return plane.store.put(collection_id, body)


def create_point(
    plane: ControlPlane,
    collection_id: str,
    name: str,
    *,
    consistency: str = "ApplicationConsistent",
    disks: dict[str, str] | None = None,
) -> Resource:
    """Put a restore point into a collection.

    Args:
        plane: The control plane.
        collection_id: An existing collection.
        name: The point's name.
        consistency: ``CrashConsistent``, ``FileSystemConsistent`` or ``ApplicationConsistent``.
        disks: By disk name, the id or URI of what holds its content (kept as hidden state).

    Raises:
        ArmError: 404, when the collection or its VM does not exist.
    """
    collection = plane.require(collection_id)
    machine = plane.require(collection.properties["source"]["id"])
    point_id = f"{collection.id}/restorePoints/{name}"
    metadata = {
        part: copy.deepcopy(machine.properties[part]) for part in _COPIED if part in machine.properties
    }
    body: Json = {
        "id": point_id,
        "name": name,
        "type": POINT_TYPE,
        "properties": {
            "provisioningState": "Succeeded",
            "timeCreated": timestamp(plane.clock.now()),
            "consistencyMode": consistency,
            "sourceMetadata": _metadata(point_id, machine, metadata),
        },
    }
    return plane.store.put(point_id, body, {"disks": disks or {}})


def points_of(plane: ControlPlane, collection_id: str) -> list[Resource]:
    """Return the restore points of a collection, oldest first."""
    found = plane.store.list(collection_id, POINT_TYPE)
    return sorted(found, key=lambda one: str(one.properties["timeCreated"]))


def _properties(collection_id: str, machine: Resource) -> Json:
    return {
        "source": {"id": machine.id, "location": machine.body["location"]},
        "restorePointCollectionId": stable_guid(collection_id, "restorePointCollection"),
    }


def _metadata(point_id: str, machine: Resource, metadata: Json) -> Json:
    """Return the source's description as restore points have it (REST: RestorePointSourceMetadata)."""
    storage = metadata.pop("storageProfile")
    os_disk = storage["osDisk"]

    def disk(one: Json, extra: Json) -> Json:
        shown: Json = {
            name: one[name] for name in ("name", "caching", "diskSizeGB", "managedDisk") if name in one
        }
        return {**shown, **extra, "diskRestorePoint": {"id": f"{point_id}/diskRestorePoints/{one['name']}"}}

    return {
        **metadata,
        "location": machine.body["location"],
        "storageProfile": {
            "osDisk": disk(os_disk, {"osType": os_disk["osType"]}),
            "dataDisks": [disk(one, {"lun": one["lun"]}) for one in storage["dataDisks"]],
        },
    }


def _view(plane: ControlPlane, collection: Resource, request: ArmRequest) -> Json:
    if not request.expands("restorePoints"):
        return collection.body
    points = [one.body for one in points_of(plane, collection.id)]
    return {**collection.body, "properties": {**collection.properties, "restorePoints": points}}


_SHAPE = envelope(
    {
        "source": {"id": str, "location": str},
        "provisioningState": str,
        "restorePointCollectionId": str,
        "restorePoints": ANY,
    },
    systemData=ANY,
)

declare_reads(routes, TYPE, "collection", _view)


@routes.operation("PUT", COLLECTION)
def put_collection(request: ArmRequest) -> ArmResponse:
    """Create a collection, or change its tags."""
    body = request.resource(_SHAPE)
    sent = body.get("properties") or {}
    old = request.plane.store.get(request.path)
    source = reference(sent.get("source"), "properties.source")
    if source is None and old is not None:
        source = old.properties["source"]["id"]
    if source is None:
        raise bad_request("InvalidParameter", "Required parameter 'source' is missing (null).", "source")
    machine = request.plane.store.get(source)
    if machine is None:
        raise invalid_resource_reference(source, request.path)
    return put_with_operation(request, new_body(request, TYPE, _properties(request.path, machine)))


@routes.operation("DELETE", COLLECTION)
def delete_collection(request: ArmRequest) -> ArmResponse:
    """Delete a collection with its points."""
    return delete_resource(request, "Microsoft.Compute")


@routes.operation("GET", COLLECTION + "/restorePoints")
def list_points(request: ArmRequest) -> ArmResponse:
    """List the points of a collection."""
    collection = request.plane.require(request.path.rpartition("/")[0])
    return listing([one.body for one in points_of(request.plane, collection.id)])


@routes.operation("GET", COLLECTION + "/restorePoints/{point}")
def get_point(request: ArmRequest) -> ArmResponse:
    """Show a restore point."""
    return ArmResponse(200, request.plane.require(request.path).body)


@routes.operation("PUT", COLLECTION + "/restorePoints/{point}")
def put_point(request: ArmRequest) -> ArmResponse:
    """Refuse: a point made by hand would need a snapshot that nothing here takes.

    Raises:
        NotSimulated: Always.
    """
    raise NotSimulated(f"PUT {request.path}")


@routes.operation("DELETE", COLLECTION + "/restorePoints/{point}")
def delete_point(request: ArmRequest) -> ArmResponse:
    """Delete a restore point."""
    return delete_resource(request, "Microsoft.Compute")
