"""The statement grammar: loops, conditions, try, flow control."""

from __future__ import annotations

from fakes.windows.powershell import ast, tokens
from fakes.windows.powershell.parser_commands import CommandParser

_LOOPS = frozenset({"while", "do", "for", "foreach", "switch"})


class StatementParser(CommandParser):
    """Adds statements."""

    def function_definition(self, keyword: str) -> ast.Statement:
        """``function`` or ``filter``, after the keyword."""
        raise NotImplementedError

    def skipped(self, keyword: str, start: int) -> ast.Statement:
        """A construct that is parsed over: class, workflow, configuration..."""
        raise NotImplementedError

    def statement_list(self, closer: str) -> ast.StatementList:
        """Statements up to ``closer`` ("" for the end of the text)."""
        self.skip_separators()
        node = ast.StatementList(self.pos, self.pos, [])
        while True:
            char = self.skip_separators()
            if not char:
                break
            if char in ")}":
                if char == closer:
                    break
                self.unexpected()
            statement = self.statement()
            assert statement is not None
            if isinstance(statement, ast.Trap):
                node.traps.append(statement)
            else:
                node.statements.append(statement)
            node.end = statement.end
            self._terminated(statement, closer)
        return node

    def _terminated(self, statement: ast.Statement, closer: str) -> None:
        """A pipeline must be followed by a separator or the closer; a block need not."""
        if not isinstance(statement, (ast.Pipeline, ast.Assignment, ast.Flow)):
            return
        char = self.skip()
        if char and char not in "\r\n;" and char != closer:
            inner = statement.value if isinstance(statement, ast.Assignment) else statement
            if not isinstance(inner, (ast.Pipeline, ast.Assignment, ast.Flow)):
                return
            if char in ")}":
                self.unexpected()
            self.unexpected()

    def block(self, missing_id: str, missing: str) -> ast.StatementList:
        """``{ statements }``."""
        if self.skip_lines() != "{":
            self.fail(missing_id, missing, incomplete=self.pos >= self.size)
        start = self.pos
        self.pos += 1
        self.enter()
        body = self.statement_list("}")
        self.leave()
        self.close_brace(start)
        return body

    def close_brace(self, start: int) -> None:
        """Consume the brace that closes the one at ``start``."""
        if self.peek() != "}":
            message = "Missing closing '}' in statement block or type definition."
            self.fail("MissingEndCurlyBrace", message, start, start + 1, incomplete=True)
        self.pos += 1

    def statement(self) -> ast.Statement | None:
        """One statement, without its terminator."""
        char = self.skip()
        if char.isalpha():
            word = self.peek_word()
            if word in tokens.KEYWORDS:
                parsed = self._keyword(word)
                if parsed is not None:
                    return parsed
            elif word in tokens.CONTINUATIONS and word != "in":
                self.unexpected()
            elif word in tokens.RESERVED:
                message = f"The '{word}' keyword is not supported in this version of the language."
                self.fail("ReservedKeywordNotAllowed", message, end=self.pos + len(word))
        elif char == ":" and self.peek(1).isalpha():
            return self._labelled()
        elif char == "[":
            found = tokens.ATTRIBUTED_TYPE.match(self.text, self.pos)
            if found:
                self.pos = found.start("keyword")
                return self.skipped(found["keyword"].lower(), self.pos)
        self.enter()
        node = self.pipeline()
        self.leave()
        return node

    def _labelled(self) -> ast.Statement:
        start = self.pos
        found = tokens.WORD.match(self.text, start + 1)
        assert found is not None
        self.pos = found.end()
        self.skip_lines()
        word = self.peek_word()
        if word not in _LOOPS:
            self.pos = start
            self.unexpected()
        self.pos += len(word)
        self.enter()
        node = self._loop(word, found.group(), start)
        self.leave()
        return node

    def _keyword(self, word: str) -> ast.Statement | None:
        """A statement that begins with a keyword, or None when the word is a command here."""
        start = self.pos
        if word in {"begin", "process", "end", "dynamicparam", "param"}:
            return None
        if word in {"class", "enum", "workflow", "configuration", "using", "data"}:
            return self.skipped(word, start)
        self.pos += len(word)
        self.enter()
        if word in _LOOPS:
            node = self._loop(word, "", start)
        elif word == "if":
            node = self._if(start)
        elif word == "try":
            node = self._try(start)
        elif word == "trap":
            node = self._trap(start)
        elif word in {"function", "filter"}:
            node = self.function_definition(word)
        else:
            node = self._flow(word, start)
        self.leave()
        return node

    def _flow(self, word: str, start: int) -> ast.Flow:
        node = ast.Flow(start, self.pos, word)
        if not self.at_statement_end():
            if word in {"break", "continue"}:
                node.label = self.argument_atom()
            else:
                node.value = self.statement() if word == "return" else self.pipeline()
            node.end = self.pos
        return node

    def condition(self, keyword: str) -> ast.Statement:
        """``( pipeline )`` after a keyword."""
        if self.skip_lines() != "(":
            if keyword in {"if", "elseif"}:
                message = f"Missing '(' after '{keyword}' in if statement."
                self.fail("MissingOpenParenthesisInIfStatement", message, incomplete=self.pos >= self.size)
            message = f"Missing opening '(' after keyword '{keyword}'."
            self.fail("MissingOpenParenthesisAfterKeyword", message, incomplete=self.pos >= self.size)
        self.pos += 1
        if self.skip_lines() == ")" or not self.peek():
            if keyword in {"if", "elseif"}:
                message = f"Missing condition in if statement after '{keyword} ('."
                self.fail("IfStatementMissingCondition", message, incomplete=self.pos >= self.size)
            message = f"Missing expression after '{keyword}' in loop."
            self.fail("MissingExpressionAfterKeyword", message, incomplete=self.pos >= self.size)
        node = self.pipeline()
        self.close_paren(keyword)
        return node

    def close_paren(self, keyword: str) -> None:
        """Consume the parenthesis that closes a keyword's condition."""
        if self.skip_lines() != ")":
            message = f"Missing closing ')' after expression in '{keyword}' statement."
            at = self.pos if keyword in {"if", "elseif"} else None
            self.fail("MissingEndParenthesisAfterStatement", message, at, incomplete=self.pos >= self.size)
        self.pos += 1

    def _if(self, start: int) -> ast.If:
        clauses = []
        word = "if"
        while True:
            condition = self.condition(word)
            if self.skip_lines() != "{":
                paren = self.text.rfind(")", 0, self.pos)
                message = f"Missing statement block after {word} ( condition )."
                self.fail(
                    "MissingStatementBlock", message, paren, paren + 1, incomplete=self.pos >= self.size
                )
            body = self.block("MissingStatementBlock", "")
            clauses.append((condition, body))
            end = self.pos
            self.skip_lines()
            word = self.peek_word()
            if word == "elseif":
                self.pos += len(word)
                continue
            otherwise = None
            if word == "else":
                self.pos += len(word)
                otherwise = self.block(
                    "MissingStatementBlockAfterElse", "Missing statement block after 'else' keyword."
                )
                end = self.pos
            self.pos = end
            return ast.If(start, end, clauses, otherwise)

    # --- loops -------------------------------------------------------------------------

    def _loop(self, word: str, label: str, start: int) -> ast.Statement:
        if word == "while":
            condition = self.condition(word)
            body = self._loop_body(word)
            return ast.While(start, self.pos, label, condition, body)
        if word == "do":
            return self._do(label, start)
        if word == "for":
            return self._for(label, start)
        if word == "foreach":
            return self._foreach(label, start)
        return self._switch(label, start)

    def _loop_body(self, word: str) -> ast.StatementList:
        return self.block("MissingLoopStatement", f"Missing statement body in {word} loop.")

    def _do(self, label: str, start: int) -> ast.DoLoop:
        body = self._loop_body("do")
        self.skip_lines()
        word = self.peek_word()
        if word not in {"while", "until"}:
            message = "Missing while or until keyword in do loop."
            self.fail("MissingWhileOrUntilInDoWhile", message, incomplete=self.pos >= self.size)
        self.pos += len(word)
        condition = self.condition(word)
        return ast.DoLoop(start, self.pos, label, condition, body, word == "until")

    def _for(self, label: str, start: int) -> ast.For:
        if self.skip_lines() != "(":
            message = "Missing opening '(' after keyword 'for'."
            self.fail("MissingOpenParenthesisAfterKeyword", message, incomplete=self.pos >= self.size)
        self.pos += 1
        parts: list[ast.Statement | None] = []
        while len(parts) < 3:
            char = self.skip_lines()
            parts.append(None if not char or char in ";)" else self.pipeline())
            if self.skip() == ";" and len(parts) < 3:
                self.pos += 1
            elif self.peek() == ")":
                break
        self.close_paren("for")
        parts += [None] * (3 - len(parts))
        body = self._loop_body("for")
        return ast.For(start, self.pos, label, parts[0], parts[1], parts[2], body)

    def _foreach(self, label: str, start: int) -> ast.Statement:
        form = "\nThe correct form is: foreach ($a in $b) {...}"
        if self.skip_lines() != "(":
            message = "Missing opening '(' after keyword 'foreach'."
            self.fail("MissingOpenParenthesisAfterKeyword", message, incomplete=self.pos >= self.size)
        self.pos += 1
        if self.skip_lines() != "$":
            message = "Missing variable name after foreach." + form
            self.fail("MissingVariableNameAfterForeach", message, incomplete=self.pos >= self.size)
        variable = self.variable()
        self.skip_lines()
        if self.peek_word() != "in":
            message = "Missing 'in' after variable in foreach loop." + form
            self.fail("MissingInInForeach", message, incomplete=self.pos >= self.size)
        self.pos += 2
        if self.skip_lines() == ")" or not self.peek():
            message = "Missing expression in foreach loop." + form
            self.fail("MissingForeachExpression", message, incomplete=self.pos >= self.size)
        values = self.pipeline()
        if self.skip_lines() != ")":
            message = "Missing closing ')' after expression part of foreach loop." + form
            self.fail("MissingEndParenthesisAfterForeach", message, incomplete=self.pos >= self.size)
        self.pos += 1
        body = self.block("MissingForeachStatement", "Missing statement body in foreach loop." + form)
        return ast.ForEach(start, self.pos, label, variable, values, body)

    def _switch(self, label: str, start: int) -> ast.Switch:
        node = ast.Switch(start, start, label, "", case_sensitive=False, file=None, value=None, clauses=[])
        while self.skip_lines() and self.peek() in tokens.DASHES:
            self._switch_flag(node)
        if node.file is None:
            if self.peek() != "(":
                message = "A switch statement must have one of the following:  '-file file_name' or '( expression )'."
                self.fail("PipelineValueRequired", message, incomplete=self.pos >= self.size)
            self.pos += 1
            self.skip_lines()
            node.value = self.pipeline()
            if self.skip_lines() != ")":
                message = "Missing ')' after expression in switch statement."
                self.fail("MissingEndParenthesisInSwitchStatement", message, incomplete=self.pos >= self.size)
            self.pos += 1
        if self.skip_lines() != "{":
            message = "Missing '{' in switch statement."
            self.fail("MissingCurlyBraceInSwitchStatement", message, incomplete=self.pos >= self.size)
        brace = self.pos
        self.pos += 1
        while self.skip_separators() not in {"}", ""}:
            self._switch_clause(node)
        self.close_brace(brace)
        node.end = self.pos
        return node

    def _switch_flag(self, node: ast.Switch) -> None:
        start = self.pos
        word = self.take_dash_word()[1:].lower() if self.peek_dash_word() else "-"
        full = [
            flag
            for flag in ("regex", "wildcard", "exact", "casesensitive", "file", "parallel")
            if flag.startswith(word)
        ]
        if len(full) != 1 or full[0] == "parallel":
            message = f"The parameter -{word} is not valid for the switch statement."
            self.fail("InvalidSwitchFlag", message, start, max(self.pos, start + 1))
        if full[0] == "casesensitive":
            node.case_sensitive = True
        elif full[0] == "file":
            node.file = self.argument_atom()
            if node.file is None:
                message = "Cannot process the 'switch' statement because of a missing file name argument to the -file option."
                self.fail("MissingFilenameOption", message)
        else:
            node.mode = full[0]

    def _switch_clause(self, node: ast.Switch) -> None:
        condition = self.argument_atom()
        if condition is None:
            message = "Missing condition in switch statement clause."
            self.fail("MissingSwitchConditionExpression", message)
        default = (
            isinstance(condition, ast.Constant)
            and condition.bare
            and str(condition.value).lower() == "default"
        )
        if default and any(known is None for known, _ in node.clauses):
            message = "A switch statement can have only one default clause."
            self.fail("MultipleSwitchDefaultClauses", message, condition.start, condition.end)
        body = self.block(
            "MissingSwitchStatementClause", "Missing statement block in switch statement clause."
        )
        node.clauses.append((None if default else condition, body))

    # --- errors ------------------------------------------------------------------------

    def _try(self, start: int) -> ast.Try:
        body = self.block(
            "MissingTryStatement", "Incomplete 'try' statement. A try statement requires a body."
        )
        node = ast.Try(start, self.pos, body, [], None)
        while True:
            end = self.pos
            self.skip_lines()
            word = self.peek_word()
            if word == "catch":
                node.catches.append(self._catch())
            elif word == "finally":
                self.pos += len(word)
                node.final = self.block(
                    "MissingFinallyStatementBlock", "The Finally block is missing its statement block."
                )
                node.end = self.pos
                return node
            else:
                self.pos = end
                break
        if not node.catches:
            self.fail(
                "MissingCatchOrFinally",
                "The Try statement is missing its Catch or Finally block.",
                incomplete=self.pos >= self.size,
            )
        node.end = self.pos
        return node

    def _catch(self) -> ast.CatchClause:
        start = self.pos
        self.pos += len("catch")
        types: list[ast.TypeName] = []
        while self.skip_lines() == "[":
            kind = self.bracket()
            if isinstance(kind, ast.Attribute):
                self.fail("MissingTypename", "Missing type name after '['.", start, self.pos)
            types.append(kind)
            if self.skip_lines() == ",":
                self.pos += 1
        body = self.block("MissingCatchHandlerBlock", "The Catch block is missing its statement block.")
        return ast.CatchClause(start, self.pos, types, body)

    def _trap(self, start: int) -> ast.Trap:
        kind: ast.TypeName | None = None
        if self.skip_lines() == "[":
            inside = self.bracket()
            if isinstance(inside, ast.Attribute):
                self.fail("MissingTypename", "Missing type name after '['.", start, self.pos)
            kind = inside
        body = self.block(
            "MissingTrapStatement", "The 'trap' statement was incomplete. A trap statement requires a body."
        )
        return ast.Trap(start, self.pos, kind, body)
