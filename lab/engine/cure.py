"""The cure of a run: the documented steps, or somebody's own script in their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lab.engine.limits import Deadline
from lab.engine.steps import StepResult
from lab.errors import CommandTimeout, UsageError
from lab.hosts.base import SCRIPT_SHELLS
from lab.model.loader import Scenario
from lab.model.rules import host_of
from lab.model.scenario import Phase
from lab.model.steps import CommandStep

if TYPE_CHECKING:
    from lab.engine.run import Run

NOTHING = StepResult("cure", "cure", None, "", ok=False, reason="it was never applied")


class Cure:
    """Applies the cure as often as the proofs want it.

    Attributes:
        last: How it went the last time.
        endless: It once did not end in time; to try again would only take as long again.
        traces: It was applied to the healthy machine that is to be broken.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.last = NOTHING
        self.endless = False
        self.traces = False

    def check_plan(self) -> None:
        """Refuse somebody's script that no host takes, before anything is made."""
        script = self.run.options.remediation
        if script is not None:
            script_host(self.run.scenario, script)
            _readable(script)

    def apply(self, phase: Phase, deadline: Deadline) -> StepResult:
        """Apply it once.

        A cure that does not end in time is a cure that failed, not a broken lab.

        Returns:
            The first step that failed, or the last one.
        """
        self.last = replace(NOTHING, reason="it has no steps")
        try:
            for done in self._steps(phase, deadline):
                self.last = done
                if not done.ok:
                    break
        except CommandTimeout as error:
            self.endless = True
            self.last = self.run.record(phase, replace(NOTHING, name="the cure", reason=error.message))
        return self.last

    def _steps(self, phase: Phase, deadline: Deadline) -> Iterator[StepResult]:
        script = self.run.options.remediation
        if script is not None:
            host = script_host(self.run.scenario, script)
            yield self.run.record(phase, self.run.steps.run_file(script, host, deadline))
            return
        for step in self.run.steps.scenario.spec.remediate:
            yield self.run.act(phase, step, deadline)


def _readable(script: Path) -> None:
    """Refuse a script whose text nobody can read, while that costs nothing."""
    from lab.hosts.winrm.staging import script_text

    try:
        content = script.read_bytes()
        if script.suffix.lower() == ".ps1":
            script_text(content)
    except (OSError, ValueError) as error:
        raise UsageError(f"{script}: {getattr(error, 'strerror', None) or error}") from error


def script_host(scenario: Scenario, script: Path) -> str | None:
    """Return the host somebody's script runs on; None for .py, which runs against the control plane.

    Raises:
        UsageError: There is no such file, no host takes it, or its suffix says nothing.
    """
    if not script.is_file():
        what = "is a folder, not a script" if script.is_dir() else "there is no such script"
        raise UsageError(f"{script}: {what}")
    suffix = script.suffix.lower()
    if suffix == ".py":
        return None
    if suffix not in SCRIPT_SHELLS:
        raise UsageError(f"{script}: expected a .ps1, .cmd, .bat, .sh or .py script")
    os = "linux" if SCRIPT_SHELLS[suffix] == "bash" else "windows"
    spec = scenario.spec
    cured = [host_of(spec, step) for step in spec.remediate if isinstance(step, CommandStep)]
    for name in [*cured, *spec.hosts]:
        if spec.hosts[name].os == os:
            return name
    wanted = ", ".join(f"{name} is {host.os}" for name, host in spec.hosts.items())
    raise UsageError(f"{script}: no host of {scenario.id} takes a {suffix} script ({wanted})")
