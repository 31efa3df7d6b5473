from __future__ import annotations

import json

import pytest

from fakes.extension.linux.handler.vmsnapshot.environment import BadSettings, Disk, Order

SNAPSHOT = {
    "commandToExecute": "snapshot",
    "taskId": "t",
    "disks": [{"lun": -1, "snapshotUri": "https://a/b?s"}],
}


def test_the_agent_tells_the_sequence_number(environment, settings, monkeypatch):
    assert environment.sequence() is None
    settings(2, {})
    settings(10, {})
    assert environment.sequence() == 10
    monkeypatch.setenv("ConfigSequenceNumber", "2")
    assert environment.sequence() == 2


def test_an_order_for_snapshots(environment, settings):
    settings(0, SNAPSHOT)
    assert environment.order(0) == Order("t", (Disk(-1, "https://a/b?s"),))
    settings(1, json.dumps(SNAPSHOT))
    assert environment.order(1) == environment.order(0), "older agents hand over a string"


@pytest.mark.parametrize("public", [{}, {"commandToExecute": ""}, None])
def test_settings_without_a_command_ask_for_nothing(environment, settings, public):
    settings(0, public)
    assert environment.order(0) is None
    assert environment.order(9) is None


@pytest.mark.parametrize(
    ("public", "words"),
    [
        ({"commandToExecute": "format"}, "unknown command 'format'"),
        ({"commandToExecute": "snapshot"}, "disks cannot be read"),
        ({"commandToExecute": "snapshot", "disks": []}, "no disk is named"),
        ({"commandToExecute": "snapshot", "disks": [{"lun": 0}]}, "disks cannot be read"),
        (
            {"commandToExecute": "snapshot", "disks": [{"lun": 0, "snapshotUri": "http://a"}]},
            "no https address",
        ),
        ("{", "cannot be read"),
    ],
)
def test_bad_settings_say_what_is_wrong(environment, settings, public, words):
    settings(0, public)
    with pytest.raises(BadSettings, match=words):
        environment.order(0)


def test_the_heartbeat_has_the_agents_format(environment):
    environment.write_heartbeat("Ready", 0, "fine")
    assert json.loads(environment.heartbeat_file.read_text()) == [
        {"version": 1.0, "heartbeat": {"status": "Ready", "code": 0, "Message": "fine"}}
    ]
