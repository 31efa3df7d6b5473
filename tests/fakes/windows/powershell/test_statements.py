"""Statements: conditions, loops, switch, functions, scopes, script blocks."""

from __future__ import annotations

import pytest

CASES = [
    ("if (1 -gt 2) { 'a' } elseif (2 -gt 1) { 'b' } else { 'c' }", ["b"]),
    ("$i = 0; while ($i -lt 3) { $i; $i++ }", [0, 1, 2]),
    ("$i = 0; do { $i; $i++ } while ($i -lt 2)", [0, 1]),
    ("$i = 0; do { $i; $i++ } until ($i -ge 2)", [0, 1]),
    ("for ($i = 0; $i -lt 3; $i++) { if ($i -eq 1) { continue }; $i }", [0, 2]),
    ("foreach ($x in 1..10) { if ($x -gt 2) { break }; $x }", [1, 2]),
    (
        ':outer foreach ($x in 1..3) { foreach ($y in 1..3) { if ($y -eq 2) { continue outer }; "$x$y" } }',
        ["11", "21", "31"],
    ),
    ("foreach ($x in $null) { 'never' }", []),
    # switch
    ("switch (2) { 1 { 'one' } 2 { 'two' } default { 'other' } }", ["two"]),
    ("switch (1,2,3) { 2 { 'two' } default { \"d$_\" } }", ["d1", "two", "d3"]),
    (
        "switch -regex ('abc123') { '^abc' { 'starts' } '\\d+$' { \"ends $($Matches[0])\" } }",
        ["starts", "ends 123"],
    ),
    ("switch -wildcard ('server01') { 'srv*' { 'no' } 'server*' { 'yes'; break } '*' { 'never' } }", ["yes"]),
    ("switch ('A') { 'a' { 'hit' } }", ["hit"]),
    ("switch -casesensitive ('A') { 'a' { 'hit' } default { 'miss' } }", ["miss"]),
    ("switch (5) { { $_ -gt 3 } { 'big' } { $_ % 2 } { 'odd' } }", ["big", "odd"]),
    ("switch ('x') { 'a' { 1 } 'b' { 2 } }", []),
    ("$r = switch (3) { 3 { 'three' } }; $r", ["three"]),
    # functions
    ("function f { param($x) $x * 2 }; f 4", [8]),
    ("function f($a, $b = 10) { $a + $b }; f 1; f 1 2", [11, 3]),
    ("function f { $args.Count; $args[0] }; f 7 8", [2, 7]),
    ("function f { $args -join '|' }; f -Name x 5", ["-Name|x|5"]),
    ("function f { 1; return 2; 3 }; f", [1, 2]),
    ("function f { process { $_ * 2 } }; 1..3 | f", [2, 4, 6]),
    ("function f { begin { 'b' } process { $_ } end { 'e' } }; 1,2 | f", ["b", 1, 2, "e"]),
    ("filter double { $_ * 2 }; 1,2 | double", [2, 4]),
    ("function f { $input | ForEach-Object { $_ + 1 } }; 1,2 | f", [2, 3]),
    (
        "function f { [CmdletBinding()]param([Parameter(ValueFromPipeline)]$x) process { \"<$x>\" } }; 'a','b' | f",
        ["<a>", "<b>"],
    ),
    ("function f { param([switch]$On) [bool]$On }; f; f -On; f -On:$false", [False, True, False]),
    ("function f { param([int]$n) $n.GetType().Name }; f '5'", ["Int32"]),
    ('function f { param([string]$s) "[$s]" }; f', ["[]"]),
    ("function f { param($x) $PSBoundParameters.Keys }; f -x 1", ["x"]),
    ("function global:g { 'g' }; g", ["g"]),
    ("function f { function inner { 'in' }; inner }; f", ["in"]),
    ("function fact($n) { if ($n -le 1) { 1 } else { $n * (fact ($n - 1)) } }; fact 10", [3628800]),
    ('function f { param($First, $Second) "$First-$Second" }; $p = @{Second = 2; First = 1}; f @p', ["1-2"]),
    ('function f { "$args" }; $a = 1,2; f @a', ["1 2"]),
    ("function f { param([Parameter(ValueFromRemainingArguments)]$rest) $rest.Count }; f 1 2 3", [3]),
    # scopes
    ("$x = 1; function f { $x = 2; $x }; f; $x", [2, 1]),
    ("$x = 1; function f { $script:x = 2 }; f; $x", [2]),
    ("$x = 1; function f { $x }; f", [1]),
    ("$x = 1; & { $x = 5 }; $x; . { $x = 5 }; $x", [1, 5]),
    ("1..2 | ForEach-Object { $last = $_ }; $last", [2]),
    ("function f { $global:made = 3 }; f; $made", [3]),
    ('function f { $private:p = 1; & { "[$p]" } }; f', ["[]"]),
    # script blocks
    ("$b = { param($n) $n + 1 }; & $b 4", [5]),
    ("$b = { 'called' }; $b.Invoke()", ["called"]),
    ("& { $args[1] } 1 2", [2]),
    ("$n = 5; $c = { $n }.GetNewClosure(); $n = 6; & $c", [5]),
    ("{ a b }.ToString()", [" a b "]),
    ("& 'Write-Output' 3", [3]),
    ("$c = 'Write-Output'; & $c hi", ["hi"]),
    ("[ScriptBlock]::Create('1 + 1').Invoke()", [2]),
    # output rules
    ("$x = & { }; $null -eq $x", [True]),
    ("function none { }; $r = none; $r | ForEach-Object { 'never' }", []),
    ("$null | ForEach-Object { 'once' }", ["once"]),
    ("$list = [System.Collections.ArrayList]@(); $list.Add(5); $list.Count", [0, 1]),
    ("$list = New-Object System.Collections.Generic.List[int]; $list.Add('5'); $list[0] + 1", [6]),
    ("[void](1..3)", []),
    ("$x = 5", []),
    ("(1,2,3)", [1, 2, 3]),
    ("@{a=1} | ForEach-Object { $_.GetType().Name }", ["Hashtable"]),
    ("1..3 | Where-Object { $_ -gt 1 } | ForEach-Object { $_ * 10 }", [20, 30]),
    ("1..1000 | Select-Object -First 2", [1, 2]),
    ("data { 'x' }", ["x"]),
    (
        "enum Color { Red; Green = 5; Blue }; [Color]::Blue; [int][Color]::Blue; [Color]'green'",
        ["Blue", 6, "Green"],
    ),
    ("# comment\n1 # more\n<# block\n comment #> 2", [1, 2]),
    ("Write-Output `\n  5", [5]),
    ("1; 2", [1, 2]),
    ("function f { $MyInvocation.MyCommand.Name }; f", ["f"]),
    ("$ErrorActionPreference; $PSVersionTable.PSVersion.Major; $PSCulture", ["Continue", 5, "en-US"]),
    ("${a b} = 3; ${a b}", [3]),
    ("$env:FOO = 'x'; $env:foo; $env:FOO = ''; $null -eq $env:FOO", ["x", True]),
    ("$n = 0; [int]::TryParse('42', [ref]$n); $n", [True, 42]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0][:60] for case in CASES])
