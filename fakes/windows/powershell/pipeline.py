"""Pipelines: commands that stream objects to each other.

Objects are pushed: a command's ``write`` calls the next one's ``process`` at once, so ``begin``,
``process`` and ``end`` interleave as in PowerShell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.arguments import Argument
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.errors import PowerShellError
from fakes.windows.powershell.flow import FlowControl, StopUpstream, Unwinding
from fakes.windows.powershell.interpreter import UNSET, Interpreter, Write
from fakes.windows.powershell.processors import Processor
from fakes.windows.powershell.redirection import redirected


def run_pipeline(interp: Interpreter, node: ast.Pipeline, out: Write) -> None:
    """Run a pipeline of at least one command (or a redirected expression)."""
    elements = list(node.elements)
    interp.node = elements[0]
    stages: list[Processor] = []
    finishers: list[Any] = []
    run = PipelineRun(interp, stages)
    source: Iterable[Any] | None = None
    first = elements[0]
    if isinstance(first, ast.CommandExpression):
        source = _expression_input(interp, first, out if len(elements) == 1 else None)
        elements = elements[1:]
        if not elements:
            for value in source:
                out(value)
            interp.succeeded = True
            return
    try:
        for position, element in enumerate(elements):
            assert isinstance(element, ast.Command)
            last = position == len(elements) - 1
            interp.node = element
            streams = interp.active
            target = out if last else run.writer(position + 1)
            if element.redirections:
                streams, target, finish = redirected(interp, element.redirections, streams, target)
                finishers.append(finish)
            from fakes.windows.powershell.discovery import processor_for

            stage = processor_for(interp, element, streams, target)
            stage.expecting_input = position > 0 or source is not None
            stage.last = last
            stages.append(stage)
        run.execute(source)
    finally:
        for finish in finishers:
            finish()
    interp.succeeded = not any(stage.failed for stage in stages)


def _expression_input(interp: Interpreter, element: ast.CommandExpression, out: Write | None) -> list[Any]:
    """The objects of an expression that feeds a pipeline (or is redirected)."""
    from fakes.windows.powershell.eval_statements import emit_expression

    found: list[Any] = []
    if not element.redirections:
        emit_expression(interp, element.expression, found.append)
        return found
    streams, target, finish = redirected(interp, element.redirections, interp.active, out or found.append)
    before, interp.active = interp.active, streams
    try:
        emit_expression(interp, element.expression, target)
    finally:
        interp.active = before
        finish()
    return found


class PipelineRun:
    """The stages of one pipeline while it runs."""

    def __init__(self, interp: Interpreter, stages: list[Processor]) -> None:
        self.interp = interp
        self.stages = stages

    def writer(self, position: int) -> Write:
        """A sink that hands objects to the stage at a position."""

        def write(value: Any) -> None:
            stage = self.stages[position]
            try:
                self._begin(stage)
                stage.process(value)
            except (PowerShellError, FlowControl) as cause:
                if isinstance(cause, Unwinding):
                    raise
                raise Unwinding(cause, self) from cause

        return write

    def _begin(self, stage: Processor) -> None:
        if not stage.begun:
            stage.begun = True
            stage.begin()

    def execute(self, source: Iterable[Any] | None) -> None:
        """Begin all stages, feed the first one, end all stages."""
        start = 0
        try:
            for stage in self.stages:
                self._begin(stage)
            first = self.stages[0]
            if source is None:
                first.process_without_input()
            else:
                for value in source:
                    first.process(value)
        except (Unwinding, StopUpstream) as unwinding:
            start = self._after(unwinding)
        while start < len(self.stages):
            try:
                for position in range(start, len(self.stages)):
                    start = position + 1
                    self.stages[position].end()
            except (Unwinding, StopUpstream) as unwinding:
                start = self._after(unwinding)

    def _after(self, unwinding: Unwinding | StopUpstream) -> int:
        """The stage to end first after one had enough; anything else is raised again."""
        cause: BaseException = unwinding
        if isinstance(unwinding, Unwinding):
            if unwinding.pipeline is not self:
                raise unwinding
            cause = unwinding.cause
        if isinstance(cause, StopUpstream):
            for position, stage in enumerate(self.stages):
                if getattr(stage, "runtime", None) is cause.origin:
                    for earlier in self.stages[:position]:
                        earlier.abandon()
                    return position
        raise cause


def call_block(
    interp: Interpreter,
    block: Any,
    args: list[Any],
    named: dict[str, Any],
    input: Iterable[Any] | None,  # noqa: A002
    out: Write,
    *,
    underscore: Any = UNSET,
    dot: bool = False,
) -> None:
    """Run a script block, function or command by value, outside of a parsed pipeline."""
    from fakes.windows.powershell.discovery import processor_of_value

    arguments = [Argument(None, value, to_string(value)) for value in args]
    arguments += [Argument(name, value, f"-{name}:", attached=True) for name, value in named.items()]
    stage = processor_of_value(interp, block, arguments, interp.active, out, dot=dot)
    stage.expecting_input = input is not None
    stage.underscore = underscore
    PipelineRun(interp, [stage]).execute(input)
