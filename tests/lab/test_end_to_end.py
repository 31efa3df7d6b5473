"""The whole harness against the real fabric: from the command line to nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.azurite

LAB = (sys.executable, "-c", "from lab.cli import main; main()")
SCENARIO = "vss_bad_state"


def lab(*args, check=None, **options):
    done = subprocess.run([*LAB, *args], capture_output=True, text=True, check=False, timeout=120, **options)
    if check is not None:
        assert done.returncode == check, done.stdout + done.stderr
    return done


@pytest.fixture(autouse=True)
def away(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_SCENARIOS", str(Path(__file__).parents[2] / "scenarios"))
    monkeypatch.chdir(tmp_path)


def sessions(state_dir):
    return list((state_dir / "sessions").glob("*.json"))


def of_session(record):
    """Processes and folder that a session's entry names."""
    data = json.loads(record.read_text())
    return [pid["pid"] for pid in data["pids"]], Path(data["dir"])


def wait_until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that in time"
        threading.Event().wait(0.02)


def start_until(state_dir, phase, scenario=SCENARIO):
    """Start a proof and wait until it is in a phase; returns the process and its session's entry."""
    process = subprocess.Popen([*LAB, "prove", scenario, "--report-dir", "report"], stdout=subprocess.DEVNULL)
    journal = Path("report/journal.jsonl")
    started = f'"phase": "{phase}", "state": "start"'
    wait_until(lambda: journal.exists() and started in journal.read_text())
    (record,) = sessions(state_dir)
    return process, record


