"""The backup side of a new world: a vault, a policy, the protected VM, and its disk's bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from fakes.arm import ids
from fakes.arm.plane import ControlPlane
from fakes.backup.names import NAMESPACE, POLICY_TYPE, VAULT_TYPE, item_id
from fakes.backup.rest.items import protect
from fakes.backup.rest.vaults import vault_properties
from fakes.backup.target import find_target
from fakes.storage.client import BlobClient

DISK_SIZE = 1024 * 1024
DISKS_CONTAINER = "vhds"
_WRITTEN = 64 * 1024


def build(plane: ControlPlane, identity: Mapping[str, str]) -> dict[str, str]:
    """Put vault, policy and protected item into the control plane; the VM is there already.

    Args:
        plane: The control plane.
        identity: Names: ``subscription``, ``resource_group``, ``location``, ``vm``, ``vault``, ``policy``.

    Returns:
        ``vault_id``, ``policy_id`` and ``item_id``.
    """
    subscription, group = identity["subscription"], identity["resource_group"]
    vm_id = ids.resource_id(subscription, group, "Microsoft.Compute", "virtualMachines", identity["vm"])
    vault_id = ids.resource_id(subscription, group, NAMESPACE, "vaults", identity["vault"])
    policy_id = f"{vault_id}/backupPolicies/{identity['policy']}"
    _point_disks_at_blobs(plane, vm_id)
    plane.store.put(
        vault_id,
        {
            "id": vault_id,
            "name": identity["vault"],
            "type": VAULT_TYPE,
            "location": identity["location"],
            "sku": {"name": "RS0", "tier": "Standard"},
            "properties": vault_properties({}),
        },
    )
    policy = {**daily_policy(), "protectedItemsCount": 1}
    plane.store.put(
        policy_id, {"id": policy_id, "name": identity["policy"], "type": POLICY_TYPE, "properties": policy}
    )
    protected = protect(plane, item_id(vault_id, group, identity["vm"]), vm_id, policy_id)
    return {"vault_id": vault_id, "policy_id": policy_id, "item_id": protected}


def upload_disks(plane: ControlPlane, vm_id: str, storage: BlobClient) -> None:
    """Put the VM's disks on storage; may run while the rest of the world is being built.

    Each is a page blob of 1 MiB whose first 64 KiB follow from the disk's name, so that two
    runs of one seed are equal to the byte.
    """
    target = find_target(plane, vm_id)
    assert target is not None, f"no VM {vm_id}"
    for disk in target.disks:
        storage.create_container(disk.container)
        storage.create_page_blob(disk.container, disk.blob, DISK_SIZE, {"disk": disk.name})
        storage.put_pages(disk.container, disk.blob, 0, content_of(disk.name))


def content_of(name: str) -> bytes:
    """Return the first bytes of a disk."""
    seed = hashlib.sha256(name.encode()).digest()
    return seed * (_WRITTEN // len(seed))


def daily_policy() -> dict[str, Any]:
    """Return the properties of a policy as the portal makes it: daily at 22:30, kept for 30 days."""
    times = ["2018-01-01T22:30:00Z"]
    return {
        "backupManagementType": "AzureIaasVM",
        "policyType": "V1",
        "instantRPDetails": {},
        "instantRpRetentionRangeInDays": 2,
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Daily",
            "scheduleRunTimes": times,
            "scheduleWeeklyFrequency": 0,
        },
        "retentionPolicy": {
            "retentionPolicyType": "LongTermRetentionPolicy",
            "dailySchedule": {
                "retentionTimes": times,
                "retentionDuration": {"count": 30, "durationType": "Days"},
            },
        },
        "timeZone": "UTC",
    }


def _point_disks_at_blobs(plane: ControlPlane, vm_id: str) -> None:
    """Note on each managed disk of the VM which page blob holds it."""
    profile = plane.require(vm_id).properties["storageProfile"]
    for described in (profile["osDisk"], *(profile.get("dataDisks") or [])):
        if "managedDisk" in described:
            with plane.store.edit(described["managedDisk"]["id"]) as disk:
                disk.state["blob"] = f"{DISKS_CONTAINER}/{disk.body['name']}.vhd"
