"""The backup service as a client of the control plane: it is refused like anybody else.

Locks and policies are gates before a handler; a service that wrote into the store behind
their back would never meet them.
"""

from __future__ import annotations

import inspect
from typing import Any

from fakes.arm.http import ArmRequest, ArmResponse
from fakes.arm.operations import TERMINAL
from fakes.arm.plane import ControlPlane
from fakes.arm.routing import Route

PRINCIPAL = "Azure Backup Management Service"
_HOST = "https://management.azure.com"
_API_VERSION = "2024-07-01"


async def call(plane: ControlPlane, method: str, path: str, body: Any = None) -> ArmResponse:
    """Send a request as the backup service; its long-running operation is waited for.

    Raises:
        ArmError: It was refused.
        NotSimulated: The control plane has no such operation.
    """
    request, route = permitted(plane, method, path, body)
    answer = route.handler(request)
    response = await answer if inspect.isawaitable(answer) else answer
    await _finish(plane, response)
    return response


def permitted(plane: ControlPlane, method: str, path: str, body: Any = None) -> tuple[ArmRequest, Route]:
    """Send a request through the gates (locks, policies) without doing it.

    Returns:
        The request and the operation that would answer it.

    Raises:
        ArmError: It is refused.
        NotSimulated: The control plane has no such operation.
    """
    found = plane.dispatcher.find(method, path)
    if found is None:
        raise plane.not_simulated.refuse(f"{method} {path}", PRINCIPAL)
    route, params = found
    request = ArmRequest(plane, method, path, params, {"api-version": _API_VERSION}, body, _HOST, PRINCIPAL)
    for gate in plane.gates:
        gate(request, route)
    return request, route


async def _finish(plane: ControlPlane, response: ArmResponse) -> None:
    polled = response.headers.get("Azure-AsyncOperation", "")
    name = polled.partition("?")[0].rsplit("/", 1)[-1]
    operation = plane.operations.get(name) if name else None
    if operation is None:
        return
    await plane.clock.wait_for(lambda: operation.status in TERMINAL, timeout=3600.0, poll=1.0)
    if operation.status != "Succeeded":
        from fakes.arm.errors import ArmError

        error = operation.error or {"code": operation.status, "message": "The operation did not end in time."}
        raise ArmError(409, error["code"], error["message"])
