"""Events as the two families of cmdlets show them.

Ids: 7036 of the service control manager is 1073748860 and 6005 of the log service 2147489653 in every
public Get-EventLog transcript; the list of Get-WinEvent is that of Event.format.ps1xml.
"""


def test_classic_ids_carry_their_severity(shell):
    shell.ps("Start-Service swprv; Stop-Service swprv -Force")
    found = shell.ps("Get-EventLog System -Newest 1 | % { $_.InstanceId; $_.EventID }")
    assert found.lines == ["1073748860", "7036"]
    assert shell.ps("Get-EventLog System -InstanceId 7036 -Newest 1").code == 1


def test_a_failed_start_is_an_error_event(shell, host):
    host.services.fail_start("swprv", 1053)
    shell.cmd("net start swprv")
    assert shell.ps("Get-EventLog System -Newest 1 -EntryType Error | % InstanceId").lines == ["3221232472"]


def test_the_list_of_a_record_is_short(shell):
    shell.ps("Start-Service swprv")
    lines = shell.ps("Get-WinEvent -LogName System -MaxEvents 1 | Format-List").lines
    names = [line.split(":")[0].rstrip() for line in lines if line and not line.startswith(" ")]
    assert names == ["TimeCreated", "ProviderName", "Id", "Message"]


def test_policies_are_enumerations_and_align_right(shell):
    lines = shell.ps("Get-ExecutionPolicy -List").lines
    assert lines[1:3] == ["        Scope ExecutionPolicy", "        ----- ---------------"]
    assert " LocalMachine    RemoteSigned" in lines


def test_an_unknown_module_is_an_error_and_a_known_one_loads(shell):
    result = shell.ps("Import-Module Nope; Import-Module Storage; 'went on'")
    assert result.lines == ["went on"]
    assert (
        "The specified module 'Nope' was not loaded because no valid module file was found" in result.message
    )
    assert "Modules_ModuleNotFound,Microsoft.PowerShell.Comm" in result.message


def test_sources_are_keys_of_the_registry(shell, host):
    script = (
        "[System.Diagnostics.EventLog]::SourceExists('VSS'); [Diagnostics.EventLog]::SourceExists('Mine'); "
        "[Diagnostics.EventLog]::CreateEventSource('Mine', 'Application'); "
        "[Diagnostics.EventLog]::WriteEntry('Mine', 'text', 'Warning', 77); "
        'Get-EventLog Application -Source Mine | % { "$($_.EventID) $($_.EntryType) $($_.Message)" }'
    )
    assert shell.ps(script).lines == ["True", "False", "77 Warning text"]
    assert host.registry.exists(r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\Mine")
