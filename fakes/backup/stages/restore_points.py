"""Fourth stage: a restore point in the VM's collection, of which there may be eighteen.

The collection ``AzureBackup_<VM>_<number>`` lives with the VM. Before a new point is made
the service deletes those it needs no more; where a lock forbids that, points pile up until
the limit is reached ("Backup fails, with an internal error", "Remove lock from the recovery
point resource group").
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from fakes.arm.errors import ArmError
from fakes.arm.ids import parse
from fakes.arm.providers.compute.restore_points import create_point, points_of
from fakes.arm.store import Resource
from fakes.backup import azure
from fakes.backup.failure import BackupFailure
from fakes.backup.names import collection_id
from fakes.backup.run import Run
from fakes.backup.stages import snapshot
from fakes.backup.stages.snapshot import internal_error

LIMIT = 18
_CONSISTENCY = {"AppConsistent": "ApplicationConsistent"}  # Compute's words for Backup's


async def create(run: Run) -> None:
    """Make the restore point.

    Raises:
        BackupFailure: UserErrorRequestDisallowedByPolicy, or the internal error (also for
            the nineteenth point).
    """
    plane, collection = run.plane, collection_id(run.vm_id)
    vm = plane.require(run.vm_id)
    if plane.store.get(collection) is None:
        body = {"location": vm.body["location"], "properties": {"source": {"id": vm.id}}}
        with _judged(run, f"PUT {collection}"):
            await azure.call(plane, "PUT", collection, body)
    await _clean_up(run, collection)
    points = points_of(plane, collection)
    if len(points) >= LIMIT:
        seen = f"{len(points)} restore points in {parse(collection).name}"
        run.job.step("restore point", "count the restore points", seen)
        raise internal_error(run, seen)
    name = f"AzureBackup_{plane.clock.now():%Y%m%d_%H%M%S%f}"
    point = f"{collection}/restorePoints/{name}"
    with _judged(run, f"PUT {point}"):
        azure.permitted(plane, "PUT", point)
        disks = {one.disk.name: f"{one.disk.container}/{one.disk.blob}@{one.stamp}" for one in run.snapshots}
        consistency = _CONSISTENCY.get(run.consistency, run.consistency)
        create_point(plane, collection, name, consistency=consistency, disks=disks)
        run.recovery_point = name


async def _clean_up(run: Run, collection: str) -> None:
    """Delete what instant restore keeps no longer; a refusal is met again when the limit is."""
    kept = timedelta(days=instant_retention_days(run))
    now = run.plane.clock.now()
    for point in points_of(run.plane, collection):
        if now - _made(point) < kept:
            continue
        try:
            await azure.call(run.plane, "DELETE", point.id)
        except ArmError as refusal:
            run.job.step("restore point", f"delete {point.id}", f"{refusal.status} {refusal}")
            return
        run.job.step("restore point", f"delete {point.id}", "deleted")
        for where in point.state.get("disks", {}).values():
            path, _, stamp = str(where).partition("@")
            container, _, blob = path.partition("/")
            seen = await snapshot.delete(run, container, blob, stamp)
            run.job.step("restore point", f"delete its snapshot {blob}@{stamp}", seen)


def _made(point: Resource) -> datetime:
    """Return when a restore point was made (ARM writes seven digits, Python reads six)."""
    text = str(point.properties["timeCreated"])
    return datetime.strptime(f"{text[:26]}+0000", "%Y-%m-%dT%H:%M:%S.%f%z")


def instant_retention_days(run: Run) -> int:
    """Return for how many days the item's policy keeps restore points, two when it does not say."""
    item = run.plane.require(run.item_id)
    policy = run.plane.store.get(str(item.properties.get("policyId", "")))
    return int(policy.properties.get("instantRpRetentionRangeInDays") or 2) if policy else 2


@contextlib.contextmanager
def _judged(run: Run, tried: str) -> Iterator[None]:
    """Record a request to the control plane, and turn its refusal into the job's error."""
    try:
        yield
    except ArmError as refusal:
        run.job.step("restore point", tried, f"{refusal.status} {refusal}")
        if refusal.code == "RequestDisallowedByPolicy":
            raise BackupFailure("UserErrorRequestDisallowedByPolicy", refusal.message) from refusal
        raise internal_error(run, str(refusal)) from refusal
    run.job.step("restore point", tried, "done")
