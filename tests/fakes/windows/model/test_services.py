from __future__ import annotations

import pytest

from fakes.windows.model.service_config import ROOT, StartType
from fakes.windows.model.services import ServiceState
from fakes.windows.model.win32 import Win32Error


def code_of(action, *arguments) -> int:
    with pytest.raises(Win32Error) as caught:
        action(*arguments)
    return caught.value.code


def messages(host, event_id: int) -> list[str]:
    return [
        event.message for event in host.event_logs.written().get("System", []) if event.event_id == event_id
    ]


def test_a_fresh_host_runs_what_a_fresh_server_runs(host):
    running = {service.name for service in host.services.all() if service.running}
    assert {
        "CryptSvc",
        "EventLog",
        "RpcSs",
        "WinRM",
        "WindowsAzureGuestAgent",
        "RdAgent",
        "Winmgmt",
        "MSDTC",
    } <= running
    assert not {"VSS", "swprv", "BITS", "msiserver", "COMSysApp", "SSDPSRV", "WSearch"} & running


def test_every_dependency_exists_and_every_running_service_has_its_dependencies_running(host):
    for service in host.services.all(drivers=True):
        for need in service.config.dependencies:
            other = host.services.get(need)
            assert not service.running or other.running, (service.name, need)


def test_every_running_service_lives_in_a_running_process(host):
    for service in host.services.all():
        if service.running:
            assert host.processes.get(service.status.pid) is not None, service.name


def test_shared_processes(host):
    pid = {
        name: host.services.get(name).status.pid
        for name in ("RpcSs", "RpcEptMapper", "SamSs", "KeyIso", "CryptSvc")
    }
    assert pid["RpcSs"] == pid["RpcEptMapper"]
    assert pid["SamSs"] == pid["KeyIso"] == host.processes.named("lsass.exe")[0].pid
    assert pid["CryptSvc"] not in {pid["RpcSs"], pid["SamSs"]}


def test_start_and_stop_change_process_and_events(host):
    pid = host.services.get("CryptSvc").status.pid
    host.services.stop("cryptsvc")
    stopped = host.services.get("CryptSvc")
    assert (stopped.state, stopped.status.pid) == (ServiceState.STOPPED, 0)
    assert host.processes.get(pid) is None
    host.services.start("CRYPTSVC")
    again = host.services.get("CryptSvc").status.pid
    assert again not in {0, pid}
    assert messages(host, 7036) == [
        "The Cryptographic Services service entered the stopped state.",
        "The Cryptographic Services service entered the running state.",
    ]


def test_errors_come_from_the_state(host):
    services = host.services
    assert code_of(services.start, "nosuch") == 1060
    assert code_of(services.start, "CryptSvc") == 1056
    assert code_of(services.stop, "BITS") == 1062
    assert code_of(services.stop, "nsi") == 1051
    assert code_of(services.stop, "RpcSs") == 1052
    assert code_of(services.stop, "Schedule") == 5
    services.configure("BITS", start=StartType.DISABLED)
    assert code_of(services.start, "BITS") == 1058


def test_a_disabled_dependency_fails_the_dependant_with_1068_and_event_7001(host):
    host.services.configure("EventSystem", start=StartType.DISABLED)
    for name in ("SENS", "EventSystem"):
        host.services.stop(name)
    assert code_of(host.services.start, "COMSysApp") == 1068
    assert "COM+ System Application service depends on" in messages(host, 7001)[-1]


def test_a_missing_dependency_is_1075(host):
    host.services.configure("BITS", dependencies=("RpcSs", "Gone"))
    assert code_of(host.services.start, "BITS") == 1075


def test_a_start_brings_up_the_dependencies(host):
    for name in ("SENS", "EventSystem"):
        host.services.stop(name)
    host.services.start("COMSysApp")
    assert host.services.get("SENS").running
    assert host.services.get("EventSystem").running


def test_the_registry_is_the_configuration(host):
    host.registry.set(rf"{ROOT}\BITS", "Start", "REG_DWORD", 4)
    assert host.services.get("BITS").config.start is StartType.DISABLED
    host.services.configure("BITS", start=StartType.AUTO, delayed=True)
    assert host.registry.get(rf"{ROOT}\BITS", "Start") == 2
    assert host.registry.get(rf"{ROOT}\BITS", "DelayedAutostart") == 1
    assert host.services.get("BITS").config.delayed
    host.registry.delete_key(rf"{ROOT}\BITS")
    assert host.services.find("BITS") is None


def test_a_wrong_password_is_a_logon_failure(host):
    host.users.add("svc", "right", ["Users"])
    host.services.configure("Spooler", account=r".\svc", password="wrong")
    host.services.stop("Spooler")
    assert code_of(host.services.start, "Spooler") == 1069
    assert "user name or password is incorrect" in messages(host, 7038)[-1]
    host.services.configure("Spooler", password="right")
    host.services.start("Spooler")


def test_an_unknown_account_is_refused(host):
    with pytest.raises(Win32Error, match="account name is invalid"):
        host.services.configure("Spooler", account=r".\nobody", password="x")


def test_a_missing_program_is_file_not_found(host):
    host.services.stop("WindowsAzureGuestAgent")
    host.files.delete(r"C:\WindowsAzure\Packages\GuestAgent\WindowsAzureGuestAgent.exe")
    assert code_of(host.services.start, "WindowsAzureGuestAgent") == 2


def test_a_crash_takes_everything_in_the_process_along(host):
    host.services.crash("BFE")
    assert not host.services.get("BFE").running
    assert not host.services.get("mpssvc").running
    assert host.services.get("BFE").status.exit_code == 1067
    assert len(messages(host, 7034)) == 2


def test_restart_heeds_start_types(host):
    host.services.configure("Spooler", start=StartType.DISABLED)
    host.services.configure("BITS", start=StartType.AUTO)
    host.services.stop("Dhcp") if not host.services.dependants("Dhcp", running=True) else None
    host.services.start("msiserver")
    host.restart()
    assert not host.services.get("Spooler").running
    assert host.services.get("BITS").running
    assert not host.services.get("msiserver").running
    assert host.services.get("Winmgmt").running
    assert host.services.get("Spooler").status.exit_code == 1077


def test_dependants_come_before_what_they_need(host):
    order = [service.name for service in host.services.dependants("nsi", running=True)]
    for name in order:
        for other in host.services.dependants(name, running=True):
            assert order.index(other.name) < order.index(name)
