"""Performs one step of a scenario in a world and judges its result."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lab.engine import guest_checks
from lab.engine.describe import inline, shown, title
from lab.engine.expect import judge_exit, judge_text, judge_value, telling
from lab.engine.limits import Deadline
from lab.engine.probes import probe
from lab.engine.world import BackupResult, World
from lab.errors import CommandTimeout, HostUnreachable, Inconclusive, InfrastructureError, Refused
from lab.hosts.base import CommandResult, Guest
from lab.model.checks import BackupCheck
from lab.model.loader import Scenario
from lab.model.rules import host_of
from lab.model.scenario import kind_of
from lab.model.steps import (
    AzureStep,
    CommandStep,
    FaultStep,
    HostStep,
    KnobStep,
    PythonStep,
    Step,
    WaitStep,
)

_COMMAND_LIMIT = 600.0
_BACKUP_LIMIT = 300.0
_SCRIPT_LIMIT = 180.0
"""Seconds for somebody's own script; one that takes longer has failed."""
_SETTLE_LIMIT = 120.0
_NOT_SIMULATED = re.compile(r"^NOT SIMULATED: (.+?)\s*$", re.MULTILINE)
"""How a job says that the fabric's own parts refused each other something."""


@dataclass(frozen=True)
class StepResult:
    """What a step did and whether that is what was expected of it.

    Attributes:
        name: What the step is for.
        kind: ``cmd``, ``azure``, ``backup``...
        host: Host it ran on, None for steps on the control plane and the fabric.
        command: The command, request or change, as a person would repeat it.
        ok: Whether all expectations held.
        reason: Why not, empty when ok.
        output: What came back.
        exit_code: Exit code or HTTP status, where there is one.
        seconds: Real time it took.
        not_simulated: Constructs that were refused on the way.
        backup: How the backup ended, for a backup check.
        lost: What became of the machine when it takes no more commands, ``vm is switched off``.
    """

    name: str
    kind: str
    host: str | None
    command: str
    ok: bool
    reason: str = ""
    output: str = ""
    exit_code: int | None = None
    seconds: float = 0.0
    not_simulated: tuple[str, ...] = field(default=())
    backup: BackupResult | None = None
    lost: str = ""


