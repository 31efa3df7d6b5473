"""Third stage: the snapshots must really be on storage.

On a running VM the extension took them; what it says is checked. On a stopped one the
service takes them itself, which gives a crash-consistent recovery point.
"""

from __future__ import annotations

from typing import Any

from fakes.backup.failure import BackupFailure
from fakes.backup.run import DiskSnapshot, Run
from fakes.backup.target import Disk
from fakes.storage.errors import StorageError


async def remember_existing(run: Run) -> dict[Disk, set[str]]:
    """Return the snapshots that the disks have now.

    Raises:
        BackupFailure: The internal error, storage does not answer.
    """

    def look() -> dict[Disk, set[str]]:
        return {
            disk: {one.snapshot for one in run.storage.snapshots(disk.container, disk.blob)}
            for disk in run.target.disks
        }

    try:
        return await run.blocking(look)
    except (StorageError, OSError) as error:
        run.job.step("storage", "list the snapshots of the disks", str(error))
        raise internal_error(run, f"the disks cannot be read: {error}") from error


async def verify(run: Run, reported: list[dict[str, Any]], before: dict[Disk, set[str]]) -> None:
    """Check that each disk has the new snapshot that the extension reported.

    Raises:
        BackupFailure: ExtentionOperationFailed, one is missing or older than the job.
    """
    stamps = {int(one["lun"]): str(one["snapshot"]) for one in reported}
    now = await remember_existing(run)
    for disk in run.target.disks:
        stamp = stamps.get(disk.lun, "")
        found = stamp in now[disk] and stamp not in before[disk]
        seen = f"snapshot {stamp or '(none reported)'} {'is there' if found else 'is not there, or not new'}"
        run.job.step("snapshot", f"look for the snapshot of {disk.container}/{disk.blob}", seen)
        if not found:
            raise BackupFailure("ExtentionOperationFailed", f"{disk.name}: {seen}")
        run.snapshots.append(DiskSnapshot(disk, stamp))


async def take_offline(run: Run) -> None:
    """Take the snapshots of a VM that is not running.

    Raises:
        BackupFailure: Storage refuses.
    """
    for disk in run.target.disks:

        def take(disk: Disk = disk) -> str:
            return run.storage.snapshot(disk.container, disk.blob, {"taskid": run.task_id})

        try:
            stamp = await run.blocking(take)
        except (StorageError, OSError) as error:
            run.job.step("snapshot", f"snapshot {disk.container}/{disk.blob}", str(error))
            raise internal_error(run, str(error)) from error
        run.job.step("snapshot", f"snapshot {disk.container}/{disk.blob}", stamp)
        run.snapshots.append(DiskSnapshot(disk, stamp))


async def discard(run: Run) -> None:
    """Delete the snapshots of a backup that made no recovery point of them."""
    for one in run.snapshots:
        what = f"delete the snapshot {one.disk.blob}@{one.stamp}"
        run.job.step("clean up", what, await delete(run, one.disk.container, one.disk.blob, one.stamp))
    run.snapshots.clear()


async def delete(run: Run, container: str, blob: str, stamp: str) -> str:
    """Delete a snapshot and return what came of it; one that is gone is as good."""
    try:
        await run.blocking(lambda: run.storage.delete(container, blob, snapshot=stamp))
    except (StorageError, OSError) as error:
        return str(error)
    return "deleted"


def internal_error(run: Run, observed: str) -> BackupFailure:
    """Return the internal error; its second spelling belongs to VMs with managed disks."""
    return BackupFailure(
        "BackUpOperationFailedV2" if run.target.managed else "BackUpOperationFailed", observed
    )
