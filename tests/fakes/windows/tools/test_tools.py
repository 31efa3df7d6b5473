"""What the tools do to the model, their prompts and what they refuse."""

from __future__ import annotations

import csv

import jc
import pytest

from fakes.windows.model.service_config import ROOT


def test_the_documented_repair_of_a_writer(run):
    run.host.inject({"vss_writer": "System Writer", "state": 8, "last_error": "Non-retryable error"})
    broken = "   State: [8] Failed\n   Last error: Non-retryable error\n"
    assert broken in run("vssadmin list writers").out
    run("net stop BITS & net start BITS")
    assert broken in run("vssadmin list writers").out
    assert run("net stop CryptSvc && net start CryptSvc").code == 0
    assert broken not in run("vssadmin list writers").out


def test_vssadmin_when_vss_is_disabled(run):
    run("sc config VSS start= disabled")
    result = run("vssadmin list writers")
    assert result.code == 1
    assert "The service cannot be started" in result.out


def test_vssadmin_delete_asks(run):
    for _ in range(2):
        run("vssadmin create shadow /for=C:")
    assert run("vssadmin delete shadows /all", stdin="n\n").code == 2
    assert len(run.host.vss.shadows()) == 2
    result = run("vssadmin delete shadows /for=C: /oldest", stdin="y\n")
    assert "Do you really want to delete 1 shadow copies (Y/N): [N]? " in result.out
    assert "Successfully deleted 1 shadow copies." in result.out
    assert run("vssadmin delete shadows /all /quiet").code == 0
    assert run.host.vss.shadows() == []


def test_vssadmin_needs_an_elevated_user(host):
    from fakes.windows.shell.session import Session

    host.users.add("plain", "x", ["Users"])
    out: list[bytes] = []
    assert Session(host, "plain").run("vssadmin list writers", stdout=out.append, stderr=out.append) == 2
    assert b"You don't have the correct permissions" in b"".join(out)


def test_vssadmin_refuses_what_it_does_not_simulate(run):
    assert run("vssadmin revert shadow /shadow={x}").code == 120
    assert run("vssadmin create shadow /for=X:").code == 2
    assert run("vssadmin create shadow").code == 2


def test_net_stop_prompt(run):
    assert run("net stop TermService", stdin="n\n").code == 2
    assert run.host.services.get("TermService").running
    assert run("net stop TermService", stdin="y\n").code == 0
    assert not run.host.services.get("UmRdpService").running


def test_sc_config_writes_the_registry_and_starts_heed_it(run):
    assert run("sc config BITS start= delayed-auto").code == 0
    assert "AUTO_START  (DELAYED)" in run("sc qc BITS").out
    assert run("sc config BITS start=demand").code == 0
    assert run("sc qc BITS").out.count("DEMAND_START") == 1
    run(f"reg add {ROOT}\\BITS /v Start /t REG_DWORD /d 4 /f")
    assert "DISABLED" in run("sc qc BITS").out
    assert run("sc start BITS").code == 1058


def test_sc_config_account(run):
    assert run('sc config MSDTC obj= "NT AUTHORITY\\NetworkService" password= ""').code == 0
    assert run("sc config MSDTC obj= .\\nobody password= x").code == 1057


def test_sc_query_filters(run):
    every = run("sc query state= all").out.count("SERVICE_NAME")
    active = run("sc query").out.count("SERVICE_NAME")
    inactive = run("sc query state= inactive").out.count("SERVICE_NAME")
    drivers = run("sc query type= driver").out.count("KERNEL_DRIVER")
    assert every == active + inactive > 180
    assert drivers > 20


def test_sc_delete_and_description(run):
    assert run('sc description WindowsAzureGuestAgent "The agent"').code == 0
    assert "DESCRIPTION:  The agent" in run("sc qdescription WindowsAzureGuestAgent").out
    assert run("sc delete WindowsAzureGuestAgent").code == 0
    assert run("sc query WindowsAzureGuestAgent").code == 1060


def test_reg_prompts(run):
    run("reg add HKLM\\SOFTWARE\\X /v A /d 1")
    result = run("reg add HKLM\\SOFTWARE\\X /v A /d 2", stdin="no\n")
    assert result.out.startswith("Value A exists, overwrite(Yes/No)? ")
    assert run.host.registry.get("HKLM\\SOFTWARE\\X", "A") == "1"
    result = run("reg delete HKLM\\SOFTWARE\\X", stdin="Yes\n")
    assert result.out == (
        "Permanently delete the registry key HKEY_LOCAL_MACHINE\\SOFTWARE\\X (Yes/No)? \n"
        "The operation completed successfully.\n"
    )
    assert not run.host.registry.exists("HKLM\\SOFTWARE\\X")


def test_reg_of_the_current_user(run):
    run("reg add HKCU\\Software\\Mine /v A /d 1")
    sid = run.session.sid
    assert run.host.registry.get(f"HKU\\{sid}\\Software\\Mine", "A") == "1"


