"""The HTTP face of a control plane.

Order of treatment: slashes collapsed, bearer token, api-version, subscription, operation,
provider registration, resource group, gates (locks, policy), handler. Long-running
operations are the handlers' business (:mod:`fakes.arm.operations`).
"""

from __future__ import annotations

import inspect
import json
import logging
import uuid
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route as StarletteRoute
from starlette.types import Receive, Scope, Send

from fakes.arm import ids
from fakes.arm.errors import (
    ArmError,
    invalid_content,
    not_simulated,
    resource_group_not_found,
    subscription_not_found,
)
from fakes.arm.http import ArmRequest, ArmResponse
from fakes.arm.plane import ControlPlane, RequestRecord
from fakes.arm.routing import GROUP, Route
from fakes.notsimulated import NotSimulated

log = logging.getLogger(__name__)

_BODILESS = frozenset({"GET", "HEAD", "DELETE"})
_encode = json.JSONEncoder(separators=(",", ":")).encode


def create_app(plane: ControlPlane) -> Starlette:
    """Return the ASGI application of a control plane.

    Args:
        plane: Its state; several applications may share one.

    The application is a Starlette with one catch-all route: ARM's paths are resource ids,
    which the plane's own dispatcher reads.
    """
    return Starlette(routes=[StarletteRoute("/{path:path}", Endpoint(plane))])


class Endpoint:
    """The one ASGI endpoint."""

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        http = Request(scope, receive)
        path = ids.canonical_path(scope["path"])
        query = {
            name.lower(): value for name, value in parse_qsl(scope["query_string"].decode("latin-1"), True)
        }
        principal = ""
        try:
            principal = self.plane.tokens.authenticate(http.headers.get("authorization"))
            answer = await self._answer(http, path, query, principal)
        except ArmError as refusal:
            answer = ArmResponse.of_error(refusal)
        except NotSimulated as missing:
            self.plane.note(missing)
            answer = ArmResponse.of_error(not_simulated(missing.construct))
        except Exception:  # a bug of ours: the client gets ARM's 500, we get the traceback
            log.exception("%s %s", http.method, path)
            answer = ArmResponse.of_error(ArmError(500, "InternalServerError", "An error occurred."))
        self.plane.requests.append(
            RequestRecord(http.method, path, query.get("api-version", ""), answer.status, principal)
        )
        await _respond(answer, send)

    async def _answer(self, http: Request, path: str, query: dict[str, str], principal: str) -> ArmResponse:
        plane = self.plane
        if not query.get("api-version"):
            raise ArmError(
                400,
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.",
            )
        _check_subscription(plane, path)
        found = plane.dispatcher.find(http.method, path)
        if found is None:
            raise NotSimulated(f"{http.method} {path}", "ARM")
        route, params = found
        request = ArmRequest(
            plane,
            http.method,
            path,
            params,
            query,
            None if http.method in _BODILESS else _parse(await http.body()),
            f"{http.scope['scheme']}://{http.headers.get('host', 'localhost')}",
            principal,
        )
        _check_provider(plane, request, route)
        _check_group(plane, request, route)
        for gate in plane.gates:
            gate(request, route)
        answer = route.handler(request)
        return await answer if inspect.isawaitable(answer) else answer


def _parse(raw: bytes) -> Any:
    if not raw.strip():
        return None
    try:
        return json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise invalid_content(str(error)) from None


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _check_subscription(plane: ControlPlane, path: str) -> None:
    parts = path.split("/", 3)
    if (
        len(parts) > 2
        and parts[1].lower() == "subscriptions"
        and f"/subscriptions/{parts[2]}" not in plane.store
    ):
        raise subscription_not_found(parts[2])


def _check_provider(plane: ControlPlane, request: ArmRequest, route: Route) -> None:
    """Refuse what a subscription has not registered (aka.ms/rps-not-found)."""
    if "/providers/{namespace}" in route.template:  # a registration itself, or an operation's status
        return
    subscription = request.params.get("subscription")
    lowered = request.path.lower()
    at = lowered.find("/providers/")
    if not subscription or at < 0:
        return
    namespace = request.path[at + 11 :].split("/", 1)[0]
    provider = plane.store.get(f"/subscriptions/{subscription}/providers/{namespace}")
    if provider is not None and provider.body["registrationState"] != "Registered":
        raise ArmError(
            409,
            "MissingSubscriptionRegistration",
            f"The subscription is not registered to use namespace '{namespace}'. "
            "See https://aka.ms/rps-not-found for how to register subscriptions.",
            details=[
                {
                    "code": "MissingSubscriptionRegistration",
                    "target": namespace,
                    "message": f"The subscription is not registered to use namespace '{namespace}'. "
                    "See https://aka.ms/rps-not-found for how to register subscriptions.",
                }
            ],
        )


def _check_group(plane: ControlPlane, request: ArmRequest, route: Route) -> None:
    group = request.params.get("group")
    if group and route.template != GROUP and request.group_id not in plane.store:
        raise resource_group_not_found(group)


async def _respond(answer: ArmResponse, send: Send) -> None:
    content = b"" if answer.body is None else _encode(answer.body).encode("ascii")
    request_id = str(uuid.uuid4()).encode("ascii")
    headers = [
        (b"cache-control", b"no-cache"),
        (b"content-length", str(len(content)).encode("ascii")),
        (b"x-ms-request-id", request_id),
        (b"x-ms-correlation-request-id", request_id),
    ]
    if content:
        headers.append((b"content-type", b"application/json; charset=utf-8"))
    headers += [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()
    ]
    if answer.status == HTTPStatus.NO_CONTENT:
        headers = [header for header in headers if header[0] != b"content-length"]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
