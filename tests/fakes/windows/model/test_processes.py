from __future__ import annotations

import pytest

from fakes.windows.model.win32 import Win32Error


def test_the_kernels_own_come_first(host):
    first = list(host.processes)[:3]
    assert [(process.pid, process.name) for process in first] == [
        (0, "System Idle Process"),
        (4, "System"),
        (88, "Registry"),
    ]
    assert all(process.pid % 4 == 0 for process in host.processes)


def test_start_and_end(host):
    pid = host.processes.start("x.exe", "x.exe /y", now=host.clock.now(), memory=5)
    assert host.processes.named("X.EXE")[0].memory == 5
    host.processes.change(pid, memory=9)
    assert host.processes.end(pid).memory == 9
    with pytest.raises(Win32Error) as caught:
        host.processes.end(pid)
    assert caught.value.code == 87


def test_accounts_of_service_processes(host):
    def user(name: str) -> str:
        return host.processes.get(host.services.get(name).status.pid).user

    assert user("CryptSvc") == r"NT AUTHORITY\NETWORK SERVICE"
    assert user("EventLog") == r"NT AUTHORITY\LOCAL SERVICE"
    assert user("Winmgmt") == r"NT AUTHORITY\SYSTEM"
