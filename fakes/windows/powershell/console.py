"""The console host of powershell.exe without a console: where each stream of a script ends up.

Text mode: objects, Write-Host, warnings, verbose and debug lines go to standard output, errors to standard
error. With an encoded command everything but output and Write-Host is CLIXML on standard error
(``ConsoleHostUserInterface.cs``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.windows.powershell.clixml import ClixmlWriter, HostMessage
from fakes.windows.powershell.errors import ErrorRecord, format_error
from fakes.windows.powershell.formatting import CONSOLE_WIDTH, Printer
from fakes.windows.powershell.formatting.access import Reader
from fakes.windows.powershell.formatting.wrap import wrap
from fakes.windows.powershell.streams import Streams
from fakes.windows.powershell.text_form import culture_text
from fakes.windows.powershell.values import PSObject


class Console:
    """Writes a session's streams.

    Args:
        out: standard output.
        err: standard error.
        xml: an encoded command runs: standard error is CLIXML.
    """

    def __init__(self, out: Callable[[str], None], err: Callable[[str], None], *, xml: bool) -> None:
        self._out = out
        self._err = err
        self._clixml = ClixmlWriter(err) if xml else None
        self._interpreter: Any = None
        self._printer: Printer | None = None
        self._announced = False
        self.streams = Streams(
            output=self._output,
            error=self._error,
            warning=self._warning,
            verbose=self._verbose,
            debug=self._debug,
            information=self._information,
            progress=self._progress,
            native_error=self._native_error,
            console=self._console,
        )

    def attach(self, interpreter: Any) -> None:
        """Names the session whose variables and script blocks formatting uses."""
        self._interpreter = interpreter

    def report(self, record: ErrorRecord) -> None:
        """Shows an error that ended the script."""
        self._error(record)

    def flush(self) -> None:
        """Prints what formatting holds back: the end of a pipeline."""
        if self._printer is not None:
            self._printer.close()
            self._printer = None

    def close(self) -> None:
        """Ends all output."""
        self.flush()
        if self._clixml is not None:
            self._announce()
            self._clixml.close()

    def error_line(self, line: str) -> None:
        """One line of error text; empty ones are not written (``WriteErrorLine``)."""
        if not line:
            return
        if self._clixml is None:
            self._err(line + "\r\n")
        else:
            self._announce()
            self._clixml.string("Error", line + "\r\n")

    def _announce(self) -> None:
        """The progress record of the first module that loads, unless progress was silenced before."""
        if self._announced or self._clixml is None:
            return
        self._announced = True
        silent = (
            self._interpreter is not None
            and self._interpreter.preference("ProgressPreference") == "SilentlyContinue"
        )
        if not silent:
            self._clixml.progress()

    def _output(self, value: Any) -> None:
        if isinstance(value, ErrorRecord) and getattr(value, "merged", False):
            self._error(value)
            return
        if self._printer is None:
            self._printer = Printer(Reader(self._interpreter), self._line, CONSOLE_WIDTH - 1)
        self._printer.write(value)

    def _line(self, text: str) -> None:
        self._out(text + "\r\n")

    def _error(self, record: ErrorRecord) -> None:
        view = self._interpreter.get_variable("ErrorView") if self._interpreter is not None else None
        text = format_error(record, str(view or "NormalView"), CONSOLE_WIDTH)
        for line in wrap(text, CONSOLE_WIDTH - 1):
            self.error_line(line)

    def _warning(self, message: str) -> None:
        self._labelled("warning", f"WARNING: {message}", message)

    def _verbose(self, message: str) -> None:
        self._labelled("verbose", f"VERBOSE: {message}", message)

    def _debug(self, message: str) -> None:
        self._labelled("debug", f"DEBUG: {message}", message)

    def _labelled(self, stream: str, shown: str, message: str) -> None:
        if self._clixml is not None:
            self._announce()
            self._clixml.string(stream, message)
            return
        for line in wrap(shown, CONSOLE_WIDTH - 1):
            self._line(line)

    def _information(self, record: PSObject) -> None:
        """Write-Host's records, and those of Write-Information whose preference is Continue."""
        message = record.get("MessageData")
        host_message = isinstance(message, PSObject) and message.has("NoNewLine")
        text = str(message.get("Message") or "") if host_message else culture_text(message)
        no_newline = bool(message.get("NoNewLine")) if host_message else False
        self._out(text + ("" if no_newline else "\r\n"))
        if self._clixml is not None and host_message:
            self._announce()
            self._clixml.information(self._host_message(record, message, text))

    def _host_message(self, record: PSObject, message: PSObject, text: str) -> HostMessage:
        source = self._interpreter.source.file or str(record.get("Source"))
        return HostMessage(
            text,
            source,
            record.get("TimeGenerated"),
            f"{record.get('Computer')}\\{record.get('User')}",
            str(record.get("Computer")),
            int(record.get("ProcessId") or 0),
            bool(message.get("NoNewLine")),
            str(message.get("ForegroundColor") or "Gray"),
            str(message.get("BackgroundColor") or "Black"),
        )

    def _progress(self, record: PSObject) -> None:
        if self._clixml is None:
            return
        self._announce()
        self._clixml.progress(
            0, str(record.get("Activity")), completed=record.get("RecordType") == "Completed"
        )

    def _console(self, text: str) -> None:
        """What ``[Console]::Out`` writes; a table that is under way keeps its own lines."""
        self._out(text)

    def _native_error(self, text: str) -> None:
        self._err(text)