class Steps:
    """Performs the steps of one scenario in one world.

    Args:
        scenario: With its facts resolved.
        world: Where.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        self.scenario = scenario
        self.world = world

    def act(self, step: Step, deadline: Deadline, *, lenient: bool = False) -> StepResult:
        """Do something: commands must end with exit code 0 unless the step says otherwise.

        Args:
            step: An action or a fault.
            deadline: Of the phase.
            lenient: Accept any exit code and HTTP status (wrong fixes may well fail).
        """
        return self._perform(step, deadline, default_exit=() if lenient else (0,), lenient=lenient)

    def check(self, step: Step, deadline: Deadline) -> StepResult:
        """Look at something: only what the step says is expected of it."""
        return self._perform(step, deadline, default_exit=(), lenient=False)

    def run_file(self, path: Path, host: str | None, deadline: Deadline) -> StepResult:
        """Run somebody's own script: on a host, or here against the control plane (.py)."""
        if host is None:
            return replace(
                self._script([str(path)], path.name, _SCRIPT_LIMIT, deadline, (0,)), kind="remediation"
            )
        machine = self.world.hosts[host]
        pulse = machine.pulse()
        try:
            result = machine.run_script(path, timeout=deadline.left(_SCRIPT_LIMIT))
        except HostUnreachable as error:
            # It may have restarted the machine, as a cure may. What it came to, the checks will tell.
            result = CommandResult(host, path.name, 0, "", f"(the connection was lost: {error.message})\n", 0)
        became = machine.settle(pulse, deadline.left(_SETTLE_LIMIT))
        lost = f"{host} {became}" if became else ""
        reason = lost or judge_exit(result.exit_code, (0,))
        if reason and not lost:
            reason += telling(result)
        return replace(_of_command(path.name, "remediation", host, path.name, result, reason), lost=lost)

    def _perform(
        self, step: Step, deadline: Deadline, *, default_exit: Sequence[int], lenient: bool
    ) -> StepResult:
        started = time.perf_counter()
        kind = kind_of(step) or "step"
        result = self._dispatch(step, kind, deadline, default_exit, lenient=lenient)
        return result if result.seconds else replace(result, seconds=time.perf_counter() - started)

    def _dispatch(
        self, step: Step, kind: str, deadline: Deadline, default_exit: Sequence[int], *, lenient: bool
    ) -> StepResult:
        match step:
            case CommandStep():
                return self._command(step, kind, deadline, default_exit)
            case AzureStep():
                return self._azure(step, deadline, lenient=lenient)
            case PythonStep():
                return self._python(step, deadline, default_exit)
            case FaultStep():
                return self._fault(step, deadline)
            case KnobStep():
                text = json.dumps(step.knob)
                self.world.knob(step.knob)
                return StepResult(title(step), kind, None, f"knob {text}", ok=True)
            case WaitStep():
                self.world.advance(step.wait)
                return StepResult(title(step), kind, None, f"wait {step.wait:g} s (virtual)", ok=True)
            case BackupCheck():
                return self._backup(step, deadline)
            case HostStep():
                return self._probe(step, kind, deadline)
        raise TypeError(f"no way to perform {type(step).__name__}")

    def _command(
        self, step: CommandStep, kind: str, deadline: Deadline, default_exit: Sequence[int]
    ) -> StepResult:
        name = host_of(self.scenario.spec, step)
        host = self.world.hosts[name]
        value, shell = inline(step)
        limit = deadline.left(step.timeout or _COMMAND_LIMIT)
        script = self.scenario.script(value)
        if script is not None:
            result = host.run_script(script, args=step.args or (), timeout=limit, env=step.env)
        else:
            result = host.run(value, shell, timeout=limit, env=step.env)
        reason = judge_exit(result.exit_code, step.exit or default_exit) or judge_text(
            result.output, step.finds, step.lacks
        )
        return _of_command(title(step), kind, name, shown(step, self.scenario), result, reason)

    def _probe(self, step: HostStep, kind: str, deadline: Deadline) -> StepResult:
        name = host_of(self.scenario.spec, step)
        if self.scenario.spec.hosts[name].os == "linux":
            guest = self.world.hosts[name]
            if not isinstance(guest, Guest):
                raise InfrastructureError(f"{name} is a Linux host that testinfra cannot reach")
            reason = guest_checks.judge(step, guest.testinfra)
            command = guest_checks.command_of(step)
            return StepResult(title(step), kind, name, command, reason is None, reason or "")
        made = probe(step)
        limit = deadline.left(step.timeout or _COMMAND_LIMIT)
        result = self.world.hosts[name].run(made.command, made.shell, timeout=limit)
        return _of_command(title(step), kind, name, made.command, result, made.judge(result))

    def _fault(self, step: FaultStep, deadline: Deadline) -> StepResult:
        name = host_of(self.scenario.spec, step)
        if self.world.is_simulated(name):
            if step.simulated is None:
                raise Inconclusive(
                    f"{title(step)}: this injection has no simulated: form, and {name} is simulated"
                )
            self.world.inject(name, step.simulated)
            return StepResult(title(step), "simulated", name, f"inject {json.dumps(step.simulated)}", ok=True)
        if step.real is None:
            raise Refused(f"{title(step)}: this injection has no real: form, and {name} is a real machine")
        script = self.scenario.script(step.real)
        host = self.world.hosts[name]
        limit = deadline.left(step.timeout or _COMMAND_LIMIT)
        if script is not None:
            result = host.run_script(script, timeout=limit)
        else:
            result = host.run(step.real, "powershell", timeout=limit)
        return _of_command(title(step), "real", name, step.real, result, judge_exit(result.exit_code, (0,)))

    def _azure(self, step: AzureStep, deadline: Deadline, *, lenient: bool) -> StepResult:
        import jmespath

        method, _, path = step.azure.partition(" ")
        reply = self.world.azure(
            method, path.strip(), step.body, deadline.left(step.timeout or _COMMAND_LIMIT)
        )
        accepted = step.expect or ((reply.status,) if lenient else tuple(range(200, 300)))
        reason = None
        if reply.status not in accepted:
            wanted = " or ".join(map(str, step.expect)) if step.expect else "2xx"
            reason = f"HTTP {reply.status}, expected {wanted}"
        elif reply.error and not lenient:
            reason = f"the operation failed: {reply.error}"
        value = jmespath.search(step.query, reply.body) if step.query else reply.body
        reason = reason or judge_value(value, step.finds, step.lacks, step.equals)
        output = json.dumps(value, ensure_ascii=False, default=str)
        return StepResult(
            title(step), "azure", None, shown(step, self.scenario), reason is None, reason or "", output,
            reply.status, not_simulated=reply.not_simulated,
        )  # fmt: skip

    def _python(self, step: PythonStep, deadline: Deadline, default_exit: Sequence[int]) -> StepResult:
        script = self.scenario.script(step.python)
        arguments = [*([str(script)] if script else ["-c", step.python]), *(step.args or ())]
        done = self._script(arguments, title(step), step.timeout, deadline, step.exit or default_exit)
        reason = done.reason or judge_text(done.output, step.finds, step.lacks) or ""
        return replace(done, command=shown(step, self.scenario), ok=not reason, reason=reason)

    def _script(
        self,
        arguments: list[str],
        name: str,
        timeout: float | None,
        deadline: Deadline,
        accepted: Sequence[int],
    ) -> StepResult:
        limit = deadline.left(timeout or _COMMAND_LIMIT)
        try:
            done = subprocess.run(
                [sys.executable, *arguments], env=dict(self.world.python_env), capture_output=True, text=True,
                timeout=limit, check=False, stdin=subprocess.DEVNULL, errors="replace",
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise CommandTimeout(f"{name}: the script did not end within {limit:g} s") from None
        reason = judge_exit(done.returncode, accepted) or ""
        if reason and done.stderr.strip():
            reason += f": {done.stderr.strip().splitlines()[-1]}"
        command = " ".join(["python", *arguments])
        return StepResult(
            name, "python", None, command, not reason, reason, done.stdout + done.stderr, done.returncode
        )

    def _backup(self, step: BackupCheck, deadline: Deadline) -> StepResult:
        wanted = step.backup
        done = self.world.backup(deadline.left(step.timeout or _BACKUP_LIMIT))
        reason = None
        if done.status != wanted.status or (wanted.error is not None and done.error != wanted.error):
            error = f" with {wanted.error}" if wanted.error else ""
            reason = f"{done}, expected {wanted.status}{error}"
        reason = reason or judge_text(done.message, wanted.message, None)
        return StepResult(
            title(step), "backup", None, "on-demand backup", reason is None, reason or "",
            f"{done}\n{done.message}".rstrip(), seconds=done.seconds, backup=done,
            not_simulated=tuple(_NOT_SIMULATED.findall(done.message)),
        )  # fmt: skip


def _of_command(
    name: str, kind: str, host: str, command: str, result: CommandResult, reason: str | None
) -> StepResult:
    return StepResult(
        name, kind, host, command, reason is None, reason or "", result.output, result.exit_code,
        result.seconds, result.not_simulated,
    )  # fmt: skip
