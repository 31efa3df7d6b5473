"""Long-running operations: started by a handler, polled by the client, timed by the clock.

The protocol is the Resource Provider RPC's for asynchronous calls: a PUT answers 200 or
201 with the resource in a passing ``provisioningState`` and ``Azure-AsyncOperation``; a DELETE
or POST answers 202 with ``Azure-AsyncOperation`` and ``Location``; both URLs are absolute.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fakes.arm.errors import ArmError, not_simulated
from fakes.arm.http import ArmRequest, ArmResponse, Json
from fakes.clock import Clock
from fakes.notsimulated import NotSimulated
from fakes.tasks import BackgroundTasks

log = logging.getLogger(__name__)

Work = Callable[[], Any | Awaitable[Any]]

TERMINAL = frozenset({"Succeeded", "Failed", "Canceled"})


@dataclass
class Operation:
    """One long-running operation.

    Attributes:
        name: Its guid.
        path: The path of its status; results stand beside it under ``operationResults``.
        status: ``InProgress``, ``Succeeded``, ``Failed`` or ``Canceled``.
        started: Virtual time.
        ended: Virtual time, ``None`` while it runs.
        error: The wire error of a failed one.
        error_status: The HTTP status with which ``Location`` serves that error.
        result: What its work returned: the body that ``Location`` serves.
        properties: Further properties to show in its status.
    """

    name: str
    path: str
    started: datetime
    status: str = "InProgress"
    ended: datetime | None = None
    error: Json | None = None
    error_status: int = 500
    result: Any = None
    properties: Json | None = None

    @property
    def result_path(self) -> str:
        """The path of its result."""
        return self.path.replace("/operations/", "/operationResults/")

    def body(self) -> Json:
        """Return the wire form of the status."""
        shown: Json = {"name": self.name, "status": self.status, "startTime": timestamp(self.started)}
        if self.ended:
            shown["endTime"] = timestamp(self.ended)
        if self.error:
            shown["error"] = self.error
        if self.properties is not None:
            shown["properties"] = self.properties
        return shown


def timestamp(moment: datetime) -> str:
    """Return a time as ARM writes it, with seven digits of fraction and the offset.

    >>> from datetime import UTC
    >>> timestamp(datetime(2018, 6, 25, 9, 30, 1, 5, tzinfo=UTC))
    '2018-06-25T09:30:01.0000050+00:00'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0+00:00"


class Operations:
    """The operations of a plane.

    Args:
        clock: Times them.
        note: Told of every NotSimulated that an operation ran into.
        seconds: How long an operation takes when its starter does not say, virtual seconds.
        retry_after: What clients are told to wait between polls, real seconds. Below one
            second it goes out as ``x-ms-retry-after-ms``: ``Retry-After`` holds whole
            seconds only, and azure-core takes 0 for "no hint" and then sleeps 30 s.
    """

    def __init__(
        self,
        clock: Clock,
        note: Callable[[NotSimulated], None],
        *,
        seconds: float = 0.0,
        retry_after: float = 0.02,
    ) -> None:
        self.clock = clock
        self.note = note
        self.seconds = seconds
        self.retry_after = retry_after
        self._known: dict[str, Operation] = {}
        self._tasks = BackgroundTasks()

    def start(
        self,
        subscription: str,
        namespace: str,
        location: str,
        work: Work | None = None,
        *,
        seconds: float | None = None,
        path: str | None = None,
    ) -> Operation:
        """Start an operation on the running event loop.

        Args:
            subscription: Of its resource.
            namespace: ``Microsoft.Network``: names the provider whose URL serves it.
            location: Region, likewise.
            work: Done when ``seconds`` have passed, plain or ``async``. What it returns is the
                result; an :class:`ArmError` it raises is the operation's failure.
            seconds: Virtual seconds before the work.
            path: The path of the status when a provider has URLs of its own; ``{name}`` in
                it stands for the operation's guid.
        """
        name = str(uuid.uuid4())
        template = (
            path
            or f"/subscriptions/{subscription}/providers/{namespace}/locations/{location}/operations/{{name}}"
        )
        operation = Operation(name, template.replace("{name}", name), self.clock.now())
        self._known[name] = operation
        delay = self.seconds if seconds is None else seconds
        self._tasks.start(self._run(operation, work, delay))
        return operation

    def get(self, name: str) -> Operation | None:
        """Return an operation by its guid, in any case."""
        return self._known.get(name.lower())

    def finish(
        self, operation: Operation, status: str, *, error: Json | None = None, result: Any = None
    ) -> None:
        """End an operation; one that has ended stays as it is."""
        if operation.status in TERMINAL:
            return
        operation.error, operation.result = error, result
        operation.ended = self.clock.now()
        operation.status = status

    async def settle(self) -> None:
        """Wait until every operation has ended."""
        await self._tasks.settle()

    async def close(self) -> None:
        """Cancel what still runs, for the end of the process."""
        await self._tasks.close()

    async def _run(self, operation: Operation, work: Work | None, delay: float) -> None:
        try:
            if delay > 0:
                with self.clock.demand():
                    await self.clock.sleep(delay)
            result = work() if work else None
            if inspect.isawaitable(result):
                result = await result
        except asyncio.CancelledError:
            self.finish(operation, "Canceled")
            raise
        except ArmError as refusal:
            operation.error_status = refusal.status
            self.finish(operation, "Failed", error=refusal.error())
        except NotSimulated as missing:
            self.note(missing)
            operation.error_status = 501
            self.finish(operation, "Failed", error=not_simulated(missing.construct).error())
        except Exception:  # a bug of ours must not leave a client polling for ever
            log.exception("operation %s failed", operation.path)
            self.finish(
                operation,
                "Failed",
                error={"code": "InternalServerError", "message": "An error occurred."},
            )
        else:
            self.finish(operation, "Succeeded", result=result)

    # -- answers ---------------------------------------------------------------
    def wait_headers(self) -> dict[str, str]:
        """Return the header that says how long to wait before the next poll."""
        if self.retry_after >= 1:
            return {"Retry-After": str(round(self.retry_after))}
        return {"x-ms-retry-after-ms": str(round(self.retry_after * 1000))}

    def put_response(
        self, request: ArmRequest, operation: Operation, body: Json, *, created: bool
    ) -> ArmResponse:
        """Answer a PUT or PATCH: the resource as it is now, and where to poll."""
        headers = {"Azure-AsyncOperation": request.url(operation.path), **self.wait_headers()}
        return ArmResponse(201 if created else 200, body, headers)

    def accepted(self, request: ArmRequest, operation: Operation, body: Any = None) -> ArmResponse:
        """Answer a DELETE or POST: 202, and where to poll and to fetch the result."""
        headers = {
            "Azure-AsyncOperation": request.url(operation.path),
            "Location": request.url(operation.result_path),
            **self.wait_headers(),
        }
        return ArmResponse(202, body, headers)
