"""Talks to a running fabric: the control API and the control plane (ARM)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

import requests

from lab.engine.world import AzureReply, Refusal
from lab.errors import InfrastructureError, PartDied, UsageError

POLL_FIRST = 0.01
POLL_LONGEST = 0.5
POLL_SHARE = 0.15
TERMINAL = frozenset({"Succeeded", "Failed", "Canceled"})


class ControlClient:
    """The control API of a fabric.

    Args:
        base: Its address.
        token: Its bearer token.
    """

    def __init__(self, base: str, token: str) -> None:
        self._base = base.rstrip("/")
        self._http = _session(token)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def inject(self, host: str, change: Mapping[str, Any]) -> None:
        """Change the state of a simulated host.

        Raises:
            UsageError: The change makes no sense; the fabric says why.
        """
        self._call("POST", f"/hosts/{host}/inject", dict(change))

    def host_state(self, host: str) -> dict[str, Any]:
        """Whole state of a simulated host."""
        state: dict[str, Any] = self._call("GET", f"/hosts/{host}/state")
        return state

    def restart(self, host: str, timeout: float) -> None:
        """Restart a simulated host."""
        self._call("POST", f"/hosts/{host}/restart", timeout=timeout)

    def reset(self, host: str) -> None:
        """Put a simulated host back to the state in which it was made."""
        self._call("POST", f"/hosts/{host}/reset")

    def advance(self, seconds: float) -> None:
        """Let virtual time pass."""
        self._call("POST", "/clock/advance", {"seconds": seconds}, timeout=120)

    def knob(self, settings: Mapping[str, Any]) -> None:
        """Turn knobs of the fabric."""
        self._call("POST", "/knobs", dict(settings))

    def not_simulated(self) -> list[Refusal]:
        """Everything that was refused, in order."""
        return [
            Refusal(entry["construct"], entry.get("where", ""))
            for entry in self._call("GET", "/not-simulated")
        ]

    def state(self) -> dict[str, Any]:
        """Resources of the control plane."""
        state: dict[str, Any] = self._call("GET", "/state")
        return state

    def fidelity(self) -> dict[str, str]:
        """Part -> what stands behind it."""
        parts: dict[str, str] = self._call("GET", "/fidelity")
        return parts

    def stop(self) -> None:
        """Ask the fabric to end."""
        self._call("POST", "/stop")

    def _call(self, method: str, path: str, body: Any = None, *, timeout: float = 30) -> Any:
        try:
            answer = self._http.request(method, self._base + path, json=body, timeout=timeout)
        except requests.RequestException as error:
            raise InfrastructureError(f"the fabric does not answer: {_cause(error)}") from None
        try:
            told = answer.json()
        except ValueError:
            raise InfrastructureError(
                f"the fabric answered {method} {path} with HTTP {answer.status_code}: {answer.text[:200]}"
            ) from None
        if answer.status_code == 400:
            raise UsageError(f"{path.strip('/')}: {told['error']}")
        if answer.status_code == 501:
            from lab.errors import Inconclusive

            raise Inconclusive(f"not simulated: {told['error']}")
        if answer.status_code == 503:
            raise PartDied(f"the lab itself is broken: {told['error']}")
        if not answer.ok:
            raise InfrastructureError(f"the fabric refused {method} {path}: {told.get('error', told)}")
        return told


class ArmClient:
    """The control plane of a fabric.

    Args:
        base: Its address, ``https://localhost:port``.
        token: Bearer token.
        ca: The lab's CA certificate (PEM file).
    """

    def __init__(self, base: str, token: str, ca: str) -> None:
        self.base = base.rstrip("/")
        self._http = _session(token)
        self._http.verify = ca

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(self, method: str, path: str, body: Any = None, *, timeout: float = 60) -> AzureReply:
        """Make one request and follow a long-running operation to its end.

        Args:
            method: HTTP method.
            path: A path with its api-version, or a whole address of this control plane.
            body: JSON-able body, None for none.
            timeout: Seconds for everything.

        Returns:
            The answer. After a long-running operation: the operation's error where it failed,
            else the resource (PUT, PATCH) or the operation's own answer.

        Raises:
            InfrastructureError: No answer, or the operation did not end in time.
        """
        deadline = time.monotonic() + timeout
        answer = self._send(method, path, body, deadline)
        operation = answer.headers.get("Azure-AsyncOperation")
        location = answer.headers.get("Location")
        if answer.status_code in {200, 201, 202} and operation:
            return self._follow(method, path, answer, operation, deadline)
        if answer.status_code == 202 and location:
            return self._follow_location(location, deadline)
        return _reply(answer)

    def request(self, method: str, path: str, body: Any = None, *, timeout: float = 60) -> requests.Response:
        """Make one request and return the raw answer, whatever its status."""
        return self._send(method, path, body, time.monotonic() + timeout)

    def _follow(
        self, method: str, path: str, first: requests.Response, operation: str, deadline: float
    ) -> AzureReply:
        began = time.monotonic()
        while True:
            polled = self._send("GET", operation, None, deadline)
            status = _json(polled).get("status") if polled.ok else "Failed"
            if status in TERMINAL:
                break
            _pause(began, deadline, operation)
        told = _json(polled)
        if status != "Succeeded":
            error = told.get("error") or {"code": str(status), "message": f"the operation ended {status}"}
            return AzureReply(
                first.status_code, {"error": error}, error=f"{error.get('code')}: {error.get('message')}"
            )
        if method in {"PUT", "PATCH"}:
            return _reply(self._send("GET", path, None, deadline))
        return AzureReply(first.status_code, told)

    def _follow_location(self, location: str, deadline: float) -> AzureReply:
        began = time.monotonic()
        while True:
            polled = self._send("GET", location, None, deadline)
            if polled.status_code != 202:
                return _reply(polled)
            _pause(began, deadline, location)

    def _send(self, method: str, path: str, body: Any, deadline: float) -> requests.Response:
        url = path if "://" in path.partition("?")[0] else self.base + path
        if not url.startswith(self.base + "/"):
            raise UsageError(f"{url}: not an address of this lab's control plane ({self.base})")
        try:
            return self._http.request(
                method, url, timeout=max(0.1, deadline - time.monotonic()),
                data=None if body is None else json.dumps(body), headers={"Content-Type": "application/json"},
            )  # fmt: skip
        except requests.RequestException as error:
            raise InfrastructureError(
                f"the control plane does not answer {method} {path}: {_cause(error)}"
            ) from None


def _session(token: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy of this machine stands between the lab and itself
    session.headers["Authorization"] = f"Bearer {token}"
    return session


def patience(waited: float) -> float:
    """Return how long to wait before asking again: a share of what was waited already, in seconds.

    >>> patience(0), patience(1), patience(60)
    (0.01, 0.15, 0.5)
    """
    return min(max(POLL_FIRST, waited * POLL_SHARE), POLL_LONGEST)


def _pause(began: float, deadline: float, what: str) -> None:
    pause = patience(time.monotonic() - began)
    if time.monotonic() + pause > deadline:
        raise InfrastructureError(f"the operation did not end in time: {what.partition('?')[0]}")
    threading.Event().wait(pause)


def _reply(answer: requests.Response) -> AzureReply:
    body = _json(answer)
    refused: tuple[str, ...] = ()
    if answer.status_code == 501 and body.get("error", {}).get("code") == "NotSimulated":
        refused = (str(body["error"].get("message", "an operation of the control plane")),)
    return AzureReply(answer.status_code, body, not_simulated=refused)


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        value = answer.json() if answer.content else {}
    except ValueError:
        return {"text": answer.text}
    return value if isinstance(value, dict) else {"value": value}


def _cause(error: BaseException) -> str:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return str(reason or error).splitlines()[0]
