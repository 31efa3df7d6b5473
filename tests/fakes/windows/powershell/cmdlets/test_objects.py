"""Cmdlets that filter, sort, group, measure and shape objects; the examples of their 5.1 documentation."""

import pytest

TABLE = [
    # Where-Object.md, ForEach-Object.md
    ("1..5 | Where-Object { $_ -gt 3 }", ["4", "5"]),
    ("Get-Service VSS, swprv | Where-Object Name -eq VSS | % Name", ["VSS"]),
    ("Get-Service VSS, swprv | Where-Object Name -Like 's*' | % Name", ["swprv"]),
    ("Get-Service VSS, swprv | Where-Object Name -In VSS,x | % Name", ["VSS"]),
    ("Get-Service VSS | Where-Object CanStop | measure | % Count", ["0"]),
    ("1..3 | ForEach-Object -Begin { 'b' } -Process { $_ * 2 } -End { 'e' }", ["b", "2", "4", "6", "e"]),
    ("1..2 | ForEach-Object { 'b' } { $_ } { 'e' }", ["b", "1", "2", "e"]),
    # Select-Object.md
    ("1..10 | Select-Object -First 2", ["1", "2"]),
    ("1..10 | Select-Object -Last 2", ["9", "10"]),
    ("1..5 | Select-Object -Skip 3", ["4", "5"]),
    ("1..5 | Select-Object -Skip 1 -First 2", ["2", "3"]),
    ("1..5 | Select-Object -SkipLast 3", ["1", "2"]),
    ("1..5 | Select-Object -Index 0,4", ["1", "5"]),
    ("'a','b','a' | Select-Object -Unique", ["a", "b"]),
    ("Get-Service VSS | Select-Object -ExpandProperty Name", ["VSS"]),
    ("(Get-Service VSS | Select-Object Name, @{n='Up';e={$_.Status -eq 'Running'}}).Up", ["False"]),
    # Sort-Object.md, Get-Unique.md, Group-Object.md, Measure-Object.md
    ("3,1,2 | Sort-Object", ["1", "2", "3"]),
    ("3,1,2 | Sort-Object -Descending", ["3", "2", "1"]),
    ("'b','B','a' | Sort-Object -Unique", ["a", "b"]),
    (
        "[pscustomobject]@{N=2;T='x'}, [pscustomobject]@{N=1;T='x'} | Sort-Object T, @{e='N';Descending=$true} | % N",
        ["2", "1"],
    ),
    ("1,1,2,1 | Get-Unique", ["1", "2", "1"]),
    ('1..20 | Group-Object { $_ % 2 } | % { "$($_.Name) $($_.Count)" }', ["1 10", "0 10"]),
    (
        "(1..4 | Measure-Object -Sum -Average -Maximum -Minimum) | % { $_.Sum, $_.Average, $_.Maximum, $_.Minimum, $_.Count }",
        ["10", "2.5", "4", "1", "4"],
    ),
    (
        "'one two','three' | Measure-Object -Line -Word -Character | % { $_.Lines, $_.Words, $_.Characters }",
        ["2", "3", "12"],
    ),
    # Compare-Object.md
    ('Compare-Object 1,2,3 2,3,4 | % { "$($_.InputObject)$($_.SideIndicator)" }', ["4=>", "1<="]),
    ("Compare-Object a,b b -IncludeEqual | % SideIndicator", ["==", "<="]),
    # Tee-Object, variables, Invoke-Expression, Invoke-Command
    ("'x' | Tee-Object -Variable seen; $seen", ["x", "x"]),
    ("Set-Variable v 5; Get-Variable v -ValueOnly; Remove-Variable v; Test-Path Variable:v", ["5", "False"]),
    ("Invoke-Expression '1+1'; Invoke-Command { $args[0] } -ArgumentList 7", ["2", "7"]),
    ("New-Object PSObject -Property @{A=1} | % A; (New-TimeSpan -Hours 2).TotalMinutes", ["1", "120"]),
    (
        "$o = [pscustomobject]@{A=1}; $o | Add-Member B 2; $o | Add-Member ScriptProperty C { $this.A + 1 }; $o.B; $o.C",
        ["2", "2"],
    ),
    # ConvertTo-Csv.md, ConvertFrom-Csv.md
    ("[pscustomobject]@{A=1;B='x,y'} | ConvertTo-Csv -NoTypeInformation", ['"A","B"', '"1","x,y"']),
    ("'a,b','1,\"2,3\"' | ConvertFrom-Csv | % b", ["2,3"]),
    # Select-String.md
    ("'a1','b','a2' | Select-String '^a(\\d)' | % { $_.Matches[0].Groups[1].Value }", ["1", "2"]),
    ("'a','b','c' | Select-String b -Context 1", ["", "  a", "> b", "  c", "", ""]),
    (
        "'a','b' | Select-String a -NotMatch | % Line; 'a.c','abc' | Select-String a.c -SimpleMatch | % LineNumber",
        ["b", "1"],
    ),
    ("Start-Process cmd.exe '/c','exit 3' -Wait -PassThru | % ExitCode", ["3"]),
]


