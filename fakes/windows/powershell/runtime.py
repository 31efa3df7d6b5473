"""The public face of the language: a runspace that runs scripts on a simulated host."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterable
from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell import (
    automatic,
    eval_assignment,
    eval_errors,
    eval_expressions,
    eval_statements,
)
from fakes.windows.powershell.arguments import Argument
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.current import running
from fakes.windows.powershell.errors import PowerShellError
from fakes.windows.powershell.flow import BreakFlow, ContinueFlow, ExitFlow, FlowControl, Unwinding
from fakes.windows.powershell.functions import FunctionProcessor
from fakes.windows.powershell.interpreter import Interpreter
from fakes.windows.powershell.parser import allow_recursion, parse
from fakes.windows.powershell.pipeline import PipelineRun
from fakes.windows.powershell.script_block import ScriptBlock
from fakes.windows.powershell.streams import Streams

__all__ = ["Runspace", "Streams"]

#: Imported for what they register.
_MEANINGS = (eval_assignment, eval_errors, eval_expressions, eval_statements)


class Runspace(Interpreter):
    """A session state on a host, as powershell.exe makes one. Not thread-safe.

    Args:
        host: the simulated Windows host (``fakes.windows.model.host.Host``).
        session: the shell session whose user, environment and directory apply.
        streams: the sinks.
        stdin: gives the process's standard input: an object with ``read()`` and
            ``readline()`` that return text (``[Console]::In``); None for an empty one.
        stop: set when the client sends Ctrl+C or terminate.
        width: columns of the host's buffer.
        process_id: what ``$PID`` says.

    Attributes:
        execution_policy: Restricted, AllSigned, RemoteSigned, Unrestricted or Bypass.
    """

    def __init__(
        self,
        host: Any,
        session: Any = None,
        *,
        streams: Streams | None = None,
        stdin: Any = None,
        stop: threading.Event | None = None,
        width: int = 80,
        process_id: int = 4321,
    ) -> None:
        super().__init__(host, session, streams or Streams(), stop or threading.Event(), width)
        self.stdin = stdin
        self.process_id = process_id
        allow_recursion()
        importlib.import_module("fakes.windows.powershell.cmdlets")  # registers them
        automatic.define(self)

    @property
    def last_exit_code(self) -> int | None:
        """``$LASTEXITCODE``, None while no program ran."""
        value = self.get_variable("LASTEXITCODE")
        return int(value) if isinstance(value, int) else None

    def run_script(
        self,
        text: str,
        args: Iterable[Any] = (),
        *,
        file: str = "",
        input: Iterable[Any] | None = None,  # noqa: A002
        named: dict[str, Any] | None = None,
    ) -> int | None:
        """Run a script; objects go to ``streams.output`` as they come.

        Args:
            text: the script.
            args: positional arguments (of its ``param`` block, else ``$args``), or :class:`Argument`
                objects where names matter.
            file: the script's path on the host (-File); "" runs it in the global scope, as
                -Command does.
            input: objects for ``$input``; None for none.
            named: named arguments.

        Returns:
            The code of ``exit``; None when the script ran to its end (then see
            :attr:`succeeded` and :attr:`last_exit_code`).

        Raises:
            ParseError: the script does not parse; nothing ran.
            PowerShellError: an uncaught terminating error ended the script; it is in ``$Error``
                and was not shown.
            NotSimulated: a construct is not simulated; it is recorded.
        """
        block = ScriptBlock(parse(text, file))
        arguments = [
            value if isinstance(value, Argument) else Argument(None, value, to_string(value))
            for value in args
        ]
        arguments += [
            Argument(name, value, f"-{name}:", attached=True) for name, value in (named or {}).items()
        ]
        with running(self):
            return self._run(block, arguments, file, input)

    def _run(
        self, block: ScriptBlock, arguments: list[Argument], file: str, values: Iterable[Any] | None
    ) -> int | None:
        name = file.rpartition("\\")[2]
        if file:
            from fakes.windows.powershell.script_files import check_requires

            elevated = self.session is None or bool(self.session.elevated)
            check_requires(block.ast.requires, name, elevated=elevated)
        stage = FunctionProcessor(
            self, block, name, name, arguments, None, self.streams, self.streams.output,
            dot=not file, script_file=file,
        )  # fmt: skip
        stage.expecting_input = values is not None
        try:
            PipelineRun(self, [stage]).execute(values)
        except ExitFlow as flow:
            return flow.code
        except (BreakFlow, ContinueFlow):
            return None
        except PowerShellError as error:
            self.succeeded = False
            self.locate(error.record)
            raise
        except NotSimulated as refusal:
            if refusal.where:
                raise
            raise self.refuse(refusal.construct) from refusal
        except Unwinding as unwinding:
            cause = unwinding.cause
            if isinstance(cause, ExitFlow):
                return cause.code
            if isinstance(cause, FlowControl):
                return None
            raise cause from None
        except FlowControl:
            raise
        except Exception as error:  # a defect of the interpreter: never silent, never the script's fault
            raise self.refuse(f"PowerShell interpreter defect: {type(error).__name__}: {error}") from error
        return self.exit_requested
