"""Extension handlers on the host: install from the package, run, remember what they said.

A package is the Windows agent's: a zip with ``HandlerManifest.json`` at its root, whose
``enableCommand`` the agent runs. The courier runs what is a PowerShell script, by name, and
gives it the settings as text, for there is no agent on the host to unpack files for it.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from fakes.courier.winrm_shell import HostShell
from fakes.courier.wire import ExtensionGoal

# Standard input is not bound by the 8,191 characters of a command line of cmd.exe, and
# Base64 not by code pages. First the script, then the settings.
BOOTSTRAP = """
$parts = [Console]::In.ReadToEnd().Split('|')
$script = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($parts[0]))
$settings = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($parts[1]))
& ([ScriptBlock]::Create($script)) -Settings $settings
exit $LASTEXITCODE
"""
_CLIXML_ERROR = re.compile(r'<S S="Error">(.*?)</S>', re.DOTALL)
_CLIXML_ESCAPE = re.compile(r"_x([0-9A-F]{4})_")
_STATUSES = frozenset({"success", "error", "warning", "transitioning"})
_INSTALL_FAILED = 51  # the agent's own code for a handler that could not be enabled [lab-assigned]


class PackageError(Exception):
    """A package is not one that can be run here."""


@dataclass
class Handler:
    """One handler as the agent knows it.

    Attributes:
        name: Publisher and type.
        version: Installed version.
        state: ``Ready`` or ``NotReady``.
        message: What the agent says of it when it is not ready.
        sequence: Number of the settings it last ran with.
        result: What it said of that run: ``status``, ``code``, ``message``, ``substatus``.
    """

    name: str
    version: str
    state: str = "Ready"
    message: str = ""
    sequence: int | None = None
    result: dict[str, Any] = field(default_factory=dict)


def script_of(package: bytes) -> str:
    """Return the script that a package's ``enableCommand`` names.

    Raises:
        PackageError: The package cannot be read, or its command is not a PowerShell script.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            manifest = json.loads(archive.read("HandlerManifest.json"))
            entry = manifest[0] if isinstance(manifest, list) else manifest
            command = str(entry["handlerManifest"]["enableCommand"])
            if not command.lower().endswith(".ps1"):
                raise PackageError(f"enableCommand is not a PowerShell script: {command}")
            return archive.read(command).decode("utf-8-sig")
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError) as error:
        raise PackageError(f"not an extension package: {error!r}") from error


def enable(shell: HostShell, script: str, goal: ExtensionGoal) -> Handler:
    """Run a handler on the host with new settings.

    Returns:
        The handler with the result it reported; one that reported nothing is not ready.

    Raises:
        HostUnreachable: The host went away meanwhile.
    """
    payload = "|".join(_base64(text) for text in (script, json.dumps(goal.settings)))
    output = shell.powershell(BOOTSTRAP, payload)
    result = _last_result(output.stdout)
    if result is None:
        said = plain_errors(output.stderr) or output.stdout.strip()
        return broken(goal, f"exit code {output.exit_code}: {said[-1000:]}")
    return Handler(goal.name, goal.version, sequence=goal.sequence, result=result)


def broken(goal: ExtensionGoal, message: str) -> Handler:
    """Return a handler that could not be installed or enabled."""
    result = {"status": "", "code": _INSTALL_FAILED, "message": "", "substatus": []}
    return Handler(goal.name, goal.version, "NotReady", message, goal.sequence, result)


def plain_errors(stderr: str) -> str:
    r"""Return the error texts of what PowerShell wrote to standard error (CLIXML over WinRM).

    >>> plain_errors('#< CLIXML\r\n<Objs><S S="Error">No &amp; no_x000D__x000A_</S></Objs>')
    'No & no'
    """
    if not stderr.startswith("#< CLIXML"):
        return stderr.strip()
    text = "".join(html.unescape(found) for found in _CLIXML_ERROR.findall(stderr))
    return _CLIXML_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text).strip()


def _last_result(stdout: str) -> dict[str, Any] | None:
    for line in reversed(stdout.splitlines()):
        if line.startswith("{"):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict) and found.get("status") in _STATUSES:
                return found
    return None


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
