"""Native programs in pipelines: lines of text in, lines of text out, ``$LASTEXITCODE``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.arguments import MISSING, Argument
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord, PowerShellError
from fakes.windows.powershell.interpreter import Interpreter, Write
from fakes.windows.powershell.position import Extent
from fakes.windows.powershell.processors import Processor
from fakes.windows.powershell.streams import Streams

NOT_SIMULATED_EXIT = 120


class NativeProcessor(Processor):
    """A program of the host.

    Args:
        interp: the interpreter.
        name: as typed.
        path: the program's file.
        arguments: evaluated.
        verbatim: what followed ``--%``.
        node: where the call stands.
        streams: its streams.
        downstream: takes its output lines.
    """

    def __init__(
        self,
        interp: Interpreter,
        name: str,
        path: str,
        arguments: list[Argument],
        verbatim: str | None,
        node: ast.Node | None,
        streams: Streams,
        downstream: Write,
    ) -> None:
        super().__init__(interp, streams, downstream)
        self.name = name
        self.path = path
        self.arguments = arguments
        self.verbatim = verbatim
        self.node = node
        self.input: list[Any] = []
        self.errors = 0

    def process(self, value: Any) -> None:
        """Keep an input object; it becomes text when the program starts."""
        self.input.append(value)

    def end(self) -> None:
        """Run the program."""
        from fakes.windows.shell.programs import run_program
        from fakes.windows.shell.streams import TextReader

        interp = self.interp
        argv, raw = command_line(self.arguments)
        if self.verbatim is not None:
            raw = f"{raw} {_expanded(interp, self.verbatim)}"
            from fakes.windows.shell.programs import arguments as split_arguments

            argv = split_arguments(raw)
        out, err = LineSplitter(self.downstream), LineSplitter(self._error_line)
        redirected = self.streams.native_error_redirected
        before_error_count = len(interp.host.not_simulated.entries()) if interp.host is not None else 0
        stdin = TextReader(_Utf8Source(self._input_text()), interp.session.encoding)
        with self.active(self.node):
            code = run_program(
                self.path,
                [self.name, *argv],
                f" {raw}" if raw else "",
                session=interp.session,
                stdin=stdin,
                out=out,
                err=err if redirected else self.streams.native_error,
                stop=interp.stop,
                cwd=file_system_location(interp),
            )
            out.close()
            err.close()
            interp.set_variable("LASTEXITCODE", code, "global")
            self.failed = code != 0 or self.errors > 0
            if code == NOT_SIMULATED_EXIT and interp.host is not None:
                refused = interp.host.not_simulated.entries()[before_error_count:]
                if refused:
                    from fakes.notsimulated import NotSimulated

                    raise NotSimulated(refused[-1]["construct"], refused[-1]["where"] or "native program")

    def _input_text(self) -> bytes:
        """The input objects as lines, as Out-String would print them."""
        if not self.input:
            return b"" if self.expecting_input else _inherited_input(self.interp)
        lines = [value if isinstance(value, str) else _formatted(self.interp, value) for value in self.input]
        return "".join(f"{line}\r\n" for line in lines).encode(self.interp.session.encoding, "replace")

    def _error_line(self, line: str) -> None:
        """A line on a redirected stderr is an ErrorRecord: the first a NativeCommandError."""
        first = self.errors == 0
        self.errors += 1
        record = ErrorRecord(
            line,
            "NativeCommandError" if first else "NativeCommandErrorMessage",
            "NotSpecified",
            line,
            exception_type=AUTOMATION + "RemoteException",
        )
        record.text = line
        if first:
            record.invocation.command = record.invocation.name = self.name
            if self.node is not None:
                record.invocation.extent = Extent(self.interp.source, self.node.start, self.node.end)
        self.interp.remember(record)
        if self.interp.preference("ErrorActionPreference") == "Stop":
            raise PowerShellError(record, fatal=True)
        self.streams.error(record)


class _Utf8Source:
    """Standard input that holds all its bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, n: int = -1) -> bytes:
        """The next bytes."""
        size = len(self._data) if n < 0 else n
        taken, self._data = self._data[:size], self._data[size:]
        return taken


def _inherited_input(interp: Interpreter) -> bytes:
    """A program that nothing is piped into shares PowerShell's own standard input."""
    del interp
    return b""


def _formatted(interp: Interpreter, value: Any) -> str:
    from fakes.windows.powershell.discovery import command_processor
    from fakes.windows.powershell.pipeline import PipelineRun

    found: list[Any] = []
    stage = command_processor(interp, "Out-String", [], interp.active, found.append)
    stage.expecting_input = True
    PipelineRun(interp, [stage]).execute([value])
    return "".join(map(to_string, found)).rstrip("\r\n")


class LineSplitter:
    """Takes text in pieces and hands on whole lines."""

    def __init__(self, sink: Callable[[str], None]) -> None:
        self._sink = sink
        self._rest = ""

    def __call__(self, text: str) -> None:
        """More text."""
        self._rest += text.replace("\r\n", "\n")
        *lines, self._rest = self._rest.split("\n")
        for line in lines:
            self._sink(line.rstrip("\r"))

    def close(self) -> None:
        """The end: hand on a last line without its end."""
        if self._rest:
            self._sink(self._rest)
            self._rest = ""


def command_line(arguments: list[Argument]) -> tuple[list[str], str]:
    """The arguments as 5.1 builds a command line: quotes only around values with blanks.

    Embedded double quotes are not escaped: that is 5.1's documented behaviour
    (about_Parsing, "Passing arguments that contain quote characters").

    Returns:
        The arguments as the program's run-time splits that line, and the line.
    """
    from fakes.windows.shell.programs import arguments as split_arguments

    pieces: list[str] = []
    for argument in arguments:
        if argument.name is not None:
            text = argument.text
            if argument.value is MISSING:
                pieces.append(text)
            else:
                pieces.append(
                    text + _quoted(to_string(argument.value))
                    if text.endswith(":")
                    else f"{text} {_quoted(to_string(argument.value))}"
                )
            continue
        values = argument.value if isinstance(argument.value, list) else [argument.value]
        bare = (
            isinstance(argument.value, list)
            and argument.node is not None
            and isinstance(argument.node, ast.ArrayLiteral)
        )
        texts = [to_string(value) for value in values]
        if bare:
            pieces.append(
                _quoted(",".join(texts))
                if not any(" " in one for one in texts)
                else " ".join(map(_quoted, texts))
            )
        else:
            pieces += [_quoted(text, keep_empty=argument.quoted) for text in texts]
    line = " ".join(piece for piece in pieces if piece)
    return split_arguments(line), line


def _quoted(text: str, *, keep_empty: bool = False) -> str:
    del keep_empty
    if text and any(char in " \t" for char in text) and not text.startswith('"'):
        tail = "\\" if text.endswith("\\") and not text.endswith("\\\\") else ""
        return f'"{text}{tail}"'
    return text


def _expanded(interp: Interpreter, text: str) -> str:
    """``--%``: only %VAR% is replaced."""
    import re

    env = {key.lower(): value for key, value in dict(interp.session.env).items()}
    return re.sub(r"%([^%]+)%", lambda found: env.get(found.group(1).lower(), found.group()), text)


def file_system_location(interp: Interpreter) -> str:
    """The directory programs start in: the location, when it is one of the file system."""
    location = interp.current_location
    if len(location) > 1 and location[1] == ":" and location[0].isalpha():
        return str(location)
    return str(interp.session.cwd)
