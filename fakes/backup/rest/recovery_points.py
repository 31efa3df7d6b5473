"""Recovery points of a protected item."""

from __future__ import annotations

from fakes.arm.errors import ArmError
from fakes.arm.http import ArmRequest, ArmResponse, listing
from fakes.arm.routing import RouteTable
from fakes.backup.names import ITEM, RECOVERY_POINT_TYPE
from fakes.backup.rest.common import filtered, require_item

routes = RouteTable()


@routes.operation("GET", ITEM + "/recoveryPoints")
def list_points(request: ArmRequest) -> ArmResponse:
    """List the recovery points, newest first."""
    found = request.plane.store.list(require_item(request).id, RECOVERY_POINT_TYPE)
    newest_first = sorted(found, key=lambda one: str(one.properties["recoveryPointTime"]), reverse=True)
    return listing([one.body for one in filtered(request, newest_first, {})])


@routes.operation("GET", ITEM + "/recoveryPoints/{point}")
def get_point(request: ArmRequest) -> ArmResponse:
    """Show a recovery point."""
    item = require_item(request)
    found = request.plane.store.get(f"{item.id}/recoveryPoints/{request.params['point']}")
    if found is None:
        raise ArmError(
            404,
            "BMSUserErrorRecoveryPointNotFound",
            f"The recovery point '{request.params['point']}' was not found.",
        )
    return ArmResponse(200, found.body)
