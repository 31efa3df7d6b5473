"""Somebody's own script in place of the documented cure: each kind gets the verdict it deserves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.azurite

LAB = (sys.executable, "-c", "from lab.cli import main; main()")
SCENARIO = "vss_bad_state"
CURE = "Restart-Service -Name CryptSvc -Force\n"


@pytest.fixture
def judge(tmp_path, monkeypatch):
    """Judge a script by `lab run`: exit code and summary."""
    monkeypatch.setenv("LAB_SCENARIOS", str(Path(__file__).parents[2] / "scenarios"))
    monkeypatch.chdir(tmp_path)

    def run(name, content):
        script = tmp_path / name
        script.write_bytes(content if isinstance(content, bytes) else content.encode())
        command = [*LAB, "run", SCENARIO, "--remediation", name, "--no-report", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


def failed(summary):
    return [verdict["proof"] for verdict in summary["verdicts"] if not verdict["ok"]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sc.cmd", "@echo off\nsc stop CryptSvc\nsc start CryptSvc\nexit /b 0\n"),
        ("net.bat", "net stop cryptsvc & net start cryptsvc\n"),
        ("utf16.ps1", ("\ufeff'Grüße'\r\n" + CURE).encode("utf-16-le")),
        ("mein fix (ü).PS1", b"\xef\xbb\xbf" + CURE.encode()),
    ],
    ids=["sc", "net", "utf-16", "name"],
)
def test_a_cure_written_in_another_way_heals(judge, name, content):
    code, summary = judge(name, content)
    assert (code, failed(summary)) == (0, []), summary["reason"]


@pytest.mark.parametrize("content", ["shutdown /r /t 0 /f\n", "powershell Restart-Computer -Force\n"])
def test_a_restart_is_a_cure_too(judge, content):
    code, summary = judge("again.cmd", content)
    assert (code, failed(summary)) == (0, []), summary["reason"]


def test_a_script_that_cuts_the_machine_off_has_not_healed_it(judge):
    code, summary = judge("cut.cmd", "net stop WinRM /y\n")
    assert (code, failed(summary)) == (1, [5])
    assert summary["reason"].endswith("vm takes no more commands: its service WinRM is stopped")


def test_a_script_that_does_not_parse_has_failed(judge):
    code, summary = judge("open.ps1", CURE + "if ($true) { 'never closed'\n")
    assert (code, failed(summary)) == (1, [5])
    assert "exit code 1" in summary["reason"]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("latin1.ps1", "'ü'\n".encode("latin-1"), "line 1 is not UTF-8"),
        ("fix.txt", b"x", "expected a .ps1, .cmd, .bat, .sh or .py script"),
        ("fix.sh", b"x", "no host of vss_bad_state takes a .sh script (vm is windows)"),
    ],
)
def test_what_is_no_script_is_refused_before_anything_is_made(judge, name, content, complaint):
    code, summary = judge(name, content)
    assert code == 2
    assert complaint in summary["reason"]
    assert [phase["name"] for phase in summary["phases"]] == ["plan"]
