"""First stage: is there a VM, and is it in a state in which it can be backed up?

Codes and states: "Troubleshoot backup failures on Azure virtual machines", sections
UserErrorVmNotInDesirableState, VmNotInDesirableState, BCMV2VMNotFound and AzureVmOffline.
"""

from __future__ import annotations

from fakes.backup import extension
from fakes.backup.failure import BackupFailure
from fakes.backup.run import Run
from fakes.backup.target import find_target

_STABLE_POWER = frozenset({"running", "stopped", "deallocated"})
_TRANSIENT_PROVISIONING = frozenset({"Creating", "Updating", "Deleting", "Migrating"})


async def check(run: Run) -> None:
    """Find the VM and look at its state.

    Raises:
        BackupFailure: BCMV2VMNotFound, UserErrorVmNotInDesirableState (it has failed),
            VmNotInDesirableState (it is changing) or AzureVmOffline (the extension was
            never installed and cannot be now).
    """
    target = find_target(run.plane, run.vm_id)
    if target is None:
        run.job.step("vm state", f"read {run.vm_id}", "there is no such VM")
        raise BackupFailure("BCMV2VMNotFound", f"{run.vm_id} was not found")
    run.target = target
    seen = f"provisioning state {target.provisioning}, power state {target.power}"
    run.job.step("vm state", f"read {target.vm_id}", seen)
    if target.provisioning == "Failed":
        raise BackupFailure("UserErrorVmNotInDesirableState", seen)
    if target.provisioning in _TRANSIENT_PROVISIONING or target.power not in _STABLE_POWER:
        raise BackupFailure("VmNotInDesirableState", seen)
    if target.power != "running" and not extension.is_installed(run.plane, target):
        raise BackupFailure("AzureVmOffline", f"{seen}; the extension was never installed")