def test_output(run, text, expected):
    outcome = run(text)
    assert not outcome.error_ids, outcome.shown()
    assert not outcome.refused
    assert [one if isinstance(one, (bool, int, float)) else str(one) for one in outcome.output] == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [("exit 3", 3), ("exit", 0), ("'a'; exit 5; 'b'", 5), ("function f { exit 7 }; f; 'never'", 7),
     ("try { exit 4 } catch { 'never' } finally { }", 4), ("1..3 | ForEach-Object { exit 2 }", 2), ("'x'", None)],
)  # fmt: skip
def test_exit_codes(run, text, code):
    outcome = run(text)
    assert outcome.exit_code == code
    assert "never" not in outcome.output


def test_break_outside_of_a_loop_ends_the_script(run):
    assert run("'a'; break; 'b'").output == ["a"]


def test_deep_recursion_is_an_error_and_not_a_crash(run):
    outcome = run("function f { f }; f; 'after'")
    assert outcome.error_ids == ["CallDepthOverflow"]
    assert outcome.output == ["after"]


def test_dot_sourcing_and_script_files(run, host):
    host.files.write("C:\\lib.ps1", b"function helper { 'helped' }\r\n$fromLib = 5\r\n")
    host.files.write(
        "C:\\child.ps1", b'param($x)\r\n"$PSScriptRoot $x $($MyInvocation.MyCommand.Name)"\r\nexit 9\r\n'
    )
    outcome = run(". C:\\lib.ps1; helper; $fromLib; & 'C:\\child.ps1' 7; $LASTEXITCODE; C:\\child.ps1 -x 8")
    assert outcome.output == ["helped", 5, "C: 7 child.ps1", 9, "C: 8 child.ps1"]
    assert outcome.exit_code is None


def test_enums_and_namespaces_of_a_script_end_with_its_runspace(run):
    assert run("enum Lamp { Off; On }; using namespace System.Text; [Lamp]::On").text == ["On"]
    assert run("[Lamp]::On").error_ids == ["TypeNotFound"]
    assert run("[StringBuilder]::new()").error_ids == ["TypeNotFound"]
