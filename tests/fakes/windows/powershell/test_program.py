"""powershell.exe in a cmd session: streams, exit codes, standard input (about_PowerShell_exe)."""

import base64
import sys

import pytest

from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.shell.session import Session
from fakes.windows.shell.streams import Bytes


@pytest.fixture
def host():
    made = Host.server_2019("SRV1", clock=Clock(), seed=7)
    made.users.add("labadmin", "Pa55w.rd", ["Administrators"])
    return made


@pytest.fixture
def run(host):
    session = Session(host, "labadmin", codepage=65001)

    def run(line, stdin=b""):
        out, err = [], []
        code = session.run(line, stdin=Bytes(stdin), stdout=out.append, stderr=err.append)
        return code, b"".join(out).decode(), b"".join(err).decode()

    return run


def encoded(script):
    return "powershell -NoProfile -EncodedCommand " + base64.b64encode(script.encode("utf-16-le")).decode()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("exit 7", 7),
        ("1", 0),
        ("Get-Service nosuch", 1),
        ("throw 'x'", 1),
        ("cmd /c exit 5", 1),
        ("cmd /c exit 5; exit $LASTEXITCODE", 5),
        ("Get-Service nosuch; 1", 0),
        ("}", 1),
    ],
)
def test_exit_codes_of_command(run, command, code):
    assert run(f'powershell -NoProfile -Command "{command}"')[0] == code


def test_a_plain_command_writes_errors_as_text_and_warnings_to_output(run):
    code, out, err = run(
        'powershell "Write-Warning careful; Write-Verbose v -Verbose; Write-Host hi; Get-Service nosuch"'
    )
    assert out == "WARNING: careful\r\nVERBOSE: v\r\nhi\r\n"
    assert err.startswith(
        "Get-Service : Cannot find any service with service name 'nosuch'.\r\nAt line:1 char:"
    )
    assert err.endswith("\r\n \r\n")
    assert code == 1


def test_an_encoded_command_writes_clixml(run):
    code, out, err = run(encoded("Write-Warning careful; 'out'; Write-Error bad"))
    assert out == "out\r\n"
    assert err.startswith('#< CLIXML\r\n<Objs Version="1.1.0.1"')
    assert "<AV>Preparing modules for first use.</AV>" in err
    assert '<S S="warning">careful</S>' in err
    assert '<S S="Error"> _x000D__x000A_</S></Objs>' in err
    assert code == 1


def test_silenced_progress_leaves_standard_error_empty(run):
    assert run(encoded("$ProgressPreference = 'SilentlyContinue'; 'out'")) == (0, "out\r\n", "")


def test_a_script_file_with_arguments(run, host):
    host.files.write(
        r"C:\run.ps1", b'param([string]$Name, [switch]$Force, $Rest)\r\n"$Name $Force $Rest"\r\nexit 4\r\n'
    )
    assert run(r'powershell -ExecutionPolicy Bypass -File C:\run.ps1 -Name "a b" -Force x') == (
        4,
        "a b True x\r\n",
        "",
    )


def test_a_script_file_that_throws_ends_with_one(run, host):
    host.files.write(r"C:\run.ps1", b"'before'\r\nthrow 'no'\r\n")
    code, out, err = run(r"powershell -File C:\run.ps1")
    assert (code, out) == (1, "before\r\n")
    assert r"At C:\run.ps1:2 char:1" in err


def test_write_error_in_a_script_file_names_the_script(run, host):
    host.files.write(r"C:\run.ps1", b"Write-Error bad\r\n")
    code, _, err = run(r"powershell -File C:\run.ps1")
    assert err.splitlines()[0] == r"C:\run.ps1 : bad"
    assert code == 0


def test_a_missing_file_is_a_bad_command_line(run):
    code, out, err = run("powershell -File nosuch.ps1")
    assert code == -196608
    assert err.startswith("The argument 'nosuch.ps1' to the -File parameter does not exist.")
    assert out.startswith("Windows PowerShell")


def test_the_restricted_policy_stops_script_files(run, host):
    host.files.write(r"C:\run.ps1", b"1\r\n")
    code, out, err = run(r"powershell -ExecutionPolicy Restricted -File C:\run.ps1")
    assert (code, out) == (1, "")
    assert "running scripts is disabled on this system" in " ".join(err.split())


def test_commands_from_standard_input(run):
    script = b"$x = 2\nif ($x -eq 2) {\n'two'\n}\n\n'end'\n"
    assert run("powershell -NoProfile -Command -", script) == (0, "two\r\nend\r\n", "")


def test_the_driver_bootstrap_runs_a_script_from_standard_input(run):
    bootstrap = "& ([ScriptBlock]::Create([Console]::In.ReadToEnd())) 'a' ; exit 0"
    assert run(encoded(bootstrap), b'param($p) "got $p"; Get-Service VSS | % Name')[:2] == (
        0,
        "got a\r\nVSS\r\n",
    )


def test_what_is_not_simulated_ends_with_120_and_is_recorded(run, host):
    code, out, err = run('powershell "1; Get-BitLockerVolumeX; Format-Custom; 2"')
    assert code == 120
    assert "NOT SIMULATED: cmdlet Format-Custom" in err
    assert out == "1\r\n"
    assert [entry["construct"] for entry in host.not_simulated.entries()] == ["cmdlet Format-Custom"]


def test_powershell_is_not_imported_before_it_is_used():
    import subprocess

    probe = (
        "import sys, fakes.windows.model.host, fakes.windows.shell.session\n"
        "print([name for name in sys.modules if name.startswith('fakes.windows.powershell')])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_the_console_class_writes_reaches_standard_output(run):
    _, out, err = run(encoded("[Console]::WriteLine('one'); [Console]::Out.Write('two')"))
    assert out == "one\r\ntwo"
    assert "one" not in err


def test_the_process_id_is_that_of_the_running_process(run):
    assert run('powershell -NoProfile -Command "(Get-Process -Id $PID).Name"')[1] == "powershell\r\n"
