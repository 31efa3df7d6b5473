"""The snapshot task: connect, freeze, take the snapshots, thaw; every way out has a result."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from . import freeze
from .blobs import NoNetwork, Storage, StorageRefused, without_secret
from .environment import Order
from .status import SUCCESS, Result

log = logging.getLogger("vmsnapshot")

NO_NETWORK = (76, "ExtensionSnapshotFailedNoNetwork")
FREEZE_FAILED = (121, "UserErrorFsFreezeFailed")
FREEZE_TOO_LONG = (122, "UserErrorFsFreezeFailed")
TOO_FAST = (173, "ExtentionOperationFailed")
TOO_MANY_SNAPSHOTS = (85, "ExtensionFailedSnapshotLimitReachedError")
REFUSED = (15, "ExtentionOperationFailed")

REFUSALS = {"SnapshotCountExceeded": TOO_MANY_SNAPSHOTS, "SnapshotOperationRateExceeded": TOO_FAST}
"""Blob service error codes, https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes"""


def carry_out(order: Order, state_file: Path) -> Result:
    """Take a snapshot of each disk while the file systems are frozen.

    The connections are made first, so that nothing is frozen while a name is looked up or
    a packet filter swallows a connection.

    Args:
        order: The disks.
        state_file: Where a freeze leaves its note, for the case that it is killed.
    """
    log.info("task %s: %d disks", order.task_id, len(order.disks))
    storage = Storage()
    try:
        for disk in order.disks:
            storage.connect(disk.url)
        mounts = freeze.to_freeze(freeze.read_mounts())
        with freeze.Frozen([mount.point for mount in mounts], state_file):
            taken = [(disk, storage.snapshot(disk.url, order.task_id)) for disk in order.disks]
    except NoNetwork as error:
        result = Result.failed(*NO_NETWORK, str(error))
    except StorageRefused as error:
        result = Result.failed(*REFUSALS.get(error.code, REFUSED), str(error))
    except freeze.FreezeFailed as error:
        result = Result.failed(*FREEZE_FAILED, str(error))
    except freeze.FreezeTooLong as error:
        result = Result.failed(*FREEZE_TOO_LONG, str(error))
    else:
        snapshots = [
            {"lun": disk.lun, "snapshot": stamp, "uri": without_secret(disk.url)} for disk, stamp in taken
        ]
        text = f"snapshots taken: {len(taken)}, file systems frozen: {len(mounts)}"
        result = Result(SUCCESS, 1, text, {"snapshots": (SUCCESS, 1, json.dumps(snapshots))})
    finally:
        storage.close()
    log.info("task %s: %s %d %s", order.task_id, result.status, result.code, result.message)
    return result
