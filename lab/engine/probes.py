"""Turns checks on a host into one command and a judgement of its result.

A probe is data: given a check and an operating system, this command, and what its answer means.
Nothing here talks to a host, so tests read like a table.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from lab.engine.expect import judge_text
from lab.hosts.base import CommandResult, HostOS, Shell
from lab.model.checks import (
    FileCheck,
    PackageCheck,
    PortCheck,
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


def probe(check: HostStep, os: HostOS) -> Probe:
    """Return the probe of a check on an operating system.

    Raises:
        NotImplementedError: The loader lets no such check through.
    """
    made = _WINDOWS.get(type(check)) if os == "windows" else _LINUX.get(type(check))
    if made is None:
        raise NotImplementedError(f"{type(check).__name__} on {os}")
    return made(check)


def _differs(what: str, wanted: bool | None, found: bool, word: str) -> str | None:
    if wanted is None or wanted == found:
        return None
    return f"{what} is {'' if found else 'not '}{word}"


def _windows_service(check: ServiceCheck) -> Probe:
    def judge(result: CommandResult) -> str | None:
        exists = result.exit_code != _NO_SUCH_SERVICE
        running = re.search(r"^\s*STATE\s*:\s*4\b", result.stdout, re.MULTILINE) is not None
        enabled = re.search(r"^\s*START_TYPE\s*:\s*2\b", result.stdout, re.MULTILINE) is not None
        return (
            _differs(check.service, check.exists, exists, "installed")
            or _differs(check.service, check.running, running, "running")
            or _differs(check.service, check.enabled, enabled, "started with the machine")
        )

    name = f'"{check.service}"'
    command = f"sc queryex {name} && sc qc {name}" if check.enabled is not None else f"sc queryex {name}"
    return Probe("cmd", command, judge)


def _linux_service(check: ServiceCheck) -> Probe:
    properties = "LoadState,ActiveState,UnitFileState"

    def judge(result: CommandResult) -> str | None:
        state = dict(line.split("=", 1) for line in result.stdout.splitlines() if "=" in line)
        return (
            _differs(check.service, check.exists, state.get("LoadState") == "loaded", "installed")
            or _differs(check.service, check.running, state.get("ActiveState") == "active", "running")
            or _differs(
                check.service,
                check.enabled,
                state.get("UnitFileState") in {"enabled", "enabled-runtime", "static"},
                "started with the machine",
            )
        )

    return Probe("bash", f"systemctl show -p {properties} -- {shlex.quote(check.service)}", judge)


def _contents(check: FileCheck) -> bool:
    return check.finds is not None or check.lacks is not None


def _judge_file(check: FileCheck) -> Judge:
    def judge(result: CommandResult) -> str | None:
        there = result.exit_code == 0
        wrong = _differs(check.file, check.exists, there, "there")
        return wrong or (judge_text(result.stdout, check.finds, check.lacks) if _contents(check) else None)

    return judge


def _windows_file(check: FileCheck) -> Probe:
    path = f'"{check.file}"'
    command = f"type {path}" if _contents(check) else f"if exist {path} (exit 0) else (exit 1)"
    return Probe("cmd", command, _judge_file(check))


def _linux_file(check: FileCheck) -> Probe:
    path = shlex.quote(check.file)
    return Probe("bash", f"cat -- {path}" if _contents(check) else f"test -e {path}", _judge_file(check))


def _windows_process(check: ProcessCheck) -> Probe:
    image = check.process if check.process.lower().endswith(".exe") else f"{check.process}.exe"

    def judge(result: CommandResult) -> str | None:
        found = re.search(rf"^{re.escape(image)}\s", result.stdout, re.MULTILINE | re.IGNORECASE) is not None
        return _differs(check.process, check.running, found, "running")

    return Probe("cmd", f'tasklist /FI "IMAGENAME eq {image}"', judge)


def _linux_process(check: ProcessCheck) -> Probe:
    def judge(result: CommandResult) -> str | None:
        return _differs(check.process, check.running, check.process in result.stdout.splitlines(), "running")

    # /proc rather than ps or pgrep: minimal images have neither; comm is cut to 15 characters
    loop = 'for d in /proc/[0-9]*; do [ -r "$d/cmdline" ] && tr "\\0" "\\n" <"$d/cmdline" | head -n 1; cat "$d/comm"; done 2>/dev/null'
    return Probe("bash", loop + " | sed 's|.*/||' | sort -u", judge)


def _linux_package(check: PackageCheck) -> Probe:
    def judge(result: CommandResult) -> str | None:
        return _differs(
            check.package, check.installed, result.stdout.strip() == "install ok installed", "installed"
        )

    return Probe("bash", f"dpkg-query -W -f '${{Status}}' -- {shlex.quote(check.package)}", judge)


def _linux_port(check: PortCheck) -> Probe:
    wanted = f"{check.port:04X}"

    def judge(result: CommandResult) -> str | None:
        rows = [line.split() for line in result.stdout.splitlines()]
        listening = any(
            len(r) > 3 and r[1].endswith(f":{wanted}") and r[3] == "0A" for r in rows
        )  # 0A: TCP_LISTEN
        return _differs(f"port {check.port}", check.listening, listening, "listening")

    return Probe("bash", "cat /proc/net/tcp /proc/net/tcp6 2>/dev/null", judge)


def _windows_registry(check: RegistryCheck) -> Probe:
    def judge(result: CommandResult) -> str | None:
        what = check.registry if check.value is None else f"{check.registry}\\{check.value}"
        wrong = _differs(what, check.exists, result.exit_code == 0, "there")
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
_LINUX: dict[type[HostStep], Callable[..., Probe]] = {
    ServiceCheck: _linux_service,
    FileCheck: _linux_file,
    ProcessCheck: _linux_process,
    PackageCheck: _linux_package,
    PortCheck: _linux_port,
}
