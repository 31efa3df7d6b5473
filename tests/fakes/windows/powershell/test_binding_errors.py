"""Where binding errors point, and which errors -ErrorVariable of a function keeps.

Positions: transcripts of 5.1 in public threads, such as ``Start-Process : Cannot validate argument on
parameter 'FilePath'`` with the mark under the argument alone, and ``A parameter cannot be found`` with
the mark under the parameter.
"""

from __future__ import annotations

import pytest

FUNCTION = "function f { [CmdletBinding()] param([ValidateRange(1, 9)][int]$N, [string]$Text) }; "


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Get-Date -Foo 1", "-Foo"),
        ("Get-Date -Format:x -Format y", "-Format"),
        (FUNCTION + "f -N 99 -Text a", "99"),
        (FUNCTION + "f -N:99", "99"),
        (FUNCTION + "f abc", "abc"),
        (FUNCTION + "f -Bogus", "-Bogus"),
        (FUNCTION + "f -N", "-N"),
        ("Get-Date -Year abc", "abc"),
        ("$a = @{Year='abc'}; Get-Date @a", "@a"),
        ("Get-ChildItem . x y", "Get-ChildItem . x y"),
    ],
)
def test_the_mark_is_under_the_argument_at_fault(run, text, marked):
    outcome = run(text)
    (record,) = outcome.errors or [outcome.fatal]
    extent = record.invocation.extent
    assert extent.source.text[extent.start : extent.end] == marked


def test_a_function_keeps_the_errors_of_what_it_calls(run):
    inner = "Write-Error one; Get-Item C:\\nope -ErrorAction SilentlyContinue; [int]'x'"
    outcome = run(
        f"function f {{ [CmdletBinding()] param() {inner} }}; f -EV kept 2>$null; $kept.Count; $kept[0].Exception.Message"
    )
    assert outcome.output == [3, "one"]


def test_a_silent_function_keeps_its_errors_too(run):
    outcome = run(
        "function f { [CmdletBinding()] param() Write-Error one }; f -EA SilentlyContinue -EV kept; $kept.Count"
    )
    assert (outcome.output, outcome.errors) == ([1], [])


def test_a_member_that_only_windows_has_is_refused(run):
    assert "ExecuteCommand" in run("(Get-Service VSS).ExecuteCommand(128)").refused
    assert "Modules" in run("(Get-Process lsass).Modules").refused


def test_a_member_that_nothing_has_does_not_exist(run):
    outcome = run("(Get-Service VSS).Stopp()")
    assert (outcome.errors or [outcome.fatal])[0].fqid == "MethodNotFound"
    assert run("$null -eq (Get-Service VSS).Stopp").output == [True]


def test_the_cause_of_a_failed_service_call_is_inside(run):
    outcome = run(
        "try { (Get-Service swprv).Stop() } catch { $_.Exception.InnerException.InnerException.Message; "
        "$_.Exception.InnerException.InnerException.NativeErrorCode }"
    )
    assert outcome.output == ["The service has not been started", 1062]
