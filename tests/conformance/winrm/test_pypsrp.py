"""pypsrp, which nobody here wrote, against a simulated host: WinRS processes, and PSRP's refusal."""

from __future__ import annotations

import pytest
from pypsrp.exceptions import AuthenticationError, WinRMTransportError, WSManFaultError
from pypsrp.powershell import RunspacePool
from pypsrp.shell import Process, SignalCode, WinRS
from pypsrp.wsman import WSMan

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


@pytest.fixture
def connect(winrm_listener, authority):
    opened = []

    def make(*, tls=False, auth="negotiate", password=PASSWORD, **options):
        url = winrm_listener.https_url if tls else winrm_listener.http_url
        wsman = WSMan(
            "127.0.0.1",
            port=int(url.rsplit(":", 1)[1].removesuffix("/wsman")),
            username=USER,
            password=password,
            ssl=tls,
            auth=auth,
            cert_validation=str(authority.ca_file) if tls else True,
            no_proxy=True,
            **options,
        )
        opened.append(wsman)
        return wsman

    yield make
    for wsman in opened:
        wsman.close()


def run(wsman, executable, *arguments, **options):
    with WinRS(wsman, **options) as shell:
        process = Process(shell, executable, list(arguments))
        process.invoke()
        process.signal(SignalCode.TERMINATE)
        return process.stdout, process.stderr, process.rc


@pytest.mark.parametrize(
    ("tls", "auth"),
    [(False, "negotiate"), (False, "ntlm"), (True, "negotiate"), (True, "ntlm"), (True, "basic")],
)
def test_logon(connect, tls, auth):
    assert run(connect(tls=tls, auth=auth), "hostname") == (b"SRV1\r\n", b"", 0)


def test_https_with_sealed_messages(connect):
    assert run(connect(tls=True, encryption="always"), "hostname")[2] == 0


def test_wrong_password(connect):
    with pytest.raises(AuthenticationError):
        run(connect(password="wrong"), "hostname")


def test_unsealed_messages_over_http_are_refused(connect):
    with pytest.raises(WinRMTransportError) as caught:
        run(connect(encryption="never"), "hostname")
    assert caught.value.code == 500


def test_arguments_variables_directory_and_code_page(connect):
    out, err, code = run(
        connect(),
        "echo",
        "%LAB%",
        "é&",
        "cd",
        environment={"LAB": "x y"},
        working_directory=r"C:\Windows",
        codepage=65001,
    )

    assert (out.decode(), err, code) == ("x y é\r\nC:\\Windows\r\n", b"", 0)


def test_input(connect):
    with WinRS(connect()) as shell:
        process = Process(shell, "findstr", ['"^"'])
        process.begin_invoke()
        process.send(b"one\r\n", end=False)
        process.send(b"two\r\n", end=True)
        process.end_invoke()

        assert (process.stdout, process.rc) == (b"one\r\ntwo\r\n", 0)


def test_silent_process_is_polled_until_its_end(connect):
    with WinRS(connect(operation_timeout=1)) as shell:
        process = Process(shell, "findstr", ['"^"'])
        process.begin_invoke()
        process.poll_invoke()
        assert process.state.endswith(("Running", "Pending"))
        process.send(b"", end=True)
        process.end_invoke()

        assert process.rc == 1


def test_control_c(connect):
    with WinRS(connect()) as shell:
        process = Process(shell, "findstr", ['"^"'])
        process.begin_invoke()
        process.signal(SignalCode.CTRL_C)
        process.end_invoke()

        assert process.rc == -1073741510


def test_shell_is_described(connect):
    with WinRS(connect()) as shell:
        state = shell._get_shell()

        assert (shell.owner, state["ShellId"]) == ("labadmin", shell.id)


def test_runspace_pool_is_refused_loudly(connect, windows):
    pool = RunspacePool(connect())

    with pytest.raises(WSManFaultError, match="NOT SIMULATED: PowerShell Remoting") as caught:
        pool.open()

    assert caught.value.code == 2150858818
    assert "PSRP" in windows.not_simulated.entries()[0]["construct"]


def test_unknown_command_id_and_missing_command_id(connect):
    with WinRS(connect()) as shell:
        with pytest.raises(WSManFaultError, match="command identifier that does not exist") as caught:
            shell.receive(command_id="87E77BEB-6761-4C48-9D70-A00266B8459A")
        assert caught.value.code == 2150858843
        with pytest.raises(WSManFaultError) as caught:
            shell.receive()
        assert (caught.value.code, caught.value.provider) == (87, "Shell cmd plugin")


def test_program_without_a_shell(connect):
    with WinRS(connect()) as shell:
        process = Process(shell, r"C:\Windows\System32\hostname.exe", no_shell=True)
        process.invoke()
        assert process.stdout == b"SRV1\r\n"
        with pytest.raises(WSManFaultError) as caught:
            Process(shell, "hostname.exe", no_shell=True).invoke()
        assert caught.value.code == 2147942402


def test_size_of_envelopes_is_asked_for(connect):
    wsman = connect()
    before = wsman.max_payload_size

    wsman.update_max_payload_size()

    assert wsman.max_payload_size > 2 * before
