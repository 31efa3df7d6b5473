"""The fabric as a process: it gets ready, it answers, and nothing of it stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psutil
import pytest
import requests

NAMES = "tenant subscription resource_group vm computer_name nic nsg vnet subnet vault policy admin_user admin_password"


def config(folder, os_name="linux", **changes):
    identity = {name: name.replace("_", "-")[:15] for name in NAMES.split()}
    return {
        "session": "test",
        "dir": str(folder),
        "expires": (datetime.now(UTC) + timedelta(minutes=5)).isoformat(),
        "identity": {**identity, "location": "westeurope", "storage_account": "stlabtest"},
        "hosts": {"vm": {"os": os_name}},
        **changes,
    }


@pytest.fixture
def start(tmp_path_factory):
    running = []

    def begin(data):
        process = subprocess.Popen(
            [sys.executable, "-m", "fakes.fabric"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        process.stdin.write(json.dumps(data) + "\n")
        process.stdin.flush()
        return process

    yield begin
    for process in running:
        process.kill()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
        process.wait(10)


def ready(process):
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return json.loads(line)


def is_gone(pid, seconds=10):
    try:
        psutil.Process(pid).wait(seconds)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


@pytest.mark.azurite
@pytest.mark.parametrize("os_name", ["linux", "windows"])
def test_it_gets_ready_and_the_end_of_its_input_ends_it(start, tmp_path, os_name):
    process = start(config(tmp_path, os_name))
    told = ready(process)
    headers = {"Authorization": f"Bearer {told['arm_token']}"}
    vm = requests.get(
        f"{told['arm']}{told['facts']['vm_id']}?api-version=2024-07-01",
        headers=headers,
        verify=told["ca"],
        timeout=10,
    )
    assert vm.json()["name"] == "vm"
    control = {"Authorization": f"Bearer {told['control_token']}"}
    parts = requests.get(f"{told['control']}/fidelity", headers=control, timeout=10).json()
    assert parts["storage"].startswith("real")
    process.stdin.close()
    assert process.wait(10) == 0
    assert is_gone(told["storage_pid"])
    assert list(tmp_path.rglob("*.sock")) == []


@pytest.mark.azurite
def test_a_guests_folder_holds_its_wire(start, tmp_path):
    process = start(config(tmp_path))
    folder = tmp_path / "s" / "10.0.0.4"
    told = ready(process)
    assert {path.name for path in folder.iterdir()} == {
        "dns.json", "ruleset.nft", "wire.sock", "hostga.sock", "imds.sock", "storage.sock",
    }  # fmt: skip
    assert json.loads((folder / "dns.json").read_text()) == {
        told["storage"]["host"]: told["storage"]["address"]
    }
    before = (folder / "ruleset.nft").read_text()
    rule = {
        "priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*",
        "sourcePortRange": "*", "destinationAddressPrefix": "Internet", "destinationPortRange": "*",
    }  # fmt: skip
    answer = requests.put(
        f"{told['arm']}{told['facts']['nsg_id']}/securityRules/DenyInternet?api-version=2018-02-01",
        json={"properties": rule},
        headers={"Authorization": f"Bearer {told['arm_token']}"},
        verify=told["ca"],
        timeout=10,
    )
    assert answer.ok, answer.text
    after = (folder / "ruleset.nft").read_text()
    assert "DenyInternet" in after
    assert "DenyInternet" not in before


@pytest.mark.azurite
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_storage_ends_with_it_however_it_ends(start, tmp_path, number):
    process = start(config(tmp_path))
    told = ready(process)
    os.kill(process.pid, number)
    process.wait(10)
    assert is_gone(told["storage_pid"])


@pytest.mark.azurite
def test_a_detached_one_outlives_its_input_and_ends_on_request(start, tmp_path):
    process = start(config(tmp_path, detached=True))
    told = ready(process)
    process.stdin.close()
    control = {"Authorization": f"Bearer {told['control_token']}"}
    assert requests.get(f"{told['control']}/clock", headers=control, timeout=10).ok
    assert requests.post(f"{told['control']}/stop", headers=control, timeout=10).ok
    assert process.wait(10) == 0


@pytest.mark.azurite
def test_it_expires(start, tmp_path):
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    process = start(config(tmp_path, detached=True, expires=soon))
    ready(process)
    assert process.wait(20) == 0


def test_a_bad_configuration_is_one_line_and_exit_code_3(start, tmp_path):
    process = start(config(tmp_path, colour="blue"))
    assert process.wait(20) == 3
    assert process.stderr.read() == "fabric: configuration: colour: unknown\n"


def test_an_unknown_region_is_refused(start, tmp_path):
    data = config(tmp_path)
    data["identity"]["location"] = "atlantis"
    process = start(data)
    assert process.wait(20) == 3
    assert "atlantis" in process.stderr.read()
