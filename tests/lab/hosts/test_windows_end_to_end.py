"""The whole chain: driver, WinRM, cmd.exe and powershell.exe of a simulated host."""

from __future__ import annotations

import pytest

from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener
from lab.hosts.windows import WindowsHost
from lab.hosts.winrm.client import Endpoint
from lab.hosts.winrm.credentials import Credentials

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


@pytest.fixture
def model():
    host = Host.server_2019("SRV1", clock=Clock())
    host.users.add(USER, PASSWORD, ["Administrators"])
    return host


@pytest.fixture
def vm(model):
    with Listener(model) as listener:
        host = WindowsHost(
            "vm", Endpoint(listener.http_url), Credentials(USER, PASSWORD), restart=model.restart
        )
        yield host
        host.close()


@pytest.fixture
def script(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


class TestCmd:
    def test_command(self, vm):
        result = vm.run("echo %COMPUTERNAME% größe& exit 3")

        assert (result.stdout, result.stderr, result.exit_code) == ("SRV1 größe\n", "", 3)

    def test_environment_and_input(self, vm):
        result = vm.run('echo %LAB%& findstr "^"', stdin="é\n", env={"LAB": "1"})

        assert result.stdout == "1\né\n"

    def test_batch_file(self, vm, model, script):
        before = model.dump()["files"].keys()
        batch = script("fix.cmd", "@echo off\necho [%~1] [%2]\ngoto end\necho skipped\n:end\nexit /b 7\n")

        result = vm.run_script(batch, args=["a b", "c"])

        assert (result.stdout, result.stderr, result.exit_code) == ('[a b] ["c"]\n', "", 7)
        assert model.dump()["files"].keys() == before

    def test_long_batch_file(self, vm, script):
        batch = script("long.bat", "@echo off\n" + "rem padding\n" * 3000 + "echo done\n")

        assert vm.run_script(batch).stdout == "done\n"

    def test_what_is_not_simulated_makes_itself_heard(self, vm):
        result = vm.run("wbadmin get status")

        assert (result.exit_code, result.not_simulated) == (120, ("program wbadmin.exe",))


class TestPowerShell:
    def test_command(self, vm):
        result = vm.run('$x = 1 + 2; "[$x] é"', "powershell")

        assert (result.stdout, result.stderr, result.exit_code) == ("[3] é\n", "", 0)

    def test_exit_code_of_a_command(self, vm):
        assert vm.run("exit 4", "powershell").exit_code == 4
        assert vm.run("throw 'no'", "powershell").exit_code == 1

    def test_errors_are_text(self, vm):
        result = vm.run("Get-Service nosuchservice", "powershell")

        assert result.exit_code == 1
        assert "Cannot find any service with service name 'nosuchservice'." in result.stderr.replace("\n", "")
        assert "CLIXML" not in result.stderr

    def test_long_command(self, vm):
        result = vm.run("# " + "x" * 9000 + "\n'end'", "powershell")

        assert (result.stdout, result.exit_code) == ("end\n", 0)

    def test_script_with_arguments_and_exit_code(self, vm, script):
        path = script("fix.ps1", 'param([string]$Name, [int]$Count = 1)\n"$Name x $Count é"\nexit $Count\n')

        result = vm.run_script(path, args=["-Count", "5", "-Name", "it's $here"])

        assert (result.stdout, result.stderr, result.exit_code) == ("it's $here x 5 é\n", "", 5)

    def test_script_that_ends_with_an_error_it_survived(self, vm, script):
        # As by powershell -File: only exit and uncaught errors count.
        result = vm.run_script(script("fix.ps1", "Get-Service nosuchservice\n"))

        assert result.exit_code == 0
        assert "nosuchservice" in result.stderr

    def test_script_that_throws(self, vm, script):
        result = vm.run_script(script("fix.ps1", "'before'\nthrow 'it broke'\n'after'\n"))

        assert (result.stdout, result.exit_code) == ("before\n", 1)
        assert "it broke" in result.stderr

    def test_script_longer_than_any_command_line(self, vm, script):
        text = "# padding\n" * 4000 + "Write-Output done\n"

        assert vm.run_script(script("long.ps1", text)).stdout == "done\n"

    def test_cmdlet_that_is_not_simulated(self, vm):
        result = vm.run("Get-PhysicalDisk", "powershell")

        assert result.exit_code == 120
        assert "Get-PhysicalDisk" in result.not_simulated[0]


def test_restart(vm, model):
    vm.run("net stop VSS & net start VSS")

    vm.restart(10)

    assert model.restarts == 1
    assert vm.run("hostname").stdout == "SRV1\n"


def test_stopping_winrm_cuts_us_off_until_the_next_start(vm, model):
    from lab.errors import HostUnreachable, StartTimeout

    with pytest.raises(HostUnreachable):
        vm.run("net stop WinRM")
    with pytest.raises(StartTimeout):
        vm.wait_ready(0.3)
    vm.restart(10)
    assert vm.run("hostname").exit_code == 0
