"""Vaults, and the parts of a vault's configuration that clients read before they do anything."""

from __future__ import annotations

import copy

from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.providers.common import declare_reads, new_body
from fakes.arm.routing import RouteTable
from fakes.backup.names import ITEM_TYPE, VAULT, VAULT_TYPE
from fakes.backup.rest.common import vault_id

routes = RouteTable()

declare_reads(routes, VAULT_TYPE, "vault")


def vault_properties(request_properties: Json) -> Json:
    """Complete the properties of a vault."""
    return {
        "privateEndpointStateForBackup": "None",
        "privateEndpointStateForSiteRecovery": "None",
        "publicNetworkAccess": "Enabled",
        **copy.deepcopy(request_properties),
        "provisioningState": "Succeeded",
    }


@routes.operation("PUT", VAULT)
def put_vault(request: ArmRequest) -> ArmResponse:
    """Create or update a vault."""
    sent = request.resource()
    created = request.path not in request.plane.store
    body = new_body(request, VAULT_TYPE, vault_properties(sent.get("properties") or {}))
    body["sku"] = sent.get("sku") or {"name": "RS0", "tier": "Standard"}
    stored = request.plane.store.put(request.path, body)
    return ArmResponse(201 if created else 200, stored.body)


@routes.operation("PATCH", VAULT)
def patch_vault(request: ArmRequest) -> ArmResponse:
    """Change a vault's tags, sku or properties."""
    sent = request.resource()
    with request.plane.store.edit(vault_id(request)) as vault:
        for name in ("tags", "sku"):
            if name in sent:
                vault.body[name] = sent[name]
        vault.properties.update(sent.get("properties") or {})
    return ArmResponse(200, request.plane.require(request.path).body)


@routes.operation("DELETE", VAULT)
def delete_vault(request: ArmRequest) -> ArmResponse:
    """Delete a vault that protects nothing."""
    from fakes.arm.errors import ArmError

    vault = request.plane.store.get(request.path)
    if vault is None:
        return ArmResponse(204)
    if request.plane.store.list(vault.id, ITEM_TYPE):
        name = vault.body["name"]
        raise ArmError(
            400,
            "ServiceResourceNotEmptyWithBackendMessage",
            f"Recovery Services vault '{name}' cannot be deleted as there are existing resources within the vault.",
        )
    request.plane.store.delete(vault.id)
    return ArmResponse(200)


@routes.operation("GET", VAULT + "/backupconfig/vaultconfig")
def vault_config(request: ArmRequest) -> ArmResponse:
    """Show the soft-delete settings."""
    properties = {
        "enhancedSecurityState": "Enabled",
        "softDeleteFeatureState": "Enabled",
        "softDeleteRetentionPeriodInDays": 14,
    }
    return _config(request, "vaultconfig", "backupconfig", properties)


@routes.operation("GET", VAULT + "/backupstorageconfig/vaultstorageconfig")
def storage_config(request: ArmRequest) -> ArmResponse:
    """Show the redundancy."""
    properties = {
        "storageModelType": "LocallyRedundant",
        "storageTypeState": "Locked",
        "crossRegionRestoreFlag": False,
    }
    return _config(request, "vaultstorageconfig", "backupstorageconfig", properties)


@routes.operation("GET", VAULT + "/backupEncryptionConfigs/backupResourceEncryptionConfig")
def encryption_config(request: ArmRequest) -> ArmResponse:
    """Show who keeps the keys."""
    properties = {"encryptionAtRestType": "MicrosoftManaged", "infrastructureEncryptionState": "Disabled"}
    return _config(request, "backupResourceEncryptionConfig", "backupEncryptionConfigs", properties)


@routes.operation("GET", VAULT + "/backupResourceGuardProxies")
def guard_proxies(request: ArmRequest) -> ArmResponse:
    """Show that no resource guard is in use."""
    vault_id(request)
    return listing([])


def _config(request: ArmRequest, name: str, kind: str, properties: Json) -> ArmResponse:
    body = {
        "id": f"{vault_id(request)}/{kind}/{name}",
        "name": name,
        "type": f"{VAULT_TYPE}/{kind}",
        "properties": properties,
    }
    return ArmResponse(200, body)
