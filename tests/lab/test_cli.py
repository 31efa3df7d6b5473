from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from lab.cli import COMMANDS, cli, main


@pytest.fixture
def scenarios(lamp, monkeypatch, tmp_path):
    lamp.scenario()
    monkeypatch.setenv("LAB_SCENARIOS", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def lab(scenarios, monkeypatch, capfd):
    """Run `lab` in this process as the console script would; returns code, out and err."""

    def go(*args):
        monkeypatch.setattr(sys, "argv", ["lab", *args])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return ended.value.code or 0, out, err

    return go


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_has_help_with_an_example(command):
    result = CliRunner().invoke(cli, [command, "--help"])
    assert result.exit_code == 0
    assert f"lab {command}" in result.output.split("Example", 1)[1]


def test_help_names_every_command_and_the_exit_codes(lab):
    code, out, _ = lab("--help")
    assert code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in out
    assert "5 inconclusive" in out


def test_an_unknown_command_suggests_the_nearest(lab):
    code, _, err = lab("prov")
    assert code == 2
    assert "no such command 'prov'; did you mean 'prove'?" in err


@pytest.mark.parametrize("command", ["run", "prove", "plan", "show", "train"])
def test_an_unknown_scenario_lists_all_and_the_nearest(lab, command):
    code, out, err = lab(command, "light_of")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "lab: unknown scenario 'light_of'; did you mean light_off?",
        "Scenarios:",
        "  light_off",
    ]


@pytest.mark.parametrize("command", ["run", "prove", "plan"])
def test_no_scenario_lists_all(lab, command):
    code, _, err = lab(command)
    assert code == 2
    assert "which scenario?" in err
    assert "  light_off" in err


def test_a_bad_file_is_refused_before_anything_is_made(lab, tmp_path):
    (tmp_path / "light_off" / "scenario.yaml").write_text("title: x\n")
    code, _, err = lab("run", "light_off")
    assert code == 2
    assert "scenario.yaml:1: covers: missing, and it is needed" in err
    assert not (tmp_path / "reports").exists()


def test_list_finds_by_text(lab):
    assert lab("list")[1] == "light_off  windows  The light is off\n"
    assert "no scenario mentions 'zzz'" in lab("list", "zzz")[1]
    (entry,) = json.loads(lab("list", "--json")[1])
    assert entry["error"] == "LightIsOff"


def test_show_tells_what_breaks_and_what_cures(lab):
    _, out, _ = lab("show", "light_off")
    assert 'simulated: {"light": "off"}' in out
    assert "switch on" in out


def test_a_dry_run_is_the_plan_and_touches_nothing(lab, tmp_path, state_dir):
    code, out, _ = lab("run", "light_off", "--dry-run")
    assert code == 0
    assert "vm> switch on" in out
    assert not (tmp_path / "reports").exists()
    assert not list(state_dir.iterdir())
    assert json.loads(lab("prove", "light_off", "--dry-run", "--json")[1])["mode"] == "prove"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--remediation", "no.ps1"], "no.ps1: there is no such script"),
        (["--remediation", "fix.txt"], "expected a .ps1, .cmd, .bat, .sh or .py script"),
        (["--remediation", "fix.sh"], "no host of light_off takes a .sh script (vm is windows)"),
    ],
)
def test_a_script_nobody_takes_is_a_usage_error(lab, tmp_path, args, message):
    for name in ("fix.txt", "fix.sh"):
        (tmp_path / name).touch()
    code, _, err = lab("plan", "light_off", *args)
    assert code == 2
    assert message in err


def test_a_target_needs_an_address_and_credentials(lab, monkeypatch):
    assert "--target vm: expected HOST=ADDRESS" in lab("run", "light_off", "--target", "vm")[2]
    monkeypatch.delenv("LAB_CREDENTIALS_FILE", raising=False)
    code, _, err = lab("run", "light_off", "--target", "vm=https://10.0.0.9:5986")
    assert code == 2
    assert "LAB_VM_USER and LAB_VM_PASSWORD" in err


def test_the_schema_is_json(lab):
    assert json.loads(lab("schema")[1])["title"] == "ScenarioFile"


def test_reap_with_nothing_and_with_an_unknown_session(lab):
    assert lab("reap")[1] == "nothing to remove\n"
    code, _, err = lab("reap", "nosuch00")
    assert code == 2
    assert "no session 'nosuch00'; known: there are none" in err


@pytest.mark.parametrize("command", ["shell", "hint", "check", "solve", "reset"])
def test_without_a_training_lab_one_is_told_how_to_start(lab, command):
    code, _, err = lab(command)
    assert code == 2
    assert "start one with `lab train SCENARIO`" in err


def test_report_shows_a_journal_again(lab, lamp):
    lamp.run("prove")
    folder = str(lamp.folder / "report")
    assert "PROVEN" in lab("report", folder)[1]
    assert lab("report", folder, "--format", "junit")[1].startswith("<?xml")
    assert json.loads(lab("report", folder, "--format", "json")[1])[0]["event"] == "run"
    assert "there is no journal" in lab("report", "nowhere")[2]


@pytest.mark.parametrize("args", [["--help"], ["list"]])
def test_the_command_starts_fast(args, scenarios):
    best = 9.0
    for _ in range(3):
        before = os.times()
        subprocess.run(
            [sys.executable, "-c", "from lab.cli import main; main()", *args],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        after = os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        best = min(best, used)
    assert best < 0.4, "seconds of processor time, whatever else the machine does"


@pytest.mark.parametrize("module", ["lab.cli", "lab.pytest_plugin"])
def test_what_is_always_loaded_imports_nothing_heavy(module):
    heavy = ("pydantic", "yaml", "requests", "rich", "docker", "faker", "cryptography", "lab.engine")
    code = f"import sys, {module}; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
