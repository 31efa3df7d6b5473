from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

STAND_IN = """
import sys
sys.path.insert(0, {here!r})
from types import SimpleNamespace
import lab.testing
from lab.engine.result import RunResult, Verdict, PhaseRecord
from lab.engine.world import Refusal
from lab.outcome import Outcome

def prove_scenario(scenario, *, mode, seed, report_dir):
    if scenario.id == "interrupted":
        raise KeyboardInterrupt
    outcome = {{"good": "proven", "bad": "not healed", "unknown": "inconclusive", "broken": "lab error"}}[scenario.id]
    result = RunResult(scenario.id, mode, "s", seed or 7, Outcome(outcome), reason="because", exit_code=Outcome(outcome).exit_code)
    result.phases = [PhaseRecord("provision", "ok", 1.5), PhaseRecord("provision", "ok", 0.25)]
    result.verdicts = [Verdict(5, outcome == "proven", "seen")]
    result.refusals = [Refusal("program x.exe", "vm")] if outcome == "inconclusive" else []
    return result

lab.testing.prove_scenario = prove_scenario
"""


@pytest.fixture
def project(tmp_path, lamp):
    """Folders of scenarios whose names say how they end, and a conftest that plays the lab."""
    text = (lamp.scenario().folder / "scenario.yaml").read_text()

    def make(*names):
        for name in names:
            folder = tmp_path / "project" / "scenarios" / name
            folder.mkdir(parents=True)
            (folder / "scenario.yaml").write_text(text)
        (tmp_path / "project" / "conftest.py").write_text(STAND_IN.format(here=str(tmp_path)))
        (tmp_path / "project" / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
        return tmp_path / "project"

    return make


def pytest_in(folder, *args, **env):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *args]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )
    return done.returncode, done.stdout + done.stderr


def test_each_scenario_is_one_item(project):
    code, out = pytest_in(project("good", "bad"), "scenarios", "--collect-only")
    assert code == 0
    assert "scenarios/bad/scenario.yaml::bad\nscenarios/good/scenario.yaml::good\n" in out


def test_outcomes_are_told_apart(project, tmp_path):
    code, out = pytest_in(
        project("good", "bad", "unknown", "broken"), "scenarios", f"--junitxml={tmp_path / 'j.xml'}"
    )
    assert code == 1
    assert "1 passed" in out
    assert "2 failed" in out
    assert "1 error" in out
    assert "NOT HEALED: because\n  proof 5 healed: FAILS: seen\nrepeat with: lab prove bad --seed 7 -v" in out
    assert "INCONCLUSIVE: because" in out
    assert "not simulated: program x.exe (vm)" in out
    assert "LAB ERROR: because\nthe lab itself failed; this says nothing about the scenario" in out
    assert "Traceback" not in out
    cases = {case.get("name"): case for case in ET.parse(tmp_path / "j.xml").getroot().iter("testcase")}
    assert cases["broken"].find("error") is not None
    assert cases["broken"].find("failure") is None
    assert cases["bad"].find("failure") is not None
    properties = {p.get("name"): p.get("value") for p in cases["good"].iter("property")}
    assert properties == {"outcome": "proven", "seed": "7", "seconds.provision": "1.75"}


def test_they_run_in_parallel_and_are_picked_by_name_or_coverage(project):
    folder = project("good", "bad")
    code, out = pytest_in(folder, "scenarios", "-n", "2", "-k", "good")
    assert (code, "1 passed" in out) == (0, True)
    assert "2 tests collected" in pytest_in(folder, "scenarios", "--collect-only", "-k", "light_off")[1]


def test_options_reach_the_run(project):
    _, out = pytest_in(project("bad"), "scenarios", "--lab-mode=run", "--lab-seed=99")
    assert "repeat with: lab run bad --seed 99 -v" in out


def test_a_bad_file_is_a_collection_error_with_its_line(project):
    folder = project("good")
    file = folder / "scenarios" / "good" / "scenario.yaml"
    file.write_text(file.read_text().replace("finds:", "fnds:"))
    code, out = pytest_in(folder, "scenarios")
    assert code == 2
    assert "scenario.yaml:13: detect[0].fnds: unknown key; did you mean 'finds'?" in out


def test_a_scenario_yaml_of_somebody_else_is_left_alone(tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "scenario.yaml").write_text("dependency:\n  name: galaxy\n")
    assert "no tests collected" in pytest_in(folder, "--collect-only")[1]


def test_an_interrupt_ends_the_whole_run(project):
    code, out = pytest_in(project("interrupted"), "scenarios")
    assert code == 2
    assert "KeyboardInterrupt" in out


