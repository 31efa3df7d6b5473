from __future__ import annotations

import pytest

from lab.errors import UsageError
from lab.model.yamltext import parse


def test_lines_of_nested_parts_are_known():
    data, source = parse("a:\n  - x: 1\n    y: 2\n  - z\n", "f")
    assert data == {"a": [{"x": 1, "y": 2}, "z"]}
    assert source.where(("a", 0, "y")) == "f:3"
    assert source.where(("a", 1)) == "f:4"


def test_tags_of_unions_are_skipped_in_paths():
    _, source = parse("steps:\n  - cmd: x\n    finds: y\n", "f")
    assert source.line(("steps", 0, "cmd", "finds")) == 3
    assert source.line(("steps", 0, "cmd", "missing")) == 2
    assert source.line(("nowhere",)) == 1


def test_on_and_off_are_words_and_true_is_a_boolean():
    data, _ = parse("on: off\nx: true\ny: yes\nz: 2020-01-01\n", "f")
    assert data == {"on": "off", "x": True, "y": "yes", "z": "2020-01-01"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3: a: given twice, first in line 1"),
        ("x:\n  k: 1\n  k: 2\n", "f:3: k: given twice, first in line 2"),
        ("a: [1\n", "f:2: not YAML"),
        ("1.5: x\n", "f:1: a key must be plain text, not float"),
    ],
)
def test_what_is_no_good_yaml_is_refused_with_its_line(text, message):
    with pytest.raises(UsageError) as raised:
        parse(text, "f")
    assert raised.value.message.startswith(message)


def test_an_empty_file_is_none():
    assert parse("", "f")[0] is None
