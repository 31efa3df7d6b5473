from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from lab import reaper, registry
from lab.engine_setup import EngineMissing
from lab.registry import ProcessId, Record


def no_engine():
    raise EngineMissing("none answers")


def child(code="import time; time.sleep(60)"):
    return subprocess.Popen([sys.executable, "-c", code])


def dead():
    process = child("pass")
    identity = ProcessId.of(process.pid)
    process.wait()
    return identity


@pytest.fixture
def session(tmp_path, monkeypatch):
    # Reaping everything must not reach the folders of sessions that really run on this machine.
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    made = []

    def make(name="aaaa0001", *, owner=None, expires=60.0, **more):
        folder = tmp_path / f"lab-{name}"
        folder.mkdir()
        record = Record(name, "x", time.time() + expires, str(folder), owner or dead(), **more)
        record.save()
        made.append(record)
        return record

    return make


def test_what_a_dead_owner_left_is_removed(session, tmp_path):
    process = child()
    identity = ProcessId.of(process.pid, "fabric")
    record = session(pids=[identity])
    done = reaper.reap(engine=no_engine)
    assert not identity.alive()
    process.wait()
    assert done.processes == [f"{process.pid} fabric"]
    assert done.sessions == ["aaaa0001"]
    assert not (tmp_path / "lab-aaaa0001").exists()
    assert not record.path.exists()


def test_a_living_session_is_left_alone(session, tmp_path):
    session(owner=ProcessId.of(os.getpid()))
    done = reaper.reap(engine=no_engine)
    assert done.nothing
    assert done.kept == ["aaaa0001"]
    assert (tmp_path / "lab-aaaa0001").exists()


def test_a_detached_one_goes_when_it_expires(session):
    session("aaaa0001", detached=True)
    session("aaaa0002", detached=True, expires=-1)
    done = reaper.reap(engine=no_engine)
    assert (done.sessions, done.kept) == (["aaaa0002"], ["aaaa0001"])


def test_one_session_is_ended_by_name(session):
    session("aaaa0001", detached=True)
    session("aaaa0002", detached=True)
    done = reaper.reap(only="aaaa0001", engine=no_engine)
    assert done.sessions == ["aaaa0001"]
    assert [record.id for record in registry.records()] == ["aaaa0002"]


def test_a_process_that_took_over_the_number_is_not_touched(session):
    process = child()
    running = ProcessId.of(process.pid, "fabric")
    session(pids=[replace(running, created=running.created - 3600)])
    session("aaaa0002", pids=[replace(running, boot="before the machine was restarted")])
    done = reaper.reap(engine=no_engine)
    assert done.processes == []
    assert process.poll() is None
    process.kill()
    process.wait()


def test_children_of_a_left_process_go_too(session):
    code = "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(p.pid, flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    grandchild = ProcessId.of(int(process.stdout.readline()))
    session(pids=[ProcessId.of(process.pid, "fabric")])
    reaper.reap(engine=no_engine)
    process.communicate()
    assert not grandchild.alive()


def test_a_process_that_ignores_sigterm_is_killed():
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    identity = ProcessId.of(process.pid)
    assert reaper.end_process(identity, seconds=0.2)
    process.communicate()
    assert not identity.alive()


class Part:
    def __init__(self, name, **labels):
        self.name = name
        self.labels = labels
        self.attrs = {"Labels": labels}
        self.removed = False

    def remove(self, **_):
        self.removed = True


@pytest.fixture
def engine(monkeypatch):
    containers, networks = [], []
    client = SimpleNamespace(
        containers=SimpleNamespace(list=lambda **_: containers),
        networks=SimpleNamespace(list=lambda **_: networks),
    )
    found = SimpleNamespace(client=client, socket="/no/such/engine.sock")

    def remove(_engine, name):
        next(part for part in containers if part.name == name).remove()

    monkeypatch.setattr("lab.hosts.linux_container.remove", remove)
    monkeypatch.setattr("lab.hosts.linux_container.release_devices", lambda *_: None)
    return SimpleNamespace(find=lambda: found, client=client, containers=containers, networks=networks)


def labels(session, seconds):
    return {"lab.session": session, "lab.expires": str(int(time.time() + seconds))}


def test_containers_and_networks_go_with_their_session_or_when_they_expire(session, engine):
    session("aaaa0001")
    session("aaaa0002", owner=ProcessId.of(os.getpid()))
    engine.containers += [
        Part("dead", **labels("aaaa0001", 60)),
        Part("living", **labels("aaaa0002", 60)),
        Part("elsewhere", **labels("bbbb0001", 60)),  # of another user: not ours to judge
        Part("expired", **labels("bbbb0002", -60)),
    ]
    engine.networks += [Part("net", **labels("aaaa0001", 60))]
    done = reaper.reap(engine=engine.find)
    assert done.containers == ["dead", "expired"]
    assert done.networks == ["net"]


def test_all_means_all(session, engine):
    process = child()
    session("aaaa0002", owner=ProcessId.of(process.pid))
    engine.containers += [
        Part("living", **labels("aaaa0002", 60)),
        Part("elsewhere", **labels("bbbb0001", 60)),
    ]
    done = reaper.reap(everything=True, engine=engine.find)
    process.wait(5)
    assert done.containers == ["living", "elsewhere"]
    assert done.sessions == ["aaaa0002"]


def test_what_resists_is_told_and_its_session_stays_known(session, engine):
    import docker.errors

    record = session("aaaa0001")
    stuck = Part("stuck", **labels("aaaa0001", 60))

    def refuse(**_):
        raise docker.errors.APIError("no", explanation="device busy")

    stuck.remove = refuse
    engine.containers.append(stuck)
    done = reaper.reap(engine=engine.find)
    assert done.problems == ["stuck: device busy"]
    assert done.sessions == []
    assert record.path.exists()
    stuck.remove = lambda **_: None
    assert reaper.reap(engine=engine.find).sessions == ["aaaa0001"]


def test_a_session_stays_known_while_its_engine_does_not_answer(session, tmp_path):
    record = session(engine=str(tmp_path / "stopped.sock"))
    done = reaper.reap(engine=no_engine)
    (problem,) = done.problems
    assert "aaaa0001" in problem
    assert "stopped.sock" in problem
    assert record.path.exists()


def test_an_engine_that_goes_silent_is_told(session, engine):
    import requests

    record = session("aaaa0001")

    def hang(**_):
        raise requests.exceptions.ReadTimeout("read timed out")

    engine.client.containers.list = hang
    done = reaper.reap(engine=engine.find)
    assert done.problems == ["the container engine stopped answering: read timed out"]
    assert record.path.exists()


def test_a_registry_file_nobody_can_read_is_removed(state_dir):
    folder = state_dir / "sessions"
    folder.mkdir()
    (folder / "bad.json").write_text("{")
    assert reaper.reap(engine=no_engine).sessions == ["bad"]


def test_old_folders_that_no_session_knows_are_removed(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    old, young, other = tmp_path / "lab-0123abcd", tmp_path / "lab-0123abce", tmp_path / "lab-keepme00"
    for folder in (old, young, other):
        folder.mkdir()
    os.utime(old, (1, 1))
    os.utime(other, (1, 1))
    assert reaper.reap(engine=no_engine).folders == [str(old)]
    assert young.exists()
    assert other.exists()


def test_old_folders_of_another_user_are_theirs(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = tmp_path / "lab-0123abcd"
    folder.mkdir()
    os.utime(folder, (1, 1))
    monkeypatch.setattr("os.getuid", lambda: folder.stat().st_uid + 1)
    assert reaper.reap(engine=no_engine).folders == []
    assert folder.exists()
