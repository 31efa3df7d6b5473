"""What make hands on to the lab, whatever somebody types behind ``scenario=``."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def make(tmp_path):
    """Run a target with a lab that only prints its arguments, one per line."""
    (tmp_path / "bin").mkdir()
    lab = tmp_path / "bin" / "lab"
    lab.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    lab.chmod(0o755)
    for stamp in ("bin/python", ".installed"):
        (tmp_path / stamp).touch()

    def run(*words):
        command = ["make", "-s", "-C", str(ROOT), f"VENV={tmp_path}", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
        return [line for line in done.stdout.splitlines() if not line.startswith("make")]

    return run


@pytest.mark.parametrize("target", ["lab", "prove", "train"])
@pytest.mark.parametrize(
    "name",
    [
        "x; touch {}",
        "$(shell touch {})",
        "`touch {}`",
        "$$(touch {})",
        "x' ; touch {}; '",
        "--help",
        "a b  c",
        "",
    ],
)
def test_a_name_is_one_word_and_never_a_command(make, tmp_path, target, name):
    mark = tmp_path / "mark"
    name = name.format(mark)
    verb = "run" if target == "lab" else target
    assert make(target, f"scenario={name}") == [verb, "--setup", "--", name]
    assert not mark.exists()


def test_args_are_words(make):
    assert make("lab", "scenario=x", "args=--seed 7 -v") == ["run", "--setup", "--seed", "7", "-v", "--", "x"]
