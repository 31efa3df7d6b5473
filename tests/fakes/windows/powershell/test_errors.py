"""Errors: texts, ids and categories of 5.1, what they end, try, trap, preferences, ``$?``."""

from __future__ import annotations

import pytest

# (script, message, FullyQualifiedErrorId, CategoryInfo); the texts stand in PowerShell's own
# resources (ParserStrings, ExtendedTypeSystem, DiscoveryExceptions, ParameterBinderStrings .resx).
TEXTS = [
    (
        "Get-Nothing 5",
        ("The term 'Get-Nothing' is not recognized as the name of a cmdlet, function, script file, or operable program. Check "
        "the spelling of the name, or if a path was included, verify that the path is correct and try again."),
        "CommandNotFoundException",
        "ObjectNotFound: (Get-Nothing:String) [], CommandNotFoundException",
    ),
    ("1/0", "Attempted to divide by zero.", "RuntimeException", "NotSpecified: (:) [], RuntimeException"),
    (
        "$null.Trim()",
        "You cannot call a method on a null-valued expression.",
        "InvokeMethodOnNull",
        "InvalidOperation: (:) [], RuntimeException",
    ),
    (
        "'a'.Nope()",
        "Method invocation failed because [System.String] does not contain a method named 'Nope'.",
        "MethodNotFound",
        "InvalidOperation: (Nope:String) [], RuntimeException",
    ),
    ("$x = $null; $x[0]", "Cannot index into a null array.", "NullArray", "InvalidOperation: (:) [], RuntimeException"),
    (
        "[int]'abc'",
        'Cannot convert value "abc" to type "System.Int32". Error: "Input string was not in a correct format."',
        "InvalidCastFromStringToInteger",
        "InvalidArgument: (:) [], RuntimeException",
    ),
    (
        "[Nope.Type]::X",
        "Unable to find type [Nope.Type].",
        "TypeNotFound",
        "InvalidOperation: (Nope.Type:TypeName) [], RuntimeException",
    ),
    (
        "'abc'.Substring(5)",
        ('Exception calling "Substring" with "1" argument(s): "startIndex cannot be larger than length of string.\r\nParameter '
        'name: startIndex"'),
        "ArgumentOutOfRangeException",
        "NotSpecified: (:) [], MethodInvocationException",
    ),
    (
        "'abc'.Substring(1, 2, 3)",
        'Cannot find an overload for "Substring" and the argument count: "3".',
        "MethodCountCouldNotFindBest",
        "NotSpecified: (:) [], MethodException",
    ),
    (
        "$x = 5; $x.Foo = 1",
        "The property 'Foo' cannot be found on this object. Verify that the property exists and can be set.",
        "PropertyNotFound",
        "InvalidOperation: (:) [], RuntimeException",
    ),
    (
        "@(1,2)[0] = 5; $a = 1,2; $a[9] = 1",
        "Index was outside the bounds of the array.",
        "System.IndexOutOfRangeException",
        "OperationStopped: (:) [], IndexOutOfRangeException",
    ),
    ("$true = 5", "Cannot overwrite variable true because it is read-only or constant.", "VariableNotWritable",
     "WriteError: (true:String) [], SessionStateUnauthorizedAccessException"),
    ("'{0} {1}' -f 1", ("Error formatting a string: Index (zero based) must be greater than or equal to zero and less than the size "
     "of the argument list."), "FormatError", "InvalidOperation: (:) [], RuntimeException"),
    ("function f { param([int]$n) }; f abc", ("Cannot process argument transformation on parameter 'n'. Cannot convert value \"abc\" "
     'to type "System.Int32". Error: "Input string was not in a correct format."'), "ParameterArgumentTransformationError,f",
     "InvalidData: (:) [f], ParameterBindin...mationException"),
    ("[int]$n = 'x'", 'Cannot convert value "x" to type "System.Int32". Error: "Input string was not in a correct format."', "RuntimeException",
     "MetadataError: (:) [], ArgumentTransformationMetadataException"),
    ("[scriptblock]::Create('1 +')", ('Exception calling "Create" with "1" argument(s): "At line:1 char:4\n+ 1 +\n+    ~\nYou must provide a '
     "value expression following the '+' operator.\""), "ParseException", "NotSpecified: (:) [], MethodInvocationException"),
    ("throw 'boom'", "boom", "boom", "OperationStopped: (boom:String) [], RuntimeException"),
    ("[System.DayOfWeek]'Funday'", ('Cannot convert value "Funday" to type "System.DayOfWeek". Error: "Unable to match the identifier '
     'name Funday to a valid enumerator name. Specify one of the following enumerator names and try again:\r\n'
     'Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday"'), "SubstringDisambiguationEnumParseThrewAnException",
     "InvalidArgument: (:) [], RuntimeException"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "fqid", "category"), TEXTS, ids=[case[0][:40] for case in TEXTS])
