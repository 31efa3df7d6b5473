from __future__ import annotations

from pathlib import Path

from lab.engine.run import Options
from lab.views.plan import as_text, plan


def names(phases):
    return [phase["phase"] for phase in phases]


def test_the_short_plan_has_the_phases_of_a_run(lamp):
    phases = plan(lamp.scenario(), Options("run"))
    assert names(phases) == [
        "provision",
        "baseline",
        "inject",
        "confirm",
        "detect",
        "remediate",
        "verify",
        "teardown",
    ]


def test_the_plan_of_a_proof_tells_every_control(lamp):
    scenario = lamp.scenario()
    phases = plan(scenario, Options("prove"))
    assert names(phases)[5:] == ["controls", "remediate", "verify", "restart", "compare", "teardown"]
    text = as_text(scenario, phases)
    for line in ("wait 600 s (virtual)", "Clap   (wrong fix: Clap)", "vm> clap", "vm> switch on",
                 "a second time; must change nothing", "nothing is different but vm/switch/presses"):  # fmt: skip
        assert line in text


def test_a_plan_names_somebodys_script_and_its_host(lamp, tmp_path):
    script = tmp_path / "mine.ps1"
    script.touch()
    phases = plan(lamp.scenario(), Options("run", remediation=script))
    step = next(p for p in phases if p["phase"] == "remediate")["steps"][0]
    assert (step["host"], step["command"]) == ("vm", str(script))


def test_a_plan_and_a_run_agree_on_the_steps(lamp):
    """The dry run is worth nothing if the run does something else."""
    planned = {
        (phase["phase"], step["name"])
        for phase in plan(lamp.scenario(), Options("prove"))
        for step in phase["steps"]
        if step["kind"] not in {"lab", "wait"}
    }
    lamp.run("prove")
    done = {(e["phase"], e["step"]) for e in lamp.journal.events if e["event"] == "step"}
    assert done == planned


def test_a_plan_says_where_the_scripts_are():
    from lab.model.catalog import find

    scenario = find("waagent_stopped")
    text = as_text(scenario, plan(scenario, Options("run")))
    assert (
        f"vm> stop-agent.sh\n        the script: {Path('scenarios', 'waagent_stopped', 'stop-agent.sh')}"
        in text
    )
