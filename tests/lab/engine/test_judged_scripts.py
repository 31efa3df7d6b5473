"""Somebody's own script in place of the documented cure, judged by the same proofs."""

from __future__ import annotations

import pytest

from lab.errors import CommandTimeout, HostUnreachable
from lab.outcome import Outcome


def numbers(result, *, ok=True):
    return [verdict.number for verdict in result.verdicts if verdict.ok is ok]


def test_somebodys_script_is_judged_in_place_of_the_cure(prove, lamp, tmp_path):
    script = tmp_path / "mine.ps1"
    script.write_text("switch on")
    result = prove("run", options={"remediation": script})
    assert result.outcome is Outcome.HEALED
    assert numbers(result) == [1, 2, 3, 5, 6, 7]


def test_somebodys_script_that_does_nothing_is_told_so_with_the_difference(prove, tmp_path):
    script = tmp_path / "mine.ps1"
    script.write_text("clap")
    result = prove("run", options={"remediation": script})
    assert result.outcome is Outcome.NOT_HEALED
    assert [change.path for change in result.differences] == ["vm/light"]


def test_a_scenario_that_does_not_hold_is_not_the_scripts_fault(prove, tmp_path):
    script = tmp_path / "mine.ps1"
    script.write_text("switch on")
    result = prove("run", on_inject=lambda _: None, options={"remediation": script})
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert "the script was not judged" in result.reason


def test_a_script_for_another_system_is_a_usage_error(prove, tmp_path):
    script = tmp_path / "mine.sh"
    script.write_text("true")
    result = prove("run", options={"remediation": script})
    assert (result.outcome, result.exit_code) == (Outcome.USAGE, 2)
    assert "no host of light_off takes a .sh script" in result.reason


@pytest.fixture
def judged(prove, tmp_path):
    """Judge the lamp's command `fix` as somebody's own script."""

    def start(fix, **hooks):
        (tmp_path / "fix.ps1").write_text("fix\n")
        return prove("run", commands={"fix": fix}, options={"remediation": tmp_path / "fix.ps1"}, **hooks)

    return start


def light_up(world):
    world.light = "on"


def test_a_script_that_leaves_the_machine_lost_has_not_healed_it(judged):
    result = judged(lambda _: "", on_settle=lambda w: "is switched off" if w.light == "off" else "")
    assert (result.outcome, result.exit_code) == (Outcome.NOT_HEALED, 1)
    assert result.reason.endswith("the cure left the machine lost: vm is switched off")


def test_a_script_that_loses_a_healthy_machine_is_not_harmless(judged, lamp):
    result = judged(light_up, on_settle=lambda w: "is switched off" if "<injected>" not in w.ran else "",
                    on_inject=lambda w: (w.ran.append("<injected>"), setattr(w, "light", "off")))  # fmt: skip
    assert (numbers(result, ok=False), len(lamp.worlds)) == ([6], 2)
    assert "vm is switched off" in result.reason


def test_a_script_may_restart_the_machine_under_its_own_feet(judged):
    def restart(world):
        world.light = "on"
        raise HostUnreachable("vm: connection reset by peer")

    assert judged(restart).outcome is Outcome.HEALED


def test_a_machine_that_restarts_while_it_is_looked_at_is_looked_at_again(judged):
    def look(world):
        if "fix" in world.ran and world.light == "dim":
            world.light = "on"
            raise HostUnreachable("vm: connection reset by peer")
        return f"light is {world.light}"

    def fix(world):
        world.light = "dim" if world.light == "off" else "on"

    result = judged(fix, on_settle=lambda _: "")
    assert result.outcome is Outcome.NOT_HEALED  # the lamp of the other tests stays dim
    result = judged(fix, on_inject=lambda w: (w.commands.update(look=look), setattr(w, "light", "off")))
    assert result.outcome is Outcome.HEALED


def test_what_a_script_changed_with_leave_is_told_too(judged):
    def press(world):
        world.light = "on"
        world.switch["presses"] = 7

    result = judged(press)
    assert result.outcome is Outcome.HEALED
    assert [(c.path, c.after) for c in result.allowed] == [("vm/switch/presses", 7)]


def test_an_endless_script_is_tried_once(judged):
    calls = []

    def hang(world):
        calls.append(world.light)
        raise CommandTimeout("fix.ps1 did not end within 180 s and was stopped")

    result = judged(hang)
    assert calls == ["on"]
    assert (result.exit_code, numbers(result, ok=False)) == (1, [6])
    assert "did not end within 180 s" in result.reason


def test_what_a_script_leaves_unseen_on_a_healthy_machine_is_held_against_it(judged, lamp):
    """It hides the fault, and no difference of state shows it: the script is to blame, not the scenario."""

    def hide(world):
        world.commands["look"] = lambda _: "light is on"

    result = judged(hide)
    assert (result.outcome, result.exit_code, len(lamp.worlds)) == (Outcome.NOT_HEALED, 1, 2)
    cured = judged(lambda w: (hide(w), setattr(w, "light", "on"))[0])
    assert numbers(cured, ok=False) == [6]
    assert "hides the fault" in cured.reason


def test_a_scenario_that_does_not_hold_says_nothing_about_a_script(judged):
    result = judged(light_up, on_inject=lambda _: None)
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert "the script was not judged" in result.reason
