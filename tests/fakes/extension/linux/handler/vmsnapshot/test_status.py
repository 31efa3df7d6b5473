from __future__ import annotations

import json

from fakes.extension.linux.handler.vmsnapshot.status import SUCCESS, Result, StatusFile


def read(path):
    [document] = json.loads(path.read_text())
    return document["status"]


def test_a_failure_names_the_documented_error(tmp_path):
    file = StatusFile(tmp_path, 3)
    file.write(Result.failed(76, "ExtensionSnapshotFailedNoNetwork", "a: timed out"))
    status = read(tmp_path / "3.status")
    assert (status["status"], status["code"]) == ("error", 76)
    assert status["formattedMessage"] == {"lang": "en-US", "message": "a: timed out"}
    [part] = status["substatus"]
    assert (part["name"], part["status"]) == ("error", "error")
    assert part["formattedMessage"]["message"] == "ExtensionSnapshotFailedNoNetwork: a: timed out"


def test_only_an_end_is_final(tmp_path):
    file = StatusFile(tmp_path, 0)
    assert not file.is_final()
    file.write(Result.working("x"))
    assert not file.is_final()
    file.path.write_text("{")
    assert not file.is_final()
    file.write(Result(SUCCESS, 1, "done"))
    assert file.is_final()
    assert [path.name for path in tmp_path.iterdir()] == ["0.status"], "no half-written file stays"
