"""Rules that span more than one field: hosts and their shells, checks that cannot run yet."""

from __future__ import annotations

from lab.errors import UsageError
from lab.model.checks import AclCheck, EventCheck, PackageCheck, PortCheck, RegistryCheck
from lab.model.scenario import ScenarioFile, kind_of
from lab.model.steps import CmdStep, FaultStep, HostStep, PowershellStep, ShStep
from lab.model.yamltext import Path, SourceMap
from lab.nearest import suggestion


def check_rules(spec: ScenarioFile, source: SourceMap) -> None:
    """Refuse steps that could not run as written.

    Raises:
        UsageError: One ``file:line: field: ...`` line per complaint.
    """
    found = [
        f"{source.where(path)}: {problem}"
        for path, step in spec.host_steps()
        if (problem := _problem(spec, path, step))
    ]
    if found:
        raise UsageError("\n".join(found))


def host_of(spec: ScenarioFile, step: HostStep) -> str:
    """Name of the host a step runs on; the only one, where the step does not say."""
    return step.on if step.on is not None else next(iter(spec.hosts))


def _problem(spec: ScenarioFile, path: Path, step: HostStep) -> str | None:
    if step.on is None and len(spec.hosts) > 1:
        return f"{_at(path)}: on: is needed where there are several hosts ({', '.join(spec.hosts)})"
    name = host_of(spec, step)
    if name not in spec.hosts:
        return f"{_at(path)}: on: there is no host {name!r}{suggestion(name, spec.hosts)}"
    os = spec.hosts[name].os
    kind = kind_of(step)
    if isinstance(step, CmdStep | PowershellStep) and os != "windows":
        return f"{_at(path)}: {kind}: {name} is a {os} host; use sh:"
    if isinstance(step, ShStep) and os != "linux":
        return f"{_at(path)}: sh: {name} is a {os} host; use cmd: or powershell:"
    if isinstance(step, FaultStep) and os != "windows":
        return f"{_at(path)}: simulated:/real: {name} is a real {os} machine; break it with sh:"
    if isinstance(step, RegistryCheck) and os != "windows":
        return f"{_at(path)}: registry: {name} is a {os} host and has none"
    if isinstance(step, PackageCheck | PortCheck) and os != "linux":
        return f"{_at(path)}: {kind}: checks are not implemented for {os} hosts; use powershell: with finds:"
    if isinstance(step, AclCheck | EventCheck):
        return f"{_at(path)}: {kind}: checks are not implemented; use a command with finds:"
    return None


def _at(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")
