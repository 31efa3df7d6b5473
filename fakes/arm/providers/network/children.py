"""Children that live inside their parent's body: rules, subnets, routes.

A child has its own URL, and the parent shows it too; there is one copy, in the parent, so that
the two can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable

from fakes.arm.errors import ArmError, not_found, parent_not_found
from fakes.arm.http import ArmRequest, ArmResponse, Json
from fakes.arm.ids import parent as parent_of
from fakes.arm.providers.common import etag
from fakes.arm.providers.network.security_rules import check_name
from fakes.arm.store import Resource

NAMESPACE = "Microsoft.Network"


def find(items: list[Json], name: str) -> int | None:
    """Return the index of a child by its name in any case, or ``None``."""
    return next((i for i, one in enumerate(items) if one["name"].lower() == name.lower()), None)


def child_of(request: ArmRequest, collection: str, name: str) -> Json:
    """Return the child at the request's path.

    Raises:
        ArmError: 404, when the parent or the child does not exist.
    """
    items = request.plane.require(parent_of(request.path)).properties.get(collection, [])
    at = find(items, name)
    if at is None:
        raise not_found(request.path)
    found: Json = items[at]
    return found


def put_child(
    request: ArmRequest,
    collection: str,
    name: str,
    build: Callable[[Resource, list[Json], Json | None], Json],
) -> ArmResponse:
    """Create or replace a child, as a long-running operation.

    Args:
        request: The PUT.
        collection: The property of the parent that lists the children.
        name: The child's name.
        build: Given a draft of the parent, the other children, and the child as it was,
            returns the child's new body; may raise an ArmError, and nothing is changed.
    """
    plane, parent_id = request.plane, parent_of(request.path)
    if parent_id not in plane.store:
        raise parent_not_found(request.path)
    with plane.store.edit(parent_id) as draft:
        items: list[Json] = draft.properties.setdefault(collection, [])
        at = find(items, name)
        old = items[at] if at is not None else None
        child = build(draft, [one for one in items if one is not old], old)
        child["properties"]["provisioningState"] = "Updating"
        draft.properties["provisioningState"] = "Updating"
        if at is None:
            items.append(child)
        else:
            items[at] = child

    def complete() -> None:
        if parent_id not in plane.store:
            return
        with plane.store.edit(parent_id) as settled:
            settled.properties["provisioningState"] = "Succeeded"
            here = find(settled.properties[collection], name)
            if here is not None:
                settled.properties[collection][here]["properties"]["provisioningState"] = "Succeeded"

    operation = plane.operations.start(request.subscription, NAMESPACE, _location(draft), complete)
    return plane.operations.put_response(request, operation, with_etags(child), created=old is None)


def delete_child(request: ArmRequest, collection: str, name: str) -> ArmResponse:
    """Delete a child as a long-running operation: 204 when there is none."""
    plane, parent_id = request.plane, parent_of(request.path)
    parent = plane.require(parent_id)
    if find(parent.properties.get(collection, []), name) is None:
        return ArmResponse(204)

    def complete() -> None:
        if parent_id not in plane.store:
            return
        with plane.store.edit(parent_id) as draft:
            items = draft.properties[collection]
            items[:] = [one for one in items if one["name"].lower() != name.lower()]

    operation = plane.operations.start(request.subscription, NAMESPACE, _location(parent), complete)
    return plane.operations.accepted(request, operation)


def given_children(request: ArmRequest, sent: Json, collection: str) -> list[Json]:
    """Return the children listed in the body of a parent's PUT.

    Raises:
        ArmError: 400, when one has no name or two have the same.
    """
    given: list[Json] = (sent.get("properties") or {}).get(collection) or []
    names = [str(one.get("name") or "") for one in given]
    for name in names:
        check_name(name)
        if sum(name.lower() == other.lower() for other in names) > 1:
            raise ArmError(
                400,
                "InvalidRequestFormat",
                "Cannot parse the request.",
                details=[
                    {
                        "code": "DuplicateResourceName",
                        "message": f"Resource {request.path} has two child resources with the same name ({name}).",
                    }
                ],
            )
    return given


def with_etags(body: Json) -> Json:
    """Return a body with its etag and those of its children."""
    properties = {
        name: [with_etags(one) if isinstance(one, dict) and "properties" in one else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in body["properties"].items()
    }
    shown = {**body, "properties": properties}
    return {**shown, "etag": etag(shown)}


def _location(parent: Resource) -> str:
    return str(parent.body["location"])
