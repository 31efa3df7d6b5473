"""The WinRM driver against a simulated host."""

from __future__ import annotations

import base64
import json
import re
import socket
import time

import pytest

from lab.errors import (
    CommandTimeout,
    HostUnreachable,
    InfrastructureError,
    LogonRefused,
    Refused,
    StartTimeout,
    UsageError,
)
from lab.hosts.base import Host
from lab.hosts.windows import WindowsHost
from lab.hosts.winrm.client import Endpoint
from lab.hosts.winrm.credentials import Credentials

MARKED = (
    "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\AzureVmBackupLab\r\n    Disposable    REG_DWORD    0x1\r\n\r\n",
    "",
    0,
)


def decoded(line: str) -> str:
    return base64.b64decode(line.rsplit(" ", 1)[1]).decode("utf-16-le")


def test_it_is_a_host(machine):
    assert isinstance(machine.host, Host)
    assert (machine.host.name, machine.host.os) == ("vm", "windows")
    assert machine.host.fidelity["windows"].startswith("modelled")


class TestRun:
    def test_result(self, machine):
        machine.shell.answer = lambda *_: ("größe\r\n", "warning\r\n", 3)

        result = machine.host.run("some command")

        assert (result.host, result.command, result.exit_code) == ("vm", "some command", 3)
        assert (result.stdout, result.stderr) == ("größe\n", "warning\n")
        assert 0 < result.seconds < 5

    def test_shell_is_opened_once_in_utf_8(self, machine):
        machine.host.run("one")
        machine.host.run("two")

        assert machine.shell.lines == ["one", "two"]
        assert machine.shell.sessions == [{"user": "labadmin", "env": None, "codepage": 65001}]

    def test_variables_open_a_shell_of_their_own_and_close_it(self, machine):
        machine.host.run("one")
        machine.host.run("two", env={"A": "b"})

        assert [s["env"] for s in machine.shell.sessions] == [None, {"A": "b"}]
        assert len(machine.listener.shells.all()) == 1

    def test_input_arrives_whole(self, machine):
        got = []
        machine.shell.answer = lambda line, stdin, stop: (got.append(stdin.read()) or "", "", 0)
        text = "ä" * 150_000

        machine.host.run("read", stdin=text)

        assert got == [text.encode()]

    def test_program_that_ignores_its_input_is_no_error(self, machine):
        assert machine.host.run("ignore", stdin="x" * 300_000).exit_code == 0

    def test_large_output(self, machine):
        machine.shell.answer = lambda *_: ("x" * 400_000, "", 0)

        assert machine.host.run("flood").stdout == "x" * 400_000

    def test_powershell_is_encoded_and_its_errors_are_readable(self, machine):
        error = (
            '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
            '<Obj S="progress" RefId="0"/><S S="Error">It broke._x000D__x000A_</S></Objs>'
        )
        machine.shell.answer = lambda *_: ("", error, 1)

        result = machine.host.run("Get-It 'x'", "powershell")

        assert (result.command, result.stderr, result.exit_code) == ("Get-It 'x'", "It broke.\n", 1)
        assert decoded(machine.shell.lines[0]) == "Get-It 'x'"
        assert machine.shell.lines[0].startswith("powershell.exe -NoProfile -NonInteractive ")

    def test_long_powershell_goes_through_standard_input(self, machine):
        got = []
        machine.shell.answer = lambda line, stdin, stop: (got.append(stdin.read()) or "", "", 0)
        command = "# ü\n" + "x" * 20_000

        machine.host.run(command, "powershell")

        assert base64.b64decode(got[0]).decode() == command
        assert len(machine.shell.lines[0]) < 8191
        assert "[Console]::In.ReadToEnd()" in decoded(machine.shell.lines[0])
        with pytest.raises(UsageError, match="standard input"):
            machine.host.run(command, "powershell", stdin="x")

    def test_no_bash(self, machine):
        with pytest.raises(UsageError, match="has no bash"):
            machine.host.run("ls", "bash")

    def test_time_out_stops_the_command_and_tells_what_it_wrote(self, machine):
        stopped = []

        def answer(line, stdin, stop):
            stopped.append(stop.wait(30))
            return "", "", 0

        machine.shell.answer = answer
        begun = time.monotonic()

        with pytest.raises(CommandTimeout, match=r"vm: wait did not end within 0.3 s"):
            machine.host.run("wait", timeout=0.3)

        assert time.monotonic() - begun < 5
        machine.shell.answer = lambda *_: ("still there", "", 0)
        assert machine.host.run("next").stdout == "still there"
        assert stopped == [True]

    def test_lost_shell_is_opened_anew(self, machine):
        machine.host.run("one")
        machine.listener.shells.delete(machine.listener.shells.all()[0])

        assert machine.host.run("two").exit_code == 0
        assert machine.shell.lines == ["one", "two"]

    def test_connection_that_was_idle_is_changed_but_the_shell_stays(self, machine, monkeypatch):
        machine.host.run("one")
        monkeypatch.setattr("lab.hosts.winrm.client._IDLE_SECONDS", -1.0)

        machine.host.run("two")

        assert len(machine.shell.sessions) == 1

    @pytest.mark.parametrize(
        ("stderr", "code", "constructs"),
        [
            ("NOT SIMULATED: program wbadmin.exe\r\n", 120, ("program wbadmin.exe",)),
            ("first\r\nNOT SIMULATED: cmdlet Get-Foo\r\n", 1, ("cmdlet Get-Foo",)),
            ("", 120, ("command",)),
            ("NOT SIMULATED: \r\n", 1, ()),
            (
                "INTERNAL ERROR of the simulated host: X()\r\n",
                121,
                ("INTERNAL ERROR of the simulated host: X()",),
            ),
            ("fine", 0, ()),
        ],
    )
    def test_what_is_not_simulated_is_told(self, machine, stderr, code, constructs):
        machine.shell.answer = lambda *_: ("", stderr, code)

        assert machine.host.run("command").not_simulated == constructs


