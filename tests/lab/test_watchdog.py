from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest

from lab import registry, watchdog
from lab.registry import ProcessId, Record


@pytest.fixture
def session(tmp_path):
    def make(expires, pids=()):
        folder = tmp_path / "lab-aaaa0001"
        folder.mkdir()
        record = Record(
            "aaaa0001", "x", time.time() + expires, str(folder), ProcessId(1, 1.0), list(pids), detached=True
        )
        record.save()
        return record

    return make


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///no/such/engine.sock")


def test_a_session_is_removed_when_it_expires(session, tmp_path):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    identity = ProcessId.of(child.pid, "fabric")
    session(0.3, [identity])
    watchdog.watch("aaaa0001")
    assert not identity.alive()
    child.wait()
    assert list(registry.records()) == []
    assert not (tmp_path / "lab-aaaa0001").exists()


def test_it_ends_when_the_session_is_gone():
    started = time.monotonic()
    watchdog.watch("nosuch00")
    assert time.monotonic() - started < watchdog.LOOK_EVERY / 2


def test_it_outlives_who_started_it_and_does_its_work(session):
    session(1.0)
    pid = watchdog.start("aaaa0001")
    process = psutil.Process(pid)
    process.wait(20)
    assert list(registry.records()) == []
