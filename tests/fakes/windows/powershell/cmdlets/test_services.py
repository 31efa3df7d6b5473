"""The service cmdlets against the host's service control manager.

Texts: ServiceResources.resx of PowerShell; Get-Service.md and Restart-Service.md (5.1) for the rest.
"""

import pytest


def test_get_service_by_name_display_name_and_pattern(shell):
    names = shell.ps(
        "Get-Service VSS, W32T* | % Name; Get-Service -DisplayName 'Volume Shadow Copy' | % Name"
    ).lines
    assert names == ["VSS", "W32Time", "VSS"]


def test_an_unknown_service_is_an_error_and_the_others_still_come(shell):
    result = shell.ps("Get-Service nosuch, VSS | % Name")
    assert result.lines == ["VSS"]
    assert result.err.startswith(
        "Get-Service : Cannot find any service with service name 'nosuch'.\nAt line:2 char:1"
    )
    assert "ObjectNotFound: (nosuch:String) [Get-Service]" in result.err
    assert "NoServiceFoundForGivenName" in result.err


def test_starting_a_disabled_service_fails_with_the_exception_of_dotnet(shell, host):
    result = shell.ps("Set-Service BITS -StartupType Disabled; Start-Service BITS; exit 9")
    assert result.code == 9
    assert host.registry.get(r"HKLM\SYSTEM\CurrentControlSet\Services\BITS", "Start") == 4
    text = result.message
    assert (
        "Service 'Background Intelligent Transfer Service (BITS)' cannot be started due to the following error:"
        in text
    )
    assert "Cannot start service BITS on computer '.'." in text


def test_stopping_needs_force_when_others_depend_on_it(shell, host):
    refused = shell.ps("Stop-Service EventSystem")
    assert "it has dependent services. It can only be stopped if the Force flag is set." in refused.message
    assert host.services.get("EventSystem").running
    assert shell.ps("Stop-Service EventSystem -Force").err == ""
    assert not host.services.get("EventSystem").running
    assert not host.services.get("SENS").running


def test_restart_with_force_brings_the_running_dependants_back(shell, host):
    before = {s.name for s in host.services.dependants("EventSystem", running=True)}
    assert shell.ps("Restart-Service EventSystem -Force").err == ""
    assert {s.name for s in host.services.dependants("EventSystem", running=True)} == before
    assert before


def test_whatif_changes_nothing(shell, host):
    result = shell.ps("Stop-Service Spooler -WhatIf")
    assert (
        result.out
        == 'What if: Performing the operation "Stop-Service" on target "Print Spooler (Spooler)".\n'
    )
    assert host.services.get("Spooler").running


def test_a_controller_keeps_its_status_until_refresh(shell):
    script = "$s = Get-Service Spooler; Stop-Service Spooler; $s.Status; $s.Refresh(); $s.Status"
    assert shell.ps(script).lines == ["Running", "Stopped"]


def test_methods_of_a_controller_throw_as_in_dotnet(shell):
    script = (
        "$s = Get-Service VSS; try { $s.Stop() } catch { $_.Exception.Message; $_.FullyQualifiedErrorId }"
    )
    assert shell.ps(script).lines == [
        'Exception calling "Stop" with "0" argument(s): "Cannot stop VSS service on computer \'.\'."',
        "InvalidOperationException",
    ]


@pytest.mark.parametrize(
    "script",
    [
        "'VSS' | Start-Service",
        "Get-Service VSS | Start-Service",
        "Start-Service -Name VSS",
        "Start-Service -InputObject (Get-Service VSS)",
        "net start VSS",
    ],
)
def test_every_way_to_start_meets_in_the_model(shell, host, script):
    assert shell.ps(script).code == 0
    assert host.services.get("VSS").running


def test_set_service_changes_the_configuration_that_sc_shows(shell, host):
    shell.ps(
        "Set-Service BITS -DisplayName 'Copier' -Description 'Copies.' -StartupType Automatic -Status Stopped"
    )
    config = host.services.get("BITS").config
    assert (config.display_name, config.description, config.start, config.delayed) == (
        "Copier",
        "Copies.",
        2,
        False,
    )


def test_new_service_is_a_key_of_the_registry(shell, host):
    result = shell.ps("New-Service Lab 'C:\\lab.exe' -DisplayName 'A lab' -StartupType Manual | % Name")
    assert result.lines == ["Lab"]
    assert host.services.get("Lab").config.start == 3
    assert (
        "cannot be created due to the following error: The specified service already exists."
        in shell.ps("New-Service Lab 'C:\\lab.exe'").message
    )


def test_a_parameter_we_do_not_have_is_refused_and_recorded(shell, host):
    result = shell.ps("Get-Service -ComputerName other")
    assert (result.code, result.err) == (120, "NOT SIMULATED: Get-Service -ComputerName")
    assert [entry["construct"] for entry in host.not_simulated.entries()] == ["Get-Service -ComputerName"]
