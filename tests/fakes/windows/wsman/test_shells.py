"""Shells and commands, seen through pywinrm's protocol layer."""

from __future__ import annotations

import threading
import time

import pytest
import winrm
from winrm.exceptions import WinRMOperationTimeoutError, WSManFaultError

from fakes.windows.wsman import shells
from fakes.windows.wsman.server import Listener
from fakes.windows.wsman.streams import PIPE_LIMIT, Output, StandardInput

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


@pytest.fixture
def protocol(listener):
    made = connect(listener)
    yield made
    made.transport.close_session()


def connect(listener, user=USER):
    return winrm.Session(listener.http_url, auth=(user, PASSWORD), transport="ntlm").protocol


def run(protocol, shell, line, **options):
    return protocol.get_command_output(shell, protocol.run_command(shell, line, **options))


def fault_of(caught):
    return caught.value.wsman_fault_code


def test_shell_knows_user_directory_variables_and_code_page(protocol):
    shell = protocol.open_shell(working_directory=r"C:\x", env_vars={"A": "b & <c>"}, codepage=65001)

    out = run(protocol, shell, "about")[0].decode()

    assert out == r"labadmin C:\x {'A': 'b & <c>'} 65001 False"


def test_skip_cmd_shell_wants_the_full_path_of_a_program(protocol):
    shell = protocol.open_shell()

    out, err, code = run(protocol, shell, r"C:\Windows\System32\cmd.exe", skip_cmd_shell=True)
    assert (out, err, code) == (b"", b"", 0)
    with pytest.raises(WSManFaultError, match="cannot find the file specified") as caught:
        protocol.run_command(shell, "cmd.exe", skip_cmd_shell=True)
    assert fault_of(caught) == 2147942402


def test_code_page_is_437_when_the_client_says_nothing(protocol):
    assert b"437" in run(protocol, protocol.open_shell(), "about")[0]


def test_exit_code_and_both_streams(protocol):
    assert run(protocol, protocol.open_shell(), "complain 7") == (b"", b"7\r\n", 7)


def test_exit_code_is_a_signed_integer(protocol):
    assert run(protocol, protocol.open_shell(), "complain 2147943458")[2] == -2147023838


def test_large_output_comes_in_pieces_that_fit_the_envelope(protocol):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "flood 400000")
    sizes = []
    done = False
    while not done:
        out, _, code, done = protocol.get_command_output_raw(shell, command)
        sizes.append(len(out))

    assert sum(sizes) == 400_000
    assert max(sizes) * 4 / 3 < 153_600
    assert code == 0


def test_writer_waits_for_its_reader(protocol, listener):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, f"flood {PIPE_LIMIT * 2}")
    running = listener.shells.command(listener.shells.all()[0], command)
    deadline = time.monotonic() + 5
    while running.output._size < PIPE_LIMIT and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert running.running
    assert running.output._size < PIPE_LIMIT + 1000

    protocol.cleanup_command(shell, command)

    running.thread.join(2)
    assert not running.running


def test_input_and_its_end(protocol):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "cat", console_mode_stdin=False)
    protocol.send_command_input(shell, command, b"one ")
    protocol.send_command_input(shell, command, b"two", end=True)

    assert protocol.get_command_output(shell, command) == (b"one two", b"", 0)


def test_input_is_read_as_it_comes(protocol):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "line")
    protocol.send_command_input(shell, command, b"ab")

    assert protocol.get_command_output(shell, command)[0] == b"ab"


def test_input_after_the_end_of_a_program_goes_nowhere(protocol):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "echo x")
    protocol.get_command_output(shell, command)

    protocol.send_command_input(shell, command, b"late", end=True)


def test_silent_command_times_the_operation_out_and_goes_on(protocol):
    protocol.operation_timeout_sec = 1
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "wait 1.3")

    with pytest.raises(WinRMOperationTimeoutError):
        protocol.get_command_output_raw(shell, command)
    assert protocol.get_command_output(shell, command)[0] == b"waited"


def test_terminate_ends_a_running_command(protocol, listener):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "wait 60")
    thread = listener.shells.command(listener.shells.all()[0], command).thread

    protocol.cleanup_command(shell, command)

    thread.join(2)
    assert not thread.is_alive()
    with pytest.raises(WSManFaultError) as caught:
        protocol.get_command_output_raw(shell, command)
    assert fault_of(caught) == 2150858843
    assert "command identifier that does not exist" in caught.value.response


def test_control_c_ends_with_its_status(protocol):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "wait 60")
    message = _signal(protocol, shell, command, "ctrl_c")

    protocol.send_message(message)

    out, _, code = protocol.get_command_output(shell, command)
    assert (out, code) == (b"stopped", shells.CONTROL_C_EXIT)


def _signal(protocol, shell, command, code):
    import xmltodict

    action = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Signal"
    uri = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd"
    request = {"env:Envelope": protocol.build_wsman_header(action, uri, shell)}
    request["env:Envelope"]["env:Body"] = {
        "rsp:Signal": {
            "@CommandId": command,
            "rsp:Code": f"http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/{code}",
        }
    }
    return xmltodict.unparse(request)


def test_unknown_signal_is_a_fault(protocol):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "echo x")

    with pytest.raises(WSManFaultError, match="signal code 'nudge'"):
        protocol.send_message(_signal(protocol, shell, command, "nudge"))


