"""Steps that are not commands: REST calls, Python scripts, knobs, waits, backups."""

from __future__ import annotations

import pytest

from lab.engine.limits import Deadline
from lab.engine.steps import Steps
from lab.engine.world import AzureReply, BackupResult
from lab.errors import CommandTimeout
from lab.model.checks import BackupCheck, ServiceCheck
from lab.model.steps import AzureStep, CmdStep, KnobStep, PowershellStep, PythonStep, WaitStep

GET = "GET /x?api-version=1"


@pytest.fixture
def steps(lamp):
    world = lamp.world_class()
    return Steps(lamp.scenario(), world)


@pytest.fixture
def deadline():
    return Deadline("detect", 30)


@pytest.mark.parametrize(
    ("reply", "step", "reason"),
    [
        (AzureReply(200, {}), {}, ""),
        (AzureReply(404, {}), {}, "HTTP 404, expected 2xx"),
        (AzureReply(404, {}), {"expect": 404}, ""),
        (AzureReply(200, {}), {"expect": [403, 409]}, "HTTP 200, expected 403 or 409"),
        (
            AzureReply(202, {"error": {}}, error="ScopeLocked: no"),
            {},
            "the operation failed: ScopeLocked: no",
        ),
        (AzureReply(200, {"a": [{"b": "Deny"}]}), {"query": "a[0].b", "equals": "Deny"}, ""),
        (AzureReply(200, {"a": "Allow"}), {"query": "a", "equals": "Deny"}, 'is "Allow", expected "Deny"'),
        (AzureReply(200, {"a": None}), {"query": "a", "finds": "Deny"}, "found no match for /Deny/"),
        (AzureReply(200, {"a": 1}), {"query": "a", "equals": 1}, ""),
        (AzureReply(200, {"a": "x y"}), {"lacks": "x y"}, "found 'x y', a match for /x y/"),
    ],
)
def test_answers_of_the_control_plane(steps, deadline, monkeypatch, reply, step, reason):
    monkeypatch.setattr(steps.world, "azure", lambda *_: reply)
    done = steps.check(AzureStep(azure=GET, **step), deadline)
    assert (done.ok, done.reason) == (not reason, reason)


def test_a_wrong_fix_may_be_refused_by_the_control_plane(steps, deadline, monkeypatch):
    monkeypatch.setattr(steps.world, "azure", lambda *_: AzureReply(409, {}))
    assert steps.act(AzureStep(azure=GET), deadline, lenient=True).ok
    assert not steps.act(AzureStep(azure=GET), deadline).ok


def test_what_the_control_plane_does_not_implement_is_kept(steps, deadline, monkeypatch):
    monkeypatch.setattr(steps.world, "azure", lambda *_: AzureReply(501, {}, not_simulated=("GET /fancy",)))
    assert steps.act(AzureStep(azure=GET), deadline).not_simulated == ("GET /fancy",)


def test_a_python_script_sees_the_worlds_environment(steps, deadline):
    steps.world.python_env = {"LAB_VM_ID": "/vm/1"}
    step = PythonStep(
        python="import os, sys; print(os.environ['LAB_VM_ID'], *sys.argv[1:])", args=["a"], finds="^/vm/1 a$"
    )
    assert steps.check(step, deadline).ok


def test_a_python_script_that_fails_or_hangs(steps, deadline):
    assert steps.act(PythonStep(python="raise SystemExit(4)"), deadline).reason == "exit code 4, expected 0"
    with pytest.raises(CommandTimeout, match="did not end within"):
        steps.act(PythonStep(python="import time; time.sleep(30)", timeout=0.3), deadline)


def test_somebodys_python_script_runs_here(steps, deadline, tmp_path):
    script = tmp_path / "open.py"
    script.write_text("print('done')")
    done = steps.run_file(script, None, deadline)
    assert (done.ok, done.kind, done.output) == (True, "remediation", "done\n")


def test_knobs_and_time(steps, deadline, monkeypatch):
    seen = []
    monkeypatch.setattr(steps.world, "knob", seen.append)
    monkeypatch.setattr(steps.world, "advance", seen.append)
    assert steps.act(KnobStep(knob={"storage_delay": 3}), deadline).command == 'knob {"storage_delay": 3}'
    assert steps.act(WaitStep(wait=600), deadline).command == "wait 600 s (virtual)"
    assert seen == [{"storage_delay": 3}, 600]


@pytest.mark.parametrize(
    ("done", "expected", "reason"),
    [
        (BackupResult("Completed"), {"status": "Completed"}, ""),
        (BackupResult("Failed", "A"), {"status": "Completed"}, "backup Failed with A, expected Completed"),
        (BackupResult("Failed", "A"), {"status": "Failed"}, ""),
        (
            BackupResult("Failed", "A"),
            {"status": "Failed", "error": "B"},
            "backup Failed with A, expected Failed with B",
        ),
        (BackupResult("Failed", "A", "VM agent"), {"status": "Failed", "message": "agent$"}, ""),
        (
            BackupResult("Failed", "A", "text"),
            {"status": "Failed", "message": "agent"},
            "found no match for /agent/",
        ),
    ],
)
def test_backups(steps, deadline, monkeypatch, done, expected, reason):
    monkeypatch.setattr(steps.world, "backup", lambda _timeout: done)
    result = steps.check(BackupCheck(backup=expected), deadline)
    assert (result.ok, result.reason) == (not reason, reason)


def test_a_job_that_met_what_is_not_simulated_tells_it(steps, deadline, monkeypatch):
    failed = BackupResult("Failed", "BackUpOperationFailed", "internal error\nNOT SIMULATED: PUT /rpc")
    monkeypatch.setattr(steps.world, "backup", lambda _timeout: failed)
    assert steps.check(BackupCheck(backup="Completed"), deadline).not_simulated == ("PUT /rpc",)


def test_commands_must_succeed_when_they_act_and_only_match_when_they_check(steps, deadline):
    unknown = CmdStep(on="vm", cmd="nonsense", finds="not recognized")
    assert steps.check(unknown, deadline).ok
    assert steps.act(unknown, deadline).reason == "exit code 1, expected 0"
    assert steps.act(unknown, deadline, lenient=True).ok
    assert steps.check(CmdStep(on="vm", cmd="nonsense", exit=[1]), deadline).ok


def test_a_script_of_the_folder_is_run_as_a_file(steps, deadline):
    (steps.scenario.folder / "fix.ps1").write_text("switch on\n")
    done = steps.act(PowershellStep(on="vm", powershell="fix.ps1"), deadline)
    assert (done.ok, done.command, steps.world.ran) == (True, "fix.ps1", ["switch on"])


def test_host_checks_go_through_their_probe(steps, deadline):
    steps.world.commands['sc queryex "VSS"'] = lambda _: "        STATE              : 1  STOPPED"
    done = steps.check(ServiceCheck(on="vm", service="VSS", running=True), deadline)
    assert (done.ok, done.reason, done.command) == (False, "VSS is not running", 'sc queryex "VSS"')
