from __future__ import annotations

import threading
import time

import psutil
import pytest

from lab import fabric_process
from lab.errors import InfrastructureError, StartTimeout
from lab.fabric_config import FabricConfig, FabricHost
from lab.identity import make_identity


@pytest.fixture
def config(tmp_path):
    def make(**more):
        hosts = {"vm": FabricHost("windows")}
        return FabricConfig("s1", tmp_path, time.time() + 60, 1, make_identity(1), hosts, **more)

    return make


def gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_it_gets_its_configuration_and_tells_when_it_is_ready(config, fabric_command):
    noted = []
    command = fabric_command("say(facts={'seen': config['hosts']['vm']['kind']})\nsys.stdin.read()\n")
    fabric = fabric_process.start(config(), command=command, note=noted.append)
    try:
        assert fabric.ready.facts == {"seen": "simulated"}
        assert noted == [fabric.pid]
        assert fabric.alive()
    finally:
        fabric.stop()
    assert gone(fabric.pid)


def test_it_ends_when_its_input_does_without_a_signal(config, fabric_command, tmp_path):
    body = f"say()\nsys.stdin.read()\nopen({str(tmp_path / 'polite')!r}, 'w').close()\n"
    fabric_process.start(config(), command=fabric_command(body)).stop()
    assert (tmp_path / "polite").exists()


def test_one_that_does_not_mind_its_input_is_terminated(config, fabric_command, monkeypatch):
    monkeypatch.setattr(fabric_process, "STOP_SECONDS", 0.2)
    fabric = fabric_process.start(config(), command=fabric_command("say()\ntime.sleep(60)\n"))
    fabric.stop()
    assert gone(fabric.pid)


def test_a_detached_one_is_asked_by_signal_at_once(config, fabric_command):
    fabric = fabric_process.start(config(detached=True), command=fabric_command("say()\ntime.sleep(60)\n"))
    started = time.monotonic()
    fabric.stop()
    assert time.monotonic() - started < 5
    assert gone(fabric.pid)


def test_an_early_end_is_told_with_its_last_words(config, fabric_command):
    command = fabric_command("print('noise', file=sys.stderr)\nsys.exit('port 443 is taken')\n")
    with pytest.raises(InfrastructureError) as raised:
        fabric_process.start(config(), command=command)
    assert raised.value.message == "the fabric ended with exit code 1 before it was ready: port 443 is taken"
    assert "noise" in raised.value.detail


def test_not_ready_in_time_is_a_time_out_and_leaves_no_process(config, fabric_command):
    noted = []
    with pytest.raises(StartTimeout, match=r"not ready within 0.3 s"):
        fabric_process.start(
            config(), command=fabric_command("sys.stdin.read()\n"), timeout=0.3, note=noted.append
        )
    assert gone(noted[0])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("print('hello', flush=True)\nsys.stdin.read()\n", "the fabric said b'hello"),
        ("say(ready=False, error='no storage')\nsys.stdin.read()\n", "did not start: no storage"),
        ("print('{\"ready\": true}', flush=True)\nsys.stdin.read()\n", "ready line lacks pid, arm"),
    ],
)
def test_a_wrong_ready_line_is_refused(config, fabric_command, body, message):
    with pytest.raises(InfrastructureError, match=message):
        fabric_process.start(config(), command=fabric_command(body))


def test_one_that_died_in_between_is_told_when_it_is_stopped(config, fabric_command):
    fabric = fabric_process.start(config(), command=fabric_command("say()\nsys.exit('out of memory')\n"))
    end = time.monotonic() + 5
    while fabric.alive() and time.monotonic() < end:
        threading.Event().wait(0.01)
    with pytest.raises(InfrastructureError, match="had died with exit code 1") as raised:
        fabric.stop()
    assert "out of memory" in raised.value.detail


def test_what_is_secret_in_the_ready_line(config, fabric_command):
    fabric = fabric_process.start(config(), command=fabric_command("say()\nsys.stdin.read()\n"))
    fabric.stop()
    assert set(fabric.ready.secrets) == {"armtoken", "controltoken", "storagekey", "hostpassword"}
    assert "armtoken" not in repr(fabric.ready)
