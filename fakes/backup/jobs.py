"""Backup jobs: their wire form in the store, their tasks, and the steps the engine took.

The wire form is ``AzureIaaSVMJob`` of the Recovery Services REST reference. What the
portal calls the error code is not a field of a VM's job: its ``errorDetails`` carry an
integer. The string code goes where the job has room for free text, its property bag.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from fakes.arm import ids
from fakes.arm.plane import ControlPlane
from fakes.backup import catalogue
from fakes.backup.names import JOB_TYPE, vault_of

TAKE_SNAPSHOT = "Take Snapshot"
TRANSFER = "Transfer data to vault"
RUNNING = frozenset({"InProgress", "Cancelling"})

Json = dict[str, Any]


class Job:
    """One backup job of a protected item, kept in the store as it goes on.

    Args:
        plane: The control plane.
        item_id: The protected item.
        container: Its container's name.
        vm_name: The VM's name, as shown.
        user_triggered: Whether a user asked for it, rather than a schedule.
    """

    def __init__(
        self, plane: ControlPlane, item_id: str, container: str, vm_name: str, *, user_triggered: bool = True
    ) -> None:
        self._plane = plane
        self.name = str(uuid.uuid4())
        self.id = f"{vault_of(item_id)}/backupJobs/{self.name}"
        self.item_id = item_id
        self.started = plane.clock.now()
        tasks = [_task(TAKE_SNAPSHOT, "InProgress"), _task(TRANSFER, "NotStarted")]
        properties: Json = {
            "jobType": "AzureIaaSVMJob",
            "actionsInfo": ["Cancellable"],
            "activityId": str(uuid.uuid4()),
            "backupManagementType": "AzureIaasVM",
            "containerName": container,
            "duration": "PT0S",
            "entityFriendlyName": vm_name,
            "extendedInfo": {"tasksList": tasks, "propertyBag": {"VM Name": vm_name}},
            "isUserTriggered": user_triggered,
            "operation": "Backup",
            "startTime": wire_time(self.started),
            "status": "InProgress",
            "virtualMachineVersion": "Compute",
        }
        body = {"id": self.id, "name": self.name, "type": JOB_TYPE, "properties": properties}
        plane.store.put(self.id, body, {"item": item_id, "steps": [], "cancel": False})

    @property
    def status(self) -> str:
        """The job's status: InProgress, Cancelling, Cancelled, Completed or Failed."""
        return str(self._plane.require(self.id).properties["status"])

    @property
    def cancel_requested(self) -> bool:
        """Whether somebody asked for its end."""
        return bool(self._plane.require(self.id).state["cancel"])

    def step(self, stage: str, tried: str, observed: str) -> None:
        """Record what was tried and what was seen, with the virtual time."""
        now = self._plane.clock.now()
        entry = {
            "time": wire_time(now),
            "after": round((now - self.started).total_seconds(), 1),
            "stage": stage,
            "tried": tried,
            "observed": observed,
        }
        with self._plane.store.edit(self.id) as job:
            job.state["steps"].append(entry)

    def task(self, name: str, status: str) -> None:
        """Give a task a status; what may be cancelled follows from it."""
        with self._plane.store.edit(self.id) as job:
            for task in job.properties["extendedInfo"]["tasksList"]:
                if task["taskId"] == name:
                    task["status"] = status
            if name == TRANSFER and status == "InProgress":
                job.properties["actionsInfo"] = []  # data on its way is not called back

    def note(self, name: str, value: str) -> None:
        """Show a free property in the job's property bag."""
        with self._plane.store.edit(self.id) as job:
            job.properties["extendedInfo"]["propertyBag"][name] = value

    def complete(self) -> None:
        """End the job well."""
        self._end("Completed", lambda _: None)

    def cancelled(self) -> None:
        """End the job as cancelled."""

        def change(properties: Json) -> None:
            for task in properties["extendedInfo"]["tasksList"]:
                if task["status"] in {"InProgress", "NotStarted"}:
                    task["status"] = "Cancelled"

        self._end("Cancelled", change)

    def fail(self, code: str, observed: str) -> None:
        """End the job with a documented error."""
        known = catalogue.error(code)

        def change(properties: Json) -> None:
            for task in properties["extendedInfo"]["tasksList"]:
                if task["status"] == "InProgress":
                    task["status"] = "Failed"
            properties["errorDetails"] = [
                {
                    "errorCode": known.number,
                    "errorTitle": known.title,
                    "errorString": known.message,
                    "recommendations": list(known.recommendations),
                }
            ]
            bag = properties["extendedInfo"]["propertyBag"]
            bag["Error Code"] = code
            bag["Error Number"] = "published" if known.published else "lab-assigned"
            properties["extendedInfo"]["dynamicErrorMessage"] = observed

        self._end("Failed", change)

    def _end(self, status: str, change: Callable[[Json], None]) -> None:
        now = self._plane.clock.now()
        with self._plane.store.edit(self.id) as job:
            change(job.properties)
            job.properties.update(
                status=status,
                actionsInfo=[],
                endTime=wire_time(now),
                duration=wire_duration(now - self.started),
            )


def steps_of(plane: ControlPlane, job_id: str) -> list[Json]:
    """Return what the engine tried and saw in a job, oldest first.

    Returns:
        Entries ``{"time", "after" (virtual seconds), "stage", "tried", "observed"}``.

    Raises:
        ArmError: 404, there is no such job.
    """
    found: list[Json] = plane.require(job_id).state["steps"]
    return found


def running_job(plane: ControlPlane, item_id: str) -> str | None:
    """Return the id of the item's job that has not ended, or ``None``."""
    for job in plane.store.list(vault_of(item_id), JOB_TYPE):
        if ids.key(job.state["item"]) == ids.key(item_id) and job.properties["status"] in RUNNING:
            return job.id
    return None


def wire_time(moment: datetime) -> str:
    """Return a time as Recovery Services writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def wire_duration(length: timedelta) -> str:
    """Return a length of time in ISO 8601, ``PT1H2M3.4S``.

    >>> wire_duration(timedelta(hours=1, minutes=2, seconds=3.5))
    'PT1H2M3.5S'
    """
    seconds = length.total_seconds()
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    shown = f"{int(hours)}H" if hours >= 1 else ""
    shown += f"{int(minutes)}M" if minutes >= 1 else ""
    return f"PT{shown}{round(rest, 3):g}S"


def _task(name: str, status: str) -> Json:
    return {"taskId": name, "status": status}
