"""Containers and protected items: which VMs a vault protects, and with which policy."""

from __future__ import annotations

from fakes.arm import ids
from fakes.arm.errors import ArmError
from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.plane import ControlPlane
from fakes.arm.routing import RouteTable
from fakes.backup.names import CONTAINER, CONTAINER_TYPE, ITEM, ITEM_TYPE, POLICY_TYPE, VAULT, item_name
from fakes.backup.rest.common import (
    accepted,
    filtered,
    item_id,
    operation_of,
    operation_result,
    operation_status,
    prop,
    require_item,
    vault_id,
)

routes = RouteTable()

_PICKERS = {
    "backupmanagementtype": prop("backupManagementType"),
    "itemtype": prop("workloadType"),
    "friendlyname": prop("friendlyName"),
    "policyname": prop("policyName"),
}


@routes.operation("GET", VAULT + "/backupProtectionContainers")
def list_containers(request: ArmRequest) -> ArmResponse:
    """List the containers."""
    found = request.plane.store.list(vault_id(request), CONTAINER_TYPE)
    pickers = {
        "backupmanagementtype": prop("backupManagementType"),
        "friendlyname": prop("friendlyName"),
        "status": prop("registrationStatus"),
    }
    return listing([one.body for one in filtered(request, found, pickers)])


@routes.operation("GET", CONTAINER)
def get_container(request: ArmRequest) -> ArmResponse:
    """Show a container."""
    vault_id(request)
    return ArmResponse(200, request.plane.require(request.path).body)


@routes.operation("GET", VAULT + "/backupProtectedItems")
def list_items(request: ArmRequest) -> ArmResponse:
    """List the protected items."""
    found = request.plane.store.list(vault_id(request), ITEM_TYPE)
    return listing([_without_details(one.body) for one in filtered(request, found, _PICKERS)])


@routes.operation("GET", ITEM)
def get_item(request: ArmRequest) -> ArmResponse:
    """Show a protected item."""
    body = require_item(request).body
    return ArmResponse(200, body if request.query.get("$filter") else _without_details(body))


@routes.operation("PUT", ITEM)
def put_item(request: ArmRequest) -> ArmResponse:
    """Protect a VM, change its policy, or stop protecting it and keep the data."""
    plane = request.plane
    properties = request.resource().get("properties") or {}
    if properties.get("protectedItemType") != "Microsoft.Compute/virtualMachines":
        # Azure refuses the discriminator that newer SDKs send (azure-sdk-for-net#57105).
        raise ArmError(
            400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid: protectedItemType"
        )
    wanted = item_id(request)
    old = plane.store.get(wanted)
    if properties.get("protectionState") == "ProtectionStopped":
        require_item(request)
        return accepted(request, wanted, lambda: _stop(plane, wanted))
    source = str(properties.get("sourceResourceId") or (old.properties["sourceResourceId"] if old else ""))
    policy = str(properties.get("policyId") or "")
    vm = plane.store.get(source)
    if vm is None or vm.body.get("type") != "Microsoft.Compute/virtualMachines":
        raise ArmError(400, "BMSUserErrorVmNotFound", f"The virtual machine '{source}' was not found.")
    found = ids.parse(vm.id)
    if ids.key(request.params["item"]) != ids.key(item_name(found.resource_group, found.name)):
        text = f"Input provided for the call is invalid: '{request.params['item']}' does not name '{source}'"
        raise ArmError(400, "BMSUserErrorInvalidInput", text)
    known = plane.store.get(policy)
    if known is None or known.body.get("type") != POLICY_TYPE:
        raise ArmError(400, "BMSUserErrorInvalidPolicyInput", f"The policy '{policy}' was not found.")
    return accepted(request, wanted, lambda: protect(plane, wanted, source, policy) and None)


