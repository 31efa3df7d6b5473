from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lab import registry
from lab.errors import InfrastructureError
from lab.session import Session


def test_a_session_is_known_while_it_lasts_and_gone_after():
    with Session("vss_bad_state") as session:
        (known,) = registry.records()
        assert (known.id, known.scenario, known.owner.pid) == (session.id, "vss_bad_state", os.getpid())
        assert stat.S_IMODE(session.dir.stat().st_mode) == 0o700
        assert session.dir.name == f"lab-{session.id}"
        (session.dir / "deep").mkdir()
    assert not session.dir.exists()
    assert list(registry.records()) == []


def test_it_is_registered_before_its_folder_is_made(state_dir, monkeypatch):
    (state_dir / "sessions").mkdir()
    known = []
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: known.extend(r.id for r in registry.records()))
    session = Session("x").open()
    assert session.id in known


@pytest.mark.parametrize(("variable", "advice"), [("LAB_STATE_DIR", "LAB_STATE_DIR"), ("TMPDIR", "TMPDIR")])
def test_a_folder_that_cannot_be_written_is_a_lab_error_and_leaves_nothing(
    tmp_path, monkeypatch, variable, advice
):
    (tmp_path / "taken").write_text("")
    if variable == "TMPDIR":
        monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "taken"))
    else:
        monkeypatch.setenv(variable, str(tmp_path / "taken" / "state"))
    with pytest.raises(InfrastructureError, match=rf"taken.*: Not a directory; .*{advice}") as raised:
        Session("x").open()
    assert raised.value.exit_code == 3
    assert list(registry.records()) == []


def test_a_detached_session_stays():
    with Session("x") as session:
        session.keep()
    assert session.dir.exists()
    session.close()
    assert not session.dir.exists()


def test_processes_come_and_go_in_the_registry():
    with Session("x") as session:
        session.started(os.getppid(), "fabric")
        assert [pid.what for pid in next(registry.records()).pids] == ["fabric"]
        session.ended(os.getppid())
        assert next(registry.records()).pids == []


def test_a_process_nobody_ended_is_ended_at_the_close():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with Session("x") as session:
        session.started(child.pid, "fabric")
        (identity,) = session.record.pids
        assert identity.alive()
    assert not identity.alive()
    child.wait(5)
