"""A shell on a machine of a training lab: lines go over the driver, everything is recorded.

Each line is a command of its own on the machine. What a person expects to stay between lines is
carried along here: the current folder, and the variables set with ``set``, ``export`` or ``$env:``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lab.errors import CommandTimeout, HostUnreachable, InfrastructureError
from lab.hosts.base import CommandResult, Host, Shell
from lab.hosts.winrm.staging import quote
from lab.journal.journal import Journal

INTERRUPTED = 130
_MARK = "__lab_folder__"
_MOVES: dict[Shell, re.Pattern[str]] = {
    "cmd": re.compile(r"^\s*(?:cd|chdir|pushd|popd|[a-z]:\s*$)", re.IGNORECASE),
    "powershell": re.compile(r"^\s*(?:cd|chdir|sl|pushd|popd|(?:set|push|pop)-location)\b", re.IGNORECASE),
    "bash": re.compile(r""),
}
_SETS: dict[Shell, re.Pattern[str]] = {
    "cmd": re.compile(r'^\s*set\s+"?([A-Za-z_]\w*)=([^"&|]*)"?\s*$', re.IGNORECASE),
    "powershell": re.compile(r"""^\s*\$env:([A-Za-z_]\w*)\s*=\s*['"]([^'"]*)['"]\s*$""", re.IGNORECASE),
    "bash": re.compile(r"""^\s*export\s+([A-Za-z_]\w*)=['"]?([^'"$`]*)['"]?\s*$"""),
}
PROMPTS: dict[Shell, str] = {"cmd": "{folder}>", "powershell": "PS {folder}> ", "bash": "{folder}# "}
START: dict[Shell, str] = {"cmd": "C:\\", "powershell": "C:\\", "bash": "/root"}


@dataclass
class GuestShell:
    """One shell on one machine.

    Attributes:
        host: The machine.
        shell: Which shell.
        journal: Where lines and answers are recorded.
        folder: The current folder on the machine.
        env: Variables set so far.
    """

    host: Host
    shell: Shell
    journal: Journal
    folder: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder = self.folder or START[self.shell]

    @property
    def prompt(self) -> str:
        """The prompt of this shell."""
        return PROMPTS[self.shell].format(folder=self.folder)

    def line(self, text: str, timeout: float = 600.0) -> CommandResult | None:
        """Run one line and record it; None where there was nothing to run."""
        if not text.strip():
            return None
        variable = _SETS[self.shell].match(text)
        if variable:
            self.env[variable.group(1)] = variable.group(2)
            self.journal.write("shell", host=self.host.name, shell=self.shell, line=text)
            return None
        moves = _MOVES[self.shell].match(text) is not None
        command = self._wrapped(text, moves=moves)
        try:
            result = self.host.run(command, self.shell, timeout=timeout, env=self.env or None)
        except HostUnreachable as error:
            result = CommandResult(self.host.name, text, 1, "", f"{self._back(error)}\n", 0.0)
        except CommandTimeout as error:
            result = CommandResult(self.host.name, text, 1, "", f"{error.message}\n", timeout)
        output, folder = _split(result.stdout) if moves else (result.stdout, None)
        if folder:
            self.folder = folder
        result = CommandResult(
            self.host.name,
            text,
            result.exit_code,
            output,
            result.stderr,
            result.seconds,
            result.not_simulated,
        )
        self.journal.write(
            "shell", host=self.host.name, shell=self.shell, folder=self.folder, line=text, output=result.output,
            exit_code=result.exit_code, seconds=round(result.seconds, 3),
        )  # fmt: skip
        return result

    def _back(self, error: HostUnreachable) -> str:
        """Wait for a machine that has gone away, and say what became of it."""
        try:
            became = self.host.settle(None, 120)
        except InfrastructureError:
            return error.message
        if became:
            return f"The connection is lost: {self.host.name} {became}. (`lab reset` starts the lab afresh.)"
        self.folder, self.env = START[self.shell], {}
        return f"The connection to {self.host.name} was lost; it is back. The line may not have been run."

    def _wrapped(self, text: str, *, moves: bool) -> str:
        if self.shell == "bash":
            return (
                f"cd -- {shlex.quote(self.folder)} 2>/dev/null\n{text}\n"
                f"__lab_code=$?; printf '%s%s\\n' {_MARK} \"$PWD\"; exit $__lab_code"
            )
        if self.shell == "powershell":
            start = (
                ""
                if self.folder == START["powershell"]
                else f"Set-Location -LiteralPath {quote(self.folder)}\n"
            )
            return f"{start}{text}" + (f"\n'{_MARK}' + (Get-Location).Path" if moves else "")
        start = "" if self.folder == START["cmd"] else f'cd /d "{self.folder}" & '
        # cd by itself shows the folder; && keeps a failed move from being taken for one
        return f"{start}{text}" + (f" && echo {_MARK}&& cd" if moves else "")


def talk(
    shell: GuestShell, read: Callable[[str], str], say: Callable[[str], None], complain: Callable[[str], None]
) -> int:
    """Read lines until ``exit`` or the end of input; Ctrl-C ends a command, or drops a line.

    Returns:
        Exit code of the last command.
    """
    code = 0
    for text in _lines(shell, read, complain):
        try:
            result = shell.line(text)
        except KeyboardInterrupt:
            complain("\n")  # behind the ^C that the terminal shows
            shell.journal.write("shell", host=shell.host.name, shell=shell.shell, line=text, stopped=True)
            code = INTERRUPTED
            continue
        if result is None:
            continue
        code = result.exit_code
        if result.stdout:
            say(result.stdout if result.stdout.endswith("\n") else result.stdout + "\n")
        if result.stderr:
            complain(result.stderr if result.stderr.endswith("\n") else result.stderr + "\n")
    return code


def _lines(shell: GuestShell, read: Callable[[str], str], complain: Callable[[str], None]) -> Iterator[str]:
    while True:
        try:
            text = read(shell.prompt)
        except EOFError:
            return
        except KeyboardInterrupt:
            complain("^C\n")
            continue
        if text.strip().lower() in {"exit", "quit", "logout"}:
            return
        yield text


def _split(stdout: str) -> tuple[str, str | None]:
    """Separate the output from the folder that the wrapper printed behind it."""
    output, mark, tail = stdout.rpartition(_MARK)
    if not mark:
        return stdout, None
    folder = tail.strip().splitlines()[0].strip() if tail.strip() else None
    return output, folder
