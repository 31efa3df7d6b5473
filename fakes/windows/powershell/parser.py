"""The parser's public face: script text in, :class:`ast.ScriptBlockAst` out."""

from __future__ import annotations

import sys

from fakes.windows.powershell import ast, tokens
from fakes.windows.powershell.errors import ParseError
from fakes.windows.powershell.parser_statements import StatementParser
from fakes.windows.powershell.position import Source

_NAMED_BLOCKS = frozenset({"begin", "process", "end", "dynamicparam"})
#: Python frames that the deepest permitted nesting needs, with a margin.
_RECURSION = 12_000


def allow_recursion() -> None:
    """Let the recursive descent (and evaluation) go as deep as its own limits permit."""
    if sys.getrecursionlimit() < _RECURSION:
        sys.setrecursionlimit(_RECURSION)


def parse(text: str, file: str = "") -> ast.ScriptBlockAst:
    """Parse a script.

    Args:
        text: the script.
        file: its path on the host, for messages; "" for a command line.

    Raises:
        ParseError: the first error, with its position.
    """
    allow_recursion()
    return Parser(Source(text, file)).script()


class Parser(StatementParser):
    """Adds script blocks, functions and parameters."""

    def script(self) -> ast.ScriptBlockAst:
        """The whole text as a script block."""
        self.accept("\ufeff")
        node = self._block_body(0, "")
        if self.pos < self.size:
            self.unexpected()
        node.start, node.end = 0, self.size
        node.requires = [found.group(1) for found in tokens.REQUIRES.finditer(self.text)]
        return node

    def script_block(self) -> ast.ScriptBlockAst:
        """``{ ... }``."""
        start = self.pos
        self.pos += 1
        self.enter()
        node = self._block_body(start, "}")
        self.leave()
        self.close_brace(start)
        node.end = self.pos
        return node

    def _block_body(self, start: int, closer: str) -> ast.ScriptBlockAst:
        node = ast.ScriptBlockAst(start, start, self.source, None, None)
        leading: list[ast.Statement] = []
        while self.skip_separators() and self.peek_word() == "using":
            leading.append(self.skipped("using", self.pos))
            self.skip_separators()
        node.params = self._param_block()
        self.skip_separators()
        if self.peek_word() in _NAMED_BLOCKS and self._named_follows():
            self._named_blocks(node, closer)
        else:
            node.body = self.statement_list(closer)
            node.body.statements[:0] = leading
        return node

    def _named_follows(self) -> bool:
        """Whether a brace follows the word: ``process {`` is a block, ``process x`` a command."""
        at = self.pos
        self.pos += len(self.peek_word())
        found = self.skip_lines() == "{"
        self.pos = at
        return found

    def _named_blocks(self, node: ast.ScriptBlockAst, closer: str) -> None:
        while True:
            char = self.skip_separators()
            if not char or char == closer:
                return
            word = self.peek_word()
            if word not in _NAMED_BLOCKS:
                token = self.token_text()
                message = (
                    f"unexpected token '{token}', expected 'begin', 'process', 'end', or 'dynamicparam'."
                )
                self.fail("MissingNamedBlocks", message, end=self.pos + max(len(token), 1))
            if word in node.named:
                message = f"Script command clause '{word}' has already been defined."
                self.fail("DuplicateScriptCommandClause", message, end=self.pos + len(word))
            self.pos += len(word)
            node.named[word] = self.block("MissingNamedStatementBlock", f"Missing '{{' after '{word}'.")

    # --- parameters --------------------------------------------------------------------

    def _param_block(self) -> ast.ParamBlock | None:
        """``[attributes] param ( ... )`` if it stands here; else nothing is consumed."""
        start = self.pos
        attributes: list[ast.Attribute] = []
        while self.peek() == "[":
            at = self.pos
            before = self.depth
            try:
                inside = self.bracket()
            except ParseError:
                self.pos, self.depth = at, before
                break
            if not isinstance(inside, ast.Attribute):
                self.pos = at
                break
            attributes.append(inside)
            self.skip_lines()
        if self.peek_word() != "param" and not self._param_with_paren():
            self.pos = start
            return None
        self.pos += len("param")
        if self.skip_lines() != "(":
            self.pos = start
            return None
        parameters = self._parameters()
        return ast.ParamBlock(start, self.pos, parameters, attributes)

    def _param_with_paren(self) -> bool:
        return self.text[self.pos : self.pos + 6].lower() == "param("

    def _parameters(self) -> list[ast.Parameter]:
        """``( [type] $name = default, ... )``; the current character is the parenthesis."""
        self.pos += 1
        self.enter()
        found: list[ast.Parameter] = []
        while self.skip_lines() != ")":
            found.append(self._parameter_declaration())
            names = [parameter.name.lower() for parameter in found]
            if names.count(names[-1]) > 1:
                message = f"Duplicate parameter ${found[-1].name} in parameter list."
                self.fail("DuplicateFormalParameter", message, found[-1].start, found[-1].end)
            if self.skip_lines() == ",":
                self.pos += 1
                if self.skip_lines() == ")":
                    message = "Missing expression after ','."
                    self.fail("MissingExpressionAfterToken", message, self.pos - 1, self.pos)
            elif self.peek() != ")":
                message = "Missing ')' in function parameter list."
                self.fail(
                    "MissingEndParenthesisInFunctionParameterList", message, incomplete=self.pos >= self.size
                )
        self.pos += 1
        self.leave()
        return found

    def _parameter_declaration(self) -> ast.Parameter:
        start = self.pos
        node = ast.Parameter(start, start, "", None, [], None)
        while self.skip_lines() == "[":
            inside = self.bracket()
            if isinstance(inside, ast.Attribute):
                node.attributes.append(inside)
            else:
                node.type = inside
        if self.peek() != "$":
            message = "Missing ')' in function parameter list."
            self.fail(
                "MissingEndParenthesisInFunctionParameterList", message, incomplete=self.pos >= self.size
            )
        node.name = self.variable().name
        node.end = self.pos
        if self.skip_lines() == "=":
            self.pos += 1
            self.skip_lines()
            node.default = self.expression(comma=False)
            node.end = self.pos
        else:
            self.pos = node.end
        return node

    # --- definitions -------------------------------------------------------------------

    def function_definition(self, keyword: str) -> ast.Statement:
        """``name [(parameters)] { body }`` after ``function`` or ``filter``."""
        start = self.pos - len(keyword)
        self.skip_lines()
        found = tokens.FUNCTION_NAME.match(self.text, self.pos)
        if not found:
            message = f"Missing name after {keyword} keyword."
            self.fail("MissingNameAfterKeyword", message, incomplete=self.pos >= self.size)
        self.pos = found.end()
        listed: list[ast.Parameter] | None = None
        at = self.pos
        if self.skip_lines() == "(":
            at = self.pos
            listed = self._parameters()
        if self.skip_lines() != "{":
            self.fail(
                "MissingFunctionBody",
                "Missing function body in function declaration.",
                incomplete=self.pos >= self.size,
            )
        block = self.script_block()
        if listed:
            if block.params is not None:
                message = "The param statement cannot be used if arguments were specified in the function declaration."
                self.fail("OnlyOneParameterListAllowed", message, block.params.start, block.params.end)
            block.params = ast.ParamBlock(at, at, listed, [])
        return ast.FunctionDefinition(start, self.pos, found.group(), block, keyword == "filter")

    def skipped(self, keyword: str, start: int) -> ast.Statement:
        """class, enum, workflow, configuration, data and using: parsed over, or unwrapped."""
        if keyword == "using":
            return self._using(start)
        end = self._definition_head(keyword)
        if end is None:
            self.enter()
            node = self.pipeline()
            self.leave()
            return node
        self.pos = end
        head = " ".join(self.text[start:end].split())
        if keyword == "data":
            body = self.block(
                "MissingStatementBlockForDataSection", "The Data section is missing its statement block."
            )
            return ast.Block(start, self.pos, body)
        if keyword == "enum":
            return self._enum(start, head.split()[1])
        self._skip_braces()
        return ast.Unsupported(start, self.pos, head)

    def _definition_head(self, keyword: str) -> int | None:
        """The offset of the opening brace of ``class Name : Base {``; None: it is a command."""
        brace = self.text.find("{", self.pos)
        if brace < 0:
            return None
        head = self.text[self.pos : brace]
        words = head.replace(":", " ").split()
        if (
            len(head) > 300
            or any(char in head for char in ";|=$(\"'")
            or len(words) < (1 if keyword == "data" else 2)
        ):
            return None
        return brace

    def _using(self, start: int) -> ast.Statement:
        end = self.pos
        while end < self.size and self.text[end] not in "\r\n;":
            end += 1
        words = self.text[start:end].split()
        self.pos = end
        return ast.Unsupported(start, end, " ".join(words))

    def _enum(self, start: int, name: str) -> ast.EnumDefinition:
        self.pos += 1
        members: list[tuple[str, ast.Expression | None]] = []
        while self.skip_separators() not in {"}", ""}:
            found = tokens.WORD.match(self.text, self.pos)
            if not found:
                self.unexpected()
            self.pos = found.end()
            value = None
            if self.skip() == "=":
                self.pos += 1
                self.skip()
                value = self.expression(comma=False)
            members.append((found.group(), value))
        self.close_brace(start)
        return ast.EnumDefinition(start, self.pos, name, members)

    def _skip_braces(self) -> None:
        """Skip ``{ ... }`` without reading its grammar, but minding strings and comments."""
        start, level = self.pos, 0
        while self.pos < self.size:
            char = self.skip_lines()
            if not char:
                break
            if char in tokens.SINGLE_QUOTES + tokens.DOUBLE_QUOTES:
                self.string()
                continue
            if char == "@" and self.peek(1) and self.peek(1) in tokens.SINGLE_QUOTES + tokens.DOUBLE_QUOTES:
                self.here_string()
                continue
            self.pos += 1
            level += (char == "{") - (char == "}")
            if level == 0:
                return
        self.pos = self.size
        self.close_brace(start)
