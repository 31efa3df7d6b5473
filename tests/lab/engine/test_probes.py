"""Checks as a table: given a check and an answer of the host, does it hold?"""

from __future__ import annotations

import pytest

from lab.engine.probes import probe
from lab.hosts.base import CommandResult
from lab.model.checks import FileCheck, PackageCheck, PortCheck, ProcessCheck, RegistryCheck, ServiceCheck

SC_RUNNING = """
SERVICE_NAME: CryptSvc
        TYPE               : 20  WIN32_SHARE_PROCESS
        STATE              : 4  RUNNING
        PID                : 1234
"""
SC_STOPPED = SC_RUNNING.replace("4  RUNNING", "1  STOPPED")
SC_CONFIG = "        START_TYPE         : 2   AUTO_START\n"
SC_GONE = "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\nThe specified service does not exist"
TASKLIST = """
Image Name                     PID Session Name        Session#    Mem Usage
========================= ======== ================ =========== ============
VSSVC.exe                     3456 Services                   0      7,128 K
"""
REG = "\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Lab\n    Flag    REG_SZ    True\n    Count    REG_DWORD    0x1c\n\n"
TCP = "  sl  local_address rem_address   st\n   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000\n   1: 0100007F:0016 0100007F:D431 01\n"
UNIT = "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n"

HOLDS = [
    ("windows", ServiceCheck(service="CryptSvc", running=True), SC_RUNNING, 0),
    ("windows", ServiceCheck(service="CryptSvc", running=False), SC_STOPPED, 0),
    ("windows", ServiceCheck(service="CryptSvc", enabled=True), SC_RUNNING + SC_CONFIG, 0),
    ("windows", ServiceCheck(service="CryptSvc", exists=False), SC_GONE, 1060),
    ("windows", ProcessCheck(process="vssvc"), TASKLIST, 0),
    ("windows", ProcessCheck(process="explorer", running=False), "INFO: No tasks are running which match", 0),
    ("windows", FileCheck(file="C:\\x"), "", 0),
    ("windows", FileCheck(file="C:\\x", exists=False), "", 1),
    ("windows", FileCheck(file="C:\\x", finds=["^b$"]), "a\r\nb\r\n", 0),
    ("windows", RegistryCheck(registry="HKLM\\SOFTWARE\\Lab"), REG, 0),
    (
        "windows",
        RegistryCheck(registry="HKLM\\SOFTWARE\\Lab", exists=False),
        "ERROR: The system was unable to find",
        1,
    ),
    ("windows", RegistryCheck(registry="HKLM\\SOFTWARE\\Lab", value="flag", equals="True"), REG, 0),
    ("windows", RegistryCheck(registry="HKLM\\SOFTWARE\\Lab", value="Count", equals=28), REG, 0),
    ("linux", ServiceCheck(service="walinuxagent", running=True, enabled=True), UNIT, 0),
    ("linux", ServiceCheck(service="nosuch", exists=False), "LoadState=not-found\nActiveState=inactive\n", 0),
    ("linux", ProcessCheck(process="waagent"), "systemd\nwaagent\n", 0),
    ("linux", FileCheck(file="/etc/x", lacks=["secret"]), "plain\n", 0),
    ("linux", PackageCheck(package="waagent"), "install ok installed", 0),
    ("linux", PackageCheck(package="waagent", installed=False), "deinstall ok config-files", 0),
    ("linux", PortCheck(port=8080), TCP, 0),
    ("linux", PortCheck(port=22, listening=False), TCP, 0),  # 0016 is established, not listening
]
FAILS = [
    ("windows", ServiceCheck(service="CryptSvc", running=True), SC_STOPPED, 0, "CryptSvc is not running"),
    ("windows", ServiceCheck(service="CryptSvc", running=True), SC_GONE, 1060, "CryptSvc is not running"),
    ("windows", ServiceCheck(service="X", exists=True), SC_GONE, 1060, "X is not installed"),
    ("windows", ServiceCheck(service="X", enabled=False), SC_RUNNING + SC_CONFIG, 0, "X is started with the machine"),
    ("windows", ProcessCheck(process="vssvc", running=False), TASKLIST, 0, "vssvc is running"),
    ("windows", FileCheck(file="C:\\x"), "", 1, "C:\\x is not there"),
    ("windows", FileCheck(file="C:\\x", finds=["c"]), "a\r\nb\r\n", 0, "found no match for /c/"),
    ("windows", RegistryCheck(registry="HKLM\\A", value="Flag", equals="False"), REG, 0,
     "HKLM\\A\\Flag is 'True', expected 'False'"),
    ("windows", RegistryCheck(registry="HKLM\\A", value="Nope", equals="1"), REG, 0, "HKLM\\A\\Nope has no readable value"),
    ("linux", ServiceCheck(service="x", running=True), "LoadState=loaded\nActiveState=failed\n", 0, "x is not running"),
    ("linux", ServiceCheck(service="x", enabled=True), UNIT.replace("enabled", "disabled"), 0, "x is not started with the machine"),
    ("linux", ProcessCheck(process="waagent"), "systemd\n", 0, "waagent is not running"),
    ("linux", PortCheck(port=80), TCP, 0, "port 80 is not listening"),
]  # fmt: skip


def answer(stdout, code):
    return CommandResult("vm", "x", code, stdout, "", 0.0)


@pytest.mark.parametrize(("os", "check", "stdout", "code"), HOLDS)
def test_a_check_holds(os, check, stdout, code):
    assert probe(check, os).judge(answer(stdout, code)) is None


@pytest.mark.parametrize(("os", "check", "stdout", "code", "reason"), FAILS)
def test_a_check_fails_with_its_reason(os, check, stdout, code, reason):
    assert probe(check, os).judge(answer(stdout, code)) == reason


@pytest.mark.parametrize(
    ("os", "check", "command"),
    [
        ("windows", ServiceCheck(service="VSS", running=True), 'sc queryex "VSS"'),
        ("windows", FileCheck(file="C:\\a b"), 'if exist "C:\\a b" (exit 0) else (exit 1)'),
        ("windows", RegistryCheck(registry="HKLM\\A", value="v", equals="1"), 'reg query "HKLM\\A" /v "v"'),
        ("linux", FileCheck(file="/a b", finds=["x"]), "cat -- '/a b'"),
        ("linux", ServiceCheck(service="a;b", running=True), "systemctl show -p LoadState,ActiveState,UnitFileState -- 'a;b'"),
    ],
)  # fmt: skip
def test_names_are_quoted_for_their_shell(os, check, command):
    assert probe(check, os).command == command


@pytest.mark.parametrize("check", [PackageCheck(package="x"), PortCheck(port=1)])
def test_what_no_windows_probe_answers_is_not_implemented(check):
    with pytest.raises(NotImplementedError):
        probe(check, "windows")
