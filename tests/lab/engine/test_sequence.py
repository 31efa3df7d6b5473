from __future__ import annotations

import json

import pytest

from lab.engine.world import BackupResult, Refusal
from lab.errors import CommandTimeout, InfrastructureError, PartDied, Refused
from lab.hosts.base import CommandResult
from lab.interrupts import Interrupted
from lab.outcome import Outcome


def numbers(result, *, ok=True):
    return [verdict.number for verdict in result.verdicts if verdict.ok is ok]


def test_a_good_scenario_is_proven_in_seven_verdicts(prove, lamp):
    result = prove()
    assert (result.outcome, result.exit_code) == (Outcome.PROVEN, 0)
    assert numbers(result) == [1, 2, 3, 4, 5, 6, 7]
    assert [world.closed for world in lamp.worlds] == [1]


def test_the_short_path_heals_without_controls(prove, lamp):
    result = prove("run")
    assert (result.outcome, result.exit_code) == (Outcome.HEALED, 0)
    assert numbers(result) == [2, 3, 5]
    assert "clap" not in lamp.world.ran
    assert [phase.name for phase in result.phases] == [
        "plan", "provision", "baseline", "inject", "confirm", "detect", "remediate", "verify", "teardown",
    ]  # fmt: skip


def test_a_cure_that_does_nothing_is_not_healed(prove):
    result = prove("run", commands={"switch on": lambda _: "click"})
    assert (result.outcome, result.exit_code) == (Outcome.NOT_HEALED, 1)
    assert "light is on" in result.reason


def test_a_detection_that_fires_on_a_healthy_machine_is_no_detection(prove):
    result = prove(commands={"look": lambda w: f"light is {w.light}, light is off"})
    assert (result.outcome, result.exit_code) == (Outcome.NOT_PROVEN, 1)
    assert numbers(result, ok=False) == [1]


def test_an_injection_without_effect_fails_the_second_proof(prove):
    result = prove(on_inject=lambda _: None)
    assert numbers(result, ok=False) == [2]
    assert "expected Failed with LightIsOff" in result.reason


def test_another_error_than_the_documented_one_is_not_the_symptom(prove):
    result = prove(on_backup=lambda w: BackupResult("Failed", "Other") if w.light == "off" else None)
    assert numbers(result, ok=False) == [2]


def test_a_wrong_fix_that_heals_is_found_out(prove):
    result = prove(commands={"clap": lambda w: setattr(w, "light", "on")})
    assert numbers(result, ok=False) == [4]
    assert "Clap" in result.reason


def test_a_fault_that_heals_by_waiting_is_found_out(prove):
    result = prove(on_advance=lambda w: setattr(w, "light", "on"))
    assert numbers(result, ok=False) == [4]
    assert "went away by itself" in result.reason


def test_the_traces_of_a_wrong_fix_are_taken_away(prove, lamp, lamp_scenario):
    text = lamp_scenario.replace(
        "{name: Clap, on: vm, cmd: clap}", "{name: Clap, on: vm, cmd: clap, undo: [{on: vm, cmd: hush}]}"
    )
    result = prove(text=text, commands={"hush": lambda _: ""})
    assert result.outcome is Outcome.PROVEN
    after_the_fix = lamp.world.ran[lamp.world.ran.index("clap") :]
    assert after_the_fix[:3] == ["clap", "<backup>", "hush"]


def test_a_cure_after_which_the_detection_still_fires_did_not_heal(prove, lamp_scenario):
    text = lamp_scenario.replace(
        "cmd: look, finds: 'light is off'}\nremediate", "cmd: sniff, finds: smoke}\nremediate"
    )

    def burn(world):
        world.light = "off"
        world.switch["smoke"] = True

    result = prove("run", text=text, on_inject=burn, commands={"sniff": lambda w: ", ".join(w.switch)})
    assert (result.outcome, numbers(result, ok=False)) == (Outcome.NOT_HEALED, [5])
    assert "still fires" in result.reason


def test_a_cure_that_heals_and_fails_is_no_cure(prove):
    def heal_and_fail(world):
        world.light = "on"
        return CommandResult("vm", "switch on", 1, "", "the switch broke", 0.0)

    result = prove("run", commands={"switch on": heal_and_fail})
    assert (result.outcome, numbers(result, ok=False)) == (Outcome.NOT_HEALED, [5])
    assert "the cure failed" in result.reason


def test_a_cure_ends_at_its_first_step_that_fails(prove, lamp, lamp_scenario):
    text = lamp_scenario.replace(
        "remediate:\n", "remediate:\n  - {name: Fetch a ladder, on: vm, cmd: ladder}\n"
    )
    result = prove("run", text=text)
    assert result.outcome is Outcome.NOT_HEALED
    assert "switch on" not in lamp.world.ran