@routes.operation("DELETE", ITEM)
def delete_item(request: ArmRequest) -> ArmResponse:
    """Stop protecting a VM and delete its backup data."""
    plane, wanted = request.plane, item_id(request)
    if plane.store.get(wanted) is None:
        return ArmResponse(204)
    return accepted(request, wanted, lambda: plane.store.delete(wanted) and None)


@routes.operation("GET", ITEM + "/operationsStatus/{operation}")
def item_operation_status(request: ArmRequest) -> ArmResponse:
    """Answer a poll of an operation on an item."""
    return operation_status(request, operation_of(request))


@routes.operation("GET", ITEM + "/operationResults/{operation}")
def item_operation_result(request: ArmRequest) -> ArmResponse:
    """Answer a poll of the result of an operation on an item: the item."""
    found = request.plane.store.get(item_id(request))
    return operation_result(request, operation_of(request), found.body if found else None)


@routes.operation("GET", VAULT + "/backupOperations/{operation}")
def vault_operation_status(request: ArmRequest) -> ArmResponse:
    """Answer a poll of an operation by its vault."""
    return operation_status(request, operation_of(request))


@routes.operation("GET", VAULT + "/backupOperationResults/{operation}")
def vault_operation_result(request: ArmRequest) -> ArmResponse:
    """Answer a poll of an operation's result by its vault."""
    return operation_result(request, operation_of(request))


def protect(plane: ControlPlane, wanted: str, vm_id: str, policy_id: str) -> str:
    """Put a protected item, and its container, into the store; return its id.

    Args:
        plane: The control plane.
        wanted: The item's id.
        vm_id: The VM to protect.
        policy_id: The policy to protect it with.
    """
    vm = plane.require(vm_id)
    policy = plane.require(policy_id)
    group, name = ids.parse(vm.id).resource_group, ids.parse(vm.id).name
    container = ids.parent(wanted)
    common: Json = {"virtualMachineId": vm.id, "friendlyName": name}
    if plane.store.get(container) is None:
        properties = {
            **common,
            "containerType": "Microsoft.Compute/virtualMachines",
            "backupManagementType": "AzureIaasVM",
            "registrationStatus": "Registered",
            "healthStatus": "Healthy",
            "resourceGroup": group,
            "virtualMachineVersion": "Compute",
            "protectableObjectType": "Microsoft.Compute/virtualMachines",
        }
        body = {
            "id": container,
            "name": ids.parse(container).name,
            "type": CONTAINER_TYPE,
            "properties": properties,
        }
        plane.store.put(container, body)
    old = plane.store.get(wanted)
    properties = {
        "lastBackupStatus": "",
        "lastRecoveryPoint": None,
        "healthStatus": "Passed",
        "healthDetails": [],
        "protectionStatus": "Healthy",
        "extendedInfo": {"recoveryPointCount": 0, "policyInconsistent": False},
        **(old.properties if old else {}),
        **common,
        "protectedItemType": "Microsoft.Compute/virtualMachines",
        "backupManagementType": "AzureIaasVM",
        "workloadType": "VM",
        "containerName": ids.parse(container).name,
        "sourceResourceId": vm.id,
        "policyId": policy.id,
        "policyName": policy.body["name"],
        "protectionState": "Protected" if old and old.properties.get("lastRecoveryPoint") else "IRPending",
        "protectedItemDataId": str(int(ids.stable_guid(wanted).replace("-", "")[:14], 16)),
    }
    body = {"id": wanted, "name": ids.parse(wanted).name, "type": ITEM_TYPE, "properties": properties}
    return plane.store.put(wanted, body).id


def _stop(plane: ControlPlane, wanted: str) -> None:
    with plane.store.edit(wanted) as item:
        item.properties["protectionState"] = "ProtectionStopped"
        item.properties["policyId"] = ""


def _without_details(body: Json) -> Json:
    """Show an item without what only an expanded GET shows."""
    return {**body, "properties": {k: v for k, v in body["properties"].items() if k != "extendedInfo"}}