def test_a_linux_scenario_without_an_engine_is_skipped_but_not_in_ci(project):
    folder = project("good")
    file = folder / "scenarios" / "good" / "scenario.yaml"
    text = file.read_text().replace("os: windows", "os: linux").replace("cmd:", "sh:")
    file.write_text(text.replace("simulated: {light: 'off'}", "sh: off"))
    nowhere = {"DOCKER_HOST": "unix:///no/such/engine.sock"}
    code, out = pytest_in(folder, "scenarios", "-rs", CI="", **nowhere)
    assert (code, "needs a container engine" in out) == (0, True)
    code, out = pytest_in(folder, "scenarios", CI="true", **nowhere)
    assert (code, "1 error" in out) == (1, True)


def test_scenarios_with_real_guests_begin_first_and_other_tests_keep_their_places(project):
    folder = project("bad", "good")
    (folder / "scenarios" / "test_own.py").write_text("def test_own(): pass\n")
    file = folder / "scenarios" / "good" / "scenario.yaml"
    text = file.read_text().replace("os: windows", "os: linux").replace("cmd:", "sh:")
    file.write_text(text.replace("simulated: {light: 'off'}", "sh: off"))
    _, out = pytest_in(folder, "scenarios", "--collect-only")
    listed = [line.rpartition("::")[2] for line in out.splitlines() if "::" in line]
    assert [name for name in listed if name != "test_own"] == ["good", "bad"]
    assert "test_own" in listed


def in_lamp_worlds(folder):
    """Let the project's worlds be lamps."""
    conftest = str(Path(__file__).with_name("conftest.py"))
    (folder / "conftest.py").write_text(
        f"""
import importlib.util, pytest
spec = importlib.util.spec_from_file_location("lamp_conftest", {conftest!r})
lamp = importlib.util.module_from_spec(spec)
import sys; sys.modules["lamp_conftest"] = lamp
spec.loader.exec_module(lamp)
import lab.testing
WORLDS = []
def provision(scenario, session, options):
    WORLDS.append(lamp.LampWorld())
    return WORLDS[-1]
lab.testing.provision = provision

@pytest.fixture
def lamp_worlds():
    return WORLDS
"""
    )


def test_the_fixture_breaks_a_world_and_takes_it_down(project, tmp_path):
    """A team's own test, against the lamp."""
    folder = project("good")
    (folder / "fix.ps1").write_text("switch on")
    (folder / "test_fix.py").write_text(
        """
import pytest
from lab.errors import NotHealed

def test_fix(lab, lamp_worlds):
    with lab.scenario("scenarios/good", seed=5) as broken:
        broken.assert_broken()
        assert broken.backup().error == "LightIsOff"
        with pytest.raises(AssertionError, match="not healed"):
            broken.assert_healed()
        broken.host("vm").run_script("fix.ps1")
        broken.assert_healed()
        assert broken.host().run("look").stdout == "light is on"
    assert lamp_worlds[-1].closed == 1

def test_cure(lab):
    with lab.scenario("scenarios/good") as broken:
        broken.remediate()
        broken.assert_healed()

def test_own_script(lab):
    with lab.scenario("scenarios/good") as broken:
        broken.remediate("fix.ps1")
        broken.assert_healed()

def test_a_failing_test_still_takes_it_down(lab, lamp_worlds):
    with pytest.raises(ZeroDivisionError):
        with lab.scenario("scenarios/good") as broken:
            1 / 0
    assert lamp_worlds[-1].closed == 1
"""
    )
    in_lamp_worlds(folder)
    code, out = pytest_in(folder, "test_fix.py")
    assert code == 0, out
    assert "4 passed" in out


def test_errors_of_the_lab_are_short_and_a_broken_lab_is_an_error(project):
    folder = project("good")
    (folder / "test_fix.py").write_text(
        """
from lab.errors import InfrastructureError

def test_broken_lab(lab):
    def die(_):
        raise InfrastructureError("the fabric does not answer", detail="last words")
    with lab.scenario("scenarios/good", seed=77) as broken:
        broken.world.on_backup = die
        broken.assert_healed()

def test_lost(lab):
    with lab.scenario("scenarios/good", seed=78) as broken:
        broken.world.on_settle = lambda _: "is switched off"
        broken.host("vm").run("switch on")

def test_no_such_host(lab):
    with lab.scenario("scenarios/good") as broken:
        broken.host("dc")
"""
    )
    in_lamp_worlds(folder)
    code, out = pytest_in(folder, "test_fix.py")
    assert code == 1, out
    assert "2 failed, 1 error" in out
    assert "the lab itself failed; this says nothing about your script" in out
    assert "good was made with seed 77" in out
    assert "last words" in out
    assert "after 'switch on' vm is switched off" in out
    assert "no host 'dc'; there are: vm" in out
    assert "lab/testing.py" not in out  # the way through the lab helps nobody
