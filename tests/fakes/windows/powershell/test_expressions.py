"""Expressions and their values. Comments name the rule that a case stands for."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

CASES = [
    # arithmetic with .NET's promotions
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("10 / 4", 2.5),
    ("10 / 5", 2),
    ("-7 % 3", -1),
    ("7.5 % 2", 1.5),
    ("2147483647 + 1", 2147483648.0),  # Int32 overflow gives Double
    ("1.5 + 1", 2.5),
    ("1.5d + 1", Decimal("2.5")),
    ("'5' + 3", "53"),
    ("5 + '3'", 8),
    ("'a' * 3", "aaa"),
    ("$null + 5", 5),
    ("5 - '2'", 3),
    ("'10' / 4", 2.5),
    ("1KB + 1", 1025),
    ("1.5GB / 1MB", 1536.0),
    ("0x1F", 31),
    ("0xFFFFFFFF", -1),  # hexadecimal literals are two's complement in 5.1
    ("1e3", 1000.0),
    ("(1536MB / 1GB)", 1.5),
    ("7 -band 3", 3),
    ("1 -shl 4", 16),
    ("-bnot 0", -1),
    ("5 -bxor 1", 4),
    # arrays
    ("@(1,2,3).Count", 3),
    ("(1..5)[-1]", 5),
    ("(1..5)[1..2]", [2, 3]),
    ("(1,2) + 3", [1, 2, 3]),
    ("(5..1)[0]", 5),
    (",(1,2) | ForEach-Object { $_.Count }", 2),
    ("@().Count", 0),
    ("(1,2,3)[5]", None),
    ("$x = 1,2,3; $x[0] = 9; $x -join ','", "9,2,3"),
    ("@(1,(2,3)).Count", 2),
    ("(5).Count", 1),
    # comparison: the left operand decides; lists are filtered
    ("'ABC' -eq 'abc'", True),
    ("'ABC' -ceq 'abc'", False),
    ("5 -eq '5'", True),
    ("'5' -eq 5", True),
    ("'5' -eq 5.0", True),
    ("5 -eq 'abc'", False),
    ("10 -gt '9'", True),
    ("'10' -gt '9'", False),
    ("1,2,3 -eq 2", 2),
    ("1,2,3 -gt 1", [2, 3]),
    ("$null -eq 0", False),
    ("$true -eq 'x'", True),
    ("0 -eq $false", True),
    ("'a' -lt 'B'", True),
    ("1,2,3 -contains 2", True),
    ("2 -in 1,2,3", True),
    ("'b' -notin 'a','c'", True),
    ("1,2 -notcontains 3", True),
    # text operators
    ("'hello' -like 'h*o'", True),
    ("'hello' -clike 'H*'", False),
    ("'a.b' -match 'a\\.b'", True),
    ("'abc' -replace 'b','x'", "axc"),
    ("'John Smith' -replace '(\\w+) (\\w+)', '$2, $1'", "Smith, John"),
    ("'a,b,c' -split ','", ["a", "b", "c"]),
    ("'a,b,c' -split ',', 2", ["a", "b,c"]),
    ("-split ' a  b '", ["a", "b"]),
    ("'a','b' -join '-'", "a-b"),
    ("-join ('a','b')", "ab"),
    ("'{0:N2}|{1,5}|{2,-4}|' -f 1234.567, 'ab', 'c'", "1,234.57|   ab|c   |"),
    ("'{0:D4} {0:X2} {1:P1}' -f 10, 0.255", "0010 0A 25.5 %"),
    ("'{{{0}}}' -f 5", "{5}"),
    ("'{0:yyyy-MM-dd HH:mm}' -f [datetime]'2021-03-04 05:06'", "2021-03-04 05:06"),
    ("'{0:#,##0.0}' -f 12345.67", "12,345.7"),
    ("'{0:00.00}' -f 3.14159", "03.14"),
    ("'{0:C}' -f 1234.5", "$1,234.50"),
    # logic
    ("$true -and $false -or $true", True),
    ("-not ''", True),
    ("!1", False),
    ("$true -xor $true", False),
    # types
    ("[int]'42'", 42),
    ("[int]2.5", 2),  # banker's rounding
    ("[int]3.5", 4),
    ("[string]5.0", "5"),
    ("[bool]'false'", True),
    ("[char]65", "A"),
    ("[int][char]'A'", 65),
    ("5 -is [int]", True),
    ("5 -isnot [string]", True),
    ("'5' -as [int]", 5),
    ("'x' -as [int]", None),
    ("(5).GetType().Name", "Int32"),
    ("(1,2).GetType().FullName", "System.Object[]"),
    ("([string[]]('a','b')).GetType().Name", "String[]"),
    ("[double]'1.5'", 1.5),
    ("[long]5 -is [long]", True),
    ("(3GB).GetType().Name", "Int64"),
    ("[System.DayOfWeek]'Monday' -eq 'Monday'", True),
    ("[math]::Max(3, 7)", 7),
    ("[string]::Join('-', 1, 2)", "1-2"),
    ("[int]::MaxValue", 2147483647),
    # strings
    ('"a$(1 + 1)b"', "a2b"),
    ('$k = 1; "$($k)=$(2)"', "1=2"),
    ('$x = 5; "v=$x;"', "v=5;"),
    ("$h = @{k = 'v'}; \"$($h.k) $h\"", "v System.Collections.Hashtable"),
    ('"tab`tquote`"dollar`$"', 'tab\tquote"dollar$'),
    ("'it''s'", "it's"),
    ('"say ""hi"""', 'say "hi"'),
    ("@'\nraw $x\n'@", "raw $x"),
    ('$n = 1; @"\nn=$n\n  "q"\n"@', 'n=1\n  "q"'),
    ('"${env:COMPUTERNAME}"', "SRV1"),
    ('"$(1..3)"', "1 2 3"),
    ('$OFS = ","; "$(1..3)"', "1,2,3"),
    ('"$true $null|"', "True |"),
    ("'abc'[1]", "b"),
    ("'abc'.Length", 3),
    # hashtables
    ("@{a=1; b=2}.b", 2),
    ("@{a=1}['A']", 1),
    ("([ordered]@{z=1; a=2}).Keys -join ','", "z,a"),
    ("$h = @{}; $h.x = 1; $h['y'] = 2; $h.Count", 2),
    ("@{a = if ($true) { 'yes' } else { 'no' }}.a", "yes"),
    # assignment
    ("$a, $b = 1, 2; $b", 2),
    ("$a, $b = 1, 2, 3; $b -join ','", "2,3"),
    ("$a = $b = 4; $a + $b", 8),
    ("$i = 5; $i++; $i", 6),
    ("$i = 5; $x = $i++; $x", 5),
    ("$i = 5; $x = ++$i; $x", 6),
    ("$s = 'a'; $s += 'b'; $s", "ab"),
    ("$a = @(); $a += 1; $a += 2; $a.Count", 2),
    ("[int]$x = '5'; $x = '6'; $x + 1", 7),
    ("$x = if ($true) { 1 } else { 2 }; $x", 1),
    ("$x = foreach ($i in 1..3) { $i * 2 }; $x -join ','", "2,4,6"),
    ("($x = 5)", 5),
    # member enumeration, magic methods
    ("('a','bb').Length", 2),  # a property of the list itself wins
    ("('a','bb').ToUpper() -join ''", "ABB"),
    ("(1..5).Where({ $_ -gt 3 }) -join ','", "4,5"),
    ("(1..3).ForEach({ $_ * 2 }) -join ','", "2,4,6"),
    ("([pscustomobject]@{n=1},[pscustomobject]@{n=2}).n -join ','", "1,2"),
    ("([pscustomobject]@{b=1; a=2}).psobject.Properties.Name -join ','", "b,a"),
    ("\"$([pscustomobject]@{a=1; b='x'})\"", "@{a=1; b=x}"),
    ("$null.Foo", None),
    ("'x'.Nope", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0][:60] for case in CASES])
def test_value(value, text, expected):
    found = value(text)
    assert found == expected
    if isinstance(expected, (int, float, str, Decimal)) and not isinstance(expected, bool):
        assert isinstance(found, type(expected) if not isinstance(expected, float) else (float,))


def test_not_a_number(value):
    assert math.isnan(value("[double]::NaN"))


def test_floats_print_as_on_the_net_framework(value):
    assert value('"$(0.1 + 0.2) $(1/3) $(1e15) $(1e14) $(0.00001) $(100.0)"') == (
        "0.3 0.333333333333333 1E+15 100000000000000 1E-05 100"
    )


def test_dates_and_spans(value):
    assert (
        value("\"$([datetime]'2021-03-04') $([timespan]'1.02:03:04')\"") == "03/04/2021 00:00:00 1.02:03:04"
    )
    assert value("([datetime]'2021-03-04 15:00').ToString()") == "3/4/2021 3:00:00 PM"
    assert value("([datetime]'2021-03-04' - [datetime]'2021-03-01').Days") == 3
    assert value("(New-TimeSpan -Hours 30).TotalDays") == 1.25
