"""The Recovery Services provider: its operations, registered in a control plane."""

from __future__ import annotations

from fakes.arm.plane import ControlPlane
from fakes.backup.engine import BackupEngine
from fakes.storage.client import BlobClient


def register(plane: ControlPlane, storage: BlobClient, *, patience: float = 0.0) -> BackupEngine:
    """Add Recovery Services to a control plane.

    Args:
        plane: The control plane.
        storage: Client of the account that holds the disks.
        patience: Real seconds that guests are given at least for a snapshot.

    Returns:
        The engine, whose ``close()`` ends what still runs.
    """
    from fakes.backup.rest import backup, items, jobs, policies, recovery_points, vaults

    engine = BackupEngine(plane, storage, patience=patience)
    for table in (
        vaults.routes,
        policies.routes,
        items.routes,
        recovery_points.routes,
        backup.routes(engine),
        jobs.routes(engine),
    ):
        plane.register(table)
    return engine
