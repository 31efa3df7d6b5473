from __future__ import annotations


def test_arguments(run):
    result = run.batch(
        "@echo off\necho %0 %1 %~2 %3\necho %*\necho %~dp0 %~nx0 %~f0\n", 'one "two three" x=y'
    )
    assert result.out == 'C:\\t.cmd one two three x\none "two three" x=y\nC:\\ t.cmd C:\\t.cmd\n'


def test_shift(run):
    assert run.batch("@echo %1\n@shift\n@echo %1 %*\n", "a b").out == "a\nb a b\n"


def test_goto_and_labels(run):
    text = "@echo off\ngoto end\necho never\n:back\necho back\ngoto :eof\n:end\necho end\ngoto back\n"
    assert run.batch(text).out == "end\nback\n"
    missing = run.batch("@goto nowhere\n@echo after\n")
    assert (missing.code, missing.out) == (1, "")
    assert missing.err == "The system cannot find the batch label specified - nowhere\n"


def test_call_label_and_exit_b(run):
    text = "@echo off\ncall :sub one\necho code %ERRORLEVEL%\nexit /b 3\n:sub\necho sub %1 of %0\nexit /b 5\n"
    result = run.batch(text)
    assert (result.code, result.out) == (3, "sub one of :sub\ncode 5\n")


def test_call_file_comes_back_and_plain_does_not(run):
    run.host.files.write("C:\\inner.cmd", b"@echo inner %1\r\n@exit /b 2\r\n")
    assert run.batch("@call C:\\inner.cmd a\n@echo after %ERRORLEVEL%\n").out == "inner a\nafter 2\n"
    assert run.batch("@C:\\inner.cmd a\n@echo after\n").out == "inner a\n"


def test_setlocal(run):
    text = "@echo off\nset X=1\nsetlocal\nset X=2\ncd \\Windows\nendlocal\necho %X%\ncd\n"
    assert run.batch(text).out == "1\nC:\\Users\\labadmin\n"


def test_percent_expansion_happens_once_per_block_and_delayed_expansion_each_time(run):
    text = (
        "@echo off\nsetlocal enabledelayedexpansion\nset N=0\n"
        "for %%i in (a b) do (\n  set /a N+=1\n  echo %N% !N! %%i\n)\n"
    )
    assert run.batch(text).out == "0 1 a\n0 2 b\n"


def test_undefined_variables_vanish_in_a_batch_file(run):
    assert run.batch("@echo [%NOPE%] 100%% %NOPE:~0,3%\n").out == "[] 100% ~0,3\n"


def test_if_else_over_lines(run):
    text = "@echo off\nif %1==a (\n  echo A\n) else if %1==b (\n  echo B\n) else (\n  echo other\n)\n"
    assert [run.batch(text, x).out for x in "abc"] == ["A\n", "B\n", "other\n"]


def test_if_errorlevel(run):
    text = (
        "@echo off\nnosuch 2>nul\nif errorlevel 9009 echo not found\nif %ERRORLEVEL% EQU 9009 echo same\nver >nul\n"
        "if not errorlevel 1 echo cleared\n"
    )
    assert run.batch(text).out == "not found\nsame\ncleared\n"


def test_caret_continues_a_line(run):
    assert run.batch("@echo one ^\ntwo\n").out == "one two\n"


def test_echo_on_shows_lines_with_prompt(run):
    run.session.cwd = "C:\\"
    assert run.batch("echo hi\n").out == "\nC:\\>echo hi \nhi\n"
    assert run.batch("where net 1>nul 2>&1\n").out == "\nC:\\>where net  1>nul 2>&1 \n"


def test_for_f_over_a_file(run):
    run.host.files.write("C:\\list.txt", b"# head\r\n;comment\r\na=1\r\n\r\nb=2\r\n")
    text = '@for /f "skip=1 tokens=1,2 delims==" %%a in (C:\\list.txt) do @echo %%a is %%b\n'
    assert run.batch(text).out == "a is 1\nb is 2\n"


def test_a_service_loop_as_administrators_write_it(run):
    text = (
        "@echo off\nfor %%s in (CryptSvc BITS) do (\n"
        '  sc query %%s | find "RUNNING" >nul\n'
        "  if errorlevel 1 (\n    net start %%s >nul && echo started %%s\n  ) else echo %%s runs\n)\n"
    )
    result = run.batch(text)
    assert result.out == "CryptSvc runs\nstarted BITS\n"
    assert run.host.services.get("BITS").running


def test_a_syntax_error_ends_the_batch(run):
    result = run.batch("@echo off\necho a\nif\necho never\n")
    assert (result.code, result.out, result.err) == (255, "a\n", "The syntax of the command is incorrect.\n")


def test_endless_recursion_ends(run):
    result = run.batch("@call %0\n")
    assert result.code == 1
    assert "R E C U R S I O N" in result.err


def test_pause_and_choice_of_input(run):
    assert run.batch("@pause\n@echo on\n", stdin="\r\n").out == "Press any key to continue . . . \n"


def test_a_file_that_pipes_into_itself_ends_as_too_deep(run):
    result = run.batch("@C:\\t.cmd | more | C:\\t.cmd\n")
    assert result.code == 1
    assert "B A T C H   R E C U R S I O N  exceeds STACK limits" in result.err
