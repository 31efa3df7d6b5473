"""The status document that a guest agent reports (version 1.1, as WALinuxAgent writes it)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fakes.courier.handlers import Handler

AGENT_VERSION = "2.7.41491.1010"
_OS = {"osName": "Windows Server 2019 Datacenter", "osVersion": "10.0.17763.0", "version": AGENT_VERSION}


def document(now: datetime, handlers: Iterable[Handler]) -> dict[str, Any]:
    """Return the document.

    Args:
        now: The time it is made.
        handlers: The handlers known to the agent.
    """
    agent = {
        "version": AGENT_VERSION,
        "status": "Ready",
        "formattedMessage": _text("GuestAgent is running and processing the extensions."),
    }
    return {
        "version": "1.1",
        "timestampUTC": _time(now),
        "aggregateStatus": {
            "guestAgentStatus": agent,
            "handlerAggregateStatus": [_handler(one, now) for one in handlers],
        },
        "guestOSInfo": {**_OS},
    }


def _handler(handler: Handler, now: datetime) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "handlerName": handler.name,
        "handlerVersion": handler.version,
        "status": handler.state,
        "code": 0 if handler.state == "Ready" else handler.result.get("code", 0),
        "formattedMessage": _text(handler.message),
    }
    if handler.sequence is not None and handler.result.get("status"):
        status = {
            "operation": "Enable",
            "status": handler.result["status"],
            "code": handler.result.get("code", 0),
            "formattedMessage": _text(handler.result.get("message", "")),
            "substatus": [_substatus(one) for one in handler.result.get("substatus") or []],
        }
        settings = {"version": "1.0", "timestampUTC": _time(now), "status": status}
        shown["runtimeSettingsStatus"] = {"sequenceNumber": str(handler.sequence), "settingsStatus": settings}
    return shown


def _substatus(part: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": part["name"],
        "status": part.get("status", ""),
        "code": part.get("code", 0),
        "formattedMessage": _text(part.get("message", "")),
    }


def _text(message: str) -> dict[str, str]:
    return {"lang": "en-US", "message": message}


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
