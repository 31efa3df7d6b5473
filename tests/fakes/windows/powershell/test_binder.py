"""The parameter binder: names, positions, sets, pipeline, validation; on functions and cmdlets."""

from __future__ import annotations

import pytest

from fakes.windows.powershell.command import _ALIASES, _CMDLETS, Cmdlet, Param, cmdlet


@pytest.fixture(autouse=True)
def probe():
    """A cmdlet that tells what was bound, registered for one test."""

    @cmdlet("Test-Probe", aliases=["probe"], default_set="ByName", supports_should_process=True)
    class TestProbe(Cmdlet):
        Name = Param("string[]", position=0, mandatory=True, sets="ByName", value_from_pipeline=True,
                     from_pipeline_by_property_name=True, aliases=["Label"])  # fmt: skip
        Id = Param("int", position=0, mandatory=True, sets="ById", from_pipeline_by_property_name=True)
        Mode = Param("string", position=1, validate_set=["Fast", "Slow"])
        Force = Param("switch")
        Filter = Param("scriptblock")

        def process(self):
            shown = {key: value for key, value in self.bound.items() if key != "Filter"}
            self.write(
                f"{self.parameter_set} {sorted((k, v if not isinstance(v, list) else list(v)) for k, v in shown.items())}"
            )
            if self.should_process("target", "Probe"):
                self.write("done")

    @cmdlet("Test-Deaf")
    class TestDeaf(Cmdlet):
        pass

    yield
    _CMDLETS.pop("test-probe")
    _CMDLETS.pop("test-deaf")
    _ALIASES.pop("probe")


BOUND = [
    ("Test-Probe a", "ByName [('Name', ['a'])]"),
    ("probe a,b", "ByName [('Name', ['a', 'b'])]"),
    ("probe -Name a -Mode fast", "ByName [('Mode', 'fast'), ('Name', ['a'])]"),
    ("probe a Slow", "ByName [('Mode', 'Slow'), ('Name', ['a'])]"),
    ("probe -na a", "ByName [('Name', ['a'])]"),  # an unambiguous prefix
    ("probe -Label a", "ByName [('Name', ['a'])]"),  # an alias
    ("probe -Name:a", "ByName [('Name', ['a'])]"),
    ("probe -Id 5", "ById [('Id', 5)]"),
    ("probe -Id '5'", "ById [('Id', 5)]"),
    ("probe -Force a", "ByName [('Force', True), ('Name', ['a'])]"),
    ("probe -Force:$false a", "ByName [('Force', False), ('Name', ['a'])]"),
    ("probe 5", "ById [('Id', 5)]"),  # the type that fits without conversion
    ("'x' | probe", "ByName [('Name', ['x'])]"),
    ("[pscustomobject]@{Name='n'} | probe", "ByName [('Name', ['n'])]"),
    ("[pscustomobject]@{Label='n'} | probe", "ByName [('Name', ['n'])]"),
    (
        "[pscustomobject]@{Text='n'} | probe -Name { $_.Text.ToUpper() }",
        "ByName [('Name', ['N'])]",
    ),  # delay-bound
    ("$p = @{Name = 'a'; Force = $true}; probe @p", "ByName [('Force', True), ('Name', ['a'])]"),
    ("$a = 'a','Fast'; probe @a", "ByName [('Mode', 'Fast'), ('Name', ['a'])]"),
    ("probe a -ErrorAction Stop -OutVariable o", "ByName [('Name', ['a'])]"),
]


@pytest.mark.parametrize(("text", "expected"), BOUND, ids=[case[0] for case in BOUND])
def test_binding(run, text, expected):
    outcome = run(text)
    assert not outcome.error_ids, outcome.shown()
    assert outcome.output == [expected, "done"]