def test_a_cure_that_changes_something_the_second_time_is_not_idempotent(prove, lamp_scenario):
    cured = []

    def paint_when_cured(world):
        if world.light == "on" and cured:
            world.switch["colour"] = "red"
        if world.light == "off":
            world.light = "on"
            cured.append(True)

    text = lamp_scenario.replace("allows: [vm/switch/presses]", "allows: [vm/switch/*]")
    result = prove(text=text, commands={"switch on": paint_when_cured})
    assert numbers(result, ok=False) == [6]
    assert "the second time changed vm/switch/colour" in result.reason


def test_an_injection_that_fails_is_a_lab_error(prove, lamp_scenario):
    text = lamp_scenario.replace("simulated: {light: 'off'}", "cmd: no-such-program")
    result = prove(text=text)
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert "the injection failed: Turn it off" in result.reason


def test_a_cure_that_changes_more_each_time_is_not_idempotent(prove, lamp):
    def paint(world):
        world.light = "on"
        world.switch["colour"] += "!"

    result = prove(commands={"switch on": paint})
    assert numbers(result, ok=False) == [6, 7]
    assert "vm/switch/colour" in result.reason
    assert len(lamp.worlds) == 2  # the control changed the first world, so the rest ran in a fresh one
    assert [world.closed for world in lamp.worlds] == [1, 1]


def test_a_cure_that_makes_a_healthy_machine_sick_is_not_harmless(prove):
    def toggle(world):
        world.light = "off" if world.light == "on" else "on"

    result = prove(commands={"switch on": toggle})
    assert 6 in numbers(result, ok=False)
    assert numbers(result)[:5] == [1, 2, 3, 4, 5]
    assert "made a healthy machine sick" in result.reason


def test_a_cure_that_does_not_survive_a_restart_is_not_durable(prove):
    result = prove(on_restart=lambda w: setattr(w, "light", "off"))
    assert numbers(result, ok=False) == [7]
    assert "after a restart" in result.reason


def test_what_the_scenario_does_not_allow_is_left_changed(prove):
    def inject(world):
        world.light = "off"
        world.switch["colour"] = "red"

    result = prove(on_inject=inject)
    assert numbers(result, ok=False) == [7]
    assert [change.path for change in result.differences] == ["vm/switch/colour"]


def test_a_world_that_cannot_be_made_is_a_lab_error(lamp):
    def broken():
        raise InfrastructureError("no engine answers")

    result = lamp.run(make=broken)
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert result.reason == "no engine answers"


def test_a_refusal_of_the_guard_has_its_own_outcome(lamp):
    def guarded():
        raise Refused("10.0.0.9 is not marked as disposable")

    result = lamp.run(make=guarded)
    assert (result.outcome, result.exit_code) == (Outcome.REFUSED, 4)


def test_an_injection_without_a_real_form_is_refused_on_a_real_host(lamp):
    class Real(type(lamp).world_class):
        def is_simulated(self, host):
            return False

    result = lamp.run(make=Real)
    assert (result.outcome, result.exit_code) == (Outcome.REFUSED, 4)
    assert "has no real: form" in result.reason


def test_an_unhealthy_fresh_world_is_a_lab_error_not_a_verdict(prove):
    result = prove(on_backup=lambda _: BackupResult("Failed", "SomethingElse"))
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert not result.verdicts


def test_a_bug_in_the_lab_is_a_lab_error_with_its_traceback(prove):
    result = prove(on_inject=lambda w: w.no_such_thing())
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert "no_such_thing" in result.detail


@pytest.mark.parametrize("moment", ["on_backup", "on_inject", "on_advance", "on_restart"])
def test_a_part_that_dies_explains_whatever_is_seen_after(prove, moment):
    def die(world):
        def dead():
            raise PartDied("the lab itself is broken: storage has ended")

        world.not_simulated = dead
        world.on_backup = lambda _: BackupResult("Failed", "SomethingElse")
        return world.on_backup(world) if moment == "on_backup" else None

    result = prove(**{moment: die})
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert result.reason == "the lab itself is broken: storage has ended"


def test_something_not_simulated_beats_a_pass(prove):
    def clap(world):
        world.refusals.append(Refusal("program clap.exe", "vm"))

    result = prove(commands={"clap": clap})
    assert (result.outcome, result.exit_code) == (Outcome.INCONCLUSIVE, 5)
    assert [str(refusal) for refusal in result.refusals] == ["program clap.exe (vm)"]