def test_reg_query_s_lists_every_key(run):
    out = run("reg query HKLM\\SYSTEM\\CurrentControlSet\\Services\\VSS /s").out
    assert out.count("HKEY_LOCAL_MACHINE\\") == 7
    assert "    (Default)    REG_SZ    Microsoft Software Shadow Copy provider 1.0\n" in out


@pytest.mark.parametrize(
    "line", ["reg export HKLM\\X y", "reg /?", "reg query HKLM\\SOFTWARE /reg:32", "reg query \\\\a\\HKLM"]
)
def test_reg_refuses_what_it_does_not_simulate(run, line):
    assert run(line).code == 120


def test_tasklist_agrees_with_sc(run):
    pid = run.host.services.get("CryptSvc").status.pid
    assert f"PID                : {pid}" in run("sc queryex CryptSvc").out
    assert run(f'tasklist /svc /nh /fo csv /fi "pid eq {pid}"').out == f'"svchost.exe","{pid}","CryptSvc"\n'
    rows = list(csv.reader(run("tasklist /fo csv /nh").out.splitlines()))
    assert ["tasklist.exe" in row for row in rows].count(True) == 1
    assert len({row[1] for row in rows}) == len(rows)


def test_tasklist_filters_by_service(run):
    assert run('tasklist /fi "services eq Spooler" /nh').out.strip().startswith("spoolsv.exe")
    assert "spoolsv.exe" not in run('tasklist /fi "imagename ne spoolsv.exe"').out
    assert run('tasklist /fi "memusage gt 99999999"').out.startswith("INFO: No tasks")


def test_timeout_takes_virtual_time(run):
    before = run.host.clock.now()
    assert run("timeout /t 300 /nobreak >nul").code == 0
    assert (run.host.clock.now() - before).total_seconds() >= 300
    assert "Input redirection is not supported" in run("timeout 5").err


def test_sort(run):
    assert run("(echo b&echo A&echo c&echo b)|sort /unique").out == "A\nb\nc\n"
    assert run("(echo x2&echo y1)|sort /+2").out == "y1\nx2\n"


def test_systeminfo_for_a_foreign_parser(run):
    found = jc.parse("systeminfo", run("systeminfo").out, quiet=True)
    assert found["host_name"] == "SRV1"
    assert found["os_version"] == "10.0.17763 N/A Build 17763"
    assert found["network_cards"][0]["ip_addresses"][0] == "10.0.0.4"
    assert found["hotfixs"] == ["KB4486553", "KB4589208", "KB5023789"]


def test_ipconfig_for_a_foreign_parser(run):
    found = jc.parse("ipconfig", run("ipconfig /all").out, quiet=True)
    adapter = found["adapters"][0]
    assert found["host_name"] == "SRV1"
    assert adapter["dhcp_enabled"] is True
    assert adapter["ipv4_addresses"][0]["address"] == "10.0.0.4"
    assert adapter["default_gateways"] == ["10.0.0.1"]


def test_ipconfig_follows_the_registry_and_the_dhcp_client(run):
    run.host.inject({"service": "Dhcp", "state": "stopped"})
    assert "10.0.0.4" not in run("ipconfig").out
    from fakes.windows.model.adapters import GUID, INTERFACES

    key = f"{INTERFACES}\\{GUID}"
    run.host.inject({"registry": key, "name": "EnableDHCP", "data": 0})
    run.host.inject({"registry": key, "name": "IPAddress", "data": ["10.0.0.9"]})
    out = run("ipconfig /all").out
    assert "DHCP Enabled. . . . . . . . . . . : No" in out
    assert "IPv4 Address. . . . . . . . . . . : 10.0.0.9" in out


def test_every_registered_program_can_be_found_where_windows_has_it(host):
    from fakes.windows.shell.environment import Environment
    from fakes.windows.shell.programs import PROGRAMS, find_program
    from fakes.windows.shell.session import Session

    session = Session(host, "labadmin")
    for name in set(PROGRAMS) - {"diskshadow"}:
        assert session.search(name, Environment(session.env), "C:\\") is not None, name
        assert callable(find_program(name))
    assert find_program("nobody-knows-this") is None


def test_shutdown_answers_first_and_restarts_then(run):
    import threading

    down = threading.Event()
    run.host.restarted.append(down.set)
    before = run.host.boot_time
    assert run('shutdown /r /t 5 /f /c "patching"').code == 0
    assert down.wait(5)
    assert run.host.boot_time > before
    first = next(event for event in run.host.event_logs.written()["System"] if event.event_id == 1074)
    assert "Comment: patching" in first.message
    assert run("shutdown /s").code == 120


def test_reg_refuses_a_filter_it_would_ignore(run):
    result = run("reg query HKLM\\SYSTEM\\Setup /t REG_DWORD")
    assert (result.code, result.err) == (120, "NOT SIMULATED: reg query /t without /f\n")