REFUSED = [
    ("probe -Nope 1 a", "NamedParameterNotFound", "A parameter cannot be found that matches parameter name 'Nope'."),
    ("probe a Fast more", "PositionalParameterNotFound", "A positional parameter cannot be found that accepts argument 'more'."),
    ("probe -F a", "AmbiguousParameter",
     "Parameter cannot be processed because the parameter name 'F' is ambiguous. Possible matches include: -Force -Filter."),
    ("probe -Name", "MissingArgument",
     "Missing an argument for parameter 'Name'. Specify a parameter of type 'System.String[]' and try again."),
    ("probe", "MissingMandatoryParameter",
     "Cannot process command because of one or more missing mandatory parameters: Name."),
    ("probe -Name a -Id 5", "AmbiguousParameterSet",
     "Parameter set cannot be resolved using the specified named parameters."),
    ("probe -Name a -Name b", "ParameterAlreadyBound",
     ("Cannot bind parameter because parameter 'Name' is specified more than once. To provide multiple values to parameters that "
     'can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".')),
    ("probe a Medium", "ParameterArgumentValidationError",
     ("Cannot validate argument on parameter 'Mode'. The argument \"Medium\" does not belong to the set \"Fast,Slow\" specified by the "
     "ValidateSet attribute. Supply an argument that is in the set and then try the command again.")),
    ("probe -Id abc", "CannotConvertArgumentNoMessage",
     ("Cannot bind parameter 'Id'. Cannot convert value \"abc\" to type \"System.Int32\". Error: \"Input string was not in a correct "
     'format."')),
    ("probe -Name $null", "ParameterArgumentValidationErrorNullNotAllowed",
     "Cannot bind argument to parameter 'Name' because it is null."),
    ("probe -Name ''", "ParameterArgumentValidationErrorEmptyStringNotAllowed",
     "Cannot bind argument to parameter 'Name' because it is an empty string."),
    ("probe -Name @()", "ParameterArgumentValidationErrorEmptyArrayNotAllowed",
     "Cannot bind argument to parameter 'Name' because it is an empty array."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fqid", "message"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refusals(run, text, fqid, message):
    outcome = run(text)
    (record,) = outcome.errors
    assert record.fqid == f"{fqid},Microsoft.PowerShell.Commands.TestProbeCommand"
    assert record.message == message
    assert record.category.activity == "Test-Probe"


def test_what_if_does_nothing_and_says_so(run):
    outcome = run("probe a -WhatIf")
    assert outcome.output == ["ByName [('Name', ['a'])]"]
    assert outcome.information == ['What if: Performing the operation "Probe" on target "target".']


def test_input_that_nothing_takes_is_reported_for_each_object(run):
    outcome = run("1..2 | Test-Deaf; 'after'")
    assert [record.fqid.partition(",")[0] for record in outcome.errors] == ["InputObjectNotBound"] * 2
    assert outcome.output == ["after"]


FUNCTIONS = [
    ("function f { [CmdletBinding()]param([Parameter(Mandatory)]$x) $x }; f", [], ["MissingMandatoryParameter,f"]),
    ("function f { [CmdletBinding()]param($x) $x }; f -y 1", [], ["NamedParameterNotFound,f"]),
    ("function f { [CmdletBinding()]param($x) $x }; f 1 2", [], ["PositionalParameterNotFound,f"]),
    ('function f { param($x) "$x|$args" }; f 1 2 -z 3', ["1|2 -z 3"], []),
    ("function f { param([ValidateRange(1,5)]$n) $n }; f 3; f 9", [3], ["ParameterArgumentValidationError,f"]),
    ("function f { param([ValidatePattern('^a')]$s) $s }; f abc; f xyz", ["abc"], ["ParameterArgumentValidationError,f"]),
    ("function f { param([ValidateScript({ $_ -gt 2 })]$n) $n }; f 3; f 1", [3], ["ParameterArgumentValidationError,f"]),
    ("function f { param([ValidateNotNullOrEmpty()]$s) $s }; f ''", [], ["ParameterArgumentValidationError,f"]),
    ("function f { param([Alias('n')]$Name) $Name }; f -n x", ["x"], []),
    ('function f { param([Parameter(Position=1)]$b, [Parameter(Position=0)]$a) "$a$b" }; f 1 2', ["12"], []),
    (("function f { [CmdletBinding(DefaultParameterSetName='A')]param([Parameter(ParameterSetName='A')]$a, "
     "[Parameter(ParameterSetName='B')]$b) $PSCmdlet.ParameterSetName }; f; f -b 1"), ["A", "B"], []),
    ("function f { [CmdletBinding(SupportsShouldProcess)]param() if ($PSCmdlet.ShouldProcess('t')) { 'did' } }; f; f -WhatIf", ["did"], []),
    (("function f { [CmdletBinding()]param([Parameter(ValueFromPipelineByPropertyName)]$Name) process { $Name } }; "
     "[pscustomobject]@{Name='p'} | f"), ["p"], []),
    ("function f { [CmdletBinding()]param() Write-Verbose 'v'; 'x' }; f -Verbose", ["x"], []),
    ("function f { param([string[]]$s) $s.Count }; f a,b; f a", [2, 1], []),
    ("function f { param([datetime]$d) $d.Year }; f '2020-05-06'", [2020], []),
    ("function f { param($x = $(Get-Date -Year 2001).Year) $x }; f", [2001], []),
    ("function f { param($a, $b = $a + 1) $b }; f 4", [5], []),
    ("[ValidateSet('a','b')]$v = 'a'; $v = 'c'; $v", ["a"], ["ValidateSetFailure"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "output", "errors"), FUNCTIONS, ids=[case[0][:70] for case in FUNCTIONS])
def test_functions(run, text, output, errors):
    outcome = run(text)
    assert outcome.output == output
    assert outcome.error_ids == errors


def test_verbose_of_an_advanced_function_reaches_the_stream(run):
    assert run("function f { [CmdletBinding()]param() Write-Verbose 'v' }; f -Verbose; f").verbose == ["v"]
