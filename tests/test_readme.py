"""The README is short, and each command in it does what it says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
assert BLOCK
COMMANDS = [line.split("#")[0].strip() for line in BLOCK[1].splitlines()]
TABLE = [
    command
    for line in README.splitlines()
    if line.startswith("| ") and "`" in line
    for command in re.findall(r"`((?:lab|pytest) ?[^`]*)`", line)
]


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the README with the console scripts of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        shlex.split(command),
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_it_is_short():
    assert len(README.splitlines()) <= 70


def test_the_first_two_commands_are_use_and_test():
    assert COMMANDS == ["make lab scenario=vss_bad_state", "make test"]


@pytest.mark.azurite
def test_the_first_command_heals_a_broken_host():
    done = run(COMMANDS[0], ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ExtensionFailedVssWriterInBadState" in done.stdout


def test_ci_runs_the_second_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(COMMANDS[1])}$", script, re.MULTILINE)


def test_the_second_command_is_a_target_that_runs_tests_and_scenarios():
    done = run(f"{COMMANDS[1]} --dry-run", ROOT)
    assert done.returncode == 0, done.stderr
    assert re.search(r"pytest .*\bscenarios tests\b", done.stdout)


@pytest.mark.parametrize("command", [c for c in TABLE if re.match(r"lab (list|show|plan|schema)", c)])
def test_a_command_that_only_shows(command):
    done = run(command, ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


@pytest.mark.azurite
def test_all_seven_proofs(tmp_path):
    (command,) = [c for c in TABLE if c.startswith("lab prove")]
    done = run(command, tmp_path, LAB_STATE_DIR=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.azurite
def test_your_own_script_is_judged(tmp_path):
    (command,) = [c for c in TABLE if "--remediation" in c]
    (tmp_path / "my_fix.ps1").write_text("Restart-Service -Name CryptSvc -Force\n", encoding="utf-8")
    healed = run(command, tmp_path, LAB_STATE_DIR=str(tmp_path))
    assert healed.returncode == 0, healed.stdout + healed.stderr
    (tmp_path / "my_fix.ps1").write_text("Restart-Service -Name Spooler\n", encoding="utf-8")
    broken = run(command, tmp_path, LAB_STATE_DIR=str(tmp_path))
    assert broken.returncode == 1, broken.stdout + broken.stderr


@pytest.mark.azurite
def test_a_trainee_is_trained_and_nothing_stays(tmp_path):
    state = {"LAB_STATE_DIR": str(tmp_path)}
    steps = [c for c in TABLE if re.match(r"lab (train|shell|hint|check|solve)\b", c)]
    assert steps == ["lab train vss_bad_state", "lab shell", "lab hint", "lab check", "lab solve"]
    try:
        codes = {command: run(command, tmp_path, **state) for command in steps}
        assert codes["lab train vss_bad_state"].returncode == 0, codes["lab train vss_bad_state"]
        assert codes["lab hint"].returncode == 0, codes["lab hint"]
        assert codes["lab check"].returncode == 1, codes["lab check"]
        assert codes["lab solve"].returncode == 0, codes["lab solve"]
    finally:
        (session,) = [path.stem for path in (tmp_path / "sessions").glob("*.json")]
        reaped = run(f"lab reap {session}", tmp_path, **state)  # and nobody else's
    assert reaped.returncode == 0, reaped.stdout + reaped.stderr
    assert not Path(f"/tmp/lab-{session}").exists()


@pytest.mark.azurite
def test_the_scenarios_are_pytest_items(tmp_path):
    (command,) = [c for c in TABLE if c.startswith("pytest scenarios")]
    done = run(f"{command} -p no:cacheprovider", ROOT, LAB_STATE_DIR=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_every_command_of_the_table_is_covered_here():
    covered = re.compile(
        r"lab (list|show|plan|prove|run|train|shell|rest|hint|check|solve|schema|reap|doctor)\b|pytest scenarios"
    )
    rest = [c for c in TABLE if not covered.match(c) and c != "lab"]
    assert rest == []
