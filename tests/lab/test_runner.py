from __future__ import annotations

import errno
import json
import os
import signal
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from lab import registry
from lab.errors import InfrastructureError
from lab.journal.journal import Journal
from lab.runner import Request, run


@pytest.fixture
def start(lamp, tmp_path, monkeypatch, capsys):
    """Run the lamp scenario as the command line would; returns result, output and report folder."""
    monkeypatch.chdir(tmp_path)

    def go(request=None, *, commands=None, **hooks):
        folders = []

        def make(_scenario, session, _options, _say):
            folders.append(session.dir)
            world = type(lamp).world_class(**hooks)
            world.commands.update(commands or {})
            lamp.worlds.append(world)
            return world

        result = run(lamp.scenario(), request or Request(), make_world=make)
        return SimpleNamespace(
            result=result,
            out=capsys.readouterr().out,
            report=tmp_path / "reports" / result.session,
            folders=folders,
        )

    return go


def test_a_run_leaves_its_reports_and_nothing_else(start):
    done = start()
    assert done.result.exit_code == 0
    assert sorted(path.name for path in done.report.iterdir()) == [
        "journal.jsonl",
        "junit.xml",
        "summary.json",
    ]
    assert json.loads((done.report / "summary.json").read_text())["outcome"] == "healed"
    assert not done.folders[0].exists()
    assert list(registry.records()) == []


def test_the_console_tells_phases_verdicts_outcome_and_where_the_report_is(start):
    out = start(Request(mode="prove", seed=4711)).out
    lines = out.splitlines()
    assert lines[0] == "light_off: The light is off"
    assert "seed 4711" in lines[1]
    assert [line.split()[0] for line in lines if line.startswith("  ") and line.split()[1:2] == ["ok"]] == [
        "provision", "baseline", "inject", "confirm", "detect", "controls", "remediate", "verify", "verify",
        "restart", "compare", "teardown",
    ]  # fmt: skip
    assert [line.split()[1] for line in lines if line.strip().startswith("proof ")] == list("1234567")
    assert any(line.startswith("PROVEN in ") for line in lines)
    assert "lamp  modelled" in out
    assert lines[-1] == f"report: reports/{lines[1].split()[1]}"
    assert "\x1b" not in out


def test_a_failed_run_says_why(start):
    out = start(commands={"switch on": lambda _: "click"}).out
    assert "NOT HEALED in" in out
    assert "proof 5 (healed): The light is on: found no match for /light is on/" in out


def test_what_is_not_simulated_is_named(start):
    from lab.engine.world import Refusal

    done = start(commands={"switch on": lambda w: w.refusals.append(Refusal("program switch.exe", "vm"))})
    assert done.result.exit_code == 5
    assert "INCONCLUSIVE" in done.out
    assert "not simulated: program switch.exe (vm)" in done.out


def test_json_alone_on_standard_output(start, tmp_path):
    done = start(Request(as_json=True))
    summary = json.loads(done.out)
    assert summary["outcome"] == "healed"
    assert summary["report"] == f"reports/{summary['session']}"


def test_no_report_means_no_files(start, tmp_path):
    start(Request(no_report=True))
    assert not (tmp_path / "reports").exists()


def test_junit_goes_where_it_is_asked_for(start, tmp_path):
    start(Request(no_report=True, junit=tmp_path / "out" / "lab.xml"))
    suite = ET.parse(tmp_path / "out" / "lab.xml").getroot().find("testsuite")
    assert suite.get("failures") == suite.get("errors") == "0"


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("hook", ["on_inject", "on_backup", "on_advance", "on_restart", "on_close"])
def test_a_signal_in_any_phase_leaves_nothing(start, lamp, hook, signum, code):
    sent = []

    def interrupt(_world):
        if not sent:
            sent.append(signum)
            os.kill(os.getpid(), signum)

    done = start(Request(mode="prove"), **{hook: interrupt})
    expected = 0 if hook == "on_close" else code  # by then all is judged, and tear-down is not cut short
    assert done.result.exit_code == expected
    assert lamp.worlds[-1].closed == 1
    assert not done.folders[0].exists()
    assert list(registry.records()) == []


def test_a_signal_while_the_world_is_made_leaves_nothing(lamp, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def make(_scenario, _session, _options, _say):
        os.kill(os.getpid(), signal.SIGINT)

    result = run(lamp.scenario(), Request(no_report=True), make_world=make)
    assert (result.exit_code, result.phases[-1].name, result.phases[-1].status) == (
        130,
        "provision",
        "interrupted",
    )
    assert list(registry.records()) == []


def test_a_kept_world_stays_known(start, lamp):
    done = start(Request(keep="failed"), commands={"switch on": lambda _: ""})
    (record,) = registry.records()
    assert record.detached
    assert lamp.worlds[-1].closed == 0
    assert f"lab reap {record.id}" in done.out


@pytest.mark.parametrize("second", ["on_close", "at once"])
def test_a_second_signal_does_not_cut_the_clean_up_short(start, lamp, second):
    def twice(_world):
        try:
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            if second == "at once":
                os.kill(os.getpid(), signal.SIGINT)

    hooks = {"on_close": lambda _: os.kill(os.getpid(), signal.SIGTERM)} if second == "on_close" else {}
    done = start(on_inject=twice, **hooks)
    assert done.result.exit_code == 130
    assert lamp.worlds[-1].closed == 1
    assert not done.folders[0].exists()
    assert list(registry.records()) == []


def test_a_world_nobody_took_over_goes_with_its_session(lamp, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world = type(lamp).world_class()

    def make(_scenario, session, _options, _say):
        session.on_close(world.close)
        os.kill(os.getpid(), signal.SIGINT)

    assert run(lamp.scenario(), Request(no_report=True), make_world=make).exit_code == 130
    assert world.closed == 1


def test_a_disk_that_fills_is_a_lab_error_and_everything_is_taken_down(start, lamp, monkeypatch):
    answers = [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))]

    def fill(_world):
        monkeypatch.setattr(Journal, "_append", lambda *_: answers.pop() if answers else None)

    done = start(on_inject=fill)
    assert done.result.exit_code == 3
    assert "No space left on device" in done.result.reason
    assert "LAB ERROR" in done.out
    assert lamp.worlds[-1].closed == 1
    assert list(registry.records()) == []


def test_a_report_that_cannot_be_written_is_a_lab_error(start, lamp, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InfrastructureError, match=r"the report cannot be written: .*taken"):
        start(Request(no_report=True, junit=tmp_path / "taken" / "lab.xml"))
    assert lamp.worlds[-1].closed == 1
