"""On-demand backup of a protected item."""

from __future__ import annotations

from fakes.arm.errors import ArmError
from fakes.arm.http import ArmRequest, ArmResponse, Json
from fakes.arm.routing import RouteTable
from fakes.backup.engine import BackupEngine
from fakes.backup.names import ITEM
from fakes.backup.rest.common import accepted, require_item


def routes(engine: BackupEngine) -> RouteTable:
    """Return the operations that start work on an engine."""
    table = RouteTable()

    @table.operation("POST", ITEM + "/backup")
    def trigger(request: ArmRequest) -> ArmResponse:
        properties = request.resource().get("properties") or {}
        if properties.get("objectType") != "IaasVMBackupRequest":
            raise ArmError(
                400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid: objectType"
            )
        item = require_item(request)
        job = engine.start(item)
        status: Json = {"objectType": "OperationStatusJobExtendedInfo", "jobId": job.name}
        return accepted(request, item.id, lambda: status)

    return table
