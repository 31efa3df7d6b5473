import base64
import functools

import pytest

from fakes.clock import Clock
from fakes.courier.winrm_shell import HostUnreachable, LogonRefused, WinRmShell
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener

USER, PASSWORD = "labadmin", "Pa55:w0rd"


class EchoSession:
    """Writes the decoded PowerShell and the length of its input; the exit code is 3."""

    def __init__(self, host, user, *, cwd, env, codepage):
        self.codepage = codepage

    def run(self, command_line, *, stdin, stdout, stderr, stop, skip_cmd_shell=False):
        program, *options, encoded = command_line.split()
        text = base64.b64decode(encoded).decode("utf-16-le")
        length = len(stdin.read()) if "input" in text else 0  # without an end, reading would never end
        stdout(f"{program} {' '.join(options)} | {text} | {length} | {self.codepage}".encode())
        stderr("é".encode())
        return 3


@pytest.fixture(autouse=True)
def no_bundle_from_the_environment(monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def listener():
    host = Host.server_2019("SRV1", clock=Clock())
    host.users.add(USER, PASSWORD, ["Administrators"])
    with Listener(host, sessions=functools.partial(EchoSession, host)) as started:
        yield started


@pytest.fixture
def shell(listener):
    made = WinRmShell(listener.http_url, USER, PASSWORD)
    yield made
    made.close()


def test_a_command_with_its_input_and_both_streams(shell):
    output = shell.powershell("'input'", "x" * 200_000)
    assert output.stdout == (
        "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand | 'input' | 200000 | 65001"
    )
    assert (output.stderr, output.exit_code) == ("é", 3)


def test_no_shell_is_left_on_the_host(shell, listener):
    for _ in range(40):  # more than a user may have open
        shell.powershell("'hi'")
    assert len(listener._shells._shells) == 0


def test_a_wrong_password_is_a_host_that_cannot_be_reached(listener):
    stranger = WinRmShell(listener.http_url, USER, "wrong")
    with pytest.raises(HostUnreachable):
        stranger.powershell("'hi'")
    stranger.close()


def test_a_host_that_goes_and_comes_back(shell, listener):
    shell.powershell("'hi'")
    port = int(listener.http_url.split(":")[2].split("/")[0])
    listener.stop()
    with pytest.raises(HostUnreachable):
        shell.powershell("'hi'")
    with Listener(listener._host, http_port=port, sessions=functools.partial(EchoSession, listener._host)):
        assert shell.powershell("'hi'").exit_code == 3
        shell.close()


def test_refused_credentials_are_told_apart(listener):
    with pytest.raises(LogonRefused):
        WinRmShell(listener.http_url, USER, "wrong").powershell("'hi'")
