"""The courier's questions, put over real WinRM to a simulated host."""

import socket

import pytest

from fakes.clock import Clock
from fakes.courier.questions import PATH_KEY, PATH_VALUE, HostAnswerError, ask
from fakes.courier.winrm_shell import Output, WinRmShell
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener

USER, PASSWORD = "labadmin", "Pa55:w0rd"


class Wire:
    """The host's network: which ports of the wire server answer."""

    def __init__(self):
        self.open = {80, 32526}

    def resolve(self, name):
        return None

    def connect(self, address, port, timeout):
        if address != "168.63.129.16" or port not in self.open:
            raise TimeoutError(f"{address}:{port}")
        ours, theirs = socket.socketpair()
        theirs.close()
        return ours

    def tls_context(self):
        raise AssertionError("nobody asked for TLS")


@pytest.fixture(autouse=True)
def no_bundle_from_the_environment(monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def host():
    made = Host.server_2019("SRV1", clock=Clock(), network=Wire())
    made.users.add(USER, PASSWORD, groups=["Administrators"])
    return made


@pytest.fixture
def shell(host):
    with Listener(host) as listener:
        made = WinRmShell(listener.http_url, USER, PASSWORD)
        yield made
        made.close()


def test_a_healthy_host_can(shell):
    assert ask(shell, "network").able
    assert ask(shell, "registry").able


def test_the_service_decides(shell):
    shell.powershell("Stop-Service -Name WindowsAzureGuestAgent -Force")
    found = ask(shell, "network")
    assert (found.able, found.reason) == (False, "service WindowsAzureGuestAgent: Stopped")
    assert not ask(shell, "registry").able
    shell.powershell("Start-Service -Name WindowsAzureGuestAgent")
    assert ask(shell, "network").able


@pytest.mark.parametrize("port", [80, 32526])
def test_the_way_decides_where_there_is_one(shell, host, port):
    host.network.open.discard(port)
    found = ask(shell, "network")
    assert (found.able, found.reason) == (False, f"no way to 168.63.129.16: {port}")
    assert ask(shell, "registry").able


def test_off_azure_a_registry_value_decides(shell):
    shell.powershell(
        f"$null = New-Item -Path '{PATH_KEY}' -Force; Set-ItemProperty -Path '{PATH_KEY}' -Name {PATH_VALUE} -Value Closed"
    )
    assert not ask(shell, "registry").able
    shell.powershell(f"Set-ItemProperty -Path '{PATH_KEY}' -Name {PATH_VALUE} -Value Open")
    assert ask(shell, "registry").able


@pytest.mark.parametrize("stdout", ["", "agent: Running\r\n", "nonsense"])
def test_an_answer_without_sense_is_said(stdout):
    class Odd:
        def powershell(self, command, stdin=""):
            return Output(1, stdout, "boom")

    with pytest.raises(HostAnswerError, match="boom"):
        ask(Odd(), "network")
