"""The command grammar: argument mode, parameters, redirections, pipelines, assignments."""

from __future__ import annotations

import re

from fakes.windows.powershell import ast, tokens
from fakes.windows.powershell.parser_expressions import ExpressionParser

_QUOTES = tokens.SINGLE_QUOTES + tokens.DOUBLE_QUOTES
#: What may follow a number or variable for it to be a whole argument.
_ARGUMENT_END = re.compile(r"[\s{}();,|&<>\x85\xa0]|$")
_VARIABLE_END = re.compile(r"[\s{}();,|&<>\x85\xa0.\[=]|::|\+\+|--|$")
_VERBATIM = re.compile(r"--%[ \t]*([^|\r\n]*)")
_DOT_WORD = re.compile(r"\.[\w\\/.*~-]")


class CommandParser(ExpressionParser):
    """Adds commands and pipelines."""

    # --- arguments ---------------------------------------------------------------------

    def argument(self) -> ast.Expression | None:
        """One argument: an atom, or atoms joined by commas; None at the command's end."""
        first = self.argument_atom()
        if first is None or self.skip() != ",":
            return first
        elements = [first]
        while self.skip() == ",":
            at = self.pos
            self.pos += 1
            self.skip_lines()
            element = self.argument_atom()
            if element is None:
                self.fail(
                    "MissingArgument",
                    "Missing argument in parameter list.",
                    at + 1,
                    at + 1,
                    incomplete=self.pos >= self.size,
                )
            elements.append(element)
        return ast.ArrayLiteral(first.start, elements[-1].end, elements)

    def argument_atom(self) -> ast.Expression | None:
        """One argument without the comma."""
        char = self.skip()
        if not char or char in "\r\n;|&)}<>,":
            return None
        if char == "$":
            if self.peek(1) == "(":
                return self._argument_postfix(self.sub_expression())
            found = tokens.VARIABLE.match(self.text, self.pos)
            if found and _VARIABLE_END.match(self.text, found.end()):
                return self._argument_postfix(self.variable())
            if not found and self.peek(1) == "{":
                self.variable()  # reports what is wrong with it
            return self.bare()
        if char in "({" or char in _QUOTES:
            return self.primary()
        if char == "@":
            return self._at_argument()
        if char.isdigit() or (char in "." + tokens.DASHES and self.peek(1).isdigit()):
            return self._number_argument()
        return self._bare_argument()

    def _argument_postfix(self, node: ast.Expression) -> ast.Expression:
        return self._postfix(node)

    def _bare_argument(self) -> ast.Expression:
        start = self.pos
        node = self.bare()
        if self.pos == start:
            self.unexpected()
        return node

    def _at_argument(self) -> ast.Expression:
        after = self.peek(1)
        if after and (after in "({" or after in _QUOTES):
            node = self.primary()
            assert node is not None
            return node
        found = tokens.SPLAT.match(self.text, self.pos)
        if found:
            start, self.pos = self.pos, found.end()
            return ast.Variable(start, self.pos, found["name"], found["scope"] or "", splat=True)
        if not after or after in tokens.END_BARE:
            self.fail("UnrecognizedToken", "Unrecognized token in source text.")
        return self._bare_argument()

    def _number_argument(self) -> ast.Expression:
        start = self.pos
        negative = self.peek() in tokens.DASHES
        if negative:
            self.pos += 1
        node = self.number()
        if node is None or not _ARGUMENT_END.match(self.text, self.pos):
            self.pos = start
            return self._bare_argument()
        if negative:
            node.value = type(node.value)(-node.value)
            node.start = start
        return node

    # --- commands ----------------------------------------------------------------------

    def _redirection(self, into: list[ast.Redirection]) -> bool:
        """Parse one redirection if it stands here."""
        found = tokens.REDIRECTION.match(self.text, self.pos)
        if not found:
            return False
        start, self.pos = self.pos, found.end()
        stream = found.group(1) or "1"
        if found.group(3):
            if found.group(3) != "1":
                operator = found.group()
                message = f"The '{operator}' operator is reserved for future use."
                self.fail("RedirectionNotSupported", message, start, self.pos)
            into.append(ast.Redirection(start, self.pos, stream, merge="1"))
            return True
        target = self.argument_atom()
        if target is None:
            message = "Missing file specification after redirection operator."
            self.fail(
                "MissingFileSpecification",
                message,
                found.end(),
                found.end(),
                incomplete=self.pos >= self.size,
            )
        append = found.group(2) == ">"
        into.append(ast.Redirection(start, self.pos, stream, target=target, append=append))
        return True

    def _parameter(self) -> ast.CommandParameter | ast.Expression | None:
        """``-Name`` or ``-Name:value``; a dash that begins something else gives None."""
        found = tokens.PARAMETER.match(self.text, self.pos)
        if not found:
            return None
        after = self.text[found.end() : found.end() + 1]
        if after and (after in _QUOTES or after in "$`") and not found["colon"]:
            return None
        start, self.pos = self.pos, found.end()
        node = ast.CommandParameter(start, self.pos, found["name"], text=found.group())
        if found["colon"]:
            node.argument = self.argument()
            if node.argument is None:
                message = f"Parameter -{node.name} requires an argument."
                self.fail("ParameterRequiresArgument", message, start, found.end())
            node.end = self.pos
        return node

    def command(self, name: ast.Expression, invocation: str, start: int) -> ast.Command:
        """The elements after a command's name."""
        node = ast.Command(start, name.end, name, [], invocation)
        while True:
            char = self.skip()
            if not char or char in "\r\n;|)}":
                break
            if char == "&":
                self.unexpected()
            if char in ">123456*" and self._redirection(node.redirections):
                node.end = self.pos
                continue
            if char == "<":
                self.unexpected()
            if char == ",":
                self.fail("MissingArgument", "Missing argument in parameter list.", self.pos)
            element: ast.Expression | ast.CommandParameter | None = None
            if char in tokens.DASHES:
                verbatim = _VERBATIM.match(self.text, self.pos)
                if verbatim:
                    node.verbatim = verbatim.group(1).rstrip()
                    self.pos = verbatim.end()
                    node.end = self.pos
                    continue
                element = self._parameter()
            if element is None:
                element = self.argument()
            if element is None:
                self.unexpected()
            node.elements.append(element)
            node.end = element.end
        return node

    # --- pipelines ---------------------------------------------------------------------

    def pipeline(self) -> ast.Statement:
        """A pipeline, or an assignment whose right side is a statement."""
        self.skip()
        start = self.pos
        first = self._element(first=True)
        if isinstance(first, ast.Assignment):
            return first
        if first is None:
            if self.peek() == "|":
                self.fail("EmptyPipeElement", "An empty pipe element is not allowed.", self.pos)
            self.unexpected()
        elements = [first]
        while self.skip() == "|":
            if self.peek(1) == "|":
                self.unexpected()
            at = self.pos
            self.pos += 1
            self.skip_lines()
            element = self._element(first=False)
            if element is None:
                self.fail(
                    "EmptyPipeElement",
                    "An empty pipe element is not allowed.",
                    at + 1,
                    at + 1,
                    incomplete=self.pos >= self.size,
                )
            assert not isinstance(element, ast.Assignment)
            if isinstance(element, ast.CommandExpression):
                message = "Expressions are only allowed as the first element of a pipeline."
                self.fail("ExpressionsMustBeFirstInPipeline", message, element.start, element.end)
            elements.append(element)
        return ast.Pipeline(start, elements[-1].end, elements)

    def _element(self, *, first: bool) -> ast.Command | ast.CommandExpression | ast.Assignment | None:
        char = self.skip()
        if not char or char in "\r\n;|)}":
            return None
        start = self.pos
        if char == "&":
            if self.peek(1) == "&":
                self.unexpected()
            return self._invocation("&")
        if char == "." and not _DOT_WORD.match(self.text, start):
            return self._invocation(".")
        if self._expression_starts(char):
            return self._expression_element(start, first=first)
        if char in ",<>" or (char == "=" and self.peek(1) in {"", " "}):
            self.unexpected()
        name = self.bare()
        if self.pos == start:
            self.unexpected()
        return self.command(name, "", start)

    def _invocation(self, operator: str) -> ast.Command:
        """``& name args`` or ``. name args``."""
        start = self.pos
        self.pos += 1
        self.skip()
        name = self.argument_atom()
        if name is None:
            message = f"Missing expression after '{operator}' in pipeline element."
            self.fail("MissingExpression", message, start, start + 1, incomplete=self.pos >= self.size)
        return self.command(name, operator, start)

    def _expression_starts(self, char: str) -> bool:
        """Whether a pipeline element begins with an expression rather than a command name."""
        if char in "$([{!,+" or char in _QUOTES:
            return char != "+" or self.peek(1) not in tokens.END_BARE
        if char == "@":
            return True
        after = self.peek(1)
        if char.isdigit() or (char == "." and after.isdigit()):
            return self._number_starts()
        if char in tokens.DASHES:
            word = self.peek_dash_word()
            return word in tokens.UNARY_WORDS if word else True
        return False

    def _number_starts(self) -> bool:
        """Tell ``5 + 3``, ``1..5`` and ``1KB`` from the command ``7z.exe``."""
        found = tokens.NUMBER.match(self.text, self.pos)
        if not found:
            return False
        after = self.text[found.end() : found.end() + 2]
        return (
            not after
            or after[0] in tokens.END_BARE
            or after[0] in "+-*/%["
            or after == ".."
            or (after[0] in "=" + tokens.DASHES)
            or (after[0] == "." and not after[1:].isalpha())
        )

    def _expression_element(self, start: int, *, first: bool) -> ast.CommandExpression | ast.Assignment:
        expression = self.expression()
        char = self.skip()
        if first and char:
            assigned = tokens.ASSIGNMENT.match(self.text, self.pos)
            if assigned:
                return self._assignment(expression, assigned.group())
        node = ast.CommandExpression(start, expression.end, expression)
        while char and char in ">123456*" and self._redirection(node.redirections):
            node.end = self.pos
            char = self.skip()
        if char and char not in "\r\n;|)}":
            self.unexpected()
        return node

    def _assignment(self, target: ast.Expression, operator: str) -> ast.Assignment:
        at = self.pos
        if not _assignable(target):
            self.fail(
                "InvalidLeftHandSide",
                "The assignment expression is not valid. The input to an assignment operator must be an "
                "object that is able to accept assignments, such as a variable or a property.",
                target.start,
                target.end,
            )
        self.pos += len(operator)
        self.skip_lines()
        value = self.statement() if self.peek() and self.peek() not in ";})" else None
        if value is None:
            message = f"You must provide a value expression following the '{operator}' operator."
            self.fail(
                "ExpectedValueExpression",
                message,
                at + len(operator),
                at + len(operator),
                incomplete=self.pos >= self.size,
            )
        name = operator if operator[0] in "=+*/%" else "-="
        return ast.Assignment(target.start, value.end, target, name, value, at)


def _assignable(node: ast.Expression) -> bool:
    if isinstance(node, (ast.Variable, ast.Member, ast.Index)):
        return True
    if isinstance(node, (ast.Convert, ast.Attributed)):
        return _assignable(node.operand)
    if isinstance(node, ast.ArrayLiteral):
        return all(_assignable(element) for element in node.elements)
    if isinstance(node, ast.Paren) and isinstance(node.pipeline, ast.Pipeline):
        inner = node.pipeline.elements[0]
        return isinstance(inner, ast.CommandExpression) and _assignable(inner.expression)
    return False
