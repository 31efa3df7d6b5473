"""The backup engine: one asyncio task per job, going through the stages as Azure does.

The engine knows nothing of faults. It tries, it waits on the fabric's clock, and what it
meets is the error: every :class:`BackupFailure` is raised where something was observed.
"""

from __future__ import annotations

import asyncio
import logging

from fakes.arm import ids
from fakes.arm.errors import ArmError
from fakes.arm.plane import ControlPlane
from fakes.arm.store import Resource
from fakes.backup import catalogue
from fakes.backup.failure import BackupFailure, JobCancelled
from fakes.backup.jobs import RUNNING, TAKE_SNAPSHOT, TRANSFER, Job, running_job, wire_time
from fakes.backup.recovery_points import add_recovery_point
from fakes.backup.run import Run
from fakes.backup.stages import guest, restore_points, snapshot, transfer, vm_state
from fakes.notsimulated import NotSimulated
from fakes.storage.client import BlobClient
from fakes.tasks import BackgroundTasks

log = logging.getLogger(__name__)


class BackupEngine:
    """Runs the backup jobs of a plane.

    Args:
        plane: The control plane, with its agents and goal states.
        storage: Client of the account that holds the disks.
        patience: Real seconds that guests are given at least for a snapshot; for guests
            that are real and do not follow the fabric's clock.
    """

    def __init__(self, plane: ControlPlane, storage: BlobClient, *, patience: float = 0.0) -> None:
        self._plane = plane
        self._storage = storage
        self._patience = patience
        self._tasks = BackgroundTasks()

    def start(self, item: Resource, *, user_triggered: bool = True) -> Job:
        """Start a backup on the running event loop and return its job.

        Raises:
            ArmError: 400 UserErrorBackupOperationInProgress, UserErrorBcmDatasourceNotPresent.
        """
        if running_job(self._plane, item.id):
            raise _refusal("UserErrorBackupOperationInProgress")
        properties = item.properties
        if properties["protectionState"] not in {"Protected", "IRPending", "ProtectionError"}:
            raise _refusal("UserErrorBcmDatasourceNotPresent")
        vm_id = properties["virtualMachineId"]
        container = ids.parse(ids.parent(item.id)).name
        job = Job(self._plane, item.id, container, properties["friendlyName"], user_triggered=user_triggered)
        run = Run(self._plane, self._storage, job, item.id, vm_id, self._patience)
        self._tasks.start(self._run(run))
        return job

    def cancel(self, job_id: str) -> None:
        """Ask a job to end.

        Raises:
            ArmError: 404; or 400 with one of the documented refusals.
        """
        job = self._plane.require(job_id)
        refusals = catalogue.cancel_refusals()
        if job.properties["operation"] not in {"Backup", "Restore"}:
            reason = "LabCancelUnsupportedJobType"
        elif job.properties["status"] not in RUNNING:
            reason = "LabCancelNotInProgress"
        elif "Cancellable" not in job.properties["actionsInfo"]:
            reason = "LabCancelNotCancelableState"
        elif job.state["cancel"]:
            reason = "LabCancelFailed"
        else:
            with self._plane.store.edit(job_id) as draft:
                draft.state["cancel"] = True
                draft.properties["status"] = "Cancelling"
            return
        raise ArmError(400, reason, refusals[reason].text)

    async def settle(self) -> None:
        """Wait until every job has ended."""
        await self._tasks.settle()

    async def close(self) -> None:
        """Cancel what still runs, for the end of the process."""
        await self._tasks.close()

    # -- private ------------------------------------------------------------------
    async def _run(self, run: Run) -> None:
        try:
            with self._plane.clock.demand():
                try:
                    await self._stages(run)
                except (BackupFailure, JobCancelled, ArmError) as met:
                    if not run.recovery_point:
                        await snapshot.discard(run)
                    raise self._what_vanished(run) or met from met
        except BackupFailure as failure:
            self._fail(run, failure)
        except JobCancelled:
            run.job.step("job", "stop where it was asked to", "cancelled")
            run.job.cancelled()
        except NotSimulated as missing:
            # On record already, which makes the lab's run inconclusive.
            self._fail(run, BackupFailure("BackUpOperationFailed", str(missing)))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # a bug of ours must not leave the client polling for ever
            log.exception("backup job %s", run.job.name)
            self._plane.not_simulated.record(
                f"backup job ended by a defect of the lab: {error!r}", run.item_id
            )
            self._fail(run, BackupFailure("BackUpOperationFailed", repr(error)))

    async def _stages(self, run: Run) -> None:
        await vm_state.check(run)
        before = await snapshot.remember_existing(run)
        if run.target.power == "running":
            await guest.await_heartbeat(run)
            if vanished := self._what_vanished(run):
                raise vanished
            reported = await guest.take_snapshot(run)
            await snapshot.verify(run, reported, before)
            run.consistency = "AppConsistent" if run.target.os == "Windows" else "FileSystemConsistent"
        else:
            await snapshot.take_offline(run)
        await restore_points.create(run)
        run.stop_if_cancelled()
        run.job.task(TAKE_SNAPSHOT, "Completed")
        run.job.task(TRANSFER, "InProgress")
        await transfer.copy(run)
        run.job.task(TRANSFER, "Completed")
        add_recovery_point(run)
        self._note_on_item(run, "Completed")
        run.job.complete()

    def _what_vanished(self, run: Run) -> BackupFailure | None:
        """Return the error of a job whose VM or protected item was removed under it."""
        if run.target.vm_id and run.vm_id not in self._plane.store:
            return BackupFailure("ResourceNotFound", f"{run.vm_id} was deleted while the job ran")
        if run.item_id not in self._plane.store:
            return BackupFailure(
                "UserErrorBcmDatasourceNotPresent", "protection was removed while the job ran"
            )
        return None

    def _fail(self, run: Run, failure: BackupFailure) -> None:
        run.job.fail(failure.code, failure.observed)
        self._note_on_item(run, "Failed", failure.code)

    def _note_on_item(self, run: Run, status: str, code: str = "") -> None:
        plane = self._plane
        if plane.store.get(run.item_id) is None:
            return  # protection was removed meanwhile
        with plane.store.edit(run.item_id) as item:
            shown = item.properties
            shown["lastBackupStatus"] = status
            shown["lastBackupTime"] = wire_time(plane.clock.now())
            shown["healthStatus"] = "Passed" if status == "Completed" else "ActionRequired"
            shown["protectionStatus"] = "Healthy" if status == "Completed" else "Unhealthy"
            shown["healthDetails"] = [_health(code)] if code else []
            if status == "Completed":
                shown["protectionState"] = "Protected"
                shown["lastRecoveryPoint"] = wire_time(plane.clock.now())


def _health(code: str) -> dict[str, object]:
    known = catalogue.error(code)
    return {
        "code": known.number,
        "title": known.code,
        "message": known.message,
        "recommendations": list(known.recommendations),
    }


def _refusal(code: str) -> ArmError:
    return ArmError(400, code, catalogue.error(code).message)
