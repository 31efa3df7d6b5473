"""``set /a``: 32-bit integer expressions with assignment, as ``set /?`` lists the operators."""

from __future__ import annotations

import re

from fakes.windows.shell.cmd.conditions import integer
from fakes.windows.shell.environment import Environment

_TOKEN = re.compile(
    r"\s*(<<=|>>=|<<|>>|[-+*/%&^|]=|[-+*/%&^|()!~,=]|0x[0-9a-fA-F]+|\d\w*|[^\s\-+*/%&^|()!~,=<>]+)"
)
_BINARY = (("|",), ("^",), ("&",), ("<<", ">>"), ("+", "-"), ("*", "/", "%"))
_ASSIGN = frozenset(("=", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=", "<<=", ">>="))


class ArithmeticFault(Exception):
    """The expression is wrong; ``code`` is the ERRORLEVEL it leaves."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


def _unbalanced() -> ArithmeticFault:
    return ArithmeticFault("Unbalanced parenthesis.", 1073750988)


def _operand() -> ArithmeticFault:
    return ArithmeticFault("Missing operand.", 1073750989)


def _operator() -> ArithmeticFault:
    return ArithmeticFault("Missing operator.", 1073750990)


def wrap(number: int) -> int:
    """Return ``number`` as a signed 32-bit integer."""
    return (number + 2**31) % 2**32 - 2**31


def evaluate(text: str, env: Environment) -> int:
    """Evaluate an expression, assigning variables in ``env``; return the last value.

    Raises:
        ArithmeticFault: With cmd's sentence.

    >>> evaluate("x=2+3*4, x<<1", Environment())
    28
    """
    evaluator = _Evaluator(text, env)
    value = evaluator.comma()
    if evaluator.peek():
        raise _unbalanced() if evaluator.peek() == ")" else _operator()
    return value


class _Evaluator:
    def __init__(self, text: str, env: Environment) -> None:
        self._tokens: list[str] = []
        self._env = env
        at = 0
        text = text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise _operand()
            self._tokens.append(match[1])
            at = match.end()
        self._at = 0

    def peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def comma(self) -> int:
        value = self.assignment()
        while self.peek() == ",":
            self._at += 1
            value = self.assignment()
        return value

    def assignment(self) -> int:
        operator = self.peek(1)
        if operator in _ASSIGN and re.match(r"[^\d\W]|[_$#@?\[\]{}.:']", self.peek()):
            name = self.peek()
            self._at += 2
            value = self.assignment()
            if operator != "=":
                value = _apply(operator[:-1], self._variable(name), value)
            self._env[name] = str(value)
            return value
        return self.binary(0)

    def binary(self, level: int) -> int:
        if level == len(_BINARY):
            return self.unary()
        value = self.binary(level + 1)
        while self.peek() in _BINARY[level] and self.peek():
            operator = self.peek()
            self._at += 1
            value = _apply(operator, value, self.binary(level + 1))
        return value

    def unary(self) -> int:
        token = self.peek()
        self._at += 1
        if token == "-":
            return wrap(-self.unary())
        if token == "+":
            return self.unary()
        if token == "~":
            return wrap(~self.unary())
        if token == "!":
            return int(self.unary() == 0)
        if token == "(":
            value = self.comma()
            if self.peek() != ")":
                raise _unbalanced()
            self._at += 1
            return value
        if not token or token in {")", ","} or token in _ASSIGN or any(token in level for level in _BINARY):
            raise _operand()
        return self._literal(token) if token[0].isdigit() else self._variable(token)

    @staticmethod
    def _literal(token: str) -> int:
        number = integer(token)
        if number is None:
            raise ArithmeticFault(
                "Invalid number.  Numeric constants are either decimal (17),\nhexadecimal (0x11), or octal (021).",
                1073750991,
            )
        if number >= 2**31 and not (token.lower().startswith("0x") and number < 2**32):
            raise ArithmeticFault("Invalid number.  Numbers are limited to 32-bits of precision.", 1073750992)
        return wrap(number)

    def _variable(self, name: str) -> int:
        match = re.match(r"\s*([+-]?(?:0x[0-9a-f]+|\d+))", self._env.text(name), re.IGNORECASE)
        return wrap(integer(match[1]) or 0) if match else 0


def _apply(operator: str, a: int, b: int) -> int:
    if operator in {"/", "%"}:
        if b == 0:
            raise ArithmeticFault("Divide by zero error.", 1073750993)
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return wrap(quotient if operator == "/" else a - quotient * b)
    if operator == "<<":
        return wrap(a << b) if 0 <= b < 32 else 0
    if operator == ">>":
        return wrap(a >> b) if 0 <= b < 32 else (-1 if a < 0 else 0)
    plain = {"+": a + b, "-": a - b, "*": a * b, "&": a & b, "^": a ^ b, "|": a | b}
    return wrap(plain[operator])
