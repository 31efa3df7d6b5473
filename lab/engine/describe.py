"""Says what a step is and does, for plans, journals and reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from lab.engine import guest_checks
from lab.engine.probes import probe
from lab.hosts.base import Shell
from lab.model.checks import BackupCheck
from lab.model.loader import Scenario
from lab.model.rules import host_of
from lab.model.scenario import kind_of
from lab.model.steps import (
    AzureStep,
    CmdStep,
    CommandStep,
    FaultStep,
    HostStep,
    KnobStep,
    PowershellStep,
    PythonStep,
    ShStep,
    Step,
    WaitStep,
)


def inline(step: CommandStep) -> tuple[str, Shell]:
    """Return the value of a command step and the shell that takes it."""
    match step:
        case CmdStep():
            return step.cmd, "cmd"
        case PowershellStep():
            return step.powershell, "powershell"
        case ShStep():
            return step.sh, "bash"
    raise TypeError(type(step).__name__)


def shown(step: Step, scenario: Scenario) -> str:
    """The step as a person would repeat it: a command line, a request, a change."""
    match step:
        case CommandStep():
            value, _ = inline(step)
            return " ".join([value.rstrip("\n"), *(step.args or ())])
        case AzureStep():
            body = f" {json.dumps(step.body, ensure_ascii=False)}" if step.body is not None else ""
            return step.azure + body
        case PythonStep():
            return " ".join(["python", step.python.rstrip("\n"), *(step.args or ())])
        case FaultStep():
            forms = [f"simulated: {json.dumps(step.simulated)}"] if step.simulated is not None else []
            return "; ".join([*forms, *([f"real: {step.real}"] if step.real else [])])
        case KnobStep():
            return f"knob {json.dumps(step.knob)}"
        case WaitStep():
            return f"wait {step.wait:g} s (virtual)"
        case BackupCheck():
            error = f" with {step.backup.error}" if step.backup.error else ""
            return f"on-demand backup, expect {step.backup.status}{error}"
        case HostStep():
            if scenario.spec.hosts[host_of(scenario.spec, step)].os == "linux":
                return guest_checks.command_of(step)
            return probe(step).command
    raise TypeError(type(step).__name__)


def title(step: Step) -> str:
    """The step's name, or a word for its kind."""
    if step.name:
        return step.name
    names: dict[str, Callable[[Any], str]] = {
        "backup": lambda s: f"A backup ends {s.backup.status}",
        "wait": lambda s: f"Wait {s.wait:g} s",
        "service": lambda s: f"Service {s.service}",
        "file": lambda s: f"File {s.file}",
        "process": lambda s: f"Process {s.process}",
        "package": lambda s: f"Package {s.package}",
        "port": lambda s: f"Port {s.port}",
        "registry": lambda s: f"Registry {s.registry}",
        "azure": lambda s: s.azure.split("?")[0],
        "knob": lambda s: f"Knob {', '.join(s.knob)}",
    }
    kind = kind_of(step) or "step"
    if kind in names:
        return names[kind](step)
    if isinstance(step, CommandStep):
        return inline(step)[0].strip().splitlines()[0]
    return kind
