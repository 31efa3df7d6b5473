"""The plan of a run: every step with its command, from the file alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lab.engine.describe import shown, title
from lab.engine.parts import Parts
from lab.engine.run import Options
from lab.model.loader import Scenario
from lab.model.rules import host_of
from lab.model.scenario import kind_of
from lab.model.steps import HostStep, Step

PlannedStep = dict[str, Any]
_SCRIPTED = ("cmd", "powershell", "sh", "python", "real")
"""Fields of a step whose value may name a script of the scenario's folder."""


def plan(scenario: Scenario, options: Options) -> list[dict[str, Any]]:
    """Return the phases of a run with their steps: ``{"phase", "steps": [{"name", "kind", "host", "command"}]}``."""
    spec = scenario.spec
    parts = Parts.of(options)

    def planned(steps: Sequence[Step], note: str = "") -> list[PlannedStep]:
        return [_planned(scenario, step, note) for step in steps]

    cure = _script(options.remediation, scenario) if options.remediation else planned(spec.remediate)
    hosts = [_plain(f"make host {name} ({host.os})") for name, host in spec.hosts.items()]
    baseline = planned(spec.detect, "must be silent")
    if parts.healthy_backup:
        baseline += planned(spec.healthy, "must hold")
    if parts.harmless:
        baseline += [{**step, "note": "must be harmless on a healthy machine"} for step in cure]
    phases = [
        ("provision", hosts),
        ("baseline", baseline),
        ("inject", planned(spec.inject)),
        ("confirm", planned(spec.symptom, "must be seen")),
        ("detect", planned(spec.detect, "must fire")),
    ]
    if parts.stays_broken:
        controls = [
            _plain(f"wait {spec.stays_broken.wait:g} s (virtual)"),
            *planned(spec.symptom, "must still be seen"),
        ]
        for wrong in spec.wrong_fixes:
            controls += planned(wrong.steps, f"wrong fix: {wrong.name}")
            controls += planned(spec.symptom, "must still be seen") + planned(wrong.undo, "undo")
        phases.append(("controls", controls))
    phases.append(("remediate", cure))
    verify = [*planned(spec.healthy, "must hold"), *planned(spec.detect, "must be silent")]
    if parts.second_time:
        verify += [{**step, "note": "a second time; must change nothing"} for step in cure]
    phases.append(("verify", verify))
    if parts.restart:
        phases.append(("restart", [_plain(f"restart {name}") for name in spec.hosts]))
    if parts.compare:
        compare = planned(spec.healthy, "must hold") if parts.restart else []
        allowed = f" but {', '.join(spec.allows)}" if spec.allows else ""
        phases.append(("compare", [*compare, _plain(f"nothing is different{allowed}")]))
    phases.append(("teardown", [_plain("take the world down")]))
    return [{"phase": name, "steps": steps} for name, steps in phases]


def as_text(scenario: Scenario, phases: Sequence[dict[str, Any]]) -> str:
    """The plan for people."""
    lines = [f"{scenario.id}: {scenario.spec.title}", "nothing is touched; this is what would be done:"]
    for phase in phases:
        lines.append(f"\n{phase['phase']}")
        for step in phase["steps"]:
            note = f"   ({step['note']})" if step.get("note") else ""
            lines.append(f"  - {step['name']}{note}")
            where = step["host"] or {"azure": "control plane", "python": "here"}.get(step["kind"], "fabric")
            lines += [f"      {where}> {line}" for line in (step["command"] or "").splitlines()]
            if step.get("script"):
                lines.append(f"        the script: {_near(Path(step['script']))}")
    return "\n".join(lines)


def _near(path: Path) -> str:
    """Return a path as one would type it from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _planned(scenario: Scenario, step: Step, note: str) -> PlannedStep:
    value = next((v for v in (getattr(step, k, None) for k in _SCRIPTED) if v), None)
    script = scenario.script(value) if value else None
    host = host_of(scenario.spec, step) if isinstance(step, HostStep) else None
    return {
        "name": title(step),
        "kind": kind_of(step),
        "host": host,
        "command": shown(step, scenario),
        "note": note,
        "script": str(script) if script else None,
    }


def _script(path: Path, scenario: Scenario) -> list[PlannedStep]:
    from lab.engine.cure import script_host

    host = script_host(scenario, path)
    return [
        {"name": path.name, "kind": "remediation", "host": host, "command": str(path), "note": "your script"}
    ]


def _plain(text: str) -> PlannedStep:
    return {"name": text, "kind": "lab", "host": None, "command": None, "note": ""}
