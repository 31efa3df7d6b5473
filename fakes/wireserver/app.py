"""The wire server as one VM sees it on 168.63.129.16 port 80."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fakes.notsimulated import NotSimulatedLog
from fakes.wireserver import documents
from fakes.wireserver.goalstate import VmGoalState

# name -> version -> what makes the package's bytes (built when first asked for).
Packages = Mapping[str, Mapping[str, Callable[[], bytes]]]


def wire_app(
    vm: VmGoalState,
    packages: Packages,
    not_simulated: NotSimulatedLog,
    on_contact: Callable[[], None] = lambda: None,
) -> Starlette:
    """Return the wire server of one VM as an ASGI application.

    The VM is known by the wire it comes from, as in Azure, where agents send no id of
    their own before they have been told one.

    Args:
        vm: Whose goal state is served.
        packages: The extension packages that may be downloaded.
        not_simulated: Where unknown requests are recorded; they are answered 501.
        on_contact: Called whenever the agent asks for its goal state.
    """

    async def root(request: Request) -> Response:
        if request.query_params.get("comp") == "versions":
            return _xml(documents.versions())
        return refuse(request)

    async def machine(request: Request) -> Response:
        component = request.query_params.get("comp", "").lower()
        if request.method == "GET" and component == "goalstate":
            on_contact()
            return _xml(documents.goal_state(vm, _base(request)))
        if request.method == "POST" and component in {"health", "telemetrydata"}:
            await request.body()
            return Response(status_code=200)
        if request.method == "POST" and component == "roleproperties":
            await request.body()
            return Response(status_code=202)  # the agent takes nothing else for success
        return refuse(request)

    async def config(request: Request) -> Response:
        if request.path_params["container"] != vm.container_id:
            return Response(
                "Container not found", status_code=410
            )  # the agent then asks for a new goal state
        match request.query_params.get("type", "").lower():
            case "hostingenvironmentconfig":
                return _xml(documents.hosting_environment(vm))
            case "sharedconfig":
                return _xml(documents.shared_config())
            case "extensionsconfig":
                return _xml(documents.extensions_config(vm, _base(request)))
        return refuse(request)

    async def manifest(request: Request) -> Response:
        name = request.path_params["name"]
        versions = packages.get(name)
        if not versions:
            return Response(f"no extension is named {name}", status_code=404)
        base = f"{_base(request)}/extensions/{name}"
        return _xml(documents.manifest((version, f"{base}/{version}.zip") for version in versions))

    async def package(request: Request) -> Response:
        build = packages.get(request.path_params["name"], {}).get(request.path_params["version"])
        if build is None:
            return Response("no such package", status_code=404)
        return Response(build(), media_type="application/zip")

    async def health_service(request: Request) -> Response:
        await request.body()
        return Response(status_code=200)

    def refuse(request: Request) -> Response:
        construct = f"wire server request {request.method} {request.url.path}?{request.url.query}"
        not_simulated.record(construct, vm.vm_id)
        return Response(f"NOT SIMULATED: {construct}", status_code=501)

    async def unknown(request: Request) -> Response:
        return refuse(request)

    return Starlette(
        routes=[
            Route("/", root),
            Route("/machine", machine, methods=["GET", "POST"]),
            Route("/machine/", machine, methods=["GET", "POST"]),
            Route("/machine/{container}/{instance}", config),
            Route("/extensions/{name}/manifest.xml", manifest),
            Route("/extensions/{name}/{version}.zip", package),
            Route("/HealthService", health_service, methods=["POST"]),
            Route("/{path:path}", unknown, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
    )


def _base(request: Request) -> str:
    return f"http://{request.headers.get('host', '168.63.129.16')}"


def _xml(text: str) -> Response:
    return Response(text, media_type="text/xml; charset=utf-8")
