"""A client of the control plane without a socket, for tests and for tools in the same process.

It speaks ASGI to the application directly and keeps one event loop, on which long-running
operations go on while a call is under way.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """A response: status, headers by lower-cased name, parsed JSON body or ``None``."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str:
        """The ARM error code, or ``""``."""
        return str((self.body or {}).get("error", {}).get("code", ""))

    @property
    def message(self) -> str:
        """The ARM error message, or ``""``."""
        return str((self.body or {}).get("error", {}).get("message", ""))


class InProcessClient:
    """Calls an ASGI application.

    Args:
        app: The application.
        token: Sent as the bearer token; empty for none.
        api_version: Added to every URL that has none; empty for none.
    """

    def __init__(self, app: ASGIApp, token: str, *, api_version: str = "2024-07-01") -> None:
        self.app = app
        self.token = token
        self.api_version = api_version
        self.loop = asyncio.new_event_loop()

    def close(self) -> None:
        """Close the event loop."""
        self.loop.close()

    def call(
        self, method: str, url: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request and wait for its answer.

        Args:
            method: HTTP method.
            url: A path or an absolute URL, with or without a query.
            body: Sent as JSON; ``bytes`` are sent as they are; ``None`` for no body.
            headers: Further headers.
        """
        return self.loop.run_until_complete(self.send(method, url, body, headers=headers))

    def wait(self, answer: Answer) -> Answer:
        """Poll an answer's ``Azure-AsyncOperation`` until it ends; return the last status."""
        status = self.call("GET", answer.headers["azure-asyncoperation"])
        while status.body["status"] == "InProgress":
            self.loop.run_until_complete(asyncio.sleep(0.001))
            status = self.call("GET", answer.headers["azure-asyncoperation"])
        return status

    async def send(
        self, method: str, url: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> Answer:
        """Do what :meth:`call` does, on the caller's event loop."""
        parts = urlsplit(url)
        query = parts.query
        if self.api_version and "api-version=" not in query.lower():
            query = f"{query}&api-version={self.api_version}".lstrip("&")
        sent = {"host": "management.azure.com", **(headers or {})}
        if self.token:
            sent.setdefault("authorization", f"Bearer {self.token}")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        }
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def collect(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, collect)
        start = messages[0]
        answered = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        raw = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(start["status"], answered, json.loads(raw) if raw else None)