class TestScripts:
    def test_powershell_script_with_arguments(self, machine, tmp_path):
        got = []
        machine.shell.answer = lambda line, stdin, stop: (got.append(stdin.read()) or "out", "", 4)
        script = tmp_path / "fix.PS1"
        script.write_bytes(b"\xef\xbb\xbfparam($Name)\r\n'\xc3\xa9'")

        result = machine.host.run_script(script, args=["-Name", "it's", "-5"])

        assert (result.command, result.stdout, result.exit_code) == ("fix.PS1", "out", 4)
        assert base64.b64decode(got[0]).decode() == "param($Name)\r\n'é'"
        assert re.fullmatch(
            r"& \$\(try \{ \(\[ScriptBlock\]::Create\(.*\)\) \} catch .* exit 1 \}\) -Name 'it''s' '-5'; exit 0",
            decoded(machine.shell.lines[0]),
        )

    def test_batch_file_is_uploaded_run_and_removed(self, machine, tmp_path):
        got = []

        def answer(line, stdin, stop):
            got.append(stdin.read() if line.startswith("findstr") else b"")
            return "", "", 9 if line.startswith("call") else 0

        machine.shell.answer = answer
        script = tmp_path / "fix.cmd"
        script.write_bytes(b"@echo off\nexit /b 9")

        result = machine.host.run_script(script, args=["a b"])

        assert (result.command, result.exit_code) == ("fix.cmd", 9)
        assert got[0] == b"@echo off\r\nexit /b 9\r\n"
        path = re.search(r'"(%TEMP%\\lab-\w+\.cmd)"', machine.shell.lines[0])[1]
        assert machine.shell.lines == [
            f'findstr "^" > "{path}"',
            f'call "{path}" "a b"',
            f'del /f /q "{path}"',
        ]

    def test_batch_file_is_removed_after_a_time_out(self, machine, tmp_path):
        def answer(line, stdin, stop):
            if line.startswith("call"):
                stop.wait(30)
            elif line.startswith("findstr"):
                stdin.read()
            return "", "", 0

        machine.shell.answer = answer
        script = tmp_path / "slow.bat"
        script.write_text("pause")

        with pytest.raises(CommandTimeout, match=r"slow\.bat"):
            machine.host.run_script(script, timeout=0.3)

        assert machine.shell.lines[-1].startswith("del /f /q")

    def test_failed_upload_is_the_labs_failure(self, machine, tmp_path):
        machine.shell.answer = lambda *_: ("", "Access is denied.", 1)
        script = tmp_path / "fix.bat"
        script.write_text("ver")

        with pytest.raises(InfrastructureError, match="could not be uploaded: Access is denied"):
            machine.host.run_script(script)

    def test_shell_is_fresh_after_a_script(self, machine, tmp_path):
        script = tmp_path / "setx.ps1"
        script.write_text("x")
        machine.host.run("one")
        machine.host.run_script(script)
        machine.host.run("two")

        assert len(machine.shell.sessions) == 2

    @pytest.mark.parametrize(
        ("name", "args", "complaint"),
        [
            ("fix.sh", [], "runs .ps1, .cmd and .bat"),
            ("absent.ps1", [], "cannot read the script"),
            ("fix.cmd", ["50%"], "cmd.exe cannot pass on"),
            ("fix.ps1", ["x" * 5000], "arguments too long"),
        ],
    )
    def test_complaints(self, machine, tmp_path, name, args, complaint):
        if name.startswith("fix"):
            (tmp_path / name).write_text("x")

        with pytest.raises(UsageError, match=complaint):
            machine.host.run_script(tmp_path / name, args=args)


