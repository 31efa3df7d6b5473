"""The parser: trees, positions, and the errors that 5.1 gives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.windows.powershell import ast
from fakes.windows.powershell.errors import ParseError, format_error
from fakes.windows.powershell.parser import parse


def statement(text):
    """The first statement of a script."""
    body = parse(text).body
    assert body is not None
    return body.statements[0]


def command(text):
    """The first command of a script."""
    found = statement(text).elements[0]
    assert isinstance(found, ast.Command)
    return found


def test_a_list_argument_stays_one_argument():
    found = command("Get-Service -Name vss,swprv | Out-Null")
    parameter, values = found.elements
    assert parameter.name == "Name"
    assert [element.value for element in values.elements] == ["vss", "swprv"]


def test_division_in_parentheses_is_an_expression():
    paren = statement("(1536MB / 1GB)").elements[0].expression
    division = paren.pipeline.elements[0].expression
    assert (division.operator, division.left.value, division.right.value) == ("/", 1536 * 2**20, 2**30)


def test_a_switch_on_one_line_has_all_its_clauses():
    found = statement("switch (1) { 'a' { 1 } 'b' { 2 } default { 3 } }")
    assert [clause[0].value if clause[0] else None for clause in found.clauses] == ["a", "b", None]


def test_a_function_on_one_line_keeps_its_param_block():
    found = statement("function f { param($x) $x + 1 }")
    assert [parameter.name for parameter in found.block.params.parameters] == ["x"]
    assert len(found.block.body.statements) == 1


def test_param_and_process_on_one_line():
    found = parse("Param($a) PROCESS { $_ } END { 1 }")
    assert list(found.named) == ["process", "end"]


BARE = [
    ("a HKLM:\\SOFTWARE\\x", ["HKLM:\\SOFTWARE\\x"]),
    ("a .\\x.ps1 ..\\y *.txt", [".\\x.ps1", "..\\y", "*.txt"]),
    ("a 5 -5 1.5 1KB 0x10 7zip 1.2.3", [5, -5, 1.5, 1024, 16, "7zip", "1.2.3"]),
    ("a start= auto", ["start=", "auto"]),
    ("a foo`  bar", ["foo ", "bar"]),
    ("a b#c # comment", ["b#c"]),
    ("a 'q'", ["q"]),
    ("a /all /x:y", ["/all", "/x:y"]),
    ("a [int] {0}"[:7], ["[int]"]),
    ("a b'c d'e", ["bc de"]),
    ("a -- -x", ["--", "x"]),
    ("a $ %", ["$", "%"]),
]


@pytest.mark.parametrize(("text", "values"), BARE, ids=[case[0] for case in BARE])
def test_bare_arguments(text, values):
    assert [
        getattr(element, "value", getattr(element, "name", None)) for element in command(text).elements
    ] == values


def test_positions_are_offsets_in_the_text():
    text = "Get-Item a;\n  Stop-Service vss"
    second = parse(text).body.statements[1].elements[0]
    assert text[second.start : second.end] == "Stop-Service vss"


# (script, id, message, marked text)
ERRORS = [
    ("a && b", "InvalidEndOfLine", "The token '&&' is not a valid statement separator in this version.", "&&"),
    ("a || b", "InvalidEndOfLine", "The token '||' is not a valid statement separator in this version.", "||"),
    ("if ($x) { 'a'", "MissingEndCurlyBrace", "Missing closing '}' in statement block or type definition.", "{"),
    ("if ($x", "MissingEndParenthesisAfterStatement", "Missing closing ')' after expression in 'if' statement.", ""),
    ("if ()", "IfStatementMissingCondition", "Missing condition in if statement after 'if ('.", ""),
    ("if (1)", "MissingStatementBlock", "Missing statement block after if ( condition ).", ")"),
    ("'abc", "TerminatorExpectedAtEndOfString", "The string is missing the terminator: '.", "'abc"),
    ('"abc', "TerminatorExpectedAtEndOfString", 'The string is missing the terminator: ".', '"abc'),
    ("5 +", "ExpectedValueExpression", "You must provide a value expression following the '+' operator.", ""),
    ("$x = ", "ExpectedValueExpression", "You must provide a value expression following the '=' operator.", ""),
    ("a |", "EmptyPipeElement", "An empty pipe element is not allowed.", ""),
    ("| a", "EmptyPipeElement", "An empty pipe element is not allowed.", "|"),
    ("1 | 2", "ExpressionsMustBeFirstInPipeline", "Expressions are only allowed as the first element of a pipeline.", "2"),
    ("5 = $x", "InvalidLeftHandSide", ("The assignment expression is not valid. The input to an assignment operator must be an object "
     "that is able to accept assignments, such as a variable or a property."), "5"),
    ("$x ? 1", "UnexpectedToken", "Unexpected token '?' in expression or statement.", "?"),
    ("$x 'y'", "UnexpectedToken", "Unexpected token ''y'' in expression or statement.", "'y'"),
    ("}", "UnexpectedToken", "Unexpected token '}' in expression or statement.", "}"),
    (")", "UnexpectedToken", "Unexpected token ')' in expression or statement.", ")"),
    ("foreach (x in y) {}", "MissingVariableNameAfterForeach", "Missing variable name after foreach.\nThe correct form is: foreach ($a in $b) {...}", ""),
    ("try { 1 }", "MissingCatchOrFinally", "The Try statement is missing its Catch or Finally block.", ""),
    ("function {", "MissingNameAfterKeyword", "Missing name after function keyword.", ""),
    ("function f", "MissingFunctionBody", "Missing function body in function declaration.", ""),
    ("function f($a, $a) {}", "DuplicateFormalParameter", "Duplicate parameter $a in parameter list.", "$a"),
    ("@{a}", "MissingEqualsInHashLiteral", "Missing '=' operator after key in hash literal.", "a"),
    ("@{a=1", "IncompleteHashLiteral", "The hash literal was incomplete.", "@{"),
    ("$x.", "MissingPropertyName", "Missing property name after reference operator.", ""),
    ("$x[", "MissingArrayIndexExpression", "Array index expression is missing or not valid.", ""),
    ("$x.Foo(1", "MissingEndParenthesisInMethodCall", "Missing ')' in method call.", ""),
    ("a > ", "MissingFileSpecification", "Missing file specification after redirection operator.", ""),
    ("a < b", "RedirectionNotSupported", "The '<' operator is reserved for future use.", "<"),
    ("a &", "AmpersandNotAllowed", ('The ampersand (&) character is not allowed. The & operator is reserved for future use; wrap an '
     'ampersand in double quotation marks ("&") to pass it as part of a string.'), "&"),
    ("1..3 | % { $_ ", "MissingEndCurlyBrace", "Missing closing '}' in statement block or type definition.", "{"),
    ("else { }", "UnexpectedToken", "Unexpected token 'else' in expression or statement.", "else"),
    ("$x = @args + 1", "SplattingNotPermitted", ("The splatting operator '@' cannot be used to reference variables in an expression. "
     "'@args' can be used only as an argument to a command. To reference variables in an expression use '$args'."), "@args"),
    ('"$x: y"', "InvalidVariableReferenceWithDrive", ("Variable reference is not valid. ':' was not followed by a valid variable name "
     "character. Consider using ${} to delimit the name."), "$x:"),
    ("switch (1) { default {} default {} }", "MultipleSwitchDefaultClauses", "A switch statement can have only one default clause.", "default"),
    ("do { 1 }", "MissingWhileOrUntilInDoWhile", "Missing while or until keyword in do loop.", ""),
    ("<# never closed", "MissingTerminatorMultiLineComment", "The terminator '#>' is missing from the multiline comment.", "<# never closed"),
    ("[int", "EndSquareBracketExpectedAtEndOfAttribute", "Missing ] at end of attribute or type literal.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "error_id", "message", "marked"), ERRORS, ids=[case[0] for case in ERRORS])
def test_errors(text, error_id, message, marked):
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert (caught.value.error_id, caught.value.words, caught.value.extent.text) == (
        error_id,
        message,
        marked,
    )


def test_a_parse_error_is_printed_with_its_position_first():
    with pytest.raises(ParseError) as caught:
        parse("Get-Item a\nif (")
    assert format_error(caught.value.record, width=200) == (
        "At line:2 char:5\n"
        "+ if (\n"
        "+     ~\n"
        "Missing condition in if statement after 'if ('.\n"
        "    + CategoryInfo          : ParserError: (:) [], ParentContainsErrorRecordException\n"
        "    + FullyQualifiedErrorId : IfStatementMissingCondition\n "
    )


def test_nothing_of_a_script_with_a_parse_error_runs(run):
    outcome = run("'before'; if (")
    assert not outcome.output
    assert outcome.fatal is not None


def check(text):
    """Parse, or refuse with a position inside of the text."""
    error = None
    try:
        parse(text)
    except ParseError as caught:
        error = caught
    if error is not None:
        assert 0 <= error.extent.start <= error.extent.end <= len(text)
        assert format_error(error.record)


FRAGMENTS = st.sampled_from(
    [
        "$x",
        "${a",
        "b}",
        "@{",
        "@(",
        "$(",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "[int]",
        "'",
        '"',
        "@'",
        "'@",
        '@"',
        '"@',
        ",",
        ";",
        "|",
        "&",
        ".",
        "..",
        "::",
        "-eq",
        "-Name",
        "-f",
        "-not",
        "!",
        "+",
        "-",
        "*",
        "/",
        "%",
        "=",
        "+=",
        "++",
        "--",
        ">",
        "2>&1",
        "2>",
        "#",
        "<#",
        "#>",
        "`",
        "5",
        "1KB",
        "0x1",
        "'a'",
        '"b$c"',
        "foo",
        "Get-Item",
        "if",
        "else",
        "elseif",
        "switch",
        "foreach",
        "for",
        "while",
        "do",
        "until",
        "try",
        "catch",
        "finally",
        "function",
        "filter",
        "param",
        "begin",
        "process",
        "end",
        "return",
        "throw",
        "break",
        "continue",
        "exit",
        "trap",
        "class",
        "enum",
        "using",
        "default",
        "in",
        "data",
        ":l",
        "\n",
        "\t",
        "$_",
        "$?",
        "$$",
        "@args",
        "--%",
        "&&",
        "||",
        "<",
        "–",
        "“",
    ]
)


@settings(max_examples=300, deadline=2000)
@given(st.lists(FRAGMENTS, max_size=30).map(" ".join))
def test_any_sequence_of_tokens_parses_or_is_a_parse_error(text):
    check(text)


@settings(max_examples=300, deadline=2000)
@given(st.text(max_size=60))
def test_any_text_parses_or_is_a_parse_error(text):
    check(text)


@pytest.mark.parametrize(
    "opener",
    ["(", "$(", "@(", "{", "@{a=", "[int]", "-not ", "!", "if (1) {", "$x[", '"$(', "[a[", "- ", ",", "& {"],
)
def test_endless_nesting_is_refused_in_time(opener):
    started = time.process_time()
    with pytest.raises(ParseError):
        parse(opener * 5000)
    assert time.process_time() - started < 2


@settings(max_examples=200, deadline=2000)
@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40))
def test_quoting_a_text_gives_the_text_back(text):
    quotes = "'\u2018\u2019\u201a\u201b"
    quoted = "".join(char * 2 if char in quotes else char for char in text)
    found = statement(f"'{quoted}'").elements[0].expression
    assert found.value == text


def test_a_script_of_170_kilobytes_parses_in_under_a_second():
    unit = (
        "function Get-Thing {\n  [CmdletBinding()]\n  param([Parameter(Mandatory = $true)][string]$Name, [int]$Count = 5)\n"
        "  # what it does\n  $items = @(Get-Service -Name $Name | Where-Object { $_.Status -ne 'Running' -and $_.Name -match '^v' })\n"
        '  foreach ($item in $items) {\n    try { Start-Service $item -ErrorAction Stop } catch { Write-Warning "$($item.Name): $_" }\n'
        "    $total += [math]::Round($item.Length / 1MB, 2); $seen[$item.Name] = @{ Name = $item.Name; Ok = $true }\n  }\n}\n"
    )
    text = unit * (170 * 1024 // len(unit) + 1)
    started = time.process_time()
    found = parse(text)
    assert time.process_time() - started < 1
    assert len(found.body.statements) == text.count("function ")
