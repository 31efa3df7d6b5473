"""JSON, WQL, wildcards, encodings and order: the pure parts of the cmdlets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.windows.powershell.cmdlets import json_text, textfiles, wql
from fakes.windows.powershell.cmdlets.order import string_key
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches
from fakes.windows.powershell.formatting.access import Reader
from fakes.windows.powershell.values import EnumValue, PSHashtable, custom_object


def to_json(value, depth=2, compress=False):
    return json_text.write(json_text.plain(value, depth, Reader.plain()), compress=compress)


def test_json_is_laid_out_as_5_1_does():
    # The layout of ConvertTo-Json.md (5.1): two blanks after a colon, nested lines under their bracket.
    value = PSHashtable({"Account": "User01", "Domain": PSHashtable({"a": [1, 2]}), "Empty": []})
    assert to_json(value).split("\r\n") == [
        "{",
        '    "Account":  "User01",',
        '    "Domain":  {',
        '                   "a":  [',
        "                             1,",
        "                             2",
        "                         ]",
        "               },",
        '    "Empty":  [',
        "",
        "              ]",
        "}",
    ]


def test_json_below_the_depth_is_text_and_enums_are_numbers():
    deep = custom_object(
        {"a": custom_object({"b": custom_object({"c": 1})}), "e": EnumValue("E", "Running", 4)}
    )
    assert to_json(deep, 1, compress=True) == '{"a":{"b":"@{c=1}"},"e":4}'


def test_json_escapes_what_could_be_html():
    assert to_json("<a & 'b'>\t\u00e9") == '"\\u003ca \\u0026 \\u0027b\\u0027\\u003e\\té"'


def test_reading_json_gives_objects_and_says_what_is_wrong():
    value = json_text.read('{"Name": "x", "Items": [1, 2.5, null]}')
    assert value.get("name") == "x"
    assert [str(item) for item in value.get("items")] == ["1", "2.5", "None"]
    with pytest.raises(json_text.JsonError, match=r"Invalid JSON primitive: hello\."):
        json_text.read("hello world")


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**31), 2**31 - 1) | st.text(), st.lists))
def test_what_is_written_is_read_back(value):
    assert json_text.read(to_json(value, 100)) == value


@pytest.mark.parametrize(
    ("text", "row", "meets"),
    [
        ("Name='VSS'", {"Name": "vss"}, True),
        ("Name LIKE 'Win%' AND State <> 'Running'", {"Name": "WinRM", "State": "Running"}, False),
        ("ProcessId = 0 or Started = true", {"ProcessId": 4, "Started": True}, True),
        ("NOT (StartMode = 'Disabled')", {"StartMode": "Auto"}, True),
        (r"Path = 'C:\\Windows'", {"Path": r"C:\Windows"}, True),
        ("Description IS NULL", {"Description": None}, True),
    ],
)
def test_wql(text, row, meets):
    assert wql.parse_where(text)(row.get) is meets


@pytest.mark.parametrize("text", ["Name =", "= 'x'", "Name = 'x' and", "Name ~ 'x'", "(Name = 'x'"])
def test_bad_wql_is_refused(text):
    with pytest.raises(wql.QueryError):
        wql.parse_where(text)


def test_wildcards():
    assert matches("[a-c]*", "Bits")
    assert not matches("`*", "x")
    assert has_wildcard("a?")
    assert not has_wildcard("a`?")


@given(st.text())
def test_a_text_matches_itself_escaped(text):
    escaped = "".join("`" + char if char in "*?[]`" else char for char in text)
    assert matches(escaped, text)


@pytest.mark.parametrize("name", ["Unicode", "BigEndianUnicode", "UTF8", "UTF32"])
def test_a_byte_order_mark_decides_the_encoding(name):
    assert textfiles.decode(textfiles.encode("Grüße", name, mark=True)) == "Grüße"


def test_order_is_that_of_words():
    assert sorted(["co-op", "coop", "_x", "10", "Coo", "a"], key=string_key) == [
        "_x",
        "10",
        "a",
        "Coo",
        "coop",
        "co-op",
    ]
