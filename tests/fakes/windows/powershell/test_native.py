"""Native programs in pipelines, ``$LASTEXITCODE``, command lines."""

from __future__ import annotations

import pytest

from fakes.windows.powershell.arguments import Argument
from fakes.windows.powershell.native import LineSplitter, command_line


def test_output_is_lines_and_the_exit_code_is_kept(run):
    outcome = run("$x = cmd /c 'echo one& echo two& exit 3'; $x.Count; $x[0]; $LASTEXITCODE; $?")
    assert outcome.output[0] == 2
    assert outcome.output[1].strip() == "one"
    assert outcome.output[2] == 3


def test_success_is_judged_by_the_exit_code(run):
    assert run("cmd /c 'exit 3'; $?; cmd /c 'exit 0'; $?").output == [False, True]


def test_stderr_passes_by_unless_redirected(run):
    outcome = run("net stop nosuch")
    assert "The service name is invalid." in outcome.native_errors
    assert not outcome.errors


def test_redirected_stderr_becomes_error_records(run):
    outcome = run(
        '$all = net stop nosuch 2>&1; $all[0].GetType().Name; $all[0].FullyQualifiedErrorId; "$($all[0])"; $all[1].FullyQualifiedErrorId'
    )
    assert outcome.output == [
        "ErrorRecord",
        "NativeCommandError",
        "The service name is invalid.",
        "NativeCommandErrorMessage",
    ]
    assert outcome.native_errors == ""


def test_stderr_to_null(run):
    outcome = run("net stop nosuch 2>$null; $LASTEXITCODE")
    assert outcome.output == [2]
    assert outcome.native_errors == ""


def test_objects_are_piped_in_as_lines(run):
    assert run("'b','a','c' | sort.exe").output == ["a", "b", "c"]


def test_a_program_that_windows_has_and_we_have_not_ends_the_script(run, host):
    outcome = run("try { wbadmin get versions } catch { 'swallowed' } finally { 'no' }; 'after'")
    assert outcome.output == []
    assert "wbadmin" in outcome.refused
    assert "wbadmin" in host.not_simulated.entries()[-1]["construct"]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (["stop", "vss"], "stop vss"),
        (["a b"], '"a b"'),
        (["C:\\a b\\"], '"C:\\a b\\\\"'),
        ([5, True], "5 True"),
        ([["x", "y z"]], 'x "y z"'),
        (['say "hi"'], '"say "hi""'),  # 5.1 does not escape embedded quotes
        ([""], ""),  # and drops empty strings
    ],
)
def test_command_lines(values, line):
    assert command_line([Argument(None, value, str(value)) for value in values])[1] == line


def test_parameters_are_passed_as_written(run):
    outcome = run("cmd /c echo -Name:x /flag start= demand")
    assert [line.strip() for line in outcome.output] == ["-Name:x /flag start= demand"]


def test_line_splitter():
    lines = []
    splitter = LineSplitter(lines.append)
    for piece in ("one\r\ntw", "o\r", "\nthree"):
        splitter(piece)
    splitter.close()
    assert lines == ["one", "two", "three"]
