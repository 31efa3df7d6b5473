"""A Windows host of a scenario, simulated or real: the same driver over the same WinRM.

Only three things tell the two apart: a real host must carry the mark of a disposable
machine before anything is run on it, its state is read by a script, and it is restarted
by its own ``shutdown``; for a simulated host the world may give callbacks for the last two.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from lab.errors import HostUnreachable, InfrastructureError, LogonRefused, StartTimeout, UsageError
from lab.hosts.base import NOT_SIMULATED_EXIT, SCRIPT_SHELLS, CommandResult, HostOS, Shell
from lab.hosts.winrm import clixml, guard, restart, staging
from lab.hosts.winrm.client import Endpoint, Finished, WinRmClient
from lab.hosts.winrm.credentials import Credentials
from lab.hosts.winrm.restart import Pulse

Kind = Literal["simulated", "real"]

_POLL_SECONDS = 0.1
_POLL_SECONDS_REAL = 2.0
# A simulated host restarts in no time; a moment before that its answer still has to travel.
_SETTLE_SECONDS = 10.0
# A simulated host also owns up to its own bugs: neither may pass for an answer of Windows.
_NOT_SIMULATED = re.compile(
    r"^(?:NOT SIMULATED: (?=.)|(?=INTERNAL ERROR of the simulated host: ))(.+?)\s*$", re.MULTILINE
)

_FIDELITY: dict[Kind, dict[str, str]] = {
    "simulated": {
        "winrm": "emulated: our listener, driven by pywinrm over NTLM",
        "windows": "modelled: services, registry, VSS and files as data",
        "cmd and PowerShell": "emulated: our interpreters",
    },
    "real": {"winrm": "real: WinRM", "windows": "real: Windows", "cmd and PowerShell": "real"},
}


class WindowsHost:
    """One Windows host.

    Args:
        name: Name in the scenario, such as ``vm``.
        endpoint: Where WinRM answers.
        credentials: A local administrator.
        kind: ``real`` turns the safety guard on.
        restart: Restarts the machine and returns when it has gone down; None: by ``shutdown``.
        capture: Returns the machine's state; None: by a script on the host.
        fidelity: Overrides entries of what `fidelity` says.
    """

    def __init__(
        self,
        name: str,
        endpoint: Endpoint,
        credentials: Credentials,
        *,
        kind: Kind = "simulated",
        restart: Callable[[], object] | None = None,
        capture: Callable[[], dict[str, Any]] | None = None,
        fidelity: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._kind: Kind = kind
        self._restart = restart
        self._capture = capture
        self._fidelity = {**_FIDELITY[kind], **(fidelity or {})}
        self._client = WinRmClient(name, endpoint, credentials)
        self._allowed = kind != "real"
        self._litter: list[str] = []

    def __repr__(self) -> str:
        return f"WindowsHost({self._name!r}, {self._client.endpoint.url!r}, {self._kind!r})"

    @property
    def name(self) -> str:
        """Name of the host in the scenario."""
        return self._name

    @property
    def os(self) -> HostOS:
        """Always ``windows``."""
        return "windows"

    @property
    def fidelity(self) -> dict[str, str]:
        """What is real, emulated and modelled in this host."""
        return dict(self._fidelity)

    def run(
        self,
        command: str,
        shell: Shell = "cmd",
        *,
        stdin: str | None = None,
        timeout: float = 120,
        env: Mapping[str, str] | None = None,
    ) -> CommandResult:
        """Run one command line of cmd.exe, or a piece of PowerShell.

        Raises:
            UsageError: The shell is bash, or PowerShell too long for a command line comes
                with standard input (which then has to carry the PowerShell).
            CommandTimeout: It did not end in time and was stopped.
            HostUnreachable: The host does not answer, or refuses the user.
            Refused: A real host without the mark of a disposable machine.
        """
        data = None if stdin is None else stdin.encode("utf-8")
        if shell == "cmd":
            return self._run(command, command, data, timeout, env)
        if shell != "powershell":
            raise UsageError(f"{self._name}: a Windows host has no {shell}")
        staged = staging.stage_command(command)
        if staged.stdin is not None and data is not None:
            raise UsageError(
                f"{self._name}: PowerShell of {len(command)} characters cannot also have standard "
                "input: put one of them into a file"
            )
        feed = data if staged.stdin is None else staged.stdin
        return self._run(command, staged.command_line, feed, timeout, env)

    def run_script(
        self,
        path: Path,
        *,
        args: Sequence[str] = (),
        timeout: float = 600,
        env: Mapping[str, str] | None = None,
    ) -> CommandResult:
        """Run a .ps1, .cmd or .bat file of this machine on the host.

        A .ps1 file leaves no trace: it travels on standard input. A batch file has to be a
        file: it is written to %TEMP% and removed afterwards.

        Raises:
            UsageError: Another suffix, an unreadable file, or arguments that cannot be passed.
            CommandTimeout, HostUnreachable, Refused: As for `run`.
        """
        suffix = path.suffix.lower()
        shell = SCRIPT_SHELLS.get(suffix)
        if shell not in ("powershell", "cmd"):
            raise UsageError(f"{path}: a Windows host runs .ps1, .cmd and .bat, not {suffix!r}")
        try:
            content = path.read_bytes()
            if shell == "powershell":
                result = self._run_powershell(path, content, args, timeout, env)
            else:
                result = self._run_batch(path, content, args, timeout, env)
        except OSError as error:
            raise UsageError(f"{path}: cannot read the script: {error}") from error
        except ValueError as error:
            raise UsageError(f"{path}: {error}") from error
        # The script may have changed the machine's environment.
        self._client.forget_shell()
        return result

    def wait_ready(self, timeout: float) -> None:
        """Wait until the host takes commands.

        Raises:
            StartTimeout: It does not within ``timeout`` seconds.
            LogonRefused: It refuses our credentials.
            Refused: A real host without the mark of a disposable machine.
        """
        deadline = time.monotonic() + timeout
        pause = threading.Event()
        while True:
            left = deadline - time.monotonic()
            try:
                self._client.ping(max(1.0, min(left, 30.0)))
                self._check_mark()
                return
            except LogonRefused:
                raise
            except HostUnreachable as error:
                if deadline <= time.monotonic():
                    raise StartTimeout(
                        f"{self._name}: not ready after {timeout:g} s: {error.message}"
                    ) from error
            pause.wait(min(self._poll_seconds(), max(0.0, deadline - time.monotonic())))

    def restart(self, timeout: float) -> None:
        """Restart the machine and wait until it takes commands again.

        Raises:
            StartTimeout: It was not back in time.
            InfrastructureError: It refused to restart.
        """
        self._check_mark()
        if self._restart is not None:
            self._client.close()
            self._restart()
            self.wait_ready(timeout)
            return
        restart.restart(self._client, timeout, self._poll_seconds())

    def pulse(self) -> Pulse:
        """Return which boot this is, and which restart was announced last; see `Host.pulse`."""
        self._check_mark()
        return restart.pulse(self._client)

    def settle(self, pulse: object, timeout: float) -> str:
        """Wait out a restart; see `Host.settle`. What became of a real host cannot be told."""
        before = pulse if isinstance(pulse, Pulse) else None
        patience = timeout if self._kind == "real" else min(timeout, _SETTLE_SECONDS)
        try:
            restart.settle(self._client, before, patience, self._poll_seconds(), lambda: bool(self._deaf()))
        except LogonRefused:
            if self._kind == "real":
                raise
            return "refuses the administrator that the lab logs on with"
        except InfrastructureError:
            deaf = self._deaf()
            if not deaf:
                raise
            return deaf
        self._tidy()
        return ""

    def _tidy(self) -> None:
        """Remove the batch files that are still there."""
        while self._litter:
            self._run("remove", self._litter[-1], None, 60, None)
            self._litter.pop()

    def _deaf(self) -> str:
        """Why a simulated host cannot take commands: its own state says it."""
        service = self._capture().get("services", {}).get("WinRM", {}) if self._capture else {}
        if service.get("state", "RUNNING") == "RUNNING":
            return ""
        return f"takes no more commands: its service WinRM is {str(service['state']).lower()}"

    def capture_state(self) -> dict[str, Any]:
        """Return the machine's state, in a stable order, for differences.

        Raises:
            InfrastructureError: The host could not tell it.
        """
        if self._capture is not None:
            return self._capture()
        script = files("lab.hosts.winrm").joinpath("capture_state.ps1").read_text("utf-8")
        staged = staging.stage_script(script)
        answer = self._run("capture the state", staged.command_line, staged.stdin, 300, None)
        try:
            state = json.loads(answer.stdout)
        except ValueError as error:
            raise InfrastructureError(
                f"{self._name}: its state could not be read: exit code {answer.exit_code}",
                detail=answer.output[-2000:],
            ) from error
        ordered: dict[str, Any] = json.loads(json.dumps(state, sort_keys=True))
        return ordered

    def logs(self) -> dict[str, str]:
        """Return the newest errors and warnings of the event logs that backups write to."""
        found = {}
        for log in ("System", "Application"):
            query = "*[System[(Level=1 or Level=2 or Level=3)]]"
            command = f'wevtutil qe {log} /q:"{query}" /c:50 /rd:true /f:text'
            found[f"{log}.txt"] = self._run(command, command, None, 60, None).output
        return found

    def close(self) -> None:
        """Close shell and connection; the machine stays as it is."""
        self._client.close()

    def _poll_seconds(self) -> float:
        return _POLL_SECONDS_REAL if self._kind == "real" else _POLL_SECONDS

    def _check_mark(self) -> None:
        if not self._allowed:
            guard.require_mark(self._client)
            self._allowed = True

    def _run(
        self,
        command: str,
        line: str,
        stdin: bytes | None,
        timeout: float,
        env: Mapping[str, str] | None,
    ) -> CommandResult:
        """Run a command line; ``command`` is what the result is to show of it."""
        self._check_mark()
        finished = self._client.run(line, stdin=stdin, timeout=timeout, env=env, label=command)
        return self._result(command, finished)

    def _run_powershell(
        self,
        path: Path,
        content: bytes,
        args: Sequence[str],
        timeout: float,
        env: Mapping[str, str] | None,
    ) -> CommandResult:
        staged = staging.stage_script(staging.script_text(content), args)
        return self._run(path.name, staged.command_line, staged.stdin, timeout, env)

    def _run_batch(
        self,
        path: Path,
        content: bytes,
        args: Sequence[str],
        timeout: float,
        env: Mapping[str, str] | None,
    ) -> CommandResult:
        stage = staging.stage_batch(content, path.suffix.lower(), args)
        uploaded = self._run("upload", stage.upload, stage.content, 60, None)
        if uploaded.exit_code != 0:
            raise InfrastructureError(
                f"{self._name}: {path.name} could not be uploaded: {uploaded.output.strip()}"
            )
        self._litter.append(stage.remove)
        try:
            result = self._run(path.name, stage.run, None, timeout, env)
        except HostUnreachable:
            raise  # the machine may be restarting: `settle` tidies up when it is back
        except BaseException:
            self._tidy()
            raise
        self._tidy()
        return result

    def _result(self, command: str, finished: Finished) -> CommandResult:
        stdout = _decode(finished.stdout)
        stderr = clixml.to_text(_decode(finished.stderr))
        constructs: tuple[str, ...] = ()
        if self._kind == "simulated":
            constructs = tuple(dict.fromkeys(_NOT_SIMULATED.findall(stderr)))
            if finished.exit_code == NOT_SIMULATED_EXIT and not constructs:
                constructs = (command[:200],)
        return CommandResult(
            self._name, command, finished.exit_code, stdout, stderr, finished.seconds, constructs
        )


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n")
