"""What the providers share: bodies, reads and lists of a resource type, small validations."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from fakes.arm import ids
from fakes.arm.errors import ArmError, invalid_location_change
from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.plane import ControlPlane
from fakes.arm.routing import RESOURCE, SUBSCRIPTION, RouteTable
from fakes.arm.store import Resource
from fakes.network.service_tags import REGIONS

_LOCATIONS = frozenset(region.lower() for region in REGIONS)

View = Callable[[ControlPlane, Resource, ArmRequest], Json]


def plain(plane: ControlPlane, resource: Resource, request: ArmRequest) -> Json:
    """Show a resource as it is stored."""
    del plane, request
    return resource.body


def declare_reads(routes: RouteTable, resource_type: str, parameter: str, view: View = plain) -> None:
    """Declare GET of one resource, and its lists by resource group and by subscription.

    Args:
        routes: Where to declare them.
        resource_type: A top-level type, ``Microsoft.Compute/disks``.
        parameter: The template's name for the resource's name, ``disk``.
        view: Turns what is stored into what is shown.
    """

    @routes.operation("GET", f"{RESOURCE}/{resource_type}/{{{parameter}}}")
    def get(request: ArmRequest) -> ArmResponse:
        return ArmResponse(200, view(request.plane, request.plane.require(request.path), request))

    @routes.operation("GET", f"{RESOURCE}/{resource_type}", f"{SUBSCRIPTION}/providers/{resource_type}")
    def list_all(request: ArmRequest) -> ArmResponse:
        scope = request.group_id if "group" in request.params else f"/subscriptions/{request.subscription}"
        found = request.plane.store.list(scope, resource_type)
        return listing([view(request.plane, one, request) for one in found])


def declare_delete(routes: RouteTable, resource_type: str, parameter: str) -> None:
    """Declare DELETE of a resource nothing else refers to: 202 and an operation, 204 when there is none."""

    @routes.operation("DELETE", f"{RESOURCE}/{resource_type}/{{{parameter}}}")
    def delete(request: ArmRequest) -> ArmResponse:
        return delete_resource(request, resource_type.partition("/")[0])


def delete_resource(request: ArmRequest, namespace: str) -> ArmResponse:
    """Start the deletion of the resource at the request's path."""
    plane = request.plane
    found = plane.store.get(request.path)
    if found is None:
        return ArmResponse(204)
    location = str(found.body.get("location", "global"))

    def remove() -> None:
        plane.store.delete(found.id)

    operation = plane.operations.start(request.subscription, namespace, location, remove)
    return plane.operations.accepted(request, operation)


def new_body(request: ArmRequest, resource_type: str, properties: Json) -> Json:
    """Build the body of a tracked resource from a PUT.

    Raises:
        ArmError: 400 LocationRequired or LocationNotAvailableForResourceType; 409
            InvalidResourceLocation when it exists elsewhere.
    """
    sent = request.resource()
    location = normal_location(sent.get("location"), resource_type)
    old = request.plane.store.get(request.path)
    if old is not None and old.body["location"] != location:
        raise invalid_location_change(old.id, old.body["location"], location)
    resource_id = old.id if old else request.path
    body: Json = {
        "id": resource_id,
        "name": ids.parse(resource_id).name,
        "type": resource_type,
        "location": location,
    }
    if sent.get("tags"):
        body["tags"] = sent["tags"]
    body["properties"] = properties
    return body


def normal_location(value: Any, resource_type: str) -> str:
    """Return a region's name as ARM stores it.

    >>> normal_location("West Europe", "Microsoft.Compute/disks")
    'westeurope'

    Raises:
        ArmError: 400 LocationRequired or LocationNotAvailableForResourceType.
    """
    if not isinstance(value, str) or not value.strip():
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    location = value.replace(" ", "").lower()
    if location not in _LOCATIONS:
        raise ArmError(
            400,
            "LocationNotAvailableForResourceType",
            f"The provided location '{value}' is not available for resource type '{resource_type}'. List of available "
            f"regions for the resource type is '{','.join(sorted(_LOCATIONS))}'.",
        )
    return location


def with_state(body: Json, state: str) -> Json:
    """Return a copy of a body with another ``provisioningState``."""
    changed = copy.copy(body)
    changed["properties"] = {**body["properties"], "provisioningState": state}
    return changed


def put_with_operation(
    request: ArmRequest,
    body: Json,
    *,
    finished: Json | None = None,
    state: Json | None = None,
    accepts: bool = False,
) -> ArmResponse:
    """Store a resource in a passing state, start the operation that completes it, and answer.

    Args:
        request: The PUT or PATCH.
        body: The resource, without a provisioningState.
        finished: The resource when the operation ends well; ``body`` when left out.
        state: New hidden state.
        accepts: Answer 202 in place of 200 and 201, as disks do.
    """
    plane = request.plane
    resource_id = body["id"]
    created = resource_id not in plane.store
    passing = with_state(body, "Creating" if created and is_compute(body) else "Updating")
    plane.store.put(resource_id, passing, state)
    final = with_state(finished or body, "Succeeded")

    def complete() -> None:
        if resource_id in plane.store:  # it may have been deleted meanwhile
            plane.store.put(resource_id, final)

    operation = plane.operations.start(
        request.subscription, ids.parse(resource_id).namespace, body.get("location", "global"), complete
    )
    if accepts:
        return plane.operations.accepted(request, operation, passing)
    return plane.operations.put_response(request, operation, passing, created=created)


def is_compute(body: Json) -> bool:
    """Tell whether a body is of the compute provider, which says Creating where network says Updating."""
    return str(body.get("type", "")).startswith("Microsoft.Compute/")


def etag(content: Any) -> str:
    """Return an etag in Azure's form that follows from the content, so that equal states are equal."""
    return f'W/"{ids.stable_guid(json.dumps(content, sort_keys=True))}"'


def reference(value: Any, where: str) -> str | None:
    """Return the id in a sub-resource reference ``{"id": ...}``, or ``None`` for none.

    Raises:
        ArmError: 400 InvalidRequestFormat.
    """
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise ArmError(
            400, "InvalidRequestFormat", f"Cannot parse the request: '{where}' must hold an id.", details=[]
        )
    found: str = value["id"]
    try:
        ids.parse(found)
    except ValueError:
        raise ArmError(
            400,
            "LinkedInvalidPropertyId",
            f"Property id '{found}' at path '{where}.id' is invalid. Expect fully qualified resource Id that start "
            "with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.",
        ) from None
    return found
