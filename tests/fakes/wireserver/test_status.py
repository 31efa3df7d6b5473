"""Reading the agent's status document; the sample has the shape that WALinuxAgent 2.7.3.0 wrote."""

from __future__ import annotations

import json

import pytest

from fakes.clock import Clock
from fakes.wireserver.status import StatusMonitor

DOCUMENT = {
    "version": "1.1",
    "timestampUTC": "2018-06-25T12:00:00Z",
    "aggregateStatus": {
        "guestAgentStatus": {
            "version": "2.7.3.0",
            "status": "Ready",
            "formattedMessage": {"lang": "en-US", "message": "Guest Agent is running"},
        },
        "handlerAggregateStatus": [
            {
                "handlerName": "Microsoft.Azure.RecoveryServices.VMSnapshotLinux",
                "handlerVersion": "1.0.9100.0",
                "status": "Ready",
                "code": 0,
                "formattedMessage": {"lang": "en-US", "message": "Plugin enabled"},
                "runtimeSettingsStatus": {
                    "sequenceNumber": 3,
                    "settingsStatus": {
                        "status": {
                            "operation": "Enable",
                            "status": "error",
                            "code": "7",
                            "formattedMessage": {"lang": "en-US", "message": "failed"},
                            "substatus": [
                                {
                                    "name": "error",
                                    "status": "error",
                                    "code": 7,
                                    "formattedMessage": {"lang": "en-US", "message": "X: no route"},
                                }
                            ],
                        }
                    },
                },
            },
            {"handlerName": "Other", "handlerVersion": "1.0", "status": "NotReady", "code": 1001},
        ],
    },
    "guestOSInfo": {"osName": "debian", "osVersion": "12", "version": "2.7.3.0"},
}


def test_a_report_carries_agent_and_handlers():
    monitor = StatusMonitor(Clock())
    assert monitor.latest("/VM/1") is None
    monitor.received("/vm/1", json.dumps(DOCUMENT).encode() + b"\0" * 17)
    report = monitor.latest("/VM/1")
    assert report is not None
    assert (report.version, report.status, report.os_name) == ("2.7.3.0", "Ready", "debian 12")
    handler = report.handler("microsoft.azure.recoveryservices.vmsnapshotlinux")
    assert handler is not None
    assert (handler.sequence, handler.status, handler.code) == (3, "error", 7)
    assert handler.substatus[0].message == "X: no route"
    other = report.handler("other")
    assert other is not None
    assert (other.handler_state, other.sequence, other.code) == ("NotReady", None, 1001)


@pytest.mark.parametrize("document", [b"", b"{}", b'{"aggregateStatus": {}}', b"<xml/>"])
def test_what_is_not_a_status_document_is_refused_and_not_kept(document):
    monitor = StatusMonitor(Clock())
    with pytest.raises(ValueError, match="not a guest agent status document"):
        monitor.received("vm", document)
    assert monitor.latest("vm") is None
