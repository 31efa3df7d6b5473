"""WQL: the WHERE clauses of Get-CimInstance -Filter and -Query (MicrosoftDocs/win32, "WQL (SQL for WMI)")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = Callable[[str], Any]
"""Reads a property of the instance at hand."""
Test = Callable[[Row], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:\\.|[^'])*'|"(?:\\.|[^"])*")|(?P<word>[A-Za-z_][\w.]*)|(?P<number>-?\d+(?:\.\d+)?)
    |(?P<op><>|!=|<=|>=|=|<|>)|(?P<paren>[()]))""",
    re.VERBOSE,
)
_QUERY = re.compile(
    r"\s*select\s+(?P<columns>\*|[\w\s,]+?)\s+from\s+(?P<class>\w+)(?:\s+where\s+(?P<where>.+))?\s*$",
    re.IGNORECASE | re.DOTALL,
)


class QueryError(ValueError):
    """Not valid WQL."""


@dataclass(frozen=True)
class Query:
    """``SELECT columns FROM class WHERE ...``; no columns means all."""

    class_name: str
    columns: tuple[str, ...]
    where: Test


def parse_query(text: str) -> Query:
    """Parses a SELECT statement.

    Raises:
        QueryError: it is none.
    """
    found = _QUERY.match(text)
    if found is None:
        raise QueryError(text)
    columns = (
        () if found["columns"].strip() == "*" else tuple(part.strip() for part in found["columns"].split(","))
    )
    return Query(found["class"], columns, parse_where(found["where"]) if found["where"] else lambda _: True)


def parse_where(text: str) -> Test:
    """Parses a condition.

    Raises:
        QueryError: it does not parse.

    >>> test = parse_where("Name = 'VSS' and ProcessId <> 0")
    >>> test({"Name": "vss", "ProcessId": 4}.get)
    True
    """
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(text.rstrip()):
        found = _TOKEN.match(text, position)
        if found is None:
            raise QueryError(text)
        position = found.end()
        tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
    parser = _Parser(tokens, text)
    test = parser.either()
    if parser.index != len(tokens):
        raise QueryError(text)
    return test


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.index = 0

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.index] if self.index < len(self.tokens) else ("", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        if not token[0]:
            raise QueryError(self.text)
        self.index += 1
        return token

    def _word(self, word: str) -> bool:
        if self._peek()[0] == "word" and self._peek()[1].lower() == word:
            self.index += 1
            return True
        return False

    def either(self) -> Test:
        """Terms joined by OR."""
        test = self._both()
        while self._word("or"):
            test = _or(test, self._both())
        return test

    def _both(self) -> Test:
        test = self._one()
        while self._word("and"):
            test = _and(test, self._one())
        return test

    def _one(self) -> Test:
        if self._word("not"):
            inner = self._one()
            return lambda row: not inner(row)
        if self._peek() == ("paren", "("):
            self._take()
            test = self.either()
            if self._take() != ("paren", ")"):
                raise QueryError(self.text)
            return test
        return self._comparison()

    def _comparison(self) -> Test:
        kind, name = self._take()
        if kind != "word":
            raise QueryError(self.text)
        if self._word("is"):
            negated = self._word("not")
            if not self._word("null"):
                raise QueryError(self.text)
            return lambda row: (row(name) is None) != negated
        like = self._word("like")
        operator = "like" if like else self._take()[1]
        value = self._value()
        return lambda row: _compare(row(name), operator, value)

    def _value(self) -> Any:
        kind, text = self._take()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return float(text) if "." in text else int(text)
        lower = text.lower()
        if kind == "word" and lower in {"true", "false", "null"}:
            return {"true": True, "false": False, "null": None}[lower]
        raise QueryError(self.text)


def _or(left: Test, right: Test) -> Test:
    return lambda row: left(row) or right(row)


def _and(left: Test, right: Test) -> Test:
    return lambda row: left(row) and right(row)


def _compare(actual: Any, operator: str, wanted: Any) -> bool:
    if operator == "like":
        pattern = "".join(
            {"%": ".*", "_": "."}.get(char, char if char in "[]^-" else re.escape(char))
            for char in str(wanted)
        )
        return (
            actual is not None and re.fullmatch(pattern, str(actual), re.IGNORECASE | re.DOTALL) is not None
        )
    if isinstance(actual, bool):
        wanted = str(wanted).lower() == "true" if isinstance(wanted, str) else bool(wanted)
    elif isinstance(actual, int) and isinstance(wanted, str) and wanted.lstrip("-").isdigit():
        wanted = int(wanted)
    elif isinstance(actual, str):
        actual, wanted = actual.lower(), str(wanted).lower()
    if actual is None or wanted is None:
        return (actual is wanted) == (operator == "=") and operator in {"=", "<>", "!="}
    match operator:
        case "=":
            return bool(actual == wanted)
        case "<>" | "!=":
            return bool(actual != wanted)
        case "<":
            return bool(actual < wanted)
        case ">":
            return bool(actual > wanted)
        case "<=":
            return bool(actual <= wanted)
        case _:
            return bool(actual >= wanted)
