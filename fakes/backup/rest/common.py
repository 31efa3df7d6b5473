"""What the operations of Recovery Services share: lists of children, filters, asynchronous answers.

Its asynchronous protocol differs from the rest of Resource Manager in the URLs only: the
status lies at ``.../operationsStatus/{op}`` or ``backupOperations/{op}``, the result at
``operationResults/{op}`` or ``backupOperationResults/{op}``.
"""

from __future__ import annotations

from collections.abc import Callable

from fakes.arm import ids
from fakes.arm.errors import ArmError
from fakes.arm.http import ArmRequest, ArmResponse, Json
from fakes.arm.operations import TERMINAL, Operation, Work
from fakes.arm.store import Resource
from fakes.backup.names import NAMESPACE
from fakes.backup.odata import parse_filter

Picker = Callable[[Resource], str]


def vault_id(request: ArmRequest) -> str:
    """Return the id of the vault in the path.

    Raises:
        ArmError: 404, there is no such vault.
    """
    wanted = ids.resource_id(
        request.subscription, request.params["group"], NAMESPACE, "vaults", request.params["vault"]
    )
    return request.plane.require(wanted).id


def item_id(request: ArmRequest) -> str:
    """Return the id of the protected item in the path, whether it exists or not."""
    params = request.params
    return (
        f"{vault_id(request)}/backupFabrics/{params['fabric']}"
        f"/protectionContainers/{params['container']}/protectedItems/{params['item']}"
    )


def require_item(request: ArmRequest) -> Resource:
    """Return the protected item in the path.

    Raises:
        ArmError: 404, there is no such item (the code is the lab's reading of public reports).
    """
    found = request.plane.store.get(item_id(request))
    if found is None:
        raise ArmError(
            404,
            "BMSUserErrorContainerObjectNotFound",
            f"The protected item '{request.params['item']}' was not found in container '{request.params['container']}'.",
        )
    return found


def filtered(request: ArmRequest, found: list[Resource], pickers: dict[str, Picker]) -> list[Resource]:
    """Return those resources that ``$filter`` asks for.

    Args:
        request: The list request.
        found: What there is.
        pickers: By the filter's lower-cased names, what to compare with.

    Raises:
        ArmError: 400, the filter cannot be read.
        NotSimulated: It names something else.
    """
    for name, value in parse_filter(request.query.get("$filter", "")).items():
        if name not in pickers:
            raise request.plane.not_simulated.refuse(f"$filter by {name} on {request.path}", NAMESPACE)
        found = [one for one in found if pickers[name](one).lower() == value.lower()]
    return found


def prop(name: str) -> Picker:
    """Return what picks a property of a resource for a filter."""
    return lambda resource: str(resource.properties.get(name, ""))


def accepted(request: ArmRequest, base: str, work: Work, *, vault_level: bool = False) -> ArmResponse:
    """Start an operation and answer 202 with the URLs of Recovery Services.

    Args:
        request: What asked for it.
        base: The item's or the vault's id, under which the operation is polled.
        work: What it does; its result is shown by the operation's status as properties.
        vault_level: Whether ``base`` is the vault.
    """
    plane = request.plane
    path = f"{base}/{'backupOperations' if vault_level else 'operationsStatus'}/{{name}}"
    operation = plane.operations.start(request.subscription, NAMESPACE, "", work, path=path)
    results = f"{base}/{'backupOperationResults' if vault_level else 'operationResults'}/{operation.name}"
    headers = {
        "Azure-AsyncOperation": request.url(operation.path),
        "Location": request.url(results),
        **plane.operations.wait_headers(),
    }
    return ArmResponse(202, None, headers)


def operation_of(request: ArmRequest) -> Operation:
    """Return the operation in the path.

    Raises:
        ArmError: 404, there is no such operation.
    """
    found = request.plane.operations.get(request.params["operation"])
    if found is None:
        raise ArmError(
            404, "ResourceNotFound", f"The operation '{request.params['operation']}' was not found."
        )
    return found


def operation_status(request: ArmRequest, operation: Operation) -> ArmResponse:
    """Answer a poll of an operation's status."""
    body: Json = {"id": request.path, **operation.body()}
    if isinstance(operation.result, dict):
        body["properties"] = operation.result
    headers = {} if operation.status in TERMINAL else request.plane.operations.wait_headers()
    return ArmResponse(200, body, headers)


def operation_result(request: ArmRequest, operation: Operation, body: Json | None = None) -> ArmResponse:
    """Answer a poll of an operation's result: 202 while it runs, then 200 with a body or 204."""
    if operation.status not in TERMINAL:
        headers = {"Location": request.url(request.path), **request.plane.operations.wait_headers()}
        return ArmResponse(202, None, headers)
    if operation.error:
        raise ArmError(400, operation.error["code"], operation.error["message"])
    return ArmResponse(200, body) if body is not None else ArmResponse(204)
