from __future__ import annotations

import subprocess

import pytest

from lab.errors import CommandTimeout, HostUnreachable
from lab.hosts.base import CommandResult
from lab.journal.journal import Journal
from lab.journal.redact import Redactor
from lab.training.shell import GuestShell, talk


class RealBash:
    """A Linux host as far as its shell goes: this machine's bash, in a fresh process per command."""

    name, os = "vm", "linux"

    def run(self, command, shell, *, timeout=120, env=None, stdin=None):
        done = subprocess.run(
            ["bash", "-c", command],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", **(env or {})},
        )
        return CommandResult("vm", command, done.returncode, done.stdout, done.stderr, 0.01)


class Scripted:
    """A Windows host that answers from a list and remembers what it was asked."""

    name, os = "vm", "windows"

    def __init__(self, *answers):
        self.answers, self.asked, self.env = list(answers), [], []

    def run(self, command, shell, *, timeout=120, env=None, stdin=None):
        self.asked.append(command)
        self.env.append(env)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return CommandResult("vm", command, 0, answer, "", 0.01)


@pytest.fixture
def journal():
    return Journal(None, Redactor(["hunter2222"]))


def test_bash_keeps_folder_and_exported_variables(journal, tmp_path):
    shell = GuestShell(RealBash(), "bash", journal, folder=str(tmp_path))
    (tmp_path / "in side").mkdir()
    assert shell.line("cd 'in side' && false").exit_code == 1
    assert shell.folder == str(tmp_path / "in side")
    assert shell.line("pwd").stdout == f"{tmp_path / 'in side'}\n"
    assert shell.line("export COLOUR=red") is None
    assert shell.line("echo $COLOUR; (exit 7)").stdout == "red\n"
    assert shell.line("(exit 7)").exit_code == 7
    assert shell.prompt == f"{tmp_path / 'in side'}# "


def test_bash_with_a_syntax_error_stays_where_it_was(journal, tmp_path):
    shell = GuestShell(RealBash(), "bash", journal, folder=str(tmp_path))
    result = shell.line("echo 'unfinished")
    assert result.exit_code != 0
    assert shell.folder == str(tmp_path)


def test_output_that_does_not_end_a_line_is_kept_as_it_is(journal, tmp_path):
    assert GuestShell(RealBash(), "bash", journal, folder=str(tmp_path)).line("printf x").stdout == "x"


def test_cmd_asks_for_the_folder_only_after_a_move(journal):
    host = Scripted("x\n", "__lab_folder__\nC:\\Windows\n", "y\n")
    shell = GuestShell(host, "cmd", journal)
    shell.line("vssadmin list writers")
    assert shell.line("cd Windows").stdout == ""
    shell.line("dir")
    assert host.asked == [
        "vssadmin list writers",
        "cd Windows && echo __lab_folder__&& cd",
        'cd /d "C:\\Windows" & dir',
    ]
    assert shell.prompt == "C:\\Windows>"


def test_cmd_stays_where_a_move_failed(journal):
    shell = GuestShell(Scripted("The system cannot find the path specified.\n"), "cmd", journal)
    assert "cannot find" in shell.line("cd nowhere").stdout
    assert shell.folder == "C:\\"


@pytest.mark.parametrize(
    ("kind", "line"),
    [("cmd", "set COLOUR=red"), ("cmd", 'set "COLOUR=red"'), ("powershell", "$env:COLOUR = 'red'")],
)
def test_variables_are_carried_along(journal, kind, line):
    host = Scripted("")
    shell = GuestShell(host, kind, journal)
    assert shell.line(line) is None
    shell.line("next")
    assert host.env == [{"COLOUR": "red"}]


def test_a_command_that_hangs_does_not_end_the_shell(journal):
    shell = GuestShell(Scripted(CommandTimeout("did not end")), "cmd", journal)
    assert "did not end" in shell.line("pause").stderr


def test_a_talk_is_recorded_without_secrets(journal):
    host = Scripted("one\n", "password is hunter2222\n")
    lines = iter(["first", "", "second", "exit", "never"])
    said, complained = [], []
    code = talk(GuestShell(host, "cmd", journal), lambda _prompt: next(lines), said.append, complained.append)
    assert (code, said) == (0, ["one\n", "password is hunter2222\n"])
    assert [(e["line"], e["output"]) for e in journal.events] == [
        ("first", "one\n"),
        ("second", "password is ***\n"),
    ]
    assert next(lines) == "never"


def test_the_end_of_input_ends_a_talk(journal):
    def read(_prompt):
        raise EOFError

    assert talk(GuestShell(Scripted(), "cmd", journal), read, print, print) == 0


def test_ctrl_c_ends_a_command_or_drops_a_line_and_never_the_shell(journal):
    answers = iter([KeyboardInterrupt(), "slow", "quick", EOFError()])

    def read(_prompt):
        answer = next(answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    said = []
    host = Scripted(KeyboardInterrupt(), "done\n")
    assert talk(GuestShell(host, "cmd", journal), read, said.append, lambda _: None) == 0
    assert said == ["done\n"]
    assert [(e["line"], e.get("stopped")) for e in journal.events] == [("slow", True), ("quick", None)]


@pytest.mark.parametrize(
    ("became", "text"), [("", "was lost; it is back"), ("is switched off", "vm is switched off")]
)
def test_a_machine_that_restarts_under_the_shell(journal, became, text):
    host = Scripted(HostUnreachable("no answer"))
    host.settle = lambda _pulse, _timeout: became
    shell = GuestShell(host, "cmd", journal, folder="C:\\Temp")
    result = shell.line("shutdown /r /t 0")
    assert text in result.stderr
    assert shell.folder == ("C:\\Temp" if became else "C:\\")
