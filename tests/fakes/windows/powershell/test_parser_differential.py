"""Our parser against tree-sitter-pwsh, a grammar written by others.

Both must take each snippet without error, or both must refuse it; where they differ the snippet
stands in :data:`DIFFERENCES` with the reason, so that a change on either side is noticed.
"""

from __future__ import annotations

import pytest

from fakes.windows.powershell.errors import ParseError
from fakes.windows.powershell.parser import parse

tree_sitter = pytest.importorskip("tree_sitter")
tree_sitter_pwsh = pytest.importorskip("tree_sitter_pwsh")

GOOD = [
    "Get-Service -Name vss,swprv | Where-Object { $_.Status -ne 'Running' } | Select-Object Name, Status",
    "Get-Service | Where-Object Status -eq Stopped | Sort-Object -Property Name -Descending | Select-Object -First 5",
    "$free = (Get-PSDrive C).Free / 1GB",
    "if ((Get-Service VSS).Status -ne 'Running') { Start-Service VSS } else { Restart-Service VSS -Force }",
    "Set-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\MSDTC' -Name Start -Value 2 -Type DWord",
    "$writers = vssadmin list writers | Select-String -Pattern 'State: \\[(\\d+)\\]' -Context 3,1",
    "Get-ChildItem -Path C:\\Windows -Filter *.log -Recurse -ErrorAction SilentlyContinue | Measure-Object -Property Length -Sum",
    "foreach ($name in 'CryptSvc', 'EventSystem', 'COMSysApp') { Restart-Service -Name $name -Force }",
    "try { Stop-Service bits -ErrorAction Stop } catch [System.Exception] { Write-Error $_.Exception.Message } finally { 'done' }",
    "$table = @{ Name = 'vss'; Start = 3; List = @(1, 2, 3) }; $table.List[-1]",
    '$o = [pscustomobject]@{ Id = 1; Text = "a $($table.Name) b" }',
    "function Get-State([string]$Name = 'VSS', [int]$Tries = 3) { for ($i = 0; $i -lt $Tries; $i++) { Get-Service $Name } }",
    "function Test-It {\n  [CmdletBinding()]\n  param(\n    [Parameter(Mandatory = $true, Position = 0)]\n    [ValidateSet('a', 'b')]\n    [string] $Kind\n  )\n  begin { $n = 0 }\n  process { $n++ }\n  end { $n }\n}",
    "switch -Regex ($line) {\n  '^Writer name: ''(.+)''' { $name = $Matches[1] }\n  'State: \\[(\\d+)\\]' { $state = [int]$Matches[1] }\n  default { continue }\n}",
    "$text = @'\nline one\n  'quoted' $not\n'@",
    '$text = @"\nhost $env:COMPUTERNAME at $(Get-Date -Format o)\n"@',
    "while ($true) { if ($i -gt 10) { break } $i += 1 }",
    "do { Start-Sleep -Seconds 1; $n++ } until ($n -ge 5 -or (Test-Path C:\\done.txt))",
    "$bytes = [System.Text.Encoding]::UTF8.GetBytes('abc'); [Convert]::ToBase64String($bytes)",
    "[System.Net.ServicePointManager]::SecurityProtocol = [System.Net.SecurityProtocolType]::Tls12",
    "$list = New-Object 'System.Collections.Generic.List[string]'; $list.Add('x')",
    '& "$env:windir\\system32\\net.exe" stop vss 2>&1 | Out-String',
    "cmd /c 'net stop vss && net start vss'",
    "$x = $a -replace '\\s+', ' ' -split ' ' | Where-Object { $_ }",
    "'{0,-20} {1:N2}' -f $name, ($size / 1MB)",
    "$script:count = 0; $global:log = @(); ${env:ProgramFiles(x86)}",
    "[void](New-Item -ItemType Directory -Path C:\\x -Force); $null = 5",
    "$sum = 1..10 | ForEach-Object { $_ * 2 } | Measure-Object -Sum | Select-Object -ExpandProperty Sum",
    "1, 2, 3 -contains 2 -and -not $false",
    'if (!(Test-Path $path)) { throw "No $path" } elseif ($x -is [int]) { return } else { exit 1 }',
    "Get-WmiObject Win32_Service -Filter \"Name='vss'\" | ForEach-Object { $_.StartMode }",
    "$h = [ordered]@{}\n$h['a'] = 1\n$h.b = 2\n$h.Keys | ForEach-Object { \"$_=$($h[$_])\" }",
    "filter Add-One { $_ + 1 }",
    "param([string]$Name, [switch]$Force)\nif ($Force) { Remove-Item $Name -Force -Confirm:$false }",
    "$a, $b = $b, $a",
    "$i++; --$j; $k -= 2; $l *= 3; $m /= 4; $n %= 5",
    "$p = @{ Path = 'C:\\x'; Recurse = $true }; Get-ChildItem @p",
    "Invoke-Command -ScriptBlock { param($n) Get-Service $n } -ArgumentList 'vss'",
    "$r = Get-Content a.txt | Where-Object { $_ -match '^(?<key>\\w+)=(?<value>.*)$' } | ForEach-Object { $Matches.key }",
    "#requires -Version 5.1\n<# help\n.SYNOPSIS\n#>\nGet-Date # now",
    "Get-Process |\n  Where-Object { $_.CPU -gt 10 } |\n  Stop-Process -WhatIf",
    "Write-Output `\n  'continued' `\n  -NoEnumerate",
    "trap { Write-Warning $_; continue }\nGet-Item nope",
    "Get-Item a 2>$null; Get-Item b *> out.txt; Get-Item c 2>&1 >> log.txt",
    "$obj.Items[0].Name.ToUpper().Substring(0, 3)",
    "[datetime]::Now.AddDays(-1).ToString('yyyy-MM-dd')",
    "sc.exe config vss start= demand",
    "reg add HKLM\\SOFTWARE\\Test /v Name /t REG_DWORD /d 1 /f",
    "icacls C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys /grant 'Everyone:(R,W)'",
]

