"""What the courier asks the host before it acts: does the agent run, and is its way open?

The answers come from the host itself. Off Azure no host has a way to 168.63.129.16; there
the question is put to a registry value instead, which a scenario can set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fakes.courier.winrm_shell import HostShell

AGENT_SERVICE = "WindowsAzureGuestAgent"
WIRE_SERVER = "168.63.129.16"
PORTS = (80, 32526)  # wire server, HostGAPlugin
PATH_KEY = r"HKLM:\SOFTWARE\AzureVmBackupLab"
PATH_VALUE = "WireServerPath"

PathQuestion = Literal["network", "registry"]
"""``network``: try 168.63.129.16. ``registry``: open unless the value says ``Closed``."""

_AGENT = f"""
$service = Get-Service -Name {AGENT_SERVICE} -ErrorAction SilentlyContinue
if (-not $service) {{ 'agent: missing'; exit 0 }}
"agent: $($service.Status)"
if ($service.Status -ne 'Running') {{ exit 0 }}
"""
_NETWORK = f"""
foreach ($port in {", ".join(map(str, PORTS))}) {{
    $open = Test-NetConnection -ComputerName {WIRE_SERVER} -Port $port -InformationLevel Quiet -WarningAction SilentlyContinue
    "path: $port $open"
    if (-not $open) {{ exit 0 }}
}}
"""
_REGISTRY = f"""
$setting = Get-ItemProperty -Path '{PATH_KEY}' -Name '{PATH_VALUE}' -ErrorAction SilentlyContinue
"path: registry $(-not ($setting -and $setting.{PATH_VALUE} -eq 'Closed'))"
"""


class HostAnswerError(Exception):
    """The host answered something that the questions do not allow for."""


@dataclass(frozen=True)
class Condition:
    """Whether the agent can do its work, and why not."""

    able: bool
    reason: str


def ask(shell: HostShell, path: PathQuestion) -> Condition:
    """Ask the host.

    Raises:
        HostUnreachable: It does not answer at all.
        HostAnswerError: Its answer makes no sense; the text holds what it said.
    """
    script = _AGENT + (_NETWORK if path == "network" else _REGISTRY)
    output = shell.powershell(script)
    lines = [line.strip() for line in output.stdout.splitlines() if line.strip()]
    agent = next((line.partition(": ")[2] for line in lines if line.startswith("agent: ")), None)
    if agent is None:
        raise HostAnswerError(
            f"exit code {output.exit_code}: {(output.stdout + output.stderr).strip()[:500]}"
        )
    if agent != "Running":
        return Condition(False, f"service {AGENT_SERVICE}: {agent}")
    ways = [line.partition(": ")[2].split() for line in lines if line.startswith("path: ")]
    if not ways:
        raise HostAnswerError(
            f"exit code {output.exit_code}: {(output.stdout + output.stderr).strip()[:500]}"
        )
    closed = [way for way, is_open in ways if is_open != "True"]
    if closed:
        return Condition(False, f"no way to {WIRE_SERVER}: {', '.join(closed)}")
    return Condition(True, "the agent runs and its way is open")
