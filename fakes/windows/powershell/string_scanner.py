"""Strings: single-quoted, expandable, here-strings, and bare words with ``$`` parts."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from fakes.windows.powershell import ast, tokens
from fakes.windows.powershell.scanner import Scanner

_HERE_START = re.compile(r"[ \t]*(\r\n|\n|\r)")
_HERE_END = {
    quote: re.compile(rf"(?:\r\n|\n|\r)[{quotes}]@")
    for quote, quotes in (("'", tokens.SINGLE_QUOTES), ('"', tokens.DOUBLE_QUOTES))
}


class StringScanner(Scanner):
    """Adds the string forms; ``$( )`` inside calls back into the statement grammar."""

    def sub_expression(self) -> ast.SubExpression:
        """``$( ... )``; the current character is ``$``."""
        raise NotImplementedError

    def string(self) -> ast.Constant | ast.ExpandableString:
        """A quoted string; the current character is a quote."""
        if self.text[self.pos] in tokens.SINGLE_QUOTES:
            return self._single()
        start = self.pos
        self.pos += 1
        parts = self._expandable_parts(start)
        return _expandable(start, self.pos, parts)

    def _single(self) -> ast.Constant:
        start = self.pos
        at, pieces = start + 1, []
        while True:
            found = tokens.SINGLE_STOP.search(self.text, at)
            if not found:
                self._unterminated(start, "'")
            pieces.append(self.text[at : found.start()])
            at = found.end()
            if at < self.size and self.text[at] in tokens.SINGLE_QUOTES:
                pieces.append(self.text[at])
                at += 1
            else:
                self.pos = at
                return ast.Constant(start, at, "".join(pieces))

    def _unterminated(self, start: int, quote: str) -> NoReturn:
        message = f"The string is missing the terminator: {quote}."
        self.fail("TerminatorExpectedAtEndOfString", message, start, self.size, incomplete=True)

    def _expandable_parts(self, start: int) -> list[Any]:
        """Parts up to and over the closing double quote."""
        parts: list[Any] = []
        while True:
            found = tokens.QUOTED_STOP.search(self.text, self.pos)
            if not found:
                self._unterminated(start, '"')
            _text(parts, self.text[self.pos : found.start()])
            self.pos = found.start()
            char = self.text[self.pos]
            if char == "`":
                self._escape(parts)
            elif char == "$":
                self._dollar(parts)
            elif self.peek(1) and self.peek(1) in tokens.DOUBLE_QUOTES:
                _text(parts, self.peek(1))
                self.pos += 2
            else:
                self.pos += 1
                return parts

    def _escape(self, parts: list[Any]) -> None:
        """A backtick and what it escapes."""
        char = self.peek(1)
        if not char:
            self.pos += 1
            return
        self.pos += 2
        if char == "\r" and self.peek() == "\n":
            self.pos += 1
            char = "\r\n"
        _text(parts, tokens.ESCAPES.get(char, char))

    def _dollar(self, parts: list[Any]) -> None:
        """A ``$`` inside expandable text: variable, subexpression or just a dollar."""
        if self.peek(1) == "(":
            parts.append(self.sub_expression())
            return
        found = tokens.VARIABLE.match(self.text, self.pos)
        if found:
            start, self.pos = self.pos, found.end()
            parts.append(self.variable_from(found, start))
        else:
            _text(parts, "$")
            self.pos += 1

    def expandable_part(self, parts: list[Any]) -> None:
        """One escape or ``$`` part; the current character is a backtick or a dollar."""
        if self.text[self.pos] == "`":
            self._escape(parts)
        else:
            self._dollar(parts)

    def here_string(self) -> ast.Constant | ast.ExpandableString:
        """A here-string; the current characters are ``@'`` or ``@"``."""
        start = self.pos
        quote = "'" if self.text[start + 1] in tokens.SINGLE_QUOTES else '"'
        head = _HERE_START.match(self.text, start + 2)
        if not head:
            message = "No characters are allowed after a here-string header but before the end of the line."
            self.fail("UnexpectedCharactersAfterHereStringHeader", message, start, start + 2)
        body = head.end()
        end = _HERE_END[quote].search(self.text, head.start(1))
        if not end:
            self._unterminated(start, f"{quote}@")
        if quote == "'":
            self.pos = end.end()
            return ast.Constant(start, end.end(), self.text[body : max(end.start(), body)])
        parts = self._here_parts(body, max(end.start(), body))
        end = _HERE_END[quote].search(self.text, max(self.pos - 2, head.start(1))) or end
        self.pos = end.end()
        return _expandable(start, self.pos, parts)

    def _here_parts(self, body: int, end: int) -> list[Any]:
        """The parts of an expandable here-string between two offsets."""
        parts: list[Any] = []
        self.pos = body
        stop = re.compile(r"[`$]")
        while self.pos < end:
            found = stop.search(self.text, self.pos, end)
            if not found:
                _text(parts, self.text[self.pos : end])
                self.pos = end
                break
            _text(parts, self.text[self.pos : found.start()])
            self.pos = found.start()
            if found.group() == "`":
                self._escape(parts)
            else:
                self._dollar(parts)
                if self.pos > end:  # a $( ) that holds a line that looks like the terminator
                    again = _HERE_END['"'].search(self.text, self.pos)
                    if not again:
                        self._unterminated(body, '"@')
                    end = again.start()
        return parts

    def bare(self) -> ast.Constant | ast.ExpandableString:
        """A bare argument: up to a blank or a separator, with quotes and ``$`` inside."""
        start = self.pos
        parts: list[Any] = []
        while self.pos < self.size:
            chunk = tokens.BARE_CHUNK.match(self.text, self.pos)
            if chunk:
                _text(parts, chunk.group())
                self.pos = chunk.end()
                continue
            char = self.text[self.pos]
            if char == "`":
                self._escape(parts)
            elif char == "$":
                self._dollar(parts)
            elif char in tokens.SINGLE_QUOTES:
                _text(parts, self._single().value)
            elif char in tokens.DOUBLE_QUOTES:
                opening = self.pos
                self.pos += 1
                for part in self._expandable_parts(opening):
                    _text(parts, part) if isinstance(part, str) else parts.append(part)
            else:
                break
        node = _expandable(start, self.pos, parts)
        node.bare = True
        return node


def _text(parts: list[Any], text: str) -> None:
    """Append text, joined to text that stands before it."""
    if not text:
        return
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)


def _expandable(start: int, end: int, parts: list[Any]) -> ast.Constant | ast.ExpandableString:
    if not parts:
        return ast.Constant(start, end, "")
    if len(parts) == 1 and isinstance(parts[0], str):
        return ast.Constant(start, end, parts[0])
    return ast.ExpandableString(start, end, parts)


def parse_expandable(text: str) -> ast.Constant | ast.ExpandableString:
    """The parts of a text as a double-quoted string would have them (ExpandString)."""
    from fakes.windows.powershell.parser import Parser
    from fakes.windows.powershell.position import Source

    scanner = Parser(Source(text))
    parts: list[Any] = []
    while scanner.pos < scanner.size:
        found = re.compile(r"[`$]").search(text, scanner.pos)
        if not found:
            _text(parts, text[scanner.pos :])
            break
        _text(parts, text[scanner.pos : found.start()])
        scanner.pos = found.start()
        scanner.expandable_part(parts)
    return _expandable(0, scanner.size, parts)
