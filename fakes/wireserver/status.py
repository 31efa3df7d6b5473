"""Reads the status document that a guest agent puts into its status blob.

Its shape is WALinuxAgent's (``protocol/wire.py``, ``StatusBlob``; the Windows agent
writes the same): ``aggregateStatus`` with ``guestAgentStatus`` and
``handlerAggregateStatus``. The time of arrival of such a document is the heartbeat.
"""

from __future__ import annotations

import json
import threading
from datetime import datetime
from typing import Any

from fakes.clock import Clock
from fakes.fabric.ports import AgentReport, HandlerStatus, Substatus


class StatusMonitor:
    """The newest report of every VM; implements :class:`fakes.fabric.ports.AgentMonitor`.

    Args:
        clock: Whose time is the time of arrival.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._latest: dict[str, AgentReport] = {}
        self._contacts: dict[str, datetime] = {}

    def latest(self, vm_id: str) -> AgentReport | None:
        """Return the newest report of a VM, or ``None`` if none ever came."""
        with self._lock:
            return self._latest.get(vm_id.lower())

    def contacted(self, vm_id: str) -> datetime | None:
        """Return when the agent last asked for anything, or ``None`` if it never did."""
        with self._lock:
            return self._contacts.get(vm_id.lower())

    def contact(self, vm_id: str) -> None:
        """Note that the agent has just asked for something."""
        with self._lock:
            self._contacts[vm_id.lower()] = self._clock.now()

    def received(self, vm_id: str, document: bytes) -> AgentReport:
        """Take in a status document that has just arrived.

        Raises:
            ValueError: The document is not one; nothing is kept.
        """
        report = parse(document, self._clock.now())
        with self._lock:
            self._latest[vm_id.lower()] = report
        return report


def parse(document: bytes, received: datetime) -> AgentReport:
    """Turn a status document into a report.

    Raises:
        ValueError: It is not JSON or lacks the agent's own status.
    """
    try:
        # Page blobs are padded to 512 bytes.
        aggregate = json.loads(document.rstrip(b"\0 "))["aggregateStatus"]
        agent = aggregate["guestAgentStatus"]
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"not a guest agent status document: {error!r}") from error
    handlers = [_handler(entry) for entry in aggregate.get("handlerAggregateStatus") or []]
    return AgentReport(
        received=received,
        version=str(agent.get("version", "")),
        status=str(agent.get("status", "")),
        message=_text(agent.get("formattedMessage")),
        os_name=_os_name(json.loads(document.rstrip(b"\0 ")).get("guestOSInfo") or {}),
        handlers={handler.name.lower(): handler for handler in handlers},
    )


def _handler(entry: dict[str, Any]) -> HandlerStatus:
    runtime = entry.get("runtimeSettingsStatus") or {}
    status = (runtime.get("settingsStatus") or {}).get("status") or {}
    sequence = runtime.get("sequenceNumber")
    return HandlerStatus(
        name=entry["handlerName"],
        version=str(entry.get("handlerVersion", "")),
        handler_state=str(entry.get("status", "")),
        sequence=None if sequence is None else int(sequence),
        status=str(status.get("status", "")).lower(),
        code=int(status.get("code", entry.get("code")) or 0),
        message=_text(status.get("formattedMessage")) or _text(entry.get("formattedMessage")),
        substatus=tuple(
            Substatus(
                sub["name"],
                str(sub["status"]).lower(),
                int(sub.get("code") or 0),
                _text(sub.get("formattedMessage")),
            )
            for sub in status.get("substatus") or []
        ),
    )


def _text(formatted: dict[str, Any] | None) -> str:
    return str((formatted or {}).get("message") or "")


def _os_name(info: dict[str, Any]) -> str:
    return " ".join(str(info[key]) for key in ("osName", "osVersion") if info.get(key))
