from __future__ import annotations

import os
import stat
import subprocess
import sys
import time

from lab import registry
from lab.registry import ProcessId, Record


def record(**more):
    values = {
        "id": "aaaa0001",
        "scenario": "x",
        "expires": time.time() + 60,
        "dir": "/tmp/none",
        "owner": ProcessId.of(os.getpid()),
    }
    return Record(**{**values, **more})


def dead_process():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = ProcessId.of(child.pid, "child")
    child.communicate()
    return identity


def test_a_record_survives_its_file():
    saved = record(pids=[ProcessId(1, 2.0, "fabric")], extra={"kind": "training"})
    saved.save()
    (loaded,) = registry.records()
    assert loaded == saved


def test_files_are_for_their_owner_alone(state_dir):
    record().save()
    assert stat.S_IMODE((state_dir / "sessions" / "aaaa0001.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((state_dir / "sessions").stat().st_mode) == 0o700


def test_a_file_that_is_none_is_told_apart_and_hides_no_other(state_dir):
    record().save()
    (state_dir / "sessions" / "bad.json").write_text("{")
    assert [found.id for found in registry.records()] == ["aaaa0001"]
    assert [path.name for path in registry.broken()] == ["bad.json"]


def test_a_process_is_known_by_its_time_of_creation():
    me = ProcessId.of(os.getpid())
    assert me.alive()
    assert not ProcessId(me.pid, me.created - 100).alive()
    assert not dead_process().alive()


def test_when_a_session_is_abandoned():
    assert not record().abandoned
    assert record(expires=time.time() - 1).abandoned
    assert record(owner=dead_process()).abandoned
    assert not record(owner=dead_process(), detached=True).abandoned
    assert record(detached=True, expires=time.time() - 1).abandoned
