"""Names and ids of Recovery Services: vaults, containers, items, jobs, recovery points.

The grammar of container and item names is that of the REST reference: a VM of Resource
Manager is ``VM;iaasvmcontainerv2;<group>;<vm>`` in ``IaasVMContainer;iaasvmcontainerv2;<group>;<vm>``.
"""

from __future__ import annotations

from fakes.arm import ids
from fakes.arm.routing import RESOURCE

NAMESPACE = "Microsoft.RecoveryServices"
VAULT_TYPE = f"{NAMESPACE}/vaults"
POLICY_TYPE = f"{VAULT_TYPE}/backupPolicies"
CONTAINER_TYPE = f"{VAULT_TYPE}/backupFabrics/protectionContainers"
ITEM_TYPE = f"{CONTAINER_TYPE}/protectedItems"
RECOVERY_POINT_TYPE = f"{ITEM_TYPE}/recoveryPoints"
JOB_TYPE = f"{VAULT_TYPE}/backupJobs"
COLLECTION_TYPE = "Microsoft.Compute/restorePointCollections"

# Templates of operations.
VAULT = f"{RESOURCE}/{VAULT_TYPE}/{{vault}}"
CONTAINER = f"{VAULT}/backupFabrics/{{fabric}}/protectionContainers/{{container}}"
ITEM = f"{CONTAINER}/protectedItems/{{item}}"


def container_name(group: str, vm: str) -> str:
    """Return the name of a VM's container."""
    return f"IaasVMContainer;iaasvmcontainerv2;{group.lower()};{vm.lower()}"


def item_name(group: str, vm: str) -> str:
    """Return the name of a VM's protected item."""
    return f"VM;iaasvmcontainerv2;{group.lower()};{vm.lower()}"


def container_id(vault_id: str, group: str, vm: str) -> str:
    """Return the id of a VM's container in a vault."""
    return f"{vault_id}/backupFabrics/Azure/protectionContainers/{container_name(group, vm)}"


def item_id(vault_id: str, group: str, vm: str) -> str:
    """Return the id of a VM's protected item in a vault."""
    return f"{container_id(vault_id, group, vm)}/protectedItems/{item_name(group, vm)}"


def vault_of(resource_id: str) -> str:
    """Return the id of the vault that something below it belongs to.

    >>> vault_of("/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/backupJobs/j")
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v'
    """
    found = ids.parse(resource_id)
    return ids.resource_id(found.subscription, found.resource_group, NAMESPACE, "vaults", found.names[0])


def collection_id(vm_id: str) -> str:
    """Return the id of a VM's restore point collection, ``AzureBackup_<vm>_<number>``.

    The number follows from the VM, so that a deleted collection comes again under its name.
    """
    vm = ids.parse(vm_id)
    number = int(ids.stable_guid(vm_id, "restore points").replace("-", "")[:14], 16)
    name = f"AzureBackup_{vm.name}_{number}"
    return ids.resource_id(
        vm.subscription, vm.resource_group, "Microsoft.Compute", "restorePointCollections", name
    )
