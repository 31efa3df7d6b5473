"""Recovery points of a protected item, in the wire form ``IaasVMRecoveryPoint``."""

from __future__ import annotations

from fakes.arm.ids import stable_guid
from fakes.backup.jobs import wire_time
from fakes.backup.names import RECOVERY_POINT_TYPE, collection_id
from fakes.backup.run import Run
from fakes.backup.stages.transfer import VAULT_CONTAINER, vault_blob


def add_recovery_point(run: Run) -> str:
    """Show the finished backup as a recovery point and return its id.

    It has two tiers: the snapshot (``InstantRP``) and the copy in the vault (``HardenedRP``).
    """
    name = str(int(stable_guid(run.item_id, run.recovery_point).replace("-", "")[:14], 16))
    point_id = f"{run.item_id}/recoveryPoints/{name}"
    vm = run.plane.require(run.vm_id)
    sku = vm.properties.get("hardwareProfile", {}).get("vmSize", "")
    properties = {
        "objectType": "IaasVMRecoveryPoint",
        "recoveryPointType": run.consistency,
        "recoveryPointTime": wire_time(run.plane.clock.now()),
        "recoveryPointAdditionalInfo": "",
        "sourceVMStorageType": "NormalStorage",
        "isSourceVMEncrypted": False,
        "isInstantIlrSessionActive": False,
        "recoveryPointTierDetails": [
            {"type": "InstantRP", "status": "Valid"},
            {"type": "HardenedRP", "status": "Valid"},
        ],
        "isManagedVirtualMachine": run.target.managed,
        "virtualMachineSize": sku,
        "originalStorageAccountOption": False,
        "osType": run.target.os,
    }
    state = {
        "restorePoint": f"{collection_id(run.vm_id)}/restorePoints/{run.recovery_point}",
        "snapshots": {str(s.disk.lun): f"{s.disk.container}/{s.disk.blob}@{s.stamp}" for s in run.snapshots},
        "copies": {str(s.disk.lun): f"{VAULT_CONTAINER}/{vault_blob(run, s)}" for s in run.snapshots},
    }
    body = {"id": point_id, "name": name, "type": RECOVERY_POINT_TYPE, "properties": properties}
    run.plane.store.put(point_id, body, state)
    with run.plane.store.edit(run.item_id) as item:
        info = item.properties.setdefault("extendedInfo", {})
        info.setdefault("oldestRecoveryPoint", properties["recoveryPointTime"])
        info["recoveryPointCount"] = int(info.get("recoveryPointCount", 0)) + 1
        info.setdefault("policyInconsistent", False)
    return point_id
