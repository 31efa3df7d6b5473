"""Fifth stage: the snapshots' pages are copied into the vault's storage."""

from __future__ import annotations

from fakes.arm.ids import parse, stable_guid
from fakes.backup.failure import BackupFailure
from fakes.backup.run import DiskSnapshot, Run
from fakes.storage.errors import StorageError

VAULT_CONTAINER = "vault"
_ATTEMPTS = 3
_PAUSE = 60.0  # virtual seconds between attempts
_PIECE = 4 * 1024 * 1024


async def copy(run: Run) -> None:
    """Copy every snapshot; storage errors are tried again a few times.

    Raises:
        BackupFailure: CopyingVHDsFromBackUpVaultTakingLongTime.
    """
    for snapshot in run.snapshots:
        for attempt in range(1, _ATTEMPTS + 1):
            tried = f"copy {snapshot.disk.blob}@{snapshot.stamp}, attempt {attempt}"
            try:
                size = await run.blocking(lambda taken=snapshot: _copy(run, taken))  # type: ignore[misc]
            except (StorageError, OSError) as error:
                run.job.step("transfer", tried, str(error))
                if attempt == _ATTEMPTS:
                    raise BackupFailure("CopyingVHDsFromBackUpVaultTakingLongTime", str(error)) from error
                await run.plane.clock.sleep(_PAUSE)
            else:
                run.job.step("transfer", tried, f"{size} bytes")
                break


def vault_blob(run: Run, snapshot: DiskSnapshot) -> str:
    """Return the name under which a disk lies in the vault."""
    return f"{stable_guid(run.item_id)}/{run.recovery_point}/{snapshot.disk.lun}-{parse(run.vm_id).name}.vhd"


def _copy(run: Run, snapshot: DiskSnapshot) -> int:
    disk, storage = snapshot.disk, run.storage
    source = storage.head(disk.container, disk.blob, snapshot.stamp)
    if source is None:
        raise StorageError(404, "BlobNotFound", f"HEAD {disk.blob}@{snapshot.stamp}")
    name = vault_blob(run, snapshot)
    storage.create_container(VAULT_CONTAINER)
    storage.create_page_blob(VAULT_CONTAINER, name, int(source["content-length"]), {"source": disk.name})
    copied = 0
    for first, last in storage.page_ranges(disk.container, disk.blob, snapshot.stamp):
        for start in range(first, last + 1, _PIECE):
            end = min(start + _PIECE - 1, last)
            data = storage.read(disk.container, disk.blob, snapshot=snapshot.stamp, first=start, last=end)
            storage.put_pages(VAULT_CONTAINER, name, start, data)
            copied += len(data)
    return copied