def test_text_id_and_category(run, text, message, fqid, category):
    outcome = run(text)
    (record,) = outcome.errors or [outcome.fatal]
    assert (record.message, record.fqid, record.category.message()) == (message, fqid, category)


def test_the_error_view_marks_the_command(run):
    assert run("Get-Service nosuch").shown() == (
        "Get-Service : Cannot find any service with service name 'nosuch'.\n"
        "At line:1 char:1\n"
        "+ Get-Service nosuch\n"
        "+ ~~~~~~~~~~~~~~~~~~\n"
        "    + CategoryInfo          : ObjectNotFound: (nosuch:String) [Get-Service], S    erviceCommandException\n"
        "    + FullyQualifiedErrorId : NoServiceFoundForGivenName,Microsoft.PowerShell.    Commands.GetServiceCommand\n "
    )


def test_a_long_line_is_cut_around_the_error(run):
    text = "Write-Output 'some text that is rather long for one line' | Out-Null; Get-Nothing; Write-Output 'more text'"
    marked = run(text).shown().splitlines()
    start = marked[3].index("~")
    assert marked[2][start : start + len("Get-Nothing")] == "Get-Nothing"
    assert marked[2].startswith("+ ... ")
    assert marked[2].endswith(" ...")


ENDINGS = [
    # an error that ends its statement lets the script go on
    ("1/0; 'after'", ["after"]),
    ("Get-Service nosuch; 'after'", ["after"]),
    ("function f { 1/0; 'in' }; f; 'after'", ["in", "after"]),
    # throw and Stop end the script
    ("throw 'x'; 'after'", []),
    ("Get-Service nosuch -ErrorAction Stop; 'after'", []),
    ("$ErrorActionPreference = 'Stop'; Get-Service nosuch; 'after'", []),
    ("$ErrorActionPreference = 'Stop'; 1/0; 'after'", []),
    ("$ErrorActionPreference = 'SilentlyContinue'; throw 'x'; 'after'", ["after"]),
    # try and catch
    ("try { 1/0; 'never' } catch { 'caught' }", ["caught"]),
    ("try { Get-Service nosuch; 'goes on' } catch { 'never' }", ["goes on"]),
    ("try { Get-Service nosuch -EA Stop } catch { $_.Exception.Message }", ["Cannot find any service with service name 'nosuch'."]),
    ("try { throw 'x' } catch { \"got $_\" } finally { 'final' }", ["got x", "final"]),
    ("try { 'ok' } finally { 'final' }", ["ok", "final"]),
    ("function f { 1/0; 'never' }; try { f } catch { 'caught outside' }", ["caught outside"]),
    ("try { try { throw 'a' } catch { throw \"b$_\" } } catch { $_.Exception.Message }", ["ba"]),
    ("try { [int]'x' } catch [System.FormatException] { 'format' } catch { 'other' }", ["format"]),
    ("try { 1/0 } catch [System.DivideByZeroException] { 'zero' } catch { 'other' }", ["zero"]),
    ("try { 'abc'.Substring(9) } catch [System.ArgumentOutOfRangeException] { 'range' }", ["range"]),
    ("try { Get-Nothing } catch [System.Management.Automation.CommandNotFoundException] { 'unknown' }", ["unknown"]),
    ("try { throw [System.IO.FileNotFoundException]::new('gone') } catch [System.IO.IOException] { $_.Exception.Message }", ["gone"]),
    ("try { throw 'x' } catch [System.IO.IOException] { 'io' } catch { 'any' }", ["any"]),
    ("try { try { throw 'x' } finally { 'inner' } } catch { 'outer' }", ["inner", "outer"]),
    ('foreach ($i in 1..3) { try { if ($i -eq 2) { continue }; $i } finally { "f$i" } }', [1, "f1", "f2", 3, "f3"]),
    ("function f { try { return 1 } finally { 'fin' } }; f", [1, "fin"]),
    ("try { throw 'x' } catch { try { throw } catch { \"again $_\" } }", ["again x"]),
    # downstream errors are not the upstream function's to catch
    ("function up { try { 1; 2 } catch { 'never' } }; try { up | ForEach-Object { throw 'down' } } catch { \"$_\" }", ["down"]),
    ("Invoke-Expression '1 +' 2>$null; 'after'", ["after"]),
    # trap
    ("trap { 'trapped'; continue } 1/0; 'after'", ["trapped", "after"]),
    ("trap [System.DivideByZeroException] { 'zero'; continue } 1/0; 'after'", ["zero", "after"]),
    ("function f { trap { 'in f'; continue } throw 'x'; 'next' }; f", ["in f", "next"]),
    # $? and $Error
    ("Get-Service nosuch 2>$null; $?; 1 | Out-Null; $?", [False, True]),
    ("1/0 2>$null; $?", [False]),
    ("$Error.Clear(); 1/0 2>$null; Get-Service nosuch -EA SilentlyContinue; $Error.Count; $Error[0].FullyQualifiedErrorId",
     [2, "NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand"]),
    ("$Error.Clear(); Get-Service nosuch -EA Ignore; $Error.Count", [0]),
    ('Get-Service nosuch -EV problem -EA SilentlyContinue; $problem.Count; "$($problem[0])"',
     [1, "Cannot find any service with service name 'nosuch'."]),
    ("try { throw 'x' } catch { }; $Error[0].Exception.GetType().FullName", ["System.Management.Automation.RuntimeException"]),
    # redirection of the error stream
    ("(Get-Service nosuch 2>&1).GetType().Name", ["ErrorRecord"]),
    ('$x = Get-Service nosuch 2>&1; "$x"', ["Cannot find any service with service name 'nosuch'."]),
    ('& { 1/0 } 2>&1 | ForEach-Object { "<$_>" }', ["<Attempted to divide by zero.>"]),
    # Write-Error in a function is not terminating
    ("function f { Write-Error 'bad'; 'on' }; f 2>$null", ["on"]),
    ("function f { [CmdletBinding()]param() Write-Error 'bad'; 'on' }; try { f -ErrorAction Stop } catch { \"$_\" }", ["bad"]),
    ("$e = try { Get-Service nosuch -EA Stop } catch { $_ }; $e.CategoryInfo.Category; $e.TargetObject; $e.InvocationInfo.ScriptLineNumber",
     ["ObjectNotFound", "nosuch", 1]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENDINGS, ids=[case[0][:70] for case in ENDINGS])
def test_what_an_error_ends(run, text, expected):
    outcome = run(text)
    assert not outcome.refused
    assert [one if isinstance(one, (bool, int)) else str(one) for one in outcome.output] == expected


def test_streams_and_preferences(run):
    outcome = run(
        "Write-Warning w; Write-Verbose hidden; Write-Verbose v -Verbose; Write-Host h; $VerbosePreference = 'Continue'; "
        'Write-Verbose shown; Write-Warning x -WarningAction SilentlyContinue; Write-Warning kept -WarningVariable wv 3>$null; "$wv"'
    )
    assert outcome.warnings == ["w"]
    assert outcome.verbose == ["v", "shown"]
    assert outcome.information == ["h"]
    assert outcome.output == ["kept"]


def test_an_error_that_was_shown_has_a_position_in_its_file(run, host):
    host.files.write("C:\\bad.ps1", b"'ok'\r\n  1/0\r\n'after'\r\n")
    outcome = run("& C:\\bad.ps1")
    assert outcome.output == ["ok", "after"]
    assert outcome.shown().splitlines()[1:4] == ["At C:\\bad.ps1:2 char:3", "+   1/0", "+   ~~~"]


def test_merging_streams(run):
    outcome = run(
        "& { 'out'; Write-Warning 'w'; Write-Verbose 'v' -Verbose } *>&1 | ForEach-Object { $_.GetType().Name }"
    )
    assert outcome.output == ["String", "WarningRecord", "VerboseRecord"]
    assert not outcome.warnings


def test_the_stack_trace_names_functions_and_lines(run, host):
    host.files.write("C:\\deep.ps1", b"function inner {\r\n  throw 'x'\r\n}\r\ninner\r\n")
    outcome = run("try { & C:\\deep.ps1 } catch { $_.ScriptStackTrace }")
    assert outcome.output == [
        "at inner, C:\\deep.ps1: line 2\nat <ScriptBlock>, C:\\deep.ps1: line 4\nat <ScriptBlock>, <No file>: line 1"
    ]
