"""The joints of the code base, held by reading it: who may know whom, and what no module does."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAB, FAKES, SCENARIOS, TESTS = (ROOT / name for name in ("lab", "fakes", "scenarios", "tests"))
SOURCE = sorted([*LAB.rglob("*.py"), *FAKES.rglob("*.py")])
TEXT = sorted(
    path
    for folder in (LAB, FAKES, SCENARIOS, TESTS, ROOT / ".ci")
    for path in folder.rglob("*")
    if path.is_file() and "__pycache__" not in path.parts and path.name != "package-lock.json"
) + [
    path
    for path in ROOT.iterdir()
    if path.suffix in {".py", ".md", ".toml", ".txt"} or path.name == "Makefile"
]
LONGEST = 500


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@cache
def parse(path: Path) -> list[ast.AST]:
    """Every node of a module."""
    return list(ast.walk(ast.parse(read(path))))


def imports(path: Path) -> set[str]:
    found = set()
    for node in parse(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def strings(path: Path) -> list[str]:
    """Every string of a module, its docstrings included."""
    return [
        node.value for node in parse(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_the_lab_knows_its_fakes_in_one_module_only():
    knowing = {
        name(path)
        for path in LAB.rglob("*.py")
        if any(found.split(".")[0] == "fakes" for found in imports(path))
        or any(re.match(r"fakes\b[./]", text) for text in strings(path))
    }
    assert knowing == {"lab/programs.py"}


def test_the_lab_imports_no_fake_even_there():
    assert not {found for path in LAB.rglob("*.py") for found in imports(path) if found.startswith("fakes")}


def test_fakes_know_nothing_of_the_lab():
    assert not [
        name(path) for path in FAKES.rglob("*.py") if any(i.split(".")[0] == "lab" for i in imports(path))
    ]


def test_fakes_know_no_scenario():
    listed = re.findall(r"- id: (\w+_\w+)$", read(SCENARIOS / "catalogue.yaml"), re.MULTILINE)
    ids = {*listed, *(path.parent.name for path in SCENARIOS.glob("*/scenario.yaml"))}
    assert len(ids) > 80
    known = re.compile(rf"\b({'|'.join(sorted(ids))}|scenarios/)\b")
    telling = {
        f"{name(path)}: {found}"
        for path in TEXT
        if path.is_relative_to(FAKES)
        for found in known.findall(read(path))
    }
    assert not telling


def test_scenarios_are_data_and_scripts():
    files = [path for path in TEXT if path.is_relative_to(SCENARIOS)]
    assert not [name(path) for path in files if path.name == "__init__.py"]
    assert {path.suffix for path in files} <= {".yaml", ".ps1", ".cmd", ".bat", ".sh", ".py", ".md"}


@pytest.mark.parametrize("folder", [LAB, FAKES, TESTS], ids=lambda folder: folder.name)
def test_no_module_is_longer_than_one_sitting(folder):
    lengths = {name(path): len(read(path).splitlines()) for path in folder.rglob("*.py")}
    assert not {path: length for path, length in lengths.items() if length > LONGEST}


def test_no_error_is_swallowed_whole():
    swallowing = [
        f"{name(path)}:{node.lineno}"
        for path in SOURCE
        for node in parse(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and all(isinstance(line, ast.Pass | ast.Continue | ast.Constant) for line in node.body)
    ]
    assert not swallowing


def test_what_waits_by_the_clock_says_why():
    waits = [
        (path, node.lineno)
        for path in SOURCE
        for node in parse(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "time.sleep"
    ]
    assert not [
        f"{name(path)}:{line}" for path, line in waits if "  # " not in read(path).splitlines()[line - 1]
    ]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("the folder of one machine", r"/work/(main|shared|notes)|/home/(?!lab\b)[a-z]+/|/Users/[a-z]+/"),
        (
            "a registry's address",
            r"\b(npmjs|pypi|pythonh[o]sted|debian|ubuntu|ghcr|mcr\.microsoft|hub\.docker)\.(org|io|com)\b",
        ),
        ("unfinished work", r"\b(TODO|FIXME|XXX)\b"),
    ],
)
def test_no_text_holds(what, pattern):
    found = [
        f"{name(path)}:{number}"
        for path in TEXT
        if path != Path(__file__)
        for number, line in enumerate(read(path).splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert not found, what