def family(pid):
    """Children of a process, if it still lives."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def test_a_run_heals(state_dir):
    done = lab("run", SCENARIO, "--json", "--no-report", check=0)
    assert json.loads(done.stdout)["outcome"] == "healed"
    assert sessions(state_dir) == []


def test_all_seven_proofs_hold():
    summary = json.loads(lab("prove", SCENARIO, "--json", "--no-report", check=0).stdout)
    assert [(v["proof"], v["ok"]) for v in summary["verdicts"]] == [(n, True) for n in range(1, 8)]


def test_the_same_seed_makes_the_same_names():
    def commands(seed):
        lab("run", SCENARIO, "--seed", seed, "--report-dir", "r" + seed, check=0)
        events = [json.loads(line) for line in Path("r" + seed, "journal.jsonl").read_text().splitlines()]
        return [event["output"] for event in events if event["event"] == "step" and event["kind"] == "cmd"]

    assert commands("4711") == commands("4711")


def test_a_script_that_does_nothing_is_not_healed(tmp_path):
    (tmp_path / "lazy.ps1").write_text("Write-Output 'nothing to do'\n")
    done = lab("run", SCENARIO, "--remediation", "lazy.ps1", "--no-report", check=1)
    assert "NOT HEALED" in done.stdout


@pytest.mark.parametrize(
    ("name", "script", "code"),
    [
        ("a cmdlet of Windows that is not implemented", "Get-ScheduledTask\n", 5),
        ("a program of Windows that is not implemented", "wbadmin start backup\n", 5),
        ("a name that is nothing", "Get-Blurb\n", 1),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and "\n" not in value else "",
)
def test_what_is_not_simulated_in_a_script_is_inconclusive(tmp_path, name, script, code):
    (tmp_path / "odd.ps1").write_text(script)
    done = lab("run", SCENARIO, "--remediation", "odd.ps1", "--no-report", check=code)
    assert ("NOT SIMULATED" in done.stdout) == (code == 5)


def test_a_script_that_changes_more_than_it_should_is_shown(tmp_path):
    (tmp_path / "messy.ps1").write_text(
        "Restart-Service CryptSvc\nSet-ItemProperty -Path HKLM:\\SOFTWARE\\Microsoft -Name Foo -Value 3\n"
    )
    done = lab("run", SCENARIO, "--remediation", "messy.ps1", "--no-report", "--json", check=1)
    summary = json.loads(done.stdout)
    assert [v["proof"] for v in summary["verdicts"] if not v["ok"]] == [6, 7]
    assert {change["path"].rsplit("/", 1)[1] for change in summary["differences"]} == {"Foo"}


@pytest.mark.parametrize("phase", ["provision", "baseline", "confirm", "controls", "verify", "compare"])
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_any_phase_leaves_nothing(state_dir, phase, signum):
    process, record = start_until(state_dir, phase)
    pids, folder = of_session(record)
    process.send_signal(signum)
    assert process.wait(60) == 128 + signum
    assert not folder.exists()
    assert sessions(state_dir) == []
    assert not any(psutil.pid_exists(pid) for pid in pids)


@pytest.mark.parametrize("phase", ["provision", "controls", "teardown"])
def test_kill_and_reap_leave_nothing(state_dir, phase):
    process, record = start_until(state_dir, phase)
    pids, folder = of_session(record)
    children = [child for pid in pids for child in family(pid)]
    process.kill()
    process.wait()
    assert f"removed session {record.stem}" in lab("reap", check=0).stdout
    assert not folder.exists()
    assert sessions(state_dir) == []
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in pids))
    wait_until(lambda: not any(child.is_running() for child in children))
    assert lab("reap", check=0).stdout == "nothing to remove\n"


def test_reaping_leaves_a_lab_that_runs_alone(state_dir):
    process, record = start_until(state_dir, "baseline")
    assert record.stem in lab("reap", check=0).stdout
    assert process.wait(60) == 0


def test_a_second_ctrl_c_does_not_cut_the_clean_up_short(state_dir):
    process, record = start_until(state_dir, "controls")
    pids, folder = of_session(record)
    for _ in range(3):
        process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert not folder.exists()
    assert sessions(state_dir) == []
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_reader_that_leaves_does_not_keep_the_world_from_being_taken_down(state_dir):
    command = [*LAB, "run", SCENARIO, "--no-report"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), errors) == (0, "")
    assert sessions(state_dir) == []


def test_a_set_up_that_takes_too_long_is_a_lab_error_and_leaves_nothing(state_dir, tmp_path, monkeypatch):
    from lab.model.loader import load
    from lab.runner import Request, run

    folder = tmp_path / SCENARIO
    shutil.copytree(Path(os.environ["LAB_SCENARIOS"]) / SCENARIO, folder)
    with (folder / "scenario.yaml").open("a") as file:
        file.write("timeouts: {provision: 0.3}\n")
    monkeypatch.setattr("lab.engine.limits.GRACE", 0.0)
    before = set(psutil.Process().children(recursive=True))
    result = run(load(folder), Request(no_report=True))
    assert (result.outcome, result.exit_code) == ("lab error", 3)
    assert result.reason.startswith("provision took longer than its limit of 0.3 s; ")
    assert sessions(state_dir) == []
    assert not set(psutil.Process().children(recursive=True)) - before


@pytest.mark.engine
def test_a_temporary_folder_too_deep_for_sockets_is_told(state_dir, tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(deep))
    done = lab("run", "waagent_stopped", "--no-report", check=3)
    assert f"{deep} has a path" in done.stdout
    assert "set TMPDIR to a shorter one" in done.stdout
    assert list(deep.iterdir()) == sessions(state_dir) == []


def containers(session):
    from lab.engine_setup import find

    found = find().client.containers.list(
        all=True, filters={"label": f"lab.session={session}"}, ignore_removed=True
    )
    return [container.name for container in found]


@pytest.mark.engine
@pytest.mark.parametrize("phase", ["provision", "inject"])
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_a_linux_guest(state_dir, phase, signum):
    process, record = start_until(state_dir, phase, "waagent_stopped")
    if phase == "provision":
        wait_until(lambda: containers(record.stem))
    pids, folder = of_session(record)
    for _ in range(2):
        process.send_signal(signum)
    assert process.wait(60) == (130 if signum == signal.SIGINT else -signal.SIGKILL)
    if signum == signal.SIGKILL:
        assert f"removed container lab-{record.stem}-vm" in lab("reap", check=0).stdout
    assert containers(record.stem) == []
    assert not folder.exists()
    assert sessions(state_dir) == []
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in pids))


@pytest.mark.parametrize("phase", ["baseline", "confirm", "controls", "verify"])
@pytest.mark.parametrize("part", ["fabric", "storage"])
def test_a_part_that_dies_is_a_lab_error_and_never_a_verdict(state_dir, part, phase):
    process, record = start_until(state_dir, phase)
    pids, _folder = of_session(record)
    if part == "storage":
        pids = [child.pid for pid in pids for child in psutil.Process(pid).children()]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert process.wait(60) == 3
    assert sessions(state_dir) == []
    outcome = json.loads(Path("report/summary.json").read_text())
    assert outcome["outcome"] == "lab error"
    if part == "storage":
        assert "storage (Azurite) has ended with exit code -9" in outcome["reason"]


def test_a_dead_engine_is_a_lab_error(state_dir, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///no/such/engine.sock")
    done = lab("run", "waagent_stopped", "--no-report", check=3)
    assert "LAB ERROR" in done.stdout
    assert "no Docker engine answers" in done.stdout
    assert sessions(state_dir) == []


def test_a_trainees_day(state_dir):
    told = json.loads(lab("train", SCENARIO, "--json", "--hours", "0.5", check=0).stdout)
    try:
        assert "CryptSvc" not in told["ticket"] + told["symptom"]
        assert "ExtensionFailedVssWriterInBadState" in told["symptom"]
        assert lab("check", check=1).stdout.startswith("not healed: a new backup Failed")
        assert "[8]" in lab("shell", "-c", "vssadmin list writers", check=0).stdout
        assert lab("hint", check=0).stdout.startswith("1. ")
        lab("shell", "-c", "net stop CryptSvc", check=0)
        lab("shell", "-c", "net start CryptSvc", check=0)
        healed = lab("check", check=0).stdout
        assert "healed" in healed
        assert "1 hint, 2 checks" in healed
        recorded = (Path(told["report"]) / "shell.jsonl").read_text()
        assert "net stop CryptSvc" in recorded
        again = json.loads(lab("reset", "--json", check=0).stdout)
        assert (again["seed"], again["hints"]) == (told["seed"], 0)
        assert lab("check", check=1)
        assert "healed" in lab("solve", check=0).stdout
        (record,) = sessions(state_dir)
        for pid in json.loads(record.read_text())["pids"]:
            if pid["what"] == "fabric":
                os.kill(pid["pid"], signal.SIGKILL)
        broken = lab("check", check=3).stdout
        assert "the lab itself is broken" in broken
    finally:
        for record in sessions(state_dir):
            lab("reap", record.stem, check=0)
    assert sessions(state_dir) == []


def test_the_fixture_for_teams(tmp_path):
    (tmp_path / "fix.ps1").write_text("Restart-Service -Name CryptSvc -Force\n")
    (tmp_path / "test_fix.py").write_text(
        f"""
def test_fix(lab):
    with lab.scenario("{SCENARIO}") as broken:
        broken.host("vm").run_script("fix.ps1")
        broken.assert_healed()
"""
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_fix.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout
