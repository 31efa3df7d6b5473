"""Microsoft.Storage: the storage accounts that hold disks, as far as backup needs them."""

from __future__ import annotations

from fakes.arm.http import ArmRequest, ArmResponse, Json
from fakes.arm.ids import parse
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import declare_reads
from fakes.arm.routing import RESOURCE, RouteTable
from fakes.arm.store import Resource

routes = RouteTable()

TYPE = "Microsoft.Storage/storageAccounts"

declare_reads(routes, TYPE, "account")


def add_account(
    plane: ControlPlane, account_id: str, location: str, *, sku: str, created: str, key: str
) -> Resource:
    """Put a storage account into the store.

    Args:
        plane: The control plane.
        account_id: Its id.
        location: Region.
        sku: ``Standard_LRS``, ``Premium_LRS``...
        created: Creation time, as ARM writes times.
        key: Base64 account key, shown by listKeys only.
    """
    name = parse(account_id).name
    endpoints = {
        part: f"https://{name}.{part}.core.windows.net/" for part in ("blob", "queue", "table", "file")
    }
    properties: Json = {
        "provisioningState": "Succeeded",
        "creationTime": created,
        "primaryLocation": location,
        "statusOfPrimary": "available",
        "primaryEndpoints": endpoints,
        "supportsHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "networkAcls": {
            "bypass": "AzureServices",
            "virtualNetworkRules": [],
            "ipRules": [],
            "defaultAction": "Allow",
        },
    }
    body: Json = {
        "id": account_id,
        "name": name,
        "type": TYPE,
        "location": location,
        "sku": {"name": sku, "tier": sku.split("_", 1)[0]},
        "kind": "StorageV2",
        "properties": properties,
    }
    return plane.store.put(account_id, body, {"keys": {"key1": key, "key2": key}})


@routes.operation("POST", RESOURCE + "/Microsoft.Storage/storageAccounts/{account}/listKeys")
def list_keys(request: ArmRequest) -> ArmResponse:
    """Show the access keys."""
    account = request.plane.require(request.path.rpartition("/")[0])
    created = account.properties["creationTime"]
    keys = [
        {"creationTime": created, "keyName": name, "value": value, "permissions": "FULL"}
        for name, value in account.state["keys"].items()
    ]
    return ArmResponse(200, {"keys": keys})
