from __future__ import annotations

import ast
from pathlib import Path

import fakes.arm
from fakes.arm.errors import ArmError, resource_not_found
from fakes.arm.text_sources import LAB, SOURCES, source

MODULES = sorted(Path(fakes.arm.__file__).parent.rglob("*.py"))
MAKERS = {"ArmError": 1, "bad_request": 0}


def texts():
    """(where, code, message) of every error the control plane spells out; ``{}`` for what is filled in."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            first = {**MAKERS, "_refusal": 0}.get(name)
            if first is None or len(node.args) < first + 2 or not isinstance(node.args[first], ast.Constant):
                continue
            message = node.args[first + 1]
            parts = message.values if isinstance(message, ast.JoinedStr) else [message]
            text = "{}".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            yield f"{path.name}:{node.lineno}", node.args[first].value, text


def test_every_text_says_where_it_is_from():
    found = list(texts())
    assert len(found) > 40
    unknown = [
        f"{where} {code}"
        for where, code, text in found
        if sum(one == code and part in text for one, part in SOURCES) != 1
    ]
    assert not unknown


def test_no_entry_is_left_over():
    used = {key for key in SOURCES for _, code, text in texts() if key[0] == code and key[1] in text}
    inner = {"DuplicateResourceName", "InvalidJson"}  # codes of the details within another error
    assert {code for code, _ in SOURCES.keys() - used} <= inner


def test_an_error_tells_its_source():
    assert resource_not_found(
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d"
    ).source.startswith("JeffBow/")
    assert ArmError(501, "NotSimulated", "NOT SIMULATED: x").source == LAB
    assert (
        source("OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running.") != LAB
    )
    assert source("OperationNotAllowed", "Disk d is attached to VM v.") == LAB
