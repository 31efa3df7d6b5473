"""Redirections of a command: ``2>&1``, ``> file``, ``2>$null``, ``*>&1``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.interpreter import Interpreter, Write
from fakes.windows.powershell.streams import Streams, ignore
from fakes.windows.powershell.values import PSObject

_NAMES = {"2": "error", "3": "warning", "4": "verbose", "5": "debug", "6": "information"}


def _record(kind: str) -> Callable[[str], PSObject]:
    def make(message: str) -> PSObject:
        name = f"System.Management.Automation.{kind}Record"
        return PSObject(
            [name, "System.Management.Automation.InformationalRecord", "System.Object"],
            {"Message": message},
            text=message,
        )

    return make


_WRAP: dict[str, Callable[[Any], Any]] = {
    "3": _record("Warning"),
    "4": _record("Verbose"),
    "5": _record("Debug"),
}


def redirected(
    interp: Interpreter, redirections: list[ast.Redirection], streams: Streams, out: Write
) -> tuple[Streams, Write, Callable[[], None]]:
    """Apply redirections.

    Returns:
        The command's streams, its output sink, and what to call when it ended (files are
        written then).
    """
    result = replace(streams)
    finishers: list[Callable[[], None]] = []
    for redirection in redirections:
        wanted = ["1", *_NAMES] if redirection.stream == "*" else [redirection.stream]
        if redirection.merge is not None:
            sink: Write = out
        else:
            assert redirection.target is not None
            target = interp.eval(redirection.target)
            if target is None:
                sink = ignore
            else:
                sink, finish = _file_sink(interp, to_string(target), append=redirection.append)
                finishers.append(finish)
        for stream in wanted:
            if stream == "1":
                if redirection.merge is None:
                    out = sink
            else:
                _replace(result, stream, sink)

    def finish_all() -> None:
        for finish in finishers:
            finish()

    return result, out, finish_all


def _replace(streams: Streams, stream: str, sink: Write) -> None:
    wrap = _WRAP.get(stream)
    function = sink if wrap is None else (lambda value: sink(wrap(value)))
    setattr(streams, _NAMES[stream], function)
    if stream == "2":
        streams.native_error_redirected = True


def _file_sink(interp: Interpreter, path: str, *, append: bool) -> tuple[Write, Callable[[], None]]:
    """``> path`` is Out-File: formatted text, UTF-16 little endian."""
    values: list[Any] = []

    def finish() -> None:
        from fakes.windows.powershell.arguments import Argument
        from fakes.windows.powershell.discovery import command_processor
        from fakes.windows.powershell.pipeline import PipelineRun

        arguments = [Argument("FilePath", path, attached=True)]
        if append:
            arguments.append(Argument("Append", True, attached=True))
        stage = command_processor(interp, "Out-File", arguments, interp.active, ignore)
        stage.expecting_input = True
        PipelineRun(interp, [stage]).execute(values)

    return values.append, finish
