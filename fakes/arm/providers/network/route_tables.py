"""Microsoft.Network/routeTables: stored and shown; the lab's gateway does not follow them."""

from __future__ import annotations

from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.ids import stable_guid
from fakes.arm.providers.common import declare_delete, declare_reads, new_body, put_with_operation
from fakes.arm.providers.network.children import child_of, given_children, with_etags
from fakes.arm.providers.network.security_rules import check_name
from fakes.arm.routing import RESOURCE, RouteTable
from fakes.arm.shapes import ANY, envelope
from fakes.notsimulated import NotSimulated

routes = RouteTable()

TYPE = "Microsoft.Network/routeTables"
TABLE = RESOURCE + "/Microsoft.Network/routeTables/{table}"

_SHAPE = envelope(
    {
        "routes": [{**dict.fromkeys(("id", "name", "type", "etag"), str), "properties": dict}],
        "disableBgpRoutePropagation": bool,
        "subnets": ANY,
        **dict.fromkeys(("provisioningState", "resourceGuid"), str),
    }
)

declare_reads(routes, TYPE, "table", lambda _plane, resource, _request: with_etags(resource.body))
declare_delete(routes, TYPE, "table")


@routes.operation("PUT", TABLE)
def put_table(request: ArmRequest) -> ArmResponse:
    """Create or replace a route table without routes.

    Raises:
        NotSimulated: It lists routes: nothing in the lab would follow them.
    """
    check_name(request.params["table"])
    body = request.resource(_SHAPE)
    if given_children(request, body, "routes"):
        raise NotSimulated("routes of a route table")
    sent = body.get("properties") or {}
    properties: Json = {
        "resourceGuid": stable_guid(request.path),
        "routes": [],
        "disableBgpRoutePropagation": bool(sent.get("disableBgpRoutePropagation", False)),
    }
    return put_with_operation(request, new_body(request, TYPE, properties))


@routes.operation("GET", TABLE + "/routes")
def list_routes(request: ArmRequest) -> ArmResponse:
    """List routes."""
    found = request.plane.require(request.path.rpartition("/")[0])
    return listing([with_etags(one) for one in found.properties["routes"]])


@routes.operation("GET", TABLE + "/routes/{route}")
def get_route(request: ArmRequest) -> ArmResponse:
    """Show a route."""
    return ArmResponse(200, with_etags(child_of(request, "routes", request.params["route"])))
