""".NET types as scripts use them."""

from __future__ import annotations

import socket

import pytest

CASES = [
    ("'  a '.Trim()", "a"),
    ("'a-b_c'.Split('-_').Count", 3),
    ("'a--b'.Split([char[]]'-', [StringSplitOptions]::RemoveEmptyEntries).Count", 2),
    ("'abc'.IndexOf('c')", 2),
    ("'abc'.PadLeft(5, '.')", "..abc"),
    ("'Hello'.Replace('l', 'L')", "HeLLo"),
    ("'Hello'.StartsWith('he', 'CurrentCultureIgnoreCase')", True),
    ("'Hello'.ToCharArray().Length", 5),
    ("[string]::IsNullOrEmpty($null)", True),
    ("[string]::IsNullOrWhiteSpace('  ')", True),
    ("[string]::Format('{0}-{1}', 'a', 2)", "a-2"),
    ("[char]::IsDigit('5')", True),
    ("[math]::Round(2.5)", 2.0),
    ("[math]::Round(2.567, 2)", 2.57),
    ("[math]::Floor(-1.5)", -2.0),
    ("[math]::Pow(2, 10)", 1024.0),
    ("[math]::Min(1, 2.5)", 1.0),
    ("[Convert]::ToInt32('ff', 16)", 255),
    ("[Convert]::ToString(10, 2)", "1010"),
    ("[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('aGk='))", "hi"),
    ("[Text.Encoding]::Unicode.GetBytes('A').Count", 2),
    ("[BitConverter]::ToString([byte[]](1,255))", "01-FF"),
    ("[int]::Parse('42')", 42),
    ("[datetime]::Parse('2020-02-03').Month", 2),
    ("([datetime]'2020-01-31').AddMonths(1).ToString('yyyy-MM-dd')", "2020-02-29"),
    ("[datetime]::ParseExact('03/02/2020', 'dd/MM/yyyy', $null).Day", 3),
    ("([datetime]'2020-01-01').DayOfWeek", "Wednesday"),
    ("[timespan]::FromMinutes(90).ToString()", "01:30:00"),
    ("([timespan]'1.00:00:00').TotalHours", 24.0),
    ("[regex]::Matches('a1b22', '\\d+').Count", 2),
    ("[regex]::Match('key=val', '(?<k>\\w+)=(?<v>\\w+)').Groups['v'].Value", "val"),
    ("[regex]::Replace('abc', 'b', { param($m) $m.Value.ToUpper() })", "aBc"),
    ("[regex]::Escape('a.b')", "a\\.b"),
    ("([regex]'(\\d)').Replace('a1', '<$1>')", "a<1>"),
    ("[version]'10.0.17763' -gt [version]'6.3'", True),
    ("([version]'2.6.1198.718').Build", 1198),
    ("[guid]::NewGuid().ToString().Length", 36),
    ("[guid]'{00000000-0000-0000-0000-000000000001}' -eq '00000000-0000-0000-0000-000000000001'", True),
    ("[Environment]::MachineName", "SRV1"),
    ("[Environment]::GetEnvironmentVariable('SystemRoot')", "C:\\Windows"),
    ("[Environment]::OSVersion.Version.Major", 10),
    ("[IO.Path]::Combine('C:\\a', 'b.txt')", "C:\\a\\b.txt"),
    ("[IO.Path]::GetFileNameWithoutExtension('C:\\a\\b.tar.gz')", "b.tar"),
    ("[IO.Path]::GetExtension('x.PS1')", ".PS1"),
    ("[IO.File]::WriteAllText('C:\\t.txt', \"a`r`nb\"); [IO.File]::ReadAllLines('C:\\t.txt').Count", 2),
    ("[IO.File]::Exists('C:\\nope')", False),
    ("[IO.Directory]::Exists('C:\\Windows')", True),
    ("$s = New-Object Text.StringBuilder; [void]$s.Append('a').AppendLine('b'); $s.ToString().Trim()", "ab"),
    ("$d = [System.Collections.Generic.Dictionary[string,int]]::new(); $d.Add('a', '5'); $d['a'] + 1", 6),
    ("$q = New-Object System.Collections.Queue; $q.Enqueue(1); $q.Enqueue(2); $q.Dequeue()", 1),
    ("$h = [System.Collections.Generic.HashSet[string]]::new(); [void]$h.Add('a'); $h.Add('a')", False),
    ("@{a=1}.ContainsKey('A')", True),
    ('@{a=1}.GetEnumerator() | ForEach-Object { "$($_.Key)=$($_.Value)" }', "a=1"),
    ("[array]::IndexOf(@('x','y'), 'y')", 1),
    ("$a = 3,1,2; [array]::Sort($a); $a -join ''", "123"),
    ("(1,2,3).Contains(2)", True),
    ("[enum]::GetNames([DayOfWeek])[0]", "Sunday"),
    ("[System.ServiceProcess.ServiceControllerStatus]::Running -eq 'Running'", True),
    ("(Get-Service vss).Status -eq [System.ServiceProcess.ServiceControllerStatus]::Stopped", True),
    ("([Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)", True),
    ("([ipaddress]'10.0.0.1').AddressFamily", "InterNetwork"),
    ("([uri]'https://a.b/c?d=1').Host", "a.b"),
    ("[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12; [Net.ServicePointManager]::SecurityProtocol", "Tls12"),
    ("$w = [Diagnostics.Stopwatch]::StartNew(); Start-Sleep -Seconds 90; $w.Stop(); [int]$w.Elapsed.TotalSeconds", 90),
    ("(Get-Date).ToString('yyyy').Length", 4),
    ("[string](Get-Date -Year 2020 -Month 1 -Day 2 -Hour 3 -Minute 4 -Second 5)", "01/02/2020 03:04:05"),
    ("'abc' | Add-Member -NotePropertyName Extra -NotePropertyValue 5 -PassThru | ForEach-Object { $_.Extra }", 5),
    ("using namespace System.Text; [StringBuilder]::new('x').ToString()", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0][:60] for case in CASES])
