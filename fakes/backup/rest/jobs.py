"""Backup jobs: lists, one job, and the wish to cancel one."""

from __future__ import annotations

from fakes.arm import ids
from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.routing import RouteTable
from fakes.backup.engine import BackupEngine
from fakes.backup.names import JOB_TYPE, VAULT
from fakes.backup.rest.common import accepted, filtered, operation_of, operation_result, prop, vault_id

_PICKERS = {
    "status": prop("status"),
    "operation": prop("operation"),
    "backupmanagementtype": prop("backupManagementType"),
    "jobid": lambda job: ids.parse(job.id).name,
}


def routes(engine: BackupEngine) -> RouteTable:
    """Return the operations on the jobs of an engine."""
    table = RouteTable()

    @table.operation("GET", VAULT + "/backupJobs")
    def list_jobs(request: ArmRequest) -> ArmResponse:
        found = filtered(request, request.plane.store.list(vault_id(request), JOB_TYPE), _PICKERS)
        newest_first = sorted(found, key=lambda job: str(job.properties["startTime"]), reverse=True)
        return listing([_without_details(job.body) for job in newest_first])

    @table.operation("GET", VAULT + "/backupJobs/{job}")
    def get_job(request: ArmRequest) -> ArmResponse:
        vault_id(request)
        return ArmResponse(200, request.plane.require(request.path).body)

    @table.operation("POST", VAULT + "/backupJobs/{job}/cancel")
    def cancel_job(request: ArmRequest) -> ArmResponse:
        job_id = request.plane.require(request.path.rpartition("/")[0]).id
        engine.cancel(job_id)
        status: Json = {"objectType": "OperationStatusJobExtendedInfo", "jobId": ids.parse(job_id).name}
        return accepted(request, vault_id(request), lambda: status, vault_level=True)

    @table.operation("GET", VAULT + "/backupJobs/{job}/operationResults/{operation}")
    def job_operation_result(request: ArmRequest) -> ArmResponse:
        return operation_result(request, operation_of(request))

    return table


def _without_details(body: Json) -> Json:
    """Show a job without what only GET of one job shows."""
    return {**body, "properties": {k: v for k, v in body["properties"].items() if k != "extendedInfo"}}
