"""The commands as the agent runs them, each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time

import pytest

from fakes.extension.linux.package import HANDLER

NOBODY = "https://127.0.0.1:9/vhds/os?sig=secret"  # the discard port, closed everywhere


@pytest.fixture
def handle(environment, tmp_path):
    shutil.copytree(HANDLER / "vmsnapshot", tmp_path / "vmsnapshot")
    shutil.copy(HANDLER / "handle.sh", tmp_path / "handle.sh")

    def run(*arguments):
        environ = {key: value for key, value in os.environ.items() if key != "ConfigSequenceNumber"}
        return subprocess.run(
            ["sh", tmp_path / "handle.sh", *arguments],
            cwd="/",
            capture_output=True,
            text=True,
            env=environ,
            check=False,
        )

    return run


def status(environment, sequence, *, final=True):
    path = environment.status_folder / f"{sequence}.status"
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if path.exists():
            [document] = json.loads(path.read_text())
            if not final or document["status"]["status"] != "transitioning":
                return document["status"]
        time.sleep(0.02)
    raise AssertionError(f"no status {sequence}")


@pytest.mark.parametrize("command", ["install", "enable", "disable", "update", "uninstall"])
def test_every_command_of_the_manifest_works(handle, environment, command):
    result = handle(command)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"command {command}" in (environment.log_folder / "extension.log").read_text()


def test_another_command_is_a_usage_error(handle):
    result = handle("format")
    assert result.returncode == 64
    assert result.stderr.startswith("usage: handle.sh install|enable")


def test_enable_answers_at_once_and_works_on(handle, environment, settings):
    settings(0, {"commandToExecute": "snapshot", "disks": [{"lun": -1, "snapshotUri": NOBODY}]})
    assert handle("enable").returncode == 0
    assert status(environment, 0, final=False)["code"] in {4, 76}
    answer = status(environment, 0)
    assert answer["code"] == 76
    assert answer["substatus"][0]["formattedMessage"]["message"].startswith(
        "ExtensionSnapshotFailedNoNetwork"
    )
    assert "secret" not in (environment.log_folder / "extension.log").read_text()


def test_the_agents_restart_does_not_repeat_a_snapshot(handle, environment, settings):
    settings(0, {"commandToExecute": "snapshot", "disks": [{"lun": -1, "snapshotUri": NOBODY}]})
    handle("enable")
    status(environment, 0)
    file = environment.status_folder / "0.status"
    before = file.stat().st_mtime_ns
    assert handle("enable").returncode == 0
    assert "carried out before" in (environment.log_folder / "extension.log").read_text()
    assert file.stat().st_mtime_ns == before


def test_settings_that_cannot_be_read_have_their_own_error(handle, environment, settings):
    settings(4, {"commandToExecute": "explode"})
    assert handle("enable").returncode == 0
    answer = status(environment, 4)
    assert answer["code"] == 11
    assert answer["substatus"][0]["formattedMessage"]["message"].startswith("ExtensionConfigParsingFailure: ")
