"""The parser of cmd.exe: from a line (after %expansion%) to a tree.

The rules follow the phases that D. Benham, "jeb" and others worked out by experiment
("How does the Windows Command Interpreter (CMD.EXE) parse scripts?"): carets, quotes,
operators by precedence ``|`` over ``&&`` over ``||`` over ``&``, parentheses that only
open a block where a command may begin, redirections anywhere in a command.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fakes.windows.shell.cmd.ast import Binary, Block, For, If, Node, Pipe, Quiet, Redirect, Simple

DELIMITERS = " \t,;="
_COMPARISONS = {"EQU", "NEQ", "LSS", "LEQ", "GTR", "GEQ"}
_KEYWORD = re.compile(r"(if|for|rem)(?=[\s,;=/\"(]|$)", re.IGNORECASE)
_REM = re.compile(r"rem(?=[\s,;=/.:(\[\]\\+]|$)", re.IGNORECASE)


class CmdSyntaxError(Exception):
    """The line is wrong; the message is what cmd prints."""


class Parser:
    """Parses one logical line.

    Args:
        text: The line, percent signs already expanded.
        more: Gives the next line of a batch file when a block or a caret goes on there;
            None at its end.
    """

    def __init__(self, text: str, more: Callable[[], str | None] = lambda: None) -> None:
        self._text = text
        self._more = more
        self._at = 0
        self._depth = 0

    def parse(self) -> Node | None:
        """Return the tree, or None for a line without a command.

        Raises:
            CmdSyntaxError: With cmd's sentence.
        """
        self._skip_blank()
        if self._peek() in {":", ")"}:  # a label, or a stray parenthesis: the line is skipped
            return None
        node = self._sequence()
        self._skip_blank()
        if self._at < len(self._text):
            raise self._unexpected()
        return node

    # -- characters --------------------------------------------------------------
    def _peek(self, ahead: int = 0) -> str:
        return self._text[self._at + ahead : self._at + ahead + 1]

    def _skip_blank(self) -> None:
        while self._peek() and self._peek() in DELIMITERS:
            self._at += 1

    def _next_line(self) -> bool:
        """Take in the next line; return whether there was one."""
        line = self._more()
        if line is None:
            return False
        self._text += "\n" + line
        return True

    def _unexpected(self) -> CmdSyntaxError:
        match = re.match(r"(&&|\|\||[&|<>()]|[^\s&|<>()]+)", self._text[self._at :].lstrip())
        if match is None:
            return CmdSyntaxError("The syntax of the command is incorrect.")
        return CmdSyntaxError(f"{match[1]} was unexpected at this time.")

    # -- operators, from the loosest to the tightest ---------------------------------
    def _sequence(self, *, lines: bool = False) -> Node | None:
        """Parse ``a & b``; with ``lines`` (inside a block) line ends join too."""
        node = self._either()
        while True:
            self._skip_blank()
            if self._peek() == "&" and self._peek(1) != "&":
                self._at += 1
                right = self._either()
            elif lines and self._peek() in {"\n", ""}:
                self._skip_lines()
                if self._peek() == ")" or not self._peek():
                    return node
                right = self._either()
            else:
                return node
            if node is None:
                node = right
            elif right is not None:
                node = Binary("&", node, right)

    def _either(self) -> Node | None:
        return self._binary("||", lambda: self._binary("&&", self._pipe))

    def _binary(self, operator: str, tighter: Callable[[], Node | None]) -> Node | None:
        node = tighter()
        self._skip_blank()
        while self._text.startswith(operator, self._at):
            if node is None:
                raise self._unexpected()
            self._at += 2
            right = tighter()
            if right is None:
                raise self._missing()
            node = Binary(operator, node, right)
            self._skip_blank()
        return node

    def _pipe(self) -> Node | None:
        node = self._command()
        self._skip_blank()
        while self._peek() == "|" and self._peek(1) != "|":
            if node is None:
                raise self._unexpected()
            self._at += 1
            right = self._command()
            if right is None:
                raise self._missing()
            node = Pipe(node, right)
            self._skip_blank()
        return node

    def _missing(self) -> CmdSyntaxError:
        if self._at < len(self._text) and self._peek() != "\n":
            return self._unexpected()
        return CmdSyntaxError("The syntax of the command is incorrect.")

    def _skip_lines(self) -> None:
        """Skip line ends, blank lines and labels inside a block."""
        while True:
            self._skip_blank()
            if self._peek() == "\n":
                self._at += 1
            elif self._peek() == ":":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif not self._peek():
                if not self._depth or not self._next_line():
                    return
            else:
                return

    # -- commands ----------------------------------------------------------------------
    def _command(self) -> Node | None:
        self._skip_blank()
        char = self._peek()
        if not char or char == "\n" or (char == ")" and self._depth):
            return None
        if char == "@":
            self._at += 1
            body = self._command()
            return None if body is None else Quiet(body)
        if char == "(":
            return self._block()
        if char in "&|":
            raise self._unexpected()
        word = self._text[self._at :]
        keyword = _KEYWORD.match(word)
        if keyword and keyword[1].lower() == "if":
            self._at += 2
            return self._if()
        if keyword and keyword[1].lower() == "for":
            self._at += 3
            return self._for()
        if _REM.match(word):
            end = self._text.find("\n", self._at)
            end = len(self._text) if end < 0 else end
            text, self._at = self._text[self._at : end], end
            return Simple(text)
        return self._simple()

    def _block(self) -> Node:
        self._at += 1
        self._depth += 1
        self._skip_lines()
        body = None if self._peek() == ")" else self._sequence(lines=True)
        self._skip_lines()
        if self._peek() != ")":
            if self._at < len(self._text):
                raise self._unexpected()
            raise CmdSyntaxError("")  # an unclosed block at the end of the file: the rest is dropped silently
        self._at += 1
        self._depth -= 1
        if body is None:
            raise CmdSyntaxError(") was unexpected at this time.")
        return Block(body, self._trailing_redirects())

    def _trailing_redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        while True:
            self._skip_blank()
            digit = self._peek() if self._peek().isdigit() and self._peek(1) in {"<", ">"} else ""
            if self._peek(len(digit)) not in {"<", ">"}:
                return tuple(found)
            self._at += len(digit)
            found.append(self._redirect(digit))

    def _simple(self) -> Node | None:
        """Read a command up to an operator, taking out its redirections."""
        text: list[str] = []
        redirects: list[Redirect] = []
        quoted = False
        word = 0  # where a word began that a redirection and no blank set off from the one before
        while True:
            char = self._peek()
            if not char or char == "\n":
                break
            if char == '"':
                quoted = not quoted
            elif not quoted:
                if char == "^":
                    self._caret(text)
                    continue
                if char in "&|" or (char == ")" and self._depth):
                    break
                if char in "<>":
                    redirects.append(self._redirect(self._handle(text, word)))
                    self._skip_blank()  # what separates a target from the next word belongs to neither
                    word = len(text)
                    continue
            text.append(char)
            self._at += 1
        return Simple("".join(text), tuple(redirects))

    def _caret(self, text: list[str]) -> None:
        """Take the character after a caret as it is; at a line's end the next line goes on."""
        self._at += 1
        char = self._peek()
        if not char:
            if self._next_line():
                self._at += 1
                text.append(self._peek())
                self._at += 1
        elif char == "\n":
            self._at += 1
            text.append(self._peek())
            self._at += 1
        else:
            text.append(char)
            self._at += 1

    @staticmethod
    def _handle(text: list[str], word: int) -> str:
        """Take the digit off ``text`` that stands alone right before a redirection."""
        if text and text[-1].isdigit() and (len(text) == word + 1 or text[-2] in DELIMITERS):
            return text.pop()
        return ""

    def _redirect(self, digit: str) -> Redirect:
        char = self._peek()
        self._at += 1
        if char == ">" and self._peek() == ">":
            self._at += 1
            char = ">>"
        fd = int(digit) if digit else (0 if char == "<" else 1)
        if self._peek() == "&" and self._peek(1).isdigit():
            target = self._peek(1)
            self._at += 2
            return Redirect(fd, "&", target)
        self._skip_blank()
        target = self._word(stop="&|<>" + (")" if self._depth else ""))
        if not target:
            raise self._missing()
        return Redirect(fd, char, target)

    def _word(self, stop: str = "&|<>", delimiters: str = DELIMITERS) -> str:
        """Read one token with quotes kept and carets taken."""
        text: list[str] = []
        quoted = False
        while (char := self._peek()) and char != "\n":
            if char == '"':
                quoted = not quoted
            elif not quoted:
                if char == "^":
                    self._caret(text)
                    continue
                if char in delimiters or char in stop:
                    break
            text.append(char)
            self._at += 1
        return "".join(text)

    # -- if and for ------------------------------------------------------------------------
    def _if(self) -> Node:
        self._skip_blank()
        ignore_case = negate = False
        token = self._condition_word()
        while token.lower() in {"/i", "not"}:
            ignore_case |= token.lower() == "/i"
            negate |= token.lower() == "not"
            token = self._condition_word()
        lower = token.lower()
        if lower in {"exist", "defined", "errorlevel", "cmdextversion"}:
            kind, left, right = lower, self._condition_word(), ""
        else:
            kind, left, right = self._comparison(token)
        if not left:
            raise self._missing()
        then = self._sequence()
        if then is None:
            raise self._missing()
        return If(kind, left, right, ignore_case, negate, then, self._else())

    def _condition_word(self) -> str:
        self._skip_blank()
        return self._word()

    def _comparison(self, left: str) -> tuple[str, str, str]:
        while self._peek() and self._peek() in " \t,;":
            self._at += 1
        if self._text.startswith("==", self._at):
            self._at += 2
            kind = "=="
        else:
            kind = self._word().upper()
            if kind not in _COMPARISONS:
                self._at -= len(kind)
                raise self._missing()
        self._skip_blank()
        right = self._word()
        if not right or not left:
            raise self._missing()
        return kind, left, right

    def _else(self) -> Node | None:
        mark = self._at
        self._skip_blank()
        if not re.match(r"else(?=[\s(@&|<>,;=/]|$)", self._text[self._at :], re.IGNORECASE):
            self._at = mark
            return None
        self._at += 4
        other = self._sequence()
        if other is None:
            raise self._missing()
        return other

    def _for(self) -> Node:
        kind = options = ""
        token = self._for_word()
        while token.startswith("/"):
            switch = token[1:].lower()
            if switch not in {"d", "r", "l", "f"}:
                raise CmdSyntaxError(f"{token} was unexpected at this time.")
            kind = "r" if {kind, switch} == {"d", "r"} else switch
            token = self._for_word()
            if kind in {"r", "f"} and not token.startswith(("%", "/")):
                options, token = token, self._for_word()
        if not re.fullmatch(r"%\S", token):
            raise CmdSyntaxError(
                f"{token} was unexpected at this time."
                if token
                else "The syntax of the command is incorrect."
            )
        self._skip_blank()
        if not re.match(r"in(?=[\s(])", self._text[self._at :], re.IGNORECASE):
            raise self._missing()
        self._at += 2
        items = self._items()
        self._skip_blank()
        if not re.match(r"do(?=[\s(@,;=\"]|$)", self._text[self._at :], re.IGNORECASE):
            raise self._missing()
        self._at += 2
        body = self._sequence()
        if body is None:
            raise self._missing()
        return For(kind, options, token[1], items, body)

    def _for_word(self) -> str:
        self._skip_blank()
        return self._word(stop="&|<>(", delimiters=" \t,;=")

    def _items(self) -> str:
        """Read the set of a ``for``: everything up to the closing parenthesis, over lines if need be."""
        self._skip_blank()
        if self._peek() != "(":
            raise self._missing()
        self._at += 1
        text: list[str] = []
        quoted = False
        while True:
            char = self._peek()
            if not char:
                if not self._next_line():
                    raise CmdSyntaxError("")
                continue
            if char == "\n":
                quoted = False
                char = " "
            elif char == '"':
                quoted = not quoted
            elif not quoted:
                if char == "^":
                    self._caret(text)
                    continue
                if char == ")":
                    self._at += 1
                    return "".join(text)
            text.append(char)
            self._at += 1
