"""The language of cmd.exe, command line by command line."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("echo hi", "hi\n"),
        ("echo hi & echo there", "hi \nthere\n"),
        ("echo a&&echo b", "a\nb\n"),
        ("echo a||echo b", "a\n"),
        ("echo.", "\n"),
        ("echo(", "\n"),
        ("echo", "ECHO is on.\n"),
        ('echo "a & b" ^& c', '"a & b" & c\n'),
        ("echo ^^ ^%", "^ %\n"),
        ("echo a ^| b ^> c ^< d", "a | b > c < d\n"),
        ('echo "x ^ y"', '"x ^ y"\n'),
        ("@echo quiet", "quiet\n"),
        ("(echo a)", "a\n"),
        ("(echo a&echo b)", "a\nb\n"),
        ("(echo a) & echo b", "a\nb\n"),
        (" , ; = echo x", "x\n"),
        ("rem echo no & echo neither", ""),
        ("echo %USERNAME%", "labadmin\n"),
        ("echo %username:~0,3%.%USERNAME:~-5%", "lab.admin\n"),
        ("echo %USERNAME:lab=%", "admin\n"),
        ("echo %USERNAME:*ab=x%", "xadmin\n"),
        ("echo %NOPE% %NOPE:a=b% 50% 100%", "%NOPE% %NOPE:a=b% 50% 100%\n"),
        ("echo %OS%.%PROCESSOR_ARCHITECTURE%", "Windows_NT.AMD64\n"),
        ("echo %DATE%", "Mon 06/25/2018\n"),
        ("set /a 1+2*3", "7"),
        ("set /a (1+2)*3, 7/2, -7/2, -7%2", "-1"),
        ("set /a 0x10+010", "24"),
        ('set /a "1<<4|3"', "19"),
        ("set /a !0+~0", "0"),
        ("set /a 2147483647+1", "-2147483648"),
        ("if 1==1 echo y", "y\n"),
        ("if not 1==1 (echo y) else echo n", "n\n"),
        ("if /i A==a echo y", "y\n"),
        ("if A==a (echo y) else (echo n)", "n\n"),
        ("if 10 GTR 9 echo number", "number\n"),
        ("if 10 LSS 9x echo text", "text\n"),
        ("if exist C:\\Windows\\nul echo dir", ""),
        ("if exist C:\\Windows\\ echo dir", "dir\n"),
        ("if exist C:\\Windows\\*.ini echo match", "match\n"),
        ("if not exist C:\\nothing echo none", "none\n"),
        ("if defined PATH echo y", "y\n"),
        ("if not defined NOPE echo n", "n\n"),
        ("if 1==2 (echo a) & echo b", ""),
        ('if "a b"=="a b" echo q', "q\n"),
        ("for %i in (a,b;c) do @echo %i", "a\nb\nc\n"),
        ("for /l %i in (3,-1,1) do @echo %i", "3\n2\n1\n"),
        ("for %f in (C:\\Windows\\*.ini) do @echo %~nf %~xf %~dpf", "win .ini C:\\Windows\\\n"),
        ("for /d %d in (C:\\Pack*) do @echo %d", "C:\\Packages\n"),
        ('for /f "tokens=1,3" %a in ("x y z") do @echo %b%a', "zx\n"),
        ('for /f "tokens=2* delims=," %a in ("1,2,3,4") do @echo %a-%b', "2-3,4\n"),
        ("for /f \"delims=\" %a in ('echo a b') do @echo [%a]", "[a b]\n"),
        ('for /f "usebackq" %a in (`echo x^|find "x"`) do @echo [%a]', "[x]\n"),
        ("for %i in (1 2) do @for %j in (a b) do @echo %i%j", "1a\n1b\n2a\n2b\n"),
        ("for %i in (1) do echo %i", "\nC:\\Users\\labadmin>echo 1 \n1\n"),
        ("ver", "\nMicrosoft Windows [Version 10.0.17763.4252]\n"),
        ("cd", "C:\\Users\\labadmin\n"),
        ("cd \\Windows & cd", "C:\\Windows\n"),
        ("cd /d D:\\ & cd", "D:\\\n"),
        ("cd..&cd", "C:\\Users\n"),
        ("D: & cd", "D:\\\n"),
        ("pushd C:\\Windows & cd & popd & cd", "C:\\Windows\nC:\\Users\\labadmin\n"),
        ("date /t", "Mon 06/25/2018 \n"),
        ("cmd /c echo inner", "inner\n"),
        ('cmd /c "echo a & echo b"', "a \nb\n"),
        ('cmd /s /c "echo "quoted""', '"quoted"\n'),
        ('cmd /v:on /c "set X=1& echo !X!"', "1\n"),
        ("set X=1& echo %X%", "%X%\n"),
        ("hostname", "SRV1\n"),
        ("C:\\Windows\\System32\\HOSTNAME.exe", "SRV1\n"),
        ('"C:\\Windows\\System32\\hostname.exe"', "SRV1\n"),
        ("echo a b| findstr b", "a b\n"),
        ("(echo b&echo a)|sort", "a\nb\n"),
    ],
)
def test_output(run, line, out):
    result = run(line)
    assert (result.out, result.err) == (out, "")


@pytest.mark.parametrize(
    ("line", "code", "err"),
    [
        ("nosuch", 1, "'nosuch' is not recognized as an internal or external command,\noperable program or batch file.\n"),
        ("Get-Service x", 1, ("'Get-Service' is not recognized as an internal or external command,\n"
                             "operable program or batch file.\n")),
        ("C:\\nowhere\\x.exe", 1, "The system cannot find the path specified.\n"),
        ("cd nowhere", 1, "The system cannot find the path specified.\n"),
        ("cd C:\\Windows\\win.ini", 1, "The directory name is invalid.\n"),
        ("type nofile", 1, "The system cannot find the file specified.\n"),
        ("type <nofile", 1, "The system cannot find the file specified.\n"),
        ("echo x >C:\\no\\x", 1, "The system cannot find the path specified.\n"),
        ("| echo", 1, "| was unexpected at this time.\n"),
        ("echo a && && echo b", 1, "&& was unexpected at this time.\n"),
        ("echo a |", 1, "The syntax of the command is incorrect.\n"),
        ("if", 1, "The syntax of the command is incorrect.\n"),
        ("for %i in 1 2 do echo", 1, "1 was unexpected at this time.\n"),
        ("for i in (1) do echo", 1, "i was unexpected at this time.\n"),
        ("set NOPE", 1, "Environment variable NOPE not defined\n"),
        ("set /a 1/0", 1073750993, "Divide by zero error.\n"),
        ("set /a 1+", 1073750989, "Missing operand.\n"),
        ("set /a (1", 1073750988, "Unbalanced parenthesis.\n"),
        ("E:", 1, "The system cannot find the drive specified.\n"),
        ("rd C:\\Windows", 145, "The directory is not empty.\n"),
        ("md C:\\Windows", 1, "A subdirectory or file C:\\Windows already exists.\n"),
        ("exit 7", 7, ""),
        ("cmd /c exit 7", 7, ""),
        ("exit /b 3", 3, ""),
        ("net start nosuch & echo x", 0, "The service name is invalid.\n\nMore help is available by typing NET HELPMSG 2185.\n\n"),
    ],
)  # fmt: skip
def test_errors(run, line, code, err):
    result = run(line)
    assert (result.code, result.err) == (code, err)


@pytest.mark.parametrize(
    ("line", "construct"),
    [
        ("wbadmin get versions", "program wbadmin.exe"),
        ("start notepad", "cmd built-in start"),
        ("C:\\Windows\\win.ini", "opening win.ini with the program for its type"),
        ("net user", "net user"),
        ("sc sdshow VSS", "sc sdshow"),
    ],
)
def test_what_is_not_simulated_says_so_and_is_recorded(run, line, construct):
    result = run(line)
    assert (result.code, result.out, result.err) == (120, "", f"NOT SIMULATED: {construct}\n")
    entry = run.host.not_simulated.entries()[-1]
    assert (entry["construct"], entry["where"]) == (construct, "SRV1")


def test_the_limit_of_8191_characters(run):
    longest = "echo " + "x" * (8191 - 5)
    assert run(longest).out == "x" * (8191 - 5) + "\n"
    result = run(longest + "x")
    assert (result.code, result.out, result.err) == (1, "", "The command line is too long.\n")


def test_redirection(run):
    assert run("echo one>C:\\x.txt& echo two>>C:\\x.txt& type C:\\x.txt").out == "one\ntwo\n"
    assert run("type nofile 2>nul").err == ""
    assert run("type nofile 2>&1").out == "The system cannot find the file specified.\n"
    assert run("(type nofile & echo x) >nul 2>&1").out == ""
    assert run('find "two" <C:\\x.txt').out == "two\n"
    assert run("echo a>C:\\y1 2>&1 & type C:\\y1").out == "a\n"
    run("echo 5>C:\\z.txt")
    assert run("type C:\\z.txt").out == ""  # the digit right before > names the handle


def test_each_command_line_has_its_own_cmd(run):
    run("set X=1 & cd \\Windows")
    assert run("cd").out == "C:\\Users\\labadmin\n"
    assert run("set X").code == 1


def test_stdin_reaches_programs_and_set_p(run):
    assert run("findstr b", stdin="a\r\nb\r\n").out == "b\n"
    assert run('set /p X="name? "& set X', stdin="bob\r\n").out == "name? X=bob\n"
    assert run("sort", stdin="b\na\n").out == "a\nb\n"


def test_commands_from_standard_input(run):
    result = run("cmd /q", stdin="echo hi\r\nexit 4\r\n")
    assert result.code == 4
    assert result.out.startswith("Microsoft Windows [Version 10.0.17763.")
    assert result.out.endswith("hi\n")


def test_code_pages(host):
    from fakes.windows.shell.session import Session

    host.files.write("C:\\u.txt", "Grüße €\r\n".encode())
    for codepage, expected in ((65001, "Grüße €\r\n".encode()), (437, "Grüße €\r\n".encode())):
        out: list[bytes] = []
        Session(host, "labadmin", codepage=codepage).run(
            "type C:\\u.txt", stdout=out.append, stderr=out.append
        )
        assert b"".join(out) == expected
    out = []
    Session(host, "labadmin", codepage=437).run("echo Grüße €", stdout=out.append, stderr=out.append)
    assert b"".join(out) == b"Gr\x81\xe1e ?\r\n"
    with pytest.raises(ValueError, match="unknown code page"):
        Session(host, "labadmin", codepage=31337)


def test_skip_cmd_shell_starts_the_program_itself(run):
    out: list[bytes] = []
    code = run.session.run("hostname & echo", stdout=out.append, stderr=out.append, skip_cmd_shell=True)
    assert code == 1
    assert b"sethostname" in b"".join(out)


def test_a_stopped_command_ends(run):
    import threading

    stop = threading.Event()
    stop.set()
    out: list[bytes] = []
    code = run.session.run(
        "for /l %i in (1,1,1000000) do @echo %i", stdout=out.append, stderr=out.append, stop=stop
    )
    assert code == 0xC000013A
    assert out == []


def test_a_missing_program_is_not_recognized(run):
    run.host.files.delete("C:\\Windows\\System32\\vssadmin.exe")
    assert "'vssadmin' is not recognized" in run("vssadmin list writers").err


@pytest.mark.parametrize("line", ["ver /?", "exit /?", "cd C:\\ /?", "title x /?", "call nothing /?"])
def test_help_of_a_built_in_is_refused_and_does_nothing_else(run, line):
    result = run(line)
    assert (result.code, result.out) == (120, "")
    assert result.err == f"NOT SIMULATED: {line.split()[0]} /?\n"