def test_something_not_simulated_in_the_cure_beats_not_healed(prove):
    def refuse(world):
        return CommandResult(
            "vm", "switch on", 120, "", "NOT SIMULATED: switch", 0.0, ("program switch.exe",)
        )

    result = prove("run", commands={"switch on": refuse})
    assert (result.outcome, result.exit_code) == (Outcome.INCONCLUSIVE, 5)


def test_a_phase_that_fails_over_something_not_simulated_is_inconclusive(prove):
    def refuse(world):
        world.refusals.append(Refusal("injection by mirrors", "vm"))
        raise InfrastructureError("the injection failed")

    result = prove(on_inject=refuse)
    assert (result.outcome, result.exit_code) == (Outcome.INCONCLUSIVE, 5)
    assert result.reason == "the injection failed"


def test_a_refusal_elsewhere_does_not_excuse_a_cure_that_fails(prove):
    def clap(world):
        world.refusals.append(Refusal("program clap.exe", "vm"))

    def heal_only_if_on(world):
        return "click"

    result = prove(commands={"clap": clap, "switch on": heal_only_if_on})
    assert (result.outcome, result.exit_code) == (Outcome.NOT_HEALED, 1)


def test_a_cure_that_never_ends_is_not_healed(prove):
    calls = []

    def hang(world):
        calls.append(world.light)
        raise CommandTimeout("the command did not end within 5 s")

    result = prove("run", commands={"switch on": hang})
    assert calls == ["off"]
    assert (result.outcome, result.exit_code) == (Outcome.NOT_HEALED, 1)
    assert "did not end" in result.reason


def test_a_time_out_while_breaking_is_a_lab_error(prove):
    def hang(_):
        raise CommandTimeout("the host does not answer")

    result = prove(on_inject=hang)
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)


def test_a_phase_that_takes_too_long_is_a_lab_error(prove):
    import time

    def slow(_):
        time.sleep(0.05)  # longer than the limit below; the next step finds that nothing is left

    result = prove(on_advance=slow, options={"limits": {"controls": 0.02}})
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert "controls took longer than its limit" in result.reason


@pytest.mark.parametrize("hook", ["on_inject", "on_backup", "on_advance", "on_restart"])
def test_an_interrupt_in_any_phase_takes_the_world_down(prove, lamp, hook):
    def interrupt(_):
        raise Interrupted(2)

    result = prove(**{hook: interrupt})
    assert (result.outcome, result.exit_code) == (Outcome.INTERRUPTED, 130)
    assert [world.closed for world in lamp.worlds] == [1]


def test_sigterm_has_its_own_exit_code(prove):
    def terminate(_):
        raise Interrupted(15)

    assert prove(on_inject=terminate).exit_code == 143


def test_a_failing_tear_down_spoils_a_pass(prove):
    def stuck(_):
        raise InfrastructureError("the container does not go away")

    result = prove(on_close=stuck)
    assert (result.outcome, result.exit_code) == (Outcome.LAB_ERROR, 3)
    assert "does not go away" in result.reason


def test_a_failing_tear_down_does_not_hide_the_first_reason(prove):
    def stuck(_):
        raise InfrastructureError("the container does not go away")

    result = prove("run", on_close=stuck, commands={"switch on": lambda _: ""})
    assert result.outcome is Outcome.NOT_HEALED


@pytest.mark.parametrize(
    ("keep", "works", "closed"),
    [("never", True, 1), ("failed", True, 1), ("failed", False, 0), ("always", True, 0), ("never", False, 1)],
)
def test_the_world_is_kept_when_asked(prove, lamp, keep, works, closed):
    commands = {} if works else {"switch on": lambda _: ""}
    result = prove("run", commands=commands, options={"keep": keep})
    assert lamp.world.closed == closed
    assert result.kept is (closed == 0)


def test_logs_of_a_failed_run_are_kept_without_secrets(prove, lamp):
    prove("run", commands={"switch on": lambda _: ""})
    log = lamp.folder / "report" / "logs" / "lamp.log"
    assert log.read_text() == "flicker password=***"


def test_the_journal_tells_the_run_and_holds_no_secret(prove, lamp):
    prove(commands={"look": lambda w: f"light is {w.light} s3cret-value"})
    text = lamp.journal.path.read_text()
    events = [json.loads(line) for line in text.splitlines()]
    assert events[0]["event"] == "run"
    assert events[-1]["event"] == "outcome"
    step = next(e for e in events if e["event"] == "step" and e["phase"] == "detect")
    assert step["command"] == "look"
    assert step["output"] == "light is off ***"
    assert step["fidelity"] == "emulated"
    assert "s3cret-value" not in text
    assert "abcdef123456" not in text
