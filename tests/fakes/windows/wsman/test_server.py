"""The listener with pywinrm: start, stop, many at once, and each other's users."""

from __future__ import annotations

import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
import requests
import winrm
from winrm.exceptions import InvalidCredentialsError

from fakes.tls import Authority
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


def port_of(url: str) -> int:
    return urlsplit(url).port


def session(listener: Listener, user: str = USER, password: str = PASSWORD) -> winrm.Session:
    return winrm.Session(listener.http_url, auth=(user, password), transport="ntlm")


def test_command_over_sealed_http(listener):
    response = session(listener).run_cmd("echo", ["hello", "world"])

    assert (response.status_code, response.std_out, response.std_err) == (
        0,
        b"hello world\r\n",
        b"",
    )


@pytest.mark.parametrize("user", ["LABADMIN", r".\labadmin", r"SRV1\labadmin", r"OTHER\labadmin"])
def test_ntlm_finds_the_local_user_whatever_the_domain(listener, user):
    assert session(listener, user).run_cmd("echo x").status_code == 0


@pytest.mark.parametrize(
    ("user", "password"),
    [(USER, "wrong"), ("nobody", PASSWORD), ("sleeper", PASSWORD), ("Guest", "")],
)
def test_wrong_logon_is_refused(listener, user, password):
    with pytest.raises(InvalidCredentialsError):
        session(listener, user, password).run_cmd("echo x")


def test_hosts_in_one_process_have_their_own_names_and_users(host):
    other = Host.server_2019("SRV2", clock=host.clock)
    other.users.add("other", "secret-2", ["Administrators"])
    with Listener(host, sessions=WhoAmI) as first, Listener(other, sessions=WhoAmI) as second:
        assert session(first).run_cmd("x").std_out == b"labadmin"
        assert session(second, "other", "secret-2").run_cmd("x").std_out == b"other"
        with pytest.raises(InvalidCredentialsError):
            session(second).run_cmd("x")
        with pytest.raises(InvalidCredentialsError):
            session(first, "other", "secret-2").run_cmd("x")


class WhoAmI:
    def __init__(self, user, *, cwd, env, codepage):
        self.user = user

    def run(self, command_line, *, stdin, stdout, stderr, stop, skip_cmd_shell=False):
        stdout(self.user.encode())
        return 0


def test_stop_frees_the_port_and_ends_connections(host):
    listener = Listener(host, sessions=WhoAmI)
    listener.start()
    port = port_of(listener.http_url)
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert client.recv(1000).startswith(b"HTTP/1.1 404 ")

    listener.stop()

    assert client.recv(1) == b""
    client.close()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def test_listener_can_be_started_again_on_its_port(host):
    listener = Listener(host, sessions=WhoAmI)
    listener.start()
    url = listener.http_url
    listener.stop()
    with listener:
        assert listener.http_url == url
        assert session(listener).run_cmd("x").status_code == 0


def test_stop_ends_running_commands(host, listener):
    shells = listener.shells
    protocol = session(listener).protocol
    shell = protocol.open_shell()
    protocol.run_command(shell, "wait 60")
    protocol.transport.close_session()
    begun = time.monotonic()

    listener.stop()

    assert time.monotonic() - begun < 2
    assert shells.all() == []


def test_taken_port_is_named(host):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"WinRM cannot listen on 127.0.0.1:{port}"):
            Listener(host, http_port=port).start()


def _has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6 loopback")
def test_ipv6(host):
    with Listener(host, sessions=WhoAmI, address="::1") as listener:
        assert listener.http_url.startswith("http://[::1]:")
        assert requests.post(listener.http_url, data=b"", timeout=5).status_code == 401


def test_no_https_without_certificate(listener):
    assert listener.https_url is None


def test_disconnect_drops_shells_but_keeps_listening(listener):
    protocol = session(listener).protocol
    protocol.open_shell()

    listener.disconnect()

    assert listener.shells.all() == []
    assert session(listener).run_cmd("echo back").std_out == b"back\r\n"


