"""WMI classes: methods, times and a provider that cannot start.

Return values: references of Win32_Service and Win32_ShadowCopy (MicrosoftDocs/win32).
"""


def test_methods_of_a_service_return_the_documented_codes(shell, host):
    script = (
        "$s = Get-WmiObject Win32_Service -Filter \"Name='swprv'\"; $s.StopService().ReturnValue; "
        "$s.StartService().ReturnValue; $s.StartService().ReturnValue; $s.ChangeStartMode('Nope').ReturnValue; "
        "$s.StopService().ReturnValue; $s.ChangeStartMode('Disabled').ReturnValue; $s.StartService().ReturnValue"
    )
    assert shell.ps(script).lines == ["5", "0", "10", "21", "0", "0", "14"]
    assert host.registry.get(r"HKLM\SYSTEM\CurrentControlSet\Services\swprv", "Start") == 4


def test_invoke_cim_method_takes_instances_from_the_pipeline(shell, host):
    script = (
        "Get-CimInstance Win32_Service -Filter \"Name='swprv'\" | Invoke-CimMethod -MethodName StartService"
    )
    assert "ReturnValue" in shell.ps(script).out
    assert host.services.get("swprv").state.name == "RUNNING"


def test_a_shadow_copy_is_created_through_the_class(shell, host):
    result = shell.ps(
        "(Get-WmiObject -List Win32_ShadowCopy).Create('C:\\', 'ClientAccessible').ReturnValue; "
        "Invoke-CimMethod Win32_ShadowCopy -MethodName Create -Arguments @{Volume='Q:\\'} | % ReturnValue"
    )
    assert result.lines == ["0", "3"]
    assert len(host.vss.shadows()) == 1


def test_without_its_service_the_provider_of_shadow_copies_does_not_start(shell):
    result = shell.ps(
        "Set-Service VSS -StartupType Disabled; Get-WmiObject Win32_ShadowCopy; Get-CimInstance Win32_ShadowCopy"
    )
    assert result.message.count("Initialization failure") == 2


def test_a_management_object_gives_times_as_text_and_converts_them(shell, host):
    script = "$os = Get-WmiObject Win32_OperatingSystem; $os.LastBootUpTime; $os.ConvertToDateTime($os.LastBootUpTime).ToString('s')"
    booted = host.boot_time
    assert shell.ps(script).lines == [
        f"{booted:%Y%m%d%H%M%S}.{booted.microsecond:06d}+000",
        f"{booted:%Y-%m-%dT%H:%M:%S}",
    ]


def test_a_class_that_is_not_modelled_is_refused(shell):
    assert shell.ps("Get-WmiObject -List Win32_Process").code == 120
    assert (
        shell.ps("Invoke-CimMethod Win32_Process -MethodName Create -Arguments @{CommandLine='cmd'}").code
        == 120
    )


def test_asking_wmi_starts_its_service_unless_it_is_disabled(shell, host):
    shell.ps("Stop-Service Winmgmt -Force")
    assert shell.ps("(Get-WmiObject Win32_OperatingSystem).Version").lines == ["10.0.17763"]
    assert host.services.get("Winmgmt").running
    shell.ps("Stop-Service Winmgmt -Force; Set-Service Winmgmt -StartupType Disabled")
    result = shell.ps("Get-WmiObject Win32_OperatingSystem; Get-CimInstance Win32_OperatingSystem")
    assert "(Exception from HRESULT: 0x80070422)" in result.message
    assert "HRESULT 0x80070422" in result.message