class TestReadiness:
    def test_a_wrong_password_is_not_tried_again_and_again(self, machine):
        """A real domain locks an account after a few refused logons."""
        began = time.monotonic()
        with pytest.raises(LogonRefused, match="was refused: check user name and password"):
            machine.driver(password="wrong-secret").wait_ready(60)
        assert time.monotonic() - began < 20

    def test_wrong_password_is_one_clear_line_without_it(self, machine):
        with pytest.raises(HostUnreachable) as caught:
            machine.driver(password="wrong-secret").run("ver")

        text = str(caught.value)
        assert re.fullmatch(r"vm: http://\S+: user 'labadmin' was refused: check .*", text)
        assert "wrong-secret" not in text + repr(machine.driver(password="wrong-secret"))
        assert caught.value.exit_code == 3

    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        host = WindowsHost("vm", Endpoint(f"http://127.0.0.1:{port}/wsman"), Credentials("u", "p"))

        with pytest.raises(HostUnreachable, match=r"no connection: Connection refused$"):
            host.run("ver")
        with pytest.raises(StartTimeout, match=r"vm: not ready after 0.3 s: .*Connection refused"):
            host.wait_ready(0.3)

    def test_unknown_name(self):
        host = WindowsHost("vm", Endpoint("http://no-such-host.invalid:5985/wsman"), Credentials("u", "p"))

        with pytest.raises(HostUnreachable, match="no connection"):
            host.run("ver")

    def test_certificate_we_do_not_trust(self, machine, tmp_path):
        from fakes.tls import Authority
        from fakes.windows.wsman.server import Listener

        issued = Authority(tmp_path).issue("127.0.0.1")
        with Listener(machine.model, certificate=(issued.cert, issued.key)) as listener:
            host = WindowsHost("vm", Endpoint(listener.https_url), Credentials("labadmin", "x"))
            with pytest.raises(HostUnreachable, match=r"TLS failed: .*certificate verify failed"):
                host.run("ver")

    def test_ready_at_last(self, machine):
        machine.model.services.stop("WinRM")
        with pytest.raises(StartTimeout):
            machine.host.wait_ready(0.2)
        machine.model.services.start("WinRM")

        machine.host.wait_ready(5)

        assert machine.host.run("ver").exit_code == 0


