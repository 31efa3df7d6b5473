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

HOLDS = [
    (ServiceCheck(service="CryptSvc", running=True), SC_RUNNING, 0),
    (ServiceCheck(service="CryptSvc", running=False), SC_STOPPED, 0),
    (ServiceCheck(service="CryptSvc", enabled=True), SC_RUNNING + SC_CONFIG, 0),
    (ServiceCheck(service="CryptSvc", exists=False), SC_GONE, 1060),
    (ProcessCheck(process="vssvc"), TASKLIST, 0),
    (ProcessCheck(process="explorer", running=False), "INFO: No tasks are running which match", 0),
    (FileCheck(file="C:\\x"), "", 0),
    (FileCheck(file="C:\\x", exists=False), "", 1),
    (FileCheck(file="C:\\x", finds=["^b$"]), "a\r\nb\r\n", 0),
    (RegistryCheck(registry="HKLM\\SOFTWARE\\Lab"), REG, 0),
    (
        RegistryCheck(registry="HKLM\\SOFTWARE\\Lab", exists=False),
        "ERROR: The system was unable to find",
        1,
    ),
    (RegistryCheck(registry="HKLM\\SOFTWARE\\Lab", value="flag", equals="True"), REG, 0),
    (RegistryCheck(registry="HKLM\\SOFTWARE\\Lab", value="Count", equals=28), REG, 0),
]
FAILS = [
    (ServiceCheck(service="CryptSvc", running=True), SC_STOPPED, 0, "CryptSvc is not running"),
    (ServiceCheck(service="CryptSvc", running=True), SC_GONE, 1060, "CryptSvc is not running"),
    (ServiceCheck(service="X", exists=True), SC_GONE, 1060, "X is not installed"),
    (ServiceCheck(service="X", enabled=False), SC_RUNNING + SC_CONFIG, 0, "X is started with the machine"),
    (ProcessCheck(process="vssvc", running=False), TASKLIST, 0, "vssvc is running"),
    (FileCheck(file="C:\\x"), "", 1, "C:\\x is not there"),
    (FileCheck(file="C:\\x", finds=["c"]), "a\r\nb\r\n", 0, "found no match for /c/"),
    (RegistryCheck(registry="HKLM\\A", value="Flag", equals="False"), REG, 0,
     "HKLM\\A\\Flag is 'True', expected 'False'"),
    (RegistryCheck(registry="HKLM\\A", value="Nope", equals="1"), REG, 0, "HKLM\\A\\Nope has no readable value"),
]  # fmt: skip


def answer(stdout, code):
    return CommandResult("vm", "x", code, stdout, "", 0.0)


@pytest.mark.parametrize(("check", "stdout", "code"), HOLDS)
def test_a_check_holds(check, stdout, code):
    assert probe(check).judge(answer(stdout, code)) is None


@pytest.mark.parametrize(("check", "stdout", "code", "reason"), FAILS)
def test_a_check_fails_with_its_reason(check, stdout, code, reason):
    assert probe(check).judge(answer(stdout, code)) == reason


@pytest.mark.parametrize(
    ("check", "command"),
    [
        (ServiceCheck(service="VSS", running=True), 'sc queryex "VSS"'),
        (FileCheck(file="C:\\a b"), 'if exist "C:\\a b" (exit 0) else (exit 1)'),
        (RegistryCheck(registry="HKLM\\A", value="v", equals="1"), 'reg query "HKLM\\A" /v "v"'),
    ],
)  # fmt: skip
def test_names_are_quoted_for_their_shell(check, command):
    assert probe(check).command == command


@pytest.mark.parametrize("check", [PackageCheck(package="x"), PortCheck(port=1)])
def test_what_no_windows_probe_answers_is_not_implemented(check):
    with pytest.raises(NotImplementedError):
        probe(check)