@pytest.mark.parametrize(("script", "expected"), TABLE, ids=[script for script, _ in TABLE])
def test_output(shell, script, expected):
    result = shell.ps(script)
    assert (result.err, result.lines) == ("", expected)


def test_a_missing_property_to_expand_is_an_error(shell):
    assert 'Property "Nope" cannot be found.' in shell.ps("1 | Select-Object -ExpandProperty Nope").message


def test_select_first_stops_the_commands_before_it(shell):
    result = shell.ps("1..5 | ForEach-Object { Write-Warning $_; $_ } | Select-Object -First 1")
    assert (result.lines, result.err) == (["1"], "1")


def test_get_member_groups_by_type(shell):
    lines = shell.ps("Get-Service VSS | Get-Member -MemberType Property -Name S*").lines
    assert lines[:4] == ["", "", "   TypeName: System.ServiceProcess.ServiceController", ""]
    assert lines[6].startswith("ServiceHandle ")


def test_a_format_object_in_a_file_is_its_text(shell, host):
    shell.ps(r"Get-Service VSS | Format-Table Name | Out-File C:\t.txt -Encoding ASCII")
    assert host.files.read(r"C:\t.txt").decode().split() == ["Name", "----", "VSS"]


def test_start_sleep_costs_virtual_time_only(shell, host):
    before = host.clock.now()
    shell.ps("Start-Sleep -Seconds 3600")
    assert (host.clock.now() - before).total_seconds() >= 3600


def test_events_are_written_and_found(shell):
    script = """
        New-EventLog -LogName Application -Source Lab
        Write-EventLog -LogName Application -Source Lab -EventId 517 -EntryType Error -Message 'it failed'
        Get-EventLog Application -Newest 1 | % { "$($_.EventID) $($_.EntryType) $($_.Message)" }
        Get-WinEvent -FilterHashtable @{LogName='Application'; Id=517; Level=2} | % ProviderName
        Get-WinEvent -LogName Application -FilterXPath "*[System[Provider[@Name='Lab'] and EventID=517]]" | % RecordId | measure | % Count
    """
    assert shell.ps(script).lines == ["517 Error it failed", "Lab", "1"]


def test_no_matching_event_is_an_error(shell):
    result = shell.ps("Get-WinEvent -FilterHashtable @{LogName='System'; Id=99999}")
    assert result.message.startswith(
        "Get-WinEvent : No events were found that match the specified selection criteria."
    )


def test_wmi_reads_the_same_model(shell, host):
    script = """
        Get-CimInstance Win32_Service -Filter "Name='VSS'" | % { "$($_.State) $($_.StartMode) $($_.ProcessId)" }
        (Get-WmiObject Win32_Service -Filter "Name='Spooler'").StopService().ReturnValue
        (Get-CimInstance Win32_OperatingSystem).BuildNumber
    """
    assert shell.ps(script).lines == ["Stopped Manual 0", "0", "17763"]
    assert not host.services.get("Spooler").running


def test_a_wmi_class_the_model_lacks_is_refused(shell):
    assert shell.ps("Get-CimInstance Win32_Battery").code == 120
    assert shell.ps("Get-CimInstance NoSuchClass").message.startswith("Get-CimInstance : Invalid class")


def test_a_formatted_table_after_plain_objects_has_its_own_widths(shell):
    script = "[pscustomobject]@{Name='C';FreeGB=1}; Compare-Object (1,2) (2,3) | Format-Table -AutoSize"
    lines = [line for line in shell.ps(script).lines if line]
    assert lines[:2] == ["Name FreeGB", "---- ------"]
    assert lines[3:5] == ["InputObject SideIndicator", "----------- -------------"]
