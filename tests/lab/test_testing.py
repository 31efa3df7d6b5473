from __future__ import annotations

import pytest

from lab.engine.run import Options, Run
from lab.engine.sequence import break_world
from lab.engine.world import Refusal
from lab.errors import Inconclusive
from lab.journal.journal import Journal
from lab.testing import Broken, NotHealed


@pytest.fixture
def broken(lamp, lamp_scenario):
    """A function that breaks a lamp and hands it to a test, as the fixture ``lab`` does."""

    def start(text=lamp_scenario, **commands):
        world = type(lamp).world_class()
        world.commands.update(commands)
        run = Run(lamp.scenario(text), lambda: world, Journal(), Options())
        assert break_world(run)
        return Broken(run, lamp.folder), world

    return start


def test_a_broken_world_is_broken_until_it_is_cured(broken):
    lamp, _ = broken()
    lamp.assert_broken()
    assert len(lamp.problems()) == 3  # the light, the backup, and the detection fires
    lamp.remediate()
    lamp.assert_healed()
    with pytest.raises(AssertionError, match="no longer broken"):
        lamp.assert_broken()


def test_a_detection_that_still_fires_is_a_problem(broken, lamp_scenario):
    text = lamp_scenario.replace(
        "cmd: look, finds: 'light is off'}\nremediate", "cmd: sniff, finds: smoke}\nremediate"
    )
    lamp, world = broken(text, sniff=lambda _: "")
    world.commands["sniff"] = lambda _: "smoke"
    lamp.remediate()
    assert lamp.problems() == ["the detection still fires: Look at the light"]
    with pytest.raises(AssertionError, match="still fires"):
        lamp.assert_healed()


def test_a_cure_that_fails_is_told_with_its_reason(broken, tmp_path):
    lamp, _ = broken()
    script = tmp_path / "fix.ps1"
    script.write_text("no such command")
    with pytest.raises(NotHealed, match="exit code 1"):
        lamp.remediate(script)


def test_something_not_simulated_is_no_verdict(broken):
    lamp, world = broken()
    lamp.remediate()
    world.refusals.append(Refusal("program wbadmin.exe", "vm"))
    with pytest.raises(Inconclusive, match=r"program wbadmin\.exe"):
        lamp.assert_healed()
