"""The interpreter's state: scopes, streams, preferences, errors, and how blocks are run.

What each node does is in the ``eval_*`` modules, which register functions in
:data:`EXPRESSIONS` and :data:`STATEMENTS`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell import ast
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.errors import ErrorRecord, PowerShellError, runtime_error
from fakes.windows.powershell.flow import ReturnFlow
from fakes.windows.powershell.position import Extent, Source
from fakes.windows.powershell.scopes import Scope, Variable, store
from fakes.windows.powershell.script_block import ScriptBlock
from fakes.windows.powershell.streams import Streams
from fakes.windows.powershell.values import EnumType

Write = Callable[[Any], None]
ExpressionFunction = Callable[["Interpreter", Any], Any]
StatementFunction = Callable[["Interpreter", Any, Write], None]

EXPRESSIONS: dict[type, ExpressionFunction] = {}
STATEMENTS: dict[type, StatementFunction] = {}
F = TypeVar("F", bound=Callable[..., Any])

MAX_CALL_DEPTH = 250
UNSET: Any = object()


def evaluates(*kinds: type) -> Callable[[F], F]:
    """Register a function as the meaning of expression nodes."""

    def register(function: F) -> F:
        for kind in kinds:
            EXPRESSIONS[kind] = function
        return function

    return register


def executes(*kinds: type) -> Callable[[F], F]:
    """Register a function as the meaning of statement nodes."""

    def register(function: F) -> F:
        for kind in kinds:
            STATEMENTS[kind] = function
        return function

    return register


class Interpreter:
    """A session state that runs parsed scripts.

    Attributes:
        scope: the current scope.
        active: the streams of the command that runs, redirections applied.
        errors: ``$Error``, newest first.
        succeeded: ``$?``.
        try_depth: how many try blocks or traps enclose the running statement, over all callers.
        node: the statement or command that runs, for positions in errors.
        current_location: where relative paths start, as PowerShell shows it.
    """

    def __init__(self, host: Any, session: Any, streams: Streams, stop: threading.Event, width: int) -> None:
        self.host = host
        self.session = session
        self.streams = streams
        self.active = streams
        self.stop = stop
        self.width = width
        self.global_scope = Scope(None, "global")
        self.scope = self.global_scope
        self.errors: list[Any] = []
        self.succeeded = True
        self.try_depth = 0
        self.call_depth = 0
        self.node: ast.Node | None = None
        self.source = Source("")
        self.calls: list[tuple[str, Extent | None]] = []
        self.error_variables: list[list[Any]] = []
        self.aliases: dict[str, str] = {}
        self.current_location = session.cwd if session is not None else "C:\\"
        self.exit_requested: int | None = None
        self.exiting_process = False
        self.execution_policy = "Unrestricted"
        self.stdin: Any = None
        self.security_protocol: Any = None
        self.enums: dict[str, EnumType] = {}
        self.namespaces: list[str] = []
        self.output_code_page: int | None = None

    @property
    def clock(self) -> Any:
        """The host's virtual clock."""
        return self.host.clock

    def request_exit(self, code: int) -> None:
        """``$Host.SetShouldExit(code)``: the process ends with that code after the script."""
        self.exit_requested = code

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass, until then or until the client stops the pipeline."""
        from fakes.windows.powershell.flow import Stopped

        if self.stop.is_set():
            raise Stopped
        self.host.clock.advance(max(seconds, 0.0))

    # --- nodes -------------------------------------------------------------------------

    def eval(self, node: ast.Expression) -> Any:
        """The value of an expression."""
        return EXPRESSIONS[type(node)](self, node)

    def execute(self, node: ast.Statement, out: Write) -> None:
        """Run one statement; its objects go to ``out``."""
        STATEMENTS[type(node)](self, node, out)

    def collect(self, node: ast.Statement) -> list[Any]:
        """Run one statement and return its objects."""
        found: list[Any] = []
        self.execute(node, found.append)
        return found

    def statements(self, body: ast.StatementList, out: Write) -> None:
        """Run a statement list; errors that end only a statement are reported here."""
        if body.traps:
            from fakes.windows.powershell.eval_errors import with_traps

            with_traps(self, body, out)
            return
        for statement in body.statements:
            self.guarded(statement, out)

    def guarded(self, statement: ast.Statement, out: Write) -> None:
        """Run one statement; report what only ends the statement, raise what ends more."""
        if self.stop.is_set():
            from fakes.windows.powershell.flow import Stopped

            raise Stopped
        try:
            STATEMENTS[type(statement)](self, statement, out)
        except PowerShellError as error:
            self.succeeded = False
            self.locate(error.record, statement)
            if self.must_propagate(error):
                raise
            self.report(error.record)
        except NotSimulated as refusal:
            if not refusal.where:
                where = self.extent_of(self.node or statement).where()
                raise self.refuse(refusal.construct, where) from refusal
            raise
        except RecursionError:
            raise call_depth_overflow() from None

    def must_propagate(self, error: PowerShellError) -> bool:
        """Whether an error goes on to the enclosing statement instead of being reported here."""
        if self.try_depth:
            return True
        preference = self.preference("ErrorActionPreference")
        if preference in {"SilentlyContinue", "Ignore"}:
            return False
        if preference == "Stop":
            error.fatal = True
        return error.fatal

    def refuse(self, construct: str, where: str = "") -> NotSimulated:
        """Record that a construct is not simulated; ``raise`` what is returned."""
        place = where or (self.extent_of(self.node).where() if self.node is not None else "PowerShell")
        refusal: NotSimulated = self.host.not_simulated.refuse(construct, place)
        return refusal

    # --- errors ------------------------------------------------------------------------

    def extent_of(self, node: ast.Node) -> Extent:
        """A node's extent in the source that is running."""
        return Extent(self.source, node.start, node.end)

    def locate(self, record: ErrorRecord, node: ast.Node | None = None) -> None:
        """Give a record its position, and put it into ``$Error``, once each."""
        place = self.node or node
        if (
            record.invocation.extent is None
            and place is not None
            and record.category.category != "ParserError"
        ):
            record.invocation.extent = self.extent_of(place)
        if not record.stack_trace and place is not None:
            record.stack_trace = self.stack_trace(self.extent_of(place))
        self.remember(record)

    def stack_trace(self, extent: Extent) -> str:
        """``$_.ScriptStackTrace``: the running block first, each with file and line."""
        lines = []
        for name, caller in reversed(self.calls):
            lines.append(f"at {name}, {extent.source.file or '<No file>'}: line {extent.line}")
            if caller is None:
                break
            extent = caller
        return "\n".join(lines)

    def remember(self, record: ErrorRecord) -> None:
        """Put a record at the front of ``$Error`` unless it is there."""
        if not any(known is record for known in self.errors):
            self.errors.insert(0, record)
            del self.errors[256:]

    def report(self, record: ErrorRecord) -> None:
        """Show a record by ``$ErrorActionPreference``."""
        self.remember(record)
        for values in self.error_variables:
            if not any(known is record for known in values):
                values.append(record)
        if self.preference("ErrorActionPreference") not in {"SilentlyContinue", "Ignore"}:
            self.active.error(record)

    def preference(self, name: str) -> str:
        """A preference variable as text, ``Continue`` when it is not set."""
        variable = self.scope.find(name.lower())
        return (
            to_string(variable.value) if variable is not None and variable.value is not None else "Continue"
        )

    # --- variables ---------------------------------------------------------------------

    def get_variable(self, name: str, scope: str | None = None) -> Any:
        """A variable's value by name, None when it is not set."""
        start = self.scope.named(scope.lower()) if scope else self.scope
        found = start.find(name.lower())
        return None if found is None else found.value

    def find_variable(self, name: str) -> Variable | None:
        """The variable itself."""
        return self.scope.find(name.lower())

    def set_variable(self, name: str, value: Any, scope: str | None = None) -> Variable:
        """Assign a variable in a scope: ``global``, ``script``, ``local`` or a number."""
        target = self.scope.named(scope.lower()) if scope else self.scope
        if not scope:
            known = target.variables.get(name.lower())
            inherited = known or target.find(name.lower())
            if inherited is not None and inherited.options in {"AllScope", "Constant"}:
                store(inherited, name, value)
                return inherited
        return target.assign(name, value)

    def remove_variable(self, name: str, scope: str | None = None) -> bool:
        """Remove a variable from the nearest scope that has it; False when none has."""
        start = self.scope.named(scope.lower()) if scope else self.scope
        return any(one.variables.pop(name.lower(), None) is not None for one in start.chain())

    def variable_names(self) -> list[str]:
        """Names of all visible variables, as first written."""
        names: dict[str, str] = {}
        for one in self.scope.chain():
            for key, variable in one.variables.items():
                names.setdefault(key, variable.name or key)
        return list(names.values())

    @property
    def strict_version(self) -> float:
        """The version of Set-StrictMode in force, 0 for off."""
        for one in self.scope.chain():
            if one.strict_version is not None:
                return one.strict_version
        return 0

    # --- running blocks ----------------------------------------------------------------

    @contextmanager
    def entered(self, block: ScriptBlock, scope: Scope) -> Iterator[None]:
        """Run the body in a scope and in the source of a script block."""
        before = self.scope, self.source, self.node
        self.call_depth += 1
        if self.call_depth > MAX_CALL_DEPTH:
            self.call_depth -= 1
            raise call_depth_overflow()
        self.scope, self.source = scope, block.ast.source
        try:
            yield
        finally:
            self.scope, self.source, self.node = before
            self.call_depth -= 1

    def child_scope(self, block: ScriptBlock) -> Scope:
        """A new scope for a block, over the caller's (or over a closure's captured one)."""
        parent = self.scope
        if block.captured is not None:
            over = Scope(parent)
            over.variables = block.captured.variables
            parent = over
        return Scope(parent)

    def invoke(
        self,
        block: Any,
        args: Iterable[Any] = (),
        input: Iterable[Any] | None = None,  # noqa: A002
        *,
        write: Write | None = None,
        named: dict[str, Any] | None = None,
    ) -> list[Any]:
        """``& block args``: run a script block (or a command's name) in a new scope.

        Args:
            block: a script block.
            args: positional arguments.
            input: pipeline input; None for none.
            write: takes each output object; None collects them.
            named: named arguments.

        Returns:
            The output objects; empty when ``write`` is given.
        """
        from fakes.windows.powershell.pipeline import call_block

        found: list[Any] = []
        call_block(self, block, list(args), named or {}, input, write or found.append)
        return found

    def run_block(
        self,
        block: ScriptBlock,
        *,
        underscore: Any = UNSET,
        args: Iterable[Any] = (),
        write: Write | None = None,
    ) -> list[Any]:
        """Run a script block in the *current* scope, as ForEach-Object and Where-Object do.

        Args:
            block: the script block.
            underscore: the value of ``$_``; left as it is when not given.
            args: the value of ``$args`` or of its parameters.
            write: takes each output object; None collects them.

        Returns:
            The output objects; empty when ``write`` is given.
        """
        found: list[Any] = []
        out = write or found.append
        arguments = list(args)
        body = block.ast.body
        if (
            block.ast.params is not None
            or block.ast.named
            or block.captured is not None
            or arguments
            or body is None
        ):
            from fakes.windows.powershell.pipeline import call_block

            call_block(self, block, arguments, {}, None, out, underscore=underscore)
            return found
        before = self.scope.variables.get("_")
        if underscore is not UNSET:
            self.scope.variables["_"] = Variable(underscore)
        try:
            with self.entered(block, self.scope):
                self.statements(body, out)
        except ReturnFlow:
            pass
        finally:
            if underscore is not UNSET:
                if before is None:
                    self.scope.variables.pop("_", None)
                else:
                    self.scope.variables["_"] = before
        return found


def call_depth_overflow() -> PowerShellError:
    """Too many nested calls."""
    return runtime_error(
        "The script failed due to call depth overflow.",
        "CallDepthOverflow",
        "InvalidOperation",
        exception_type="System.Management.Automation.ScriptCallDepthException",
    )
