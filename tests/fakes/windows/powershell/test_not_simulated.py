"""What is known to Windows but not implemented is refused; what nobody knows is PowerShell's own error."""

from __future__ import annotations

import pytest

REFUSED = [
    ("Get-WindowsFeature", "cmdlet Get-WindowsFeature"),
    ("get-storagepool", "cmdlet Get-StoragePool"),
    ("class Foo { [int]$x; Foo() { $this.x = 1 } }", "PowerShell class Foo"),
    ("workflow w { 'x' }", "PowerShell workflow w"),
    ("configuration c { Node x { } }", "PowerShell configuration c"),
    ("[System.Data.DataTable]::new()", ".NET type [System.Data.DataTable]"),
    ("'abc'.Normalize()", ".NET member [System.String].Normalize"),
    ("[Environment]::StackTrace", ".NET member [System.Environment].StackTrace"),
    ("[xml]'<a/>'", ".NET type [System.Xml.XmlDocument]"),
    ("function f { dynamicparam { } end { } }; f", "dynamicparam"),
    ("${C:\\file.txt}", "variable of a drive ${C:\\file.txt}"),
    ("Get-Service -ErrorAction Inquire nosuch", "-ErrorAction Inquire"),
    ("'ab' -match '(?<o-c>x)'", "regular expression with balancing groups"),
]


@pytest.mark.parametrize(("text", "construct"), REFUSED, ids=[case[0][:40] for case in REFUSED])
def test_refused_and_recorded_with_its_place(run, host, text, construct):
    outcome = run(f"'before'\n{text}\n'after'")
    assert outcome.output == ["before"]
    assert outcome.refused.startswith(construct)
    entry = host.not_simulated.entries()[-1]
    assert entry["construct"] == outcome.refused
    assert entry["where"].startswith("line:2 char:")
    assert len(host.not_simulated.entries()) == 1


@pytest.mark.parametrize("text", ["Get-Nothing", "[Nothing.AtAll]::x", "'abc'.Nothing()", "nothing.exe"])
def test_what_does_not_exist_is_an_ordinary_error(run, host, text):
    outcome = run(f"{text}; 'after'")
    assert outcome.output == ["after"]
    assert len(outcome.errors) == 1
    assert not host.not_simulated.entries()


def test_a_script_cannot_catch_a_refusal(run):
    outcome = run(
        "try { Get-WindowsFeature } catch { 'caught' } finally { 'finally' }; trap { 'trapped'; continue }; 'after'"
    )
    assert outcome.output == []
    assert outcome.refused == "cmdlet Get-WindowsFeature"


def test_a_refusal_inside_of_a_pipeline_is_not_lost(run):
    assert (
        run("1..3 | ForEach-Object { Get-WindowsFeature } | Out-Null").refused == "cmdlet Get-WindowsFeature"
    )


def test_a_function_may_replace_what_is_missing(run):
    assert run("function Get-WindowsFeature { 'mine' }; Get-WindowsFeature").output == ["mine"]