def test_deleting_a_shell_aborts_a_pending_receive(listener, protocol):
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "wait 60")
    other = connect(listener)
    caught = []

    def receive():
        try:
            other.get_command_output_raw(shell, command)
        except WSManFaultError as error:
            caught.append(error.wsman_fault_code)

    thread = threading.Thread(target=receive)
    thread.start()
    threading.Event().wait(0.1)
    protocol.close_shell(shell, close_session=False)
    thread.join(5)
    other.transport.close_session()

    assert caught == [995]


@pytest.mark.parametrize("shell", ["", "no guid", "11111111-1111-1111-1111-111111111111"])
def test_unknown_shell(protocol, shell):
    with pytest.raises(WSManFaultError) as caught:
        protocol.run_command(shell, "echo x")
    assert (fault_of(caught), caught.value.fault_subcode) == (2150858843, "w:InvalidSelectors")


def test_shell_of_another_user_is_not_there(listener, host, protocol):
    host.users.add("second", PASSWORD, ["Remote Management Users"])
    shell = protocol.open_shell()
    other = connect(listener, "second")

    with pytest.raises(WSManFaultError) as caught:
        other.run_command(shell, "echo x")

    other.transport.close_session()
    assert fault_of(caught) == 2150858843


def test_user_outside_the_groups_is_denied(listener):
    visitor = connect(listener, "visitor")

    with pytest.raises(WSManFaultError, match="Access is denied") as caught:
        visitor.open_shell()

    visitor.transport.close_session()
    assert fault_of(caught) == 5


def test_quotas_of_a_host(host, sessions):
    quotas = shells.Quotas(shells_per_user=1, processes_per_shell=1)
    with Listener(host, sessions=sessions, quotas=quotas) as listener:
        protocol = connect(listener)
        shell = protocol.open_shell()
        protocol.run_command(shell, "wait 60")
        with pytest.raises(WSManFaultError) as caught:
            protocol.run_command(shell, "echo x")
        assert fault_of(caught) == 2150859174
        with pytest.raises(WSManFaultError, match="maximum number of concurrent shells") as caught:
            protocol.open_shell()
        assert fault_of(caught) == 2150859173
        protocol.transport.close_session()


def test_idle_shell_is_closed(host, sessions):
    quotas = shells.Quotas(shells_per_user=1, idle_timeout=0.2)
    with Listener(host, sessions=sessions, quotas=quotas) as listener:
        protocol = connect(listener)
        first = protocol.open_shell()
        threading.Event().wait(0.25)
        second = protocol.open_shell()
        with pytest.raises(WSManFaultError) as caught:
            protocol.run_command(first, "echo x")
        assert fault_of(caught) == 2150858843
        assert run(protocol, second, "echo x")[2] == 0
        protocol.transport.close_session()


def test_client_may_ask_for_less_patience(protocol, listener):
    protocol.open_shell(idle_timeout="PT0.05S")
    protocol.open_shell(idle_timeout="PT90000S")
    assert sorted(shell.idle_timeout for shell in listener.shells.all()) == [0.05, 7200.0]

    threading.Event().wait(0.1)
    protocol.open_shell()

    assert [shell.idle_timeout for shell in listener.shells.all()] == [7200.0, 7200.0]
    with pytest.raises(WSManFaultError, match="not a duration: 'soon'"):
        protocol.open_shell(idle_timeout="soon")


def test_program_that_is_not_simulated_is_loud(protocol):
    out, err, code = run(protocol, protocol.open_shell(), "missing")

    assert (out, err, code) == (b"", b"NOT SIMULATED: program missing.exe\r\n", 120)


def test_bug_of_ours_looks_like_nothing_windows_says(protocol, host):
    _, err, code = run(protocol, protocol.open_shell(), "crash")

    assert code == 121
    assert err.startswith(b"INTERNAL ERROR of the simulated host: RuntimeError('a bug') at conftest.py:")
    assert "RuntimeError" in host.not_simulated.entries()[0]["construct"]


class TestOutput:
    def test_neighbours_of_a_stream_are_joined_and_order_is_kept(self):
        output = Output()
        out, err = output.writer("stdout"), output.writer("stderr")
        for write, data in ((out, b"a"), (out, b"b"), (err, b"c"), (out, b"d")):
            write(data)
        output.finish(3)

        received = output.receive(0, 100)

        assert received.pieces == [("stdout", b"ab"), ("stderr", b"c"), ("stdout", b"d")]
        assert received.exit_code == 3

    def test_end_is_told_with_the_last_piece_only(self):
        output = Output()
        output.writer("stdout")(b"abcdef")
        output.finish(0)

        codes = [output.receive(0, 4).exit_code, output.receive(0, 4).exit_code]

        assert codes == [None, 0]

    def test_nothing_in_time(self):
        assert Output().receive(0.01, 10) is None


class TestStandardInput:
    def test_end_once_only(self):
        stdin = StandardInput()
        assert stdin.feed(b"a", end=True)
        assert not stdin.feed(b"b", end=False)
        assert (stdin.read(), stdin.read(5)) == (b"a", b"")

    def test_close_wakes_the_reader(self):
        stdin = StandardInput()
        threading.Timer(0.05, stdin.close).start()
        assert stdin.read() == b""
