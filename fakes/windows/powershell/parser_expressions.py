"""The expression grammar: operators by precedence, casts, primaries and their postfixes."""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn

from fakes.windows.powershell import ast, tokens
from fakes.windows.powershell.parser_types import TypeParser

_QUOTES = tokens.SINGLE_QUOTES + tokens.DOUBLE_QUOTES
_SIMPLE = {
    "+": tokens.ADDITIVE,
    "*": tokens.MULTIPLICATIVE,
    "/": tokens.MULTIPLICATIVE,
    "%": tokens.MULTIPLICATIVE,
}
_DASHES = tokens.DASHES


class ExpressionParser(TypeParser):
    """Adds expressions; parentheses and blocks call back into the statement grammar."""

    def pipeline(self) -> ast.Statement:
        """A pipeline or an assignment."""
        raise NotImplementedError

    def statement_list(self, closer: str) -> ast.StatementList:
        """Statements up to (not over) a closing character, or the end of the text."""
        raise NotImplementedError

    def statement(self) -> ast.Statement | None:
        """One statement."""
        raise NotImplementedError

    def script_block(self) -> ast.ScriptBlockAst:
        """``{ ... }``; the current character is the brace."""
        raise NotImplementedError

    # --- operators ---------------------------------------------------------------------

    def expression(self, *, comma: bool = True) -> ast.Expression:
        """An expression; without ``comma`` the comma ends it (arguments, parameter defaults)."""
        self.skip()
        start = self.pos
        node = self.maybe_expression(comma=comma)
        if node is None:
            self.pos = start
            self.skip()
            if self.pos >= self.size:
                self.fail("ExpectedExpression", "An expression was expected after '('.", incomplete=True)
            self.unexpected()
        return node

    def maybe_expression(self, *, comma: bool = True) -> ast.Expression | None:
        """An expression, or None when none begins here."""
        return self._binary(tokens.LOGICAL, comma)

    def _binary(self, minimum: int, comma: bool) -> ast.Expression | None:
        left = self._array(comma)
        if left is None:
            return None
        while True:
            char = self.skip()
            if not char:
                return left
            at = self.pos
            precedence, operator = self._operator_at(char)
            if precedence < minimum:
                return left
            spelling = self.text[at : at + len(operator) + (operator[0].isalpha())]
            self.pos = at + len(spelling)
            self.skip_lines()
            right = self._binary(precedence + 1, comma)
            if right is None:
                message = f"You must provide a value expression following the '{spelling}' operator."
                self.fail(
                    "ExpectedValueExpression",
                    message,
                    at + len(spelling),
                    at + len(spelling),
                    incomplete=self.pos >= self.size,
                )
            left = ast.Binary(left.start, right.end, operator, left, right, at, spelling)

    def _operator_at(self, char: str) -> tuple[int, str]:
        """Precedence and name of the binary operator here; precedence 0 for none."""
        precedence = _SIMPLE.get(char)
        after = self.peek(1)
        if precedence is not None:
            if after == "=" or (char == "+" and after == "+"):
                return 0, ""
            return precedence, char
        if char == ".":
            return (tokens.RANGE, "..") if after == "." else (0, "")
        if char not in _DASHES:
            return 0, ""
        if after == "=" or (after and after in _DASHES):
            return 0, ""
        word = self.peek_dash_word()
        if word:
            return tokens.BINARY_WORDS.get(word, 0), word
        return tokens.ADDITIVE, "-"

    def _array(self, comma: bool) -> ast.Expression | None:
        first = self._unary(comma)
        if first is None or not comma or self.skip() != ",":
            return first
        elements = [first]
        while self.skip() == ",":
            at = self.pos
            self.pos += 1
            self.skip_lines()
            element = self._unary(comma)
            if element is None:
                self.fail(
                    "MissingExpressionAfterToken",
                    "Missing expression after ','.",
                    at + 1,
                    at + 1,
                    incomplete=self.pos >= self.size,
                )
            elements.append(element)
        return ast.ArrayLiteral(first.start, elements[-1].end, elements)

    def _unary(self, comma: bool) -> ast.Expression | None:
        char = self.skip()
        if not char:
            return None
        start = self.pos
        operator = ""
        if char == "!":
            operator, length = "not", 1
        elif char == "," and comma:
            operator, length = ",", 1
        elif char == "+" or char in _DASHES:
            operator, length = self._signed(char)
        elif char == "[":
            return self._bracketed(comma)
        if not operator:
            return self.primary()
        self.pos += length
        self.enter()
        self.skip_lines()
        operand = self._unary(comma)
        self.leave()
        if operand is None:
            spelling = self.text[start : start + length]
            message = f"Missing expression after unary operator '{spelling}'."
            self.fail(
                "MissingExpressionAfterOperator",
                message,
                start + length,
                start + length,
                incomplete=self.pos >= self.size,
            )
        if operator == ",":
            return ast.ArrayLiteral(start, operand.end, [operand])
        if operator == "-" and isinstance(operand, ast.Constant) and _numeric(operand):
            return ast.Constant(start, operand.end, type(operand.value)(-operand.value))
        return ast.Unary(start, operand.end, operator, operand)

    def _signed(self, char: str) -> tuple[str, int]:
        """The unary operator that begins with a plus or a dash, and its length."""
        after = self.peek(1)
        if char == "+":
            return ("++", 2) if after == "+" else ("+", 1)
        if after and after in _DASHES:
            return "--", 2
        word = self.peek_dash_word()
        if word:
            return (word, len(word) + 1) if word in tokens.UNARY_WORDS else ("", 0)
        return "-", 1

    # --- brackets ----------------------------------------------------------------------

    def _bracketed(self, comma: bool) -> ast.Expression | None:
        """A cast, an attributed variable or a type literal."""
        start = self.pos
        inside = self.bracket()
        end = self.pos
        if isinstance(inside, ast.Attribute):
            self.skip_lines()
            operand = self._unary(comma)
            if operand is None:
                self.fail("UnexpectedAttribute", f"Unexpected attribute '{inside.name}'.", start, end)
            return ast.Attributed(start, operand.end, inside, operand)
        self.skip()
        if self._operand_follows():
            self.enter()
            operand = self._unary(comma)
            self.leave()
            if operand is not None:
                return ast.Convert(start, operand.end, inside, operand)
        self.pos = end
        return self._postfix(ast.TypeLiteral(start, end, inside))

    def _operand_follows(self) -> bool:
        """Whether what stands after ``[type]`` can be the operand of a cast."""
        char = self.peek()
        if not char:
            return False
        if char in "$@({[!" or char in _QUOTES or char.isdigit():
            return True
        after = self.peek(1)
        if char in {".", "+"}:
            return after.isdigit() or after == char == "+"
        if char in _DASHES:
            word = self.peek_dash_word()
            return word in tokens.UNARY_WORDS if word else after != "="
        return False

    # --- primaries ---------------------------------------------------------------------

    def primary(self) -> ast.Expression | None:
        """A primary expression with its postfixes, or None."""
        node = self._atom()
        return None if node is None else self._postfix(node)

    def _atom(self) -> ast.Expression | None:
        char = self.peek()
        if char == "$":
            return self.sub_expression() if self.peek(1) == "(" else self.variable()
        if char in _QUOTES:
            return self.string()
        if char.isdigit() or (char == "." and self.peek(1).isdigit()):
            return self.number()
        if char == "(":
            return self.paren()
        if char == "@":
            return self._at()
        if char == "{":
            start = self.pos
            block = self.script_block()
            return ast.ScriptBlockExpression(start, self.pos, block)
        if char == "[":
            return self._bracketed(comma=False)
        return None

    def _at(self) -> ast.Expression | None:  # noqa: RET503 (fail never returns)
        start, after = self.pos, self.peek(1)
        if after == "(":
            self.pos += 2
            body = self._nested("MissingEndParenthesisInExpression", "Missing closing ')' in expression.")
            return ast.ArrayExpression(start, self.pos, body)
        if after == "{":
            return self.hashtable()
        if after and after in _QUOTES:
            return self.here_string()
        found = tokens.SPLAT.match(self.text, start)
        if found:
            name = found["name"]
            message = (
                f"The splatting operator '@' cannot be used to reference variables in an expression. "
                f"'@{name}' can be used only as an argument to a command. "
                f"To reference variables in an expression use '${name}'."
            )
            self.fail("SplattingNotPermitted", message, start, found.end())
        self.fail("UnrecognizedToken", "Unrecognized token in source text.", self.pos)

    def sub_expression(self) -> ast.SubExpression:
        """``$( ... )``."""
        start = self.pos
        self.pos += 2
        message = "Missing closing ')' in subexpression."
        body = self._nested("MissingEndParenthesisInSubexpression", message)
        return ast.SubExpression(start, self.pos, body)

    def _nested(self, error_id: str, message: str) -> ast.StatementList:
        """A statement list up to and over a closing parenthesis."""
        self.enter()
        body = self.statement_list(")")
        self.leave()
        if self.peek() != ")":
            self.fail(error_id, message, self.pos, incomplete=True)
        self.pos += 1
        return body

    def paren(self) -> ast.Paren:
        """``( pipeline )``; the current character is the parenthesis."""
        start = self.pos
        self.pos += 1
        self.enter()
        if self.skip_lines() == ")" or not self.peek():
            self.fail(
                "ExpectedExpression",
                "An expression was expected after '('.",
                incomplete=self.pos >= self.size,
            )
        inner = self.pipeline()
        if self.skip_lines() != ")":
            if self.pos < self.size and self.peek() not in ";}":
                self.unexpected()
            self.fail(
                "MissingEndParenthesisInExpression",
                "Missing closing ')' in expression.",
                incomplete=self.pos >= self.size,
            )
        self.pos += 1
        self.leave()
        return ast.Paren(start, self.pos, inner)

    def hashtable(self) -> ast.Hashtable:
        """``@{ ... }``; the current character is ``@``."""
        start = self.pos
        self.pos += 2
        self.enter()
        node = ast.Hashtable(start, start, [])
        while self.skip_separators() != "}":
            if self.pos >= self.size:
                self.fail(
                    "IncompleteHashLiteral",
                    "The hash literal was incomplete.",
                    start,
                    start + 2,
                    incomplete=True,
                )
            node.entries.append(self._hash_entry())
            char = self.skip()
            if char and char not in "\r\n;}":
                self.fail(
                    "MissingEndCurlyBrace",
                    "Missing closing '}' in statement block or type definition.",
                    start,
                    start + 2,
                )
        self.pos += 1
        self.leave()
        node.end = self.pos
        return node

    def _hash_entry(self) -> tuple[ast.Expression, ast.Statement]:
        start = self.pos
        key = self._hash_key()
        if key is None:
            self.unexpected()
        self.skip()
        if self.peek() != "=":
            self.fail(
                "MissingEqualsInHashLiteral",
                "Missing '=' operator after key in hash literal.",
                start,
                max(self.pos, start + 1),
            )
        self.pos += 1
        self.skip_lines()
        value = self.statement() if self.peek() and self.peek() not in ";}" else None
        if value is None:
            self.fail("MissingStatementInHashLiteral", "Missing statement after '=' in hash literal.")
        return key, value

    def _hash_key(self) -> ast.Expression | None:
        found = tokens.MEMBER_NAME.match(self.text, self.pos)
        if found and not found.group()[0].isdigit():
            start, self.pos = self.pos, found.end()
            return ast.Constant(start, self.pos, found.group(), bare=True)
        return self._unary(comma=False)

    # --- postfixes ---------------------------------------------------------------------

    def _postfix(self, node: ast.Expression) -> ast.Expression:
        while True:
            char = self.peek()
            if char == ".":
                if self.peek(1) == ".":
                    return node
                self.pos += 1
                node = self._member(node, static=False)
            elif char == ":" and self.peek(1) == ":":
                self.pos += 2
                node = self._member(node, static=True)
            elif char == "[":
                node = self._index(node)
            elif (char == "+" and self.peek(1) == "+") or (
                char and char in _DASHES and self.peek(1) and self.peek(1) in _DASHES
            ):
                self.pos += 2
                node = ast.Unary(node.start, self.pos, "++" if char == "+" else "--", node, postfix=True)
            else:
                return node

    def _index(self, node: ast.Expression) -> ast.Index:
        self.pos += 1
        self.enter()
        self.skip_lines()
        index = self.maybe_expression()
        if index is None:
            self.fail(
                "MissingArrayIndexExpression",
                "Array index expression is missing or not valid.",
                incomplete=self.pos >= self.size,
            )
        if self.skip_lines() != "]":
            self.fail(
                "MissingEndSquareBracket",
                "Missing ']' after array index expression.",
                incomplete=self.pos >= self.size,
            )
        self.pos += 1
        self.leave()
        return ast.Index(node.start, self.pos, node, index)

    def _member(self, target: ast.Expression, *, static: bool) -> ast.Expression:
        self.skip_lines()
        name = self._member_name()
        char = self.peek()
        if char == "(":
            return self._call(target, name, static)
        if char == "{" and isinstance(name, str) and name.lower() in {"where", "foreach"}:
            start = self.pos
            block = self.script_block()
            argument = ast.ScriptBlockExpression(start, self.pos, block)
            return ast.Call(target.start, self.pos, target, name, [argument], static)
        return ast.Member(target.start, self.pos, target, name, static)

    def _member_name(self) -> str | ast.Expression:  # noqa: RET503 (fail never returns)
        found = tokens.MEMBER_NAME.match(self.text, self.pos)
        if found:
            self.pos = found.end()
            return found.group()
        char = self.peek()
        if char and (char in _QUOTES or char in "$("):
            node = self._atom()
            assert node is not None
            return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else node
        message = "Missing property name after reference operator."
        self.fail("MissingPropertyName", message, incomplete=self.pos >= self.size)

    def _call(self, target: ast.Expression, name: str | ast.Expression, static: bool) -> ast.Call:
        self.pos += 1
        self.enter()
        arguments: list[ast.Expression] = []
        while self.skip_lines() != ")":
            argument = self.maybe_expression(comma=False)
            if argument is None:
                if arguments:
                    self.fail(
                        "MissingExpressionAfterToken",
                        "Missing expression after ','.",
                        self.pos - 1,
                        self.pos,
                        incomplete=self.pos >= self.size,
                    )
                self._unclosed_call()
            arguments.append(argument)
            if self.skip_lines() == ",":
                self.pos += 1
                if self.skip_lines() == ")":
                    self.fail(
                        "MissingExpressionAfterToken", "Missing expression after ','.", self.pos - 1, self.pos
                    )
            elif self.peek() != ")":
                self._unclosed_call()
        self.pos += 1
        self.leave()
        return ast.Call(target.start, self.pos, target, name, arguments, static)

    def _unclosed_call(self) -> NoReturn:
        message = "Missing ')' in method call."
        self.fail("MissingEndParenthesisInMethodCall", message, incomplete=self.pos >= self.size)


def _numeric(node: ast.Constant) -> bool:
    return (
        isinstance(node.value, (int, float, Decimal)) and not isinstance(node.value, bool) and node.value > 0
    )
