from __future__ import annotations

import json

import pytest

from fakes.extension.linux.handler.vmsnapshot.environment import Environment


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """A handler's folder as the agent lays it out."""
    monkeypatch.delenv("ConfigSequenceNumber", raising=False)
    paths = {"heartbeatFile": str(tmp_path / "heartbeat.log")}
    for key in ("config", "status", "log"):
        (tmp_path / key).mkdir()
        paths[f"{key}Folder"] = str(tmp_path / key)
    document = [{"name": "x", "version": 1.0, "handlerEnvironment": paths}]
    (tmp_path / "HandlerEnvironment.json").write_text(json.dumps(document))
    return Environment.load(tmp_path)


@pytest.fixture
def settings(environment):
    """Return a function that writes the settings of a sequence number."""

    def write(sequence: int, public):
        document = {"runtimeSettings": [{"handlerSettings": {"publicSettings": public}}]}
        (environment.config_folder / f"{sequence}.settings").write_text(json.dumps(document))

    return write
