"""The lexical layer of the parser: blanks, comments, numbers, variables, names.

PowerShell has no token stream that is independent of the grammar: ``-eq`` is an operator
after an expression and a parameter after a command, ``1..5`` a range or a word. So the parser
asks this scanner for what the grammar expects at the current position.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NoReturn

from fakes.windows.powershell import ast, tokens
from fakes.windows.powershell.errors import ParseError
from fakes.windows.powershell.numbers import Int64
from fakes.windows.powershell.position import Extent, Source

MULTIPLIERS = {"kb": 2**10, "mb": 2**20, "gb": 2**30, "tb": 2**40, "pb": 2**50}
MAX_DEPTH = 200


class Scanner:
    """A position in a source text.

    Attributes:
        pos: the offset of the next character to read.
        depth: how deep the grammar has recursed; beyond :data:`MAX_DEPTH` it refuses.
    """

    def __init__(self, source: Source, pos: int = 0) -> None:
        self.source = source
        self.text = source.text
        self.size = len(source.text)
        self.pos = pos
        self.depth = 0

    # --- errors ------------------------------------------------------------------------

    def fail(
        self,
        error_id: str,
        message: str,
        start: int | None = None,
        end: int | None = None,
        *,
        incomplete: bool = False,
    ) -> NoReturn:
        """Raise a :class:`ParseError` at a stretch.

        Without ``start`` it points right after what was read last, as 5.1 does for something
        that is missing there.
        """
        if start is None and end is None:
            start = end = len(self.text[: self.pos].rstrip())
        at = self.pos if start is None else start
        stop = (at + 1 if at < self.size else at) if end is None else end
        raise ParseError(message, error_id, Extent(self.source, at, stop), incomplete=incomplete)

    def unexpected(self) -> NoReturn:
        """Refuse the token at the current position."""
        start = self.pos
        token = self.token_text()
        if token in {"&&", "||"}:
            message = f"The token '{token}' is not a valid statement separator in this version."
            self.fail("InvalidEndOfLine", message, start, start + 2)
        if token == "&":
            self.fail(
                "AmpersandNotAllowed",
                "The ampersand (&) character is not allowed. The & operator is reserved for future use; "
                'wrap an ampersand in double quotation marks ("&") to pass it as part of a string.',
                start,
                start + 1,
            )
        if token == "<":
            self.fail(
                "RedirectionNotSupported",
                "The '<' operator is reserved for future use.",
                start,
                start + 1,
            )
        message = f"Unexpected token '{token}' in expression or statement."
        self.fail("UnexpectedToken", message, start, start + len(token))

    def token_text(self) -> str:
        """The text of what stands at the current position, for messages."""
        text, at = self.text, self.pos
        if at >= self.size:
            return ""
        char = text[at]
        if char in tokens.SINGLE_QUOTES or char in tokens.DOUBLE_QUOTES:
            stop = at + 1
            while stop < self.size and text[stop] != char and text[stop] not in "\r\n":
                stop += 1
            return text[at : stop + 1].rstrip("\r\n")
        for pattern in (tokens.VARIABLE, tokens.DASH_WORD, tokens.BARE_CHUNK):
            found = pattern.match(text, at)
            if found:
                return found.group()
        return text[at : at + 2] if text[at : at + 2] in {"&&", "||", "$("} else char

    def enter(self) -> None:
        """Count one level of nesting; ``leave`` it afterwards."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("ScriptTooComplicated", "Processing was stopped because the script is too complex.")

    def leave(self) -> None:
        """Undo :meth:`enter`."""
        self.depth -= 1

    # --- blanks ------------------------------------------------------------------------

    def _after_blank(self) -> None:
        if self.text.startswith("<#", self.pos):
            message = "The terminator '#>' is missing from the multiline comment."
            self.fail("MissingTerminatorMultiLineComment", message, end=self.size, incomplete=True)

    def skip(self) -> str:
        """Skip blanks, comments and line continuations; return the next character or ""."""
        found = tokens.SPACE.match(self.text, self.pos)
        assert found is not None
        self.pos = at = found.end()
        if at >= self.size:
            return ""
        char = self.text[at]
        if char == "<":
            self._after_blank()
        return char

    def skip_lines(self) -> str:
        """Skip blanks and line ends; return the next character or ""."""
        found = tokens.SPACE_LINES.match(self.text, self.pos)
        assert found is not None
        self.pos = found.end()
        return self.skip()

    def skip_separators(self) -> str:
        """Skip blanks, line ends and semicolons; return the next character or ""."""
        found = tokens.SPACE_SEPARATORS.match(self.text, self.pos)
        assert found is not None
        self.pos = found.end()
        return self.skip()

    def peek(self, offset: int = 0) -> str:
        """The character at an offset from the current position, or ""."""
        at = self.pos + offset
        return self.text[at] if at < self.size else ""

    def accept(self, text: str) -> bool:
        """Consume exactly this text if it stands here."""
        if self.text.startswith(text, self.pos):
            self.pos += len(text)
            return True
        return False

    def at_statement_end(self) -> bool:
        """Whether, after blanks, a line end, ``;``, a closer or the end of the text follows."""
        char = self.skip()
        return not char or char in "\r\n;})"

    # --- words -------------------------------------------------------------------------

    def peek_word(self) -> str:
        """The identifier at this position in lower case, or "" (also when it is longer bare text)."""
        found = tokens.WORD.match(self.text, self.pos)
        if not found:
            return ""
        after = self.text[found.end() : found.end() + 1]
        if after and after not in tokens.END_BARE and after not in "'\"$[@=#" and after != "`":
            return ""
        return found.group().lower()

    def peek_dash_word(self) -> str:
        """The operator word at this position (``eq`` for ``-EQ``), or ""."""
        found = tokens.DASH_WORD.match(self.text, self.pos)
        return found.group(1).lower() if found else ""

    def take_dash_word(self) -> str:
        """Consume ``-word`` and return it as written."""
        found = tokens.DASH_WORD.match(self.text, self.pos)
        assert found is not None
        self.pos = found.end()
        return found.group()

    # --- literals ----------------------------------------------------------------------

    def number(self) -> ast.Constant | None:
        """A numeric literal, if one stands here (no sign)."""
        found = tokens.NUMBER.match(self.text, self.pos)
        if not found:
            return None
        start, self.pos = self.pos, found.end()
        value = number_value(found["number"], found["suffix"] or "", found["multiplier"] or "")
        if value is None:
            message = f"The numeric constant {found.group()} is not valid."
            self.fail("BadNumericConstant", message, start, self.pos)
        return ast.Constant(start, self.pos, value)

    def variable(self) -> ast.Variable:
        """A variable; the current character is ``$``."""
        start = self.pos
        found = tokens.VARIABLE.match(self.text, start)
        if not found:
            if self.peek(1) == "{":
                message = "${variable} reference starting is missing the closing '}'."
                self.fail("IncompleteDollarVariableReference", message, end=self.size, incomplete=True)
            self.unexpected()
        self.pos = found.end()
        return self.variable_from(found, start)

    def variable_from(self, found: Any, start: int) -> ast.Variable:
        """The variable node of a match of :data:`tokens.VARIABLE`."""
        scope, name = found["scope"] or "", found["name"] or found["special"]
        if name is None:
            braced = found["braced"].replace("`", "")
            if not braced:
                message = "An empty ${} variable reference was found. A name is required inside the braces."
                self.fail("EmptyVariableReference", message, start, found.end())
            head, colon, tail = braced.partition(":")
            scope, name = (head, tail) if colon and head.isalnum() else ("", braced)
        elif (
            not scope
            and self.text.startswith(":", found.end())
            and not self.text.startswith("::", found.end())
        ):
            self.fail(
                "InvalidVariableReferenceWithDrive",
                "Variable reference is not valid. ':' was not followed by a valid variable name character. "
                "Consider using ${} to delimit the name.",
                start,
                found.end() + 1,
            )
        return ast.Variable(start, found.end(), name, scope)


def number_value(digits: str, suffix: str, multiplier: str) -> Any:
    """The value of a numeric literal's parts, or None when it has none.

    Integers take the first of Int32, Int64, Decimal, Double that holds them; hexadecimal ones
    are read as two's complement of 32 or 64 bits, so 0xFFFFFFFF is -1 in 5.1.
    """
    factor = MULTIPLIERS[multiplier.lower()] if multiplier else 1
    value: Any
    if digits[:2].lower() == "0x":
        value = int(digits, 16)
        width = 32 if len(digits) <= 10 else 64
        if len(digits) > 18:
            return None
        if value >= 2 ** (width - 1):
            value -= 2**width
    elif suffix.lower() == "d":
        return Decimal(digits) * factor
    elif "." in digits or "e" in digits.lower():
        value = float(digits) * factor
        return Int64(round(value)) if suffix else value
    else:
        value = int(digits)
    value *= factor
    if suffix:
        return Int64(value) if Int64.low <= value <= Int64.high else None
    if Int64.low <= value <= Int64.high:
        return value
    return Decimal(value) if value < 7.9e28 else float(value)
