"""Checks on a Linux guest: testinfra's answers and what a check makes of them."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
import testinfra

from lab.engine.guest_checks import command_of, judge
from lab.errors import InfrastructureError
from lab.model.checks import FileCheck, PackageCheck, PortCheck, ProcessCheck, RegistryCheck, ServiceCheck


@pytest.fixture(scope="module")
def here():
    """This machine, as testinfra's local backend sees it."""
    return testinfra.get_host("local://")


def guest(*, exists=True, running=True, enabled=True):
    service = SimpleNamespace(exists=exists, is_running=running, is_enabled=enabled)
    package = SimpleNamespace(is_installed=exists)
    return SimpleNamespace(service=lambda _: service, package=lambda _: package)


@pytest.mark.parametrize(
    ("check", "host", "reason"),
    [
        (ServiceCheck(service="x", running=True, enabled=True), guest(), None),
        (ServiceCheck(service="x", exists=False), guest(exists=False), None),
        (ServiceCheck(service="x", exists=True), guest(exists=False), "x is not installed"),
        (ServiceCheck(service="x", running=True), guest(running=False), "x is not running"),
        (ServiceCheck(service="x", running=False), guest(), "x is running"),
        (ServiceCheck(service="x", enabled=True), guest(enabled=False), "x is not started with the machine"),
        (PackageCheck(package="x"), guest(), None),
        (PackageCheck(package="x", installed=False), guest(), "x is installed"),
    ],
)
def test_services_and_packages(check, host, reason):
    assert judge(check, host) == reason


def test_files(here, tmp_path):
    path = tmp_path / "a file"
    path.write_text("plain\n")
    assert judge(FileCheck(file=str(path), finds=["^plain$"], lacks=["secret"]), here) is None
    assert judge(FileCheck(file=str(path), finds=["secret"]), here) == "found no match for /secret/"
    assert judge(FileCheck(file=str(path), exists=False), here) == f"{path} is there"
    assert judge(FileCheck(file=str(tmp_path / "none")), here) == f"{tmp_path / 'none'} is not there"


def test_processes(here):
    name = Path(f"/proc/{os.getpid()}/comm").read_text().strip()
    assert judge(ProcessCheck(process=name), here) is None
    assert judge(ProcessCheck(process=name, running=False), here) == f"{name} is running"
    assert judge(ProcessCheck(process="nosuchprogram"), here) == "nosuchprogram is not running"


def test_ports(here):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert judge(PortCheck(port=port), here) is None
        assert judge(PortCheck(port=port, listening=False), here) == f"port {port} is listening"
    assert judge(PortCheck(port=port), here) == f"port {port} is not listening"


def test_an_answer_that_testinfra_does_not_know_is_the_labs_failure():
    def service(name):
        raise RuntimeError("Unexpected exit status 127")

    with pytest.raises(
        InfrastructureError, match=r"host.service\('x'\) could not be answered: Unexpected exit status 127"
    ):
        judge(ServiceCheck(service="x", running=True), SimpleNamespace(service=service))


def test_what_no_guest_answers_is_not_implemented():
    with pytest.raises(NotImplementedError):
        command_of(RegistryCheck(registry="HKLM"))