BAD = [
    "if ($x { 1 }",
    "foreach ($a in ) { }",
    "'unterminated",
    "$x = ",
    "@{ a = }",
    "function { }",
    "Get-Item |",
    "while () { }",
    "$x[",
    "1 +",
    "}",
]

#: Snippet -> why tree-sitter-pwsh does not agree with us (0.38).
DIFFERENCES = {
    "switch (1) { 'a' { 1 } 'b' { 2 } default { 3 } }": "it wants a line end between the clauses of a switch",
    "function f { param($x) $x + 1 }": "it wants a line end after param( )",
    ":outer foreach ($i in 1..3) { foreach ($j in 1..3) { if ($j -eq 2) { continue outer } } }": "it wants a line end after a label",
    "try { 1 }": "it takes a try without catch and finally",
    "a && b": "it knows the operator of PowerShell 7; 5.1 refuses it",
    "$x ? 1 : 2": "it knows the ternary of PowerShell 7; 5.1 refuses it",
}

#: Taken without error by tree-sitter-pwsh, but with a command where there is none.
MISREAD = {
    "$sum = 1..10 | ForEach-Object { $_ * 2 } | Measure-Object -Sum | Select-Object -ExpandProperty Sum": "1..10 is a command to it",
}


def theirs(text: str) -> bool:
    """Whether tree-sitter-pwsh takes a script without error."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_pwsh.language()))
    return not parser.parse(text.encode()).root_node.has_error


def ours(text: str) -> bool:
    """Whether our parser takes it."""
    try:
        parse(text)
    except ParseError:
        return False
    return True


@pytest.mark.parametrize("text", GOOD, ids=[text[:50] for text in GOOD])
def test_both_take_what_is_right(text):
    assert ours(text)
    assert theirs(text)


@pytest.mark.parametrize("text", BAD)
def test_both_refuse_what_is_wrong(text):
    assert not ours(text)
    assert not theirs(text)


@pytest.mark.parametrize("text", list(DIFFERENCES))
def test_known_differences(text):
    assert ours(text) != theirs(text)


def test_a_script_of_all_snippets_is_taken_by_both():
    script = "\n".join(text for text in GOOD if not text.startswith(("param", "#requires")))
    assert ours(script)
    assert theirs(script)


def test_commands_are_the_same():
    """Names of the commands in both trees."""
    from fakes.windows.powershell import ast

    def our_names(node, found):
        if isinstance(node, ast.Command) and isinstance(node.name, ast.Constant):
            found.append(str(node.name.value).lower())
        if isinstance(node, ast.Node):
            for slot in type(node).__dataclass_fields__:
                our_names(getattr(node, slot), found)
        elif isinstance(node, (list, tuple)):
            for one in node:
                our_names(one, found)
        elif isinstance(node, dict):
            for one in node.values():
                our_names(one, found)
        return found

    def their_names(node, text, found):
        if node.type == "command_name":
            found.append(text[node.start_byte : node.end_byte].decode().lower())
            return found
        for child in node.children:
            their_names(child, text, found)
        return found

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_pwsh.language()))
    different = []
    for text in GOOD:
        if text in MISREAD:
            continue
        tree = parser.parse(text.encode())
        if sorted(our_names(parse(text), [])) != sorted(their_names(tree.root_node, text.encode(), [])):
            different.append(
                (
                    text,
                    sorted(our_names(parse(text), [])),
                    sorted(their_names(tree.root_node, text.encode(), [])),
                )
            )
    assert not different
