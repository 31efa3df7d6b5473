from __future__ import annotations

import pytest

from lab.engine.diff import ABSENT, difference

CASES = [
    ("nothing", {"a": 1}, {"a": 1}, []),
    ("a leaf", {"a": {"b": 1}}, {"a": {"b": 2}}, [("a/b", 1, 2)]),
    ("a new leaf", {}, {"a": 1}, [("a", ABSENT, 1)]),
    ("a removed tree, leaf by leaf", {"a": {"b": 1, "c": {"d": 2}}}, {}, [("a/b", 1, ABSENT), ("a/c/d", 2, ABSENT)]),
    ("an empty new tree", {}, {"a": {}}, [("a", ABSENT, {})]),
    ("a list of plain values", {"a": [1]}, {"a": [1, 2]}, [("a", [1], [1, 2])]),
    ("a list by names", {"a": [{"name": "x", "v": 1}]}, {"a": [{"name": "y", "v": 9}, {"name": "x", "v": 2}]},
     [("a/x/v", 1, 2), ("a/y/name", ABSENT, "y"), ("a/y/v", ABSENT, 9)]),
    ("a list to empty", {"a": [{"name": "x"}]}, {"a": []}, [("a/x/name", "x", ABSENT)]),
    ("another type", {"a": {"b": 1}}, {"a": 1}, [("a", {"b": 1}, 1)]),
    ("a resource id as key", {"azure": {"/subs/S": 1}}, {"azure": {"/subs/S": 2}}, [("azure/subs/S", 1, 2)]),
    ("false is not absent", {"a": False}, {"a": None}, [("a", False, None)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_difference(before, after, expected):
    assert [(change.path, change.before, change.after) for change in difference(before, after)] == expected


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("vm/services/VSS/state", []),
        ("VM/services/*/State", []),
        ("vm/services/*", []),
        ("*", []),
        ("vm/services", ["vm/services/VSS/state"]),
        ("vm/services/CryptSvc/*", ["vm/services/VSS/state"]),
    ],
)
def test_patterns_leave_out_what_they_cover(pattern, left):
    before = {"vm": {"services": {"VSS": {"state": 1}}}}
    after = {"vm": {"services": {"VSS": {"state": 4}}}}
    assert [change.path for change in difference(before, after, [pattern])] == left
