"""The control API: injections, time, restarts, state for differences, what was refused.

All routes want ``Authorization: Bearer <control_token>`` and speak JSON. A request that
makes no sense is answered 400 with one line in ``error``; a thing that the fabric knows of
but does not implement is 501 and on the record. Once a part of the fabric has died, everything
but ``/stop`` is answered 503: what is seen from then on says nothing about the world it played.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fakes.clock import Clock
from fakes.notsimulated import NotSimulated, NotSimulatedLog


class Machine(Protocol):
    """What the panel can do to a simulated host."""

    def inject(self, change: dict[str, Any]) -> None:
        """Change the host's state; a change that makes no sense is a ``ValueError``."""

    def dump(self) -> dict[str, Any]:
        """Return its whole state, JSON-able."""

    def restart(self) -> None:
        """Restart it."""

    def reset(self) -> None:
        """Put it back to the state in which it was made."""


class World(Protocol):
    """What the panel needs of the fabric."""

    clock: Clock
    not_simulated: NotSimulatedLog
    machines: dict[str, Machine]

    def state(self) -> dict[str, Any]:
        """Return the control plane's resources, for differences."""

    def fidelity(self) -> dict[str, str]:
        """Return of each part whether it is real, emulated or modelled."""

    def turn(self, knob: dict[str, Any]) -> None:
        """Turn a knob of the fabric."""

    def broken(self) -> str:
        """Return which part of the fabric has died and how, empty while all live."""

    def stop(self) -> None:
        """Begin to end the fabric."""


Handler = Callable[[Request], Awaitable[Any]]


def control_app(world: World, token: str) -> Starlette:
    """Return the control API as an ASGI application.

    Args:
        world: What it controls.
        token: The bearer token that it wants.
    """

    async def inject(request: Request) -> Any:
        machine, change = _machine(request), await _body(request)
        await asyncio.to_thread(machine.inject, change)
        return {"injected": change}

    async def host_state(request: Request) -> Any:
        state = await asyncio.to_thread(_machine(request).dump)
        # "runtime" holds passwords, and otherwise only what differs between any two runs.
        return {section: data for section, data in state.items() if section != "runtime"}

    async def restart(request: Request) -> Any:
        await asyncio.to_thread(_machine(request).restart)
        return {"restarted": request.path_params["name"]}

    async def reset(request: Request) -> Any:
        await asyncio.to_thread(_machine(request).reset)
        return {"reset": request.path_params["name"]}

    async def advance(request: Request) -> Any:
        seconds = (await _body(request)).get("seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            raise ValueError(f"seconds: expected a number of 0 or more, found {seconds!r}")
        with world.clock.demand():
            await world.clock.sleep(seconds)  # not advance(): everyone gets their turn on the way
        return {"now": world.clock.now().isoformat()}

    async def clock(_: Request) -> Any:
        return {"now": world.clock.now().isoformat()}

    async def not_simulated(_: Request) -> Any:
        return world.not_simulated.entries()

    async def state(_: Request) -> Any:
        return world.state()

    async def fidelity(_: Request) -> Any:
        return world.fidelity()

    async def knobs(request: Request) -> Any:
        knob = await _body(request)
        world.turn(knob)
        return {"turned": knob}

    async def stop(_: Request) -> Any:
        world.stop()
        return {"stopping": True}

    def _machine(request: Request) -> Machine:
        name = request.path_params["name"]
        if name not in world.machines:
            known = ", ".join(sorted(world.machines)) or "none"
            raise LookupError(f"no simulated host is named {name!r}; there are: {known}")
        return world.machines[name]

    def guarded(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            sent = request.headers.get("authorization", "")
            if not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
                return JSONResponse({"error": "the control token is missing or wrong"}, status_code=401)
            if handler is not stop and (part := world.broken()):
                return JSONResponse({"error": part}, status_code=503)
            try:
                return JSONResponse(await handler(request))
            except LookupError as error:
                return JSONResponse({"error": str(error.args[0])}, status_code=404)
            except ValueError as error:
                return JSONResponse({"error": str(error)}, status_code=400)
            except NotSimulated as missing:
                return JSONResponse({"error": str(missing)}, status_code=501)

        return answer

    routes = [
        ("POST", "/hosts/{name}/inject", inject),
        ("GET", "/hosts/{name}/state", host_state),
        ("POST", "/hosts/{name}/restart", restart),
        ("POST", "/hosts/{name}/reset", reset),
        ("POST", "/clock/advance", advance),
        ("GET", "/clock", clock),
        ("GET", "/not-simulated", not_simulated),
        ("GET", "/state", state),
        ("GET", "/fidelity", fidelity),
        ("POST", "/knobs", knobs),
        ("POST", "/stop", stop),
    ]
    return Starlette(
        routes=[Route(path, guarded(handler), methods=[method]) for method, path, handler in routes]
    )


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except json.JSONDecodeError as error:
        raise ValueError(f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")
    return body
