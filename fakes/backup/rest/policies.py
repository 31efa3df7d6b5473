"""Backup policies of a vault."""

from __future__ import annotations

import copy

from fakes.arm.errors import ArmError
from fakes.arm.http import ArmRequest, ArmResponse, listing
from fakes.arm.routing import RouteTable
from fakes.backup.names import ITEM_TYPE, POLICY_TYPE, VAULT
from fakes.backup.rest.common import filtered, prop, vault_id

routes = RouteTable()


@routes.operation("GET", VAULT + "/backupPolicies")
def list_policies(request: ArmRequest) -> ArmResponse:
    """List the policies."""
    found = request.plane.store.list(vault_id(request), POLICY_TYPE)
    pickers = {"backupmanagementtype": prop("backupManagementType")}
    return listing([one.body for one in filtered(request, found, pickers)])


@routes.operation("GET", VAULT + "/backupPolicies/{policy}")
def get_policy(request: ArmRequest) -> ArmResponse:
    """Show a policy."""
    vault_id(request)
    found = request.plane.store.get(request.path)
    if found is None:
        raise ArmError(
            404, "BMSUserErrorPolicyNotFound", f"The policy '{request.params['policy']}' was not found."
        )
    return ArmResponse(200, found.body)


@routes.operation("PUT", VAULT + "/backupPolicies/{policy}")
def put_policy(request: ArmRequest) -> ArmResponse:
    """Create or replace a policy."""
    properties = copy.deepcopy(request.resource().get("properties") or {})
    if properties.get("backupManagementType") != "AzureIaasVM" or "schedulePolicy" not in properties:
        raise ArmError(
            400,
            "BMSUserErrorInvalidPolicyInput",
            "Input policy is not valid: it must be a policy for Azure VMs.",
        )
    policy_id = f"{vault_id(request)}/backupPolicies/{request.params['policy']}"
    old = request.plane.store.get(policy_id)
    properties["protectedItemsCount"] = old.properties["protectedItemsCount"] if old else 0
    body = {"id": policy_id, "name": request.params["policy"], "type": POLICY_TYPE, "properties": properties}
    return ArmResponse(200, request.plane.store.put(policy_id, body).body)


@routes.operation("DELETE", VAULT + "/backupPolicies/{policy}")
def delete_policy(request: ArmRequest) -> ArmResponse:
    """Delete a policy that no item uses."""
    plane = request.plane
    found = plane.store.get(request.path)
    if found is None:
        return ArmResponse(204)
    users = plane.store.list(vault_id(request), ITEM_TYPE)
    if any(str(item.properties.get("policyId", "")).lower() == found.id.lower() for item in users):
        raise ArmError(400, "BMSUserErrorPolicyInUse", f"The policy '{request.params['policy']}' is in use.")
    plane.store.delete(found.id)
    return ArmResponse(200)
