"""Type names and attributes: what stands between square brackets."""

from __future__ import annotations

from fakes.windows.powershell import ast, tokens
from fakes.windows.powershell.string_scanner import StringScanner


class TypeParser(StringScanner):
    """Adds ``[type]`` and ``[Attribute(...)]``."""

    def expression(self, *, comma: bool = True) -> ast.Expression:
        """An expression; see the expression grammar."""
        raise NotImplementedError

    def bracket(self) -> ast.TypeName | ast.Attribute:
        """``[...]``; the current character is ``[``. Consumes the closing bracket."""
        start = self.pos
        self.pos += 1
        self.skip_lines()
        name = self.type_name()
        if self.skip() == "(":
            attribute = self._attribute(start, str(name))
            self._close_bracket()
            attribute.end = self.pos
            return attribute
        self._close_bracket()
        return name

    def _close_bracket(self) -> None:
        if self.skip_lines() != "]":
            self.fail(
                "EndSquareBracketExpectedAtEndOfAttribute",
                "Missing ] at end of attribute or type literal.",
                incomplete=self.pos >= self.size,
            )
        self.pos += 1

    def type_name(self) -> ast.TypeName:
        """A type's name with generic arguments and array ranks, without outer brackets."""
        found = tokens.TYPE_NAME.match(self.text, self.pos)
        if not found:
            if self.pos >= self.size or self.peek() == "]":
                self.fail("MissingTypename", "Missing type name after '['.")
            self.fail("MissingTypename", "Missing type name after '['.")
        self.pos = found.end()
        name = ast.TypeName(found.group())
        while self.peek() == "[":
            self.pos += 1
            char = self.skip()
            if char in {"]", ","}:
                rank = 1
                while self.skip() == ",":
                    rank += 1
                    self.pos += 1
                self._close_bracket()
                name.ranks.append(rank)
            else:
                self._generic_arguments(name)
        if self.skip() == "," and self._assembly_qualified():
            stop = self.text.find("]", self.pos)
            self.pos = stop if stop >= 0 else self.size
        return name

    def _assembly_qualified(self) -> bool:
        """Whether ``, mscorlib, Version=...`` follows, which names an assembly."""
        tail = self.text[self.pos : self.pos + 80].lower()
        return "version=" in tail or "mscorlib" in tail or ", system" in tail

    def _generic_arguments(self, name: ast.TypeName) -> None:
        self.enter()
        while True:
            if self.skip_lines() == "[":
                inner = self.bracket()
                if isinstance(inner, ast.Attribute):
                    self.fail("MissingTypename", "Missing type name after '['.")
                name.arguments.append(inner)
            else:
                name.arguments.append(self.type_name())
            if self.skip_lines() != ",":
                break
            self.pos += 1
        self._close_bracket()
        self.leave()

    def _attribute(self, start: int, name: str) -> ast.Attribute:
        """The parenthesised arguments of an attribute."""
        self.pos += 1
        node = ast.Attribute(start, start, name, [], {})
        while self.skip_lines() != ")":
            if self.pos >= self.size:
                message = "Missing ')' in method call."
                self.fail("MissingEndParenthesisInMethodCall", message, incomplete=True)
            word = tokens.WORD.match(self.text, self.pos)
            if word:
                self.pos = word.end()
                if self.skip_lines() == "=":
                    self.pos += 1
                    self.skip_lines()
                    node.named[word.group().lower()] = self.expression(comma=False)
                else:
                    node.named[word.group().lower()] = None
            else:
                node.positional.append(self.expression(comma=False))
            if self.skip_lines() == ",":
                self.pos += 1
            elif self.peek() != ")":
                message = "Missing ')' in method call."
                self.fail("MissingEndParenthesisInMethodCall", message, incomplete=self.pos >= self.size)
        self.pos += 1
        return node
