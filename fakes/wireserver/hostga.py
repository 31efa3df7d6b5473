"""HostGAPlugin: the host's own helper for agents, on 168.63.129.16 port 32526.

It carries status blobs and artifacts for guests whose own way to storage is closed
(WALinuxAgent, ``protocol/hostplugin.py``). ``/vmSettings`` answers 404, which the agent
takes for "not supported here" and goes on with the wire server's goal state.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fakes.notsimulated import NotSimulatedLog

API_VERSION = "2015-09-01"
# method, URL, headers, body -> status code and body of storage's answer
Fetch = Callable[[str, str, dict[str, str], bytes], Awaitable[tuple[int, bytes]]]


def hostga_app(
    vm_id: str,
    fetch: Fetch,
    on_status: Callable[[bytes], Any],
    not_simulated: NotSimulatedLog,
) -> Starlette:
    """Return the HostGAPlugin of one VM as an ASGI application.

    Args:
        vm_id: Whose.
        fetch: Makes the host's own requests to storage.
        on_status: Told of each status document once storage has it.
        not_simulated: Where unknown requests are recorded; they are answered 501.
    """

    async def versions(_: Request) -> Response:
        return JSONResponse([API_VERSION])

    async def health(_: Request) -> Response:
        return Response(status_code=200)

    async def vm_settings(_: Request) -> Response:
        return Response("vmSettings is not supported", status_code=404)

    async def status(request: Request) -> Response:
        try:
            order = json.loads(await request.body())
            url = order["requestUri"]
            headers = {entry["headerName"]: entry["headerValue"] for entry in order.get("headers") or []}
            content = base64.b64decode(order.get("content") or "")
        except (KeyError, TypeError, ValueError) as error:
            return Response(f"not a status request: {error!r}", status_code=400)
        code, answer = await fetch("PUT", url, headers, content)
        if code >= 400:
            return Response(answer, status_code=code)
        if content:
            on_status(content)
        return Response(status_code=200)

    async def artifact(request: Request) -> Response:
        location = request.headers.get("x-ms-artifact-location")
        if not location:
            return Response("x-ms-artifact-location is missing", status_code=400)
        code, body = await fetch("GET", location, {}, b"")
        return Response(body, status_code=code)

    async def agent_log(request: Request) -> Response:
        await request.body()
        return Response(status_code=200)

    async def unknown(request: Request) -> Response:
        construct = f"HostGAPlugin request {request.method} {request.url.path}"
        not_simulated.record(construct, vm_id)
        return Response(f"NOT SIMULATED: {construct}", status_code=501)

    return Starlette(
        routes=[
            Route("/versions", versions),
            Route("/health", health),
            Route("/vmSettings", vm_settings),
            Route("/status", status, methods=["PUT"]),
            Route("/extensionArtifact", artifact),
            Route("/vmAgentLog", agent_log, methods=["PUT"]),
            Route("/{path:path}", unknown, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
    )