def test_a_proxy_of_the_environment_is_not_asked_for_a_simulated_host(machine, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert machine.host.run("ver").exit_code == 0


class TestRestart:
    def test_by_callback(self, machine):
        machine.host = machine.driver(restart=machine.model.restart)
        machine.host.run("one")

        machine.host.restart(10)

        assert machine.model.restarts == 1
        assert machine.host.run("two").exit_code == 0

    def test_by_command_waits_for_another_boot_time(self, machine):
        def answer(line, stdin, stop):
            if line.startswith("shutdown"):
                machine.model.restart()
                return "", "", 0
            return f"{machine.model.restarts}000\r\n", "", 0

        machine.shell.answer = answer

        machine.host.restart(10)

        assert machine.model.restarts == 1
        assert machine.shell.lines.count("shutdown /r /t 0 /f /d p:2:4") == 1

    def test_refused_restart(self, machine):
        machine.shell.answer = lambda line, *_: (
            ("", "Access is denied.(5)", 5) if line.startswith("shutdown") else ("1\r\n", "", 0)
        )

        with pytest.raises(InfrastructureError, match="did not restart: Access is denied"):
            machine.host.restart(5)

    def test_machine_that_does_not_go_down(self, machine):
        machine.shell.answer = lambda *_: ("1\r\n", "", 0)

        with pytest.raises(StartTimeout, match=r"not back 0\.5 s after its restart"):
            machine.host.restart(0.5)


class TestState:
    def test_by_callback(self, machine):
        assert machine.driver(capture=lambda: {"a": 1}).capture_state() == {"a": 1}

    def test_by_script(self, machine):
        def answer(line, stdin, stop):
            assert b"vssadmin.exe list writers" in base64.b64decode(stdin.read())
            return json.dumps({"services": {}, "acls": {}}), "", 0

        machine.shell.answer = answer

        assert list(machine.host.capture_state()) == ["acls", "services"]

    def test_unreadable(self, machine):
        machine.shell.answer = lambda *_: ("no json", "boom", 1)

        with pytest.raises(InfrastructureError, match="state could not be read") as caught:
            machine.host.capture_state()
        assert "boom" in caught.value.detail

    def test_logs(self, machine):
        machine.shell.answer = lambda line, *_: (line.split()[2], "", 0)

        assert machine.host.logs() == {"System.txt": "System", "Application.txt": "Application"}


class TestGuard:
    def test_real_host_without_the_mark_is_left_alone(self, machine):
        machine.shell.answer = lambda *_: ("", "ERROR: The system was unable to find ...", 1)
        host = machine.driver(kind="real")

        for act in (lambda: host.run("format c:"), lambda: host.restart(1), lambda: host.wait_ready(1)):
            with pytest.raises(Refused, match=r"not marked as disposable.*reg add HKLM") as caught:
                act()
            assert caught.value.exit_code == 4

        host.close()
        assert set(machine.shell.lines) == {r"reg query HKLM\SOFTWARE\AzureVmBackupLab /v Disposable"}

    @pytest.mark.parametrize("value", ["0x0", "0x10"])
    def test_other_values_are_no_mark(self, machine, value):
        machine.shell.answer = lambda *_: (MARKED[0].replace("0x1", value), "", 0)
        host = machine.driver(kind="real")

        with pytest.raises(Refused):
            host.run("ver")
        host.close()

    def test_marked_host_is_asked_once(self, machine):
        machine.shell.answer = lambda line, *_: MARKED if line.startswith("reg") else ("out", "", 0)
        host = machine.driver(kind="real")

        host.wait_ready(5)
        host.run("one")
        host.run("two")
        host.close()

        assert [line.split()[0] for line in machine.shell.lines] == ["reg", "one", "two"]
        assert host.fidelity["windows"] == "real: Windows"
