"""Takes an on-demand backup through the Recovery Services REST interface, as a portal would."""

from __future__ import annotations

import threading
import time
from typing import Any

from lab.engine.world import BackupResult
from lab.errors import InfrastructureError
from lab.fabric_client import ArmClient, patience

API_VERSION = "2025-02-01"
RUNNING = frozenset({"InProgress", "Cancelling"})


def take_backup(arm: ArmClient, item_id: str, timeout: float) -> BackupResult:
    """Trigger a backup of a protected item and wait for its job's end.

    Args:
        arm: The control plane.
        item_id: Resource id of the protected item.
        timeout: Seconds of real time for everything.

    Returns:
        How it ended; a request that is refused at once is a failed backup too.

    Raises:
        InfrastructureError: The job did not end in time, or the control plane broke off.
    """
    started = time.monotonic()
    deadline = started + timeout
    body = {"properties": {"objectType": "IaasVMBackupRequest"}}
    reply = arm.call("POST", f"{item_id}/backup?api-version={API_VERSION}", body, timeout=timeout)
    refused = reply.body.get("error") if isinstance(reply.body, dict) else None
    if refused or reply.status >= 400:
        told = refused or {}
        return BackupResult(
            "Failed", told.get("code"), str(told.get("message", "")), seconds=time.monotonic() - started
        )
    name = (reply.body.get("properties") or {}).get("jobId")
    if not name:
        raise InfrastructureError("the backup was accepted, but its operation names no job")
    vault = item_id.split("/backupFabrics/", 1)[0]
    job = _wait_for(arm, f"{vault}/backupJobs/{name}", deadline)
    return _result(job, time.monotonic() - started)


def _wait_for(arm: ArmClient, job_id: str, deadline: float) -> dict[str, Any]:
    began = time.monotonic()
    while True:
        pause = patience(time.monotonic() - began)
        answer = arm.request("GET", f"{job_id}?api-version={API_VERSION}", timeout=30)
        if not answer.ok:
            raise InfrastructureError(
                f"the job {job_id} cannot be read: HTTP {answer.status_code} {answer.text[:200]}"
            )
        job: dict[str, Any] = answer.json()
        if job["properties"]["status"] not in RUNNING:
            return job
        if time.monotonic() + pause > deadline:
            tasks = job["properties"].get("extendedInfo", {}).get("tasksList", [])
            raise InfrastructureError(f"the backup job did not end in time; its tasks: {tasks}")
        threading.Event().wait(pause)


def _result(job: dict[str, Any], seconds: float) -> BackupResult:
    """Read a job; a VM's job has no field for the string code, so that stands in its property bag."""
    properties = job["properties"]
    info = properties.get("extendedInfo") or {}
    details = properties.get("errorDetails") or []
    code = (info.get("propertyBag") or {}).get("Error Code")
    message = "\n".join(
        text for detail in details for text in (detail.get("errorTitle"), detail.get("errorString")) if text
    )
    observed = info.get("dynamicErrorMessage")
    if observed:
        message = f"{message}\n{observed}".strip()
    return BackupResult(
        status=properties["status"],
        error=code,
        message=message,
        job_id=job["id"],
        tasks={task["taskId"]: task["status"] for task in info.get("tasksList", [])},
        seconds=seconds,
    )