def test_forty_clients_at_once(listener):
    results: list[bytes] = []

    def client(number: int) -> None:
        # MaxShellsPerUser is 30: a shell at a time each, with few enough at once.
        with gate:
            results.append(session(listener).run_cmd(f"echo {number}").std_out)

    gate = threading.Semaphore(25)
    threads = [threading.Thread(target=client, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == sorted(f"{number}\r\n".encode() for number in range(40))


def test_stopped_winrm_service_answers_nobody(host, listener):
    protocol = session(listener).protocol
    shell = protocol.open_shell()

    host.services.stop("WinRM")

    with pytest.raises(requests.ConnectionError):
        session(listener).run_cmd("echo x")
    with pytest.raises(requests.ConnectionError):
        protocol.run_command(shell, "echo x")

    assert listener.shells.all() == []
    host.services.start("WinRM")
    assert session(listener).run_cmd("echo x").status_code == 0


def test_restart_ends_shells(host, listener):
    protocol = session(listener).protocol
    protocol.open_shell()

    host.restart()

    assert listener.shells.all() == []
    assert session(listener).run_cmd("echo back").std_out == b"back\r\n"


def test_command_that_restarts_the_host_gets_its_answer_out(host, listener):
    protocol = session(listener).protocol
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "restart")

    assert protocol.get_command_output(shell, command) == (b"going down", b"", 0)
    _wait_until(lambda: not listener.shells.all())
    assert host.restarts == 1


def _wait_until(condition):
    deadline = time.monotonic() + 3
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@pytest.fixture
def tls_listener(host, tmp_path):
    issued = Authority(tmp_path).issue("127.0.0.1")
    with Listener(host, sessions=WhoAmI, certificate=(issued.cert, issued.key)) as listener:
        yield listener, str(tmp_path / "ca.pem")


def test_client_without_tls_at_the_https_port(tls_listener):
    listener, ca = tls_listener
    port = urlsplit(listener.https_url).port
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        client.settimeout(5)
        try:
            answer = client.recv(100)
        except ConnectionResetError:
            answer = b""
        assert not answer.startswith(b"HTTP/")

    other = winrm.Session(listener.https_url, auth=(USER, PASSWORD), transport="ssl", ca_trust_path=ca)
    assert other.run_cmd("x").std_out == b"labadmin"


def test_basic_offered_over_tls_only(tls_listener):
    listener, ca = tls_listener

    answer = requests.post(listener.https_url, data=b"", verify=ca, timeout=5)

    assert answer.headers["WWW-Authenticate"] == 'Negotiate, Basic realm="WSMAN"'


@pytest.mark.parametrize("credentials", ["x", "QUJD", "!!", "", "4oKs"])
def test_broken_basic_credentials(tls_listener, credentials):
    listener, ca = tls_listener
    headers = {"Authorization": f"Basic {credentials}"}

    assert requests.post(listener.https_url, headers=headers, verify=ca, timeout=5).status_code == 401


def test_connections_are_limited(host, monkeypatch):
    monkeypatch.setattr("fakes.windows.wsman.server.MAX_CONNECTIONS", 1)
    with Listener(host, sessions=WhoAmI) as listener:
        port = urlsplit(listener.http_url).port
        with socket.create_connection(("127.0.0.1", port)) as first:
            first.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert first.recv(100).startswith(b"HTTP/1.1 404")
            with pytest.raises(requests.ConnectionError):
                requests.post(listener.http_url, data=b"", timeout=5)
        _wait_until(lambda: not listener._connections)
        assert requests.post(listener.http_url, data=b"", timeout=5).status_code == 401


def test_client_that_takes_no_answer_does_not_hold_up_the_stop(host, monkeypatch):
    monkeypatch.setattr("fakes.windows.wsman.server.LAST_WORDS", 0.2)
    listener = Listener(host, sessions=WhoAmI)
    listener.start()
    with socket.create_connection(("127.0.0.1", urlsplit(listener.http_url).port)) as client:
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.sendall(b"GET / HTTP/1.1\r\n\r\n" * 2_000_000)
        begun = time.monotonic()

        listener.stop()

        assert time.monotonic() - begun < 3