def test_value(value, text, expected):
    found = value(text)
    assert found == expected or str(found) == expected


def test_console_writes_pass_by_the_formatter(run):
    outcome = run(
        "[Console]::WriteLine('a {0}', 1); [Console]::Out.Write('b'); [Console]::Error.WriteLine('e'); 'o'"
    )
    assert outcome.console == "a 1\r\nb"
    assert outcome.native_errors == "e\r\n"
    assert outcome.output == ["o"]


def test_console_reads_standard_input(run):
    from fakes.windows.shell.streams import Bytes, TextReader

    outcome = run(
        "[Console]::In.ReadLine(); [Console]::In.ReadToEnd()",
        stdin=TextReader(Bytes(b"one\r\ntwo\r\n"), "utf-8"),
    )
    assert outcome.output == ["one", "two\r\n"]


def test_environment_exit_ends_the_process(run):
    outcome = run("'a'; [Environment]::Exit(7); 'b'")
    assert (outcome.output, outcome.exit_code) == (["a"], 7)


def test_a_file_written_in_base64_pieces_as_winrmcp_does(run, host):
    """The shape of the restore script of Debian's winrmcp."""
    outcome = run(
        """
        [IO.File]::WriteAllText('C:\\x.tmp', "aGVs`r`nbG8=`r`n")
        $reader = [System.IO.File]::OpenText([System.IO.Path]::GetFullPath('C:\\x.tmp'))
        $writer = [System.IO.File]::OpenWrite('C:\\x.txt')
        try {
            for (;;) {
                $line = $reader.ReadLine()
                if ($line -eq $null) { break }
                $bytes = [System.Convert]::FromBase64String($line)
                $writer.Write($bytes, 0, $bytes.Length)
            }
        } finally { $reader.Close(); $writer.Close() }
        """
    )
    assert not outcome.error_ids
    assert host.files.read("C:\\x.txt") == b"hello"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[uint32]'0x800423F4'", "2147754996"),
        ("[int]'0x800423F4'", "-2147212300"),
        ("[int64]'0x800423F4'", "2147754996"),
        ("([ComponentModel.Win32Exception]5).Message", "Access is denied"),
        ("(New-Object ComponentModel.Win32Exception 1062).NativeErrorCode", "1062"),
        ("[Environment]::GetEnvironmentVariable('TEMP', 'Machine')", "C:\\Windows\\TEMP"),
        ("try { throw [TimeoutException]'slow' } catch [TimeoutException] { $_.Exception.Message }", "slow"),
    ],
)
def test_result_codes_and_exceptions_of_scripts(run, text, value):
    assert run(text).text == [value]


def test_a_port_is_probed_with_a_client(run, host):
    class Wire:
        def resolve(self, name):
            return {"up": "10.0.0.9"}.get(name)

        def connect(self, address, port, timeout):
            if port == 1:
                raise ConnectionRefusedError
            if port == 2:
                raise TimeoutError
            return socket.socket()

    host.network = Wire()
    probe = "function p($n, $o) { $c = New-Object Net.Sockets.TcpClient; try { $c.Connect($n, $o); $c.Connected } catch { $_.Exception.InnerException.Message } finally { $c.Close() } }; "
    assert run(probe + "p up 80").output == [True]
    assert run(probe + "p up 1").text == [
        "No connection could be made because the target machine actively refused it 10.0.0.9:1"
    ]
    assert run(probe + "p nobody 80").text == ["No such host is known"]
    wait = "$c = New-Object System.Net.Sockets.TcpClient; $a = $c.BeginConnect('10.0.0.9', {}, $null, $null); $a.AsyncWaitHandle.WaitOne(500, $false)"
    assert run(wait.replace("{}", "80")).output == [True]
    assert run(wait.replace("{}", "2")).output == [False]
    assert "GetStream" in run("(New-Object Net.Sockets.TcpClient 'up', 80).GetStream()").refused
