"""Turns checks on a Windows host into one command and a judgement of its result.

A probe is data: given a check and an operating system, this command, and what its answer means.
Nothing here talks to a host, so tests read like a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lab.engine.expect import judge_text
from lab.engine.guest_checks import differs
from lab.hosts.base import CommandResult, Shell
from lab.model.checks import (
    FileCheck,
    ProcessCheck,
    RegistryCheck,
    ServiceCheck,
)
from lab.model.steps import HostStep

Judge = Callable[[CommandResult], str | None]
"""Returns why the check does not hold, None when it does."""

_NO_SUCH_SERVICE = 1060  # ERROR_SERVICE_DOES_NOT_EXIST


@dataclass(frozen=True)
class Probe:
    """One command that answers a check."""

    shell: Shell
    command: str
    judge: Judge


def probe(check: HostStep) -> Probe:
    """Return the probe of a check on a Windows host.

    Raises:
        NotImplementedError: The loader lets no such check through.
    """
    made = _WINDOWS.get(type(check))
    if made is None:
        raise NotImplementedError(f"{type(check).__name__} on windows")
    return made(check)


def _windows_service(check: ServiceCheck) -> Probe:
    def judge(result: CommandResult) -> str | None:
        exists = result.exit_code != _NO_SUCH_SERVICE
        running = re.search(r"^\s*STATE\s*:\s*4\b", result.stdout, re.MULTILINE) is not None
        enabled = re.search(r"^\s*START_TYPE\s*:\s*2\b", result.stdout, re.MULTILINE) is not None
        return (
            differs(check.service, check.exists, exists, "installed")
            or differs(check.service, check.running, running, "running")
            or differs(check.service, check.enabled, enabled, "started with the machine")
        )

    name = f'"{check.service}"'
    command = f"sc queryex {name} && sc qc {name}" if check.enabled is not None else f"sc queryex {name}"
    return Probe("cmd", command, judge)


def _contents(check: FileCheck) -> bool:
    return check.finds is not None or check.lacks is not None


def _judge_file(check: FileCheck) -> Judge:
    def judge(result: CommandResult) -> str | None:
        there = result.exit_code == 0
        wrong = differs(check.file, check.exists, there, "there")
        return wrong or (judge_text(result.stdout, check.finds, check.lacks) if _contents(check) else None)

    return judge


def _windows_file(check: FileCheck) -> Probe:
    path = f'"{check.file}"'
    command = f"type {path}" if _contents(check) else f"if exist {path} (exit 0) else (exit 1)"
    return Probe("cmd", command, _judge_file(check))


def _windows_process(check: ProcessCheck) -> Probe:
    image = check.process if check.process.lower().endswith(".exe") else f"{check.process}.exe"

    def judge(result: CommandResult) -> str | None:
        found = re.search(rf"^{re.escape(image)}\s", result.stdout, re.MULTILINE | re.IGNORECASE) is not None
        return differs(check.process, check.running, found, "running")

    return Probe("cmd", f'tasklist /FI "IMAGENAME eq {image}"', judge)


def _windows_registry(check: RegistryCheck) -> Probe:
    def judge(result: CommandResult) -> str | None:
        what = check.registry if check.value is None else f"{check.registry}\\{check.value}"
        wrong = differs(what, check.exists, result.exit_code == 0, "there")
        if wrong or check.equals is None:
            return wrong
        name = re.escape(check.value or "")
        row = re.search(
            rf"^\s+{name}\s+(REG_\w+)\s{{1,4}}(.*?)\s*$", result.stdout, re.MULTILINE | re.IGNORECASE
        )
        if row is None:
            return f"{what} has no readable value"
        kind, text = row.groups()
        found: str | int = int(text, 16) if kind in {"REG_DWORD", "REG_QWORD"} else text
        wanted = check.equals
        if isinstance(found, int) and isinstance(wanted, str) and wanted.isdecimal():
            wanted = int(wanted)
        return None if str(found) == str(wanted) else f"{what} is {found!r}, expected {check.equals!r}"

    command = f'reg query "{check.registry}"' + (f' /v "{check.value}"' if check.value is not None else "")
    return Probe("cmd", command, judge)


_WINDOWS: dict[type[HostStep], Callable[..., Probe]] = {
    ServiceCheck: _windows_service,
    FileCheck: _windows_file,
    ProcessCheck: _windows_process,
    RegistryCheck: _windows_registry,
}
