"""The instance metadata service of one VM, on 169.254.169.254 port 80.

Source: "Azure Instance Metadata Service" (learn.microsoft.com); a request must carry
``Metadata: true``, must not come through a proxy, and must name an ``api-version``.
"""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fakes.notsimulated import NotSimulatedLog


def imds_app(compute: dict[str, Any], network: dict[str, Any], not_simulated: NotSimulatedLog) -> Starlette:
    """Return the metadata service as an ASGI application.

    Args:
        compute: What ``/metadata/instance/compute`` says of the VM.
        network: What ``/metadata/instance/network`` says.
        not_simulated: Where requests for other metadata are recorded; they are answered 501.
    """
    document = {"compute": compute, "network": network}

    async def instance(request: Request) -> Response:
        if request.headers.get("metadata", "").lower() != "true":
            return _bad("Bad request. Required metadata header not specified")
        if "x-forwarded-for" in request.headers:
            return _bad("Bad request. Requests through a proxy are not allowed")
        if "api-version" not in request.query_params:
            return _bad("Bad request. api-version was not specified in the request")
        found: Any = document
        for part in filter(None, request.path_params["path"].split("/")):
            if not isinstance(found, dict) or part not in found:
                return JSONResponse({"error": "Not found"}, status_code=404)
            found = found[part]
        if not isinstance(found, dict | list):
            return Response(str(found), media_type="text/plain")
        return JSONResponse(found)

    async def unknown(request: Request) -> Response:
        construct = f"IMDS request {request.method} {request.url.path}"
        not_simulated.record(construct, str(compute.get("name", "")))
        return JSONResponse({"error": f"NOT SIMULATED: {construct}"}, status_code=501)

    return Starlette(
        routes=[
            Route("/metadata/instance{path:path}", instance),
            Route("/{path:path}", unknown, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
    )


def _bad(message: str) -> Response:
    return JSONResponse({"error": message}, status_code=400)
