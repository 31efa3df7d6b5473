"""The public face of the language: a runspace that runs scripts on a simulated host."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from fakes.windows.powershell.errors import ErrorRecord, format_error


def _ignore(_: Any) -> None:
    """A stream that nobody reads."""


@dataclass
class Streams:
    """Where each stream of the outermost command goes; each sink takes one value.

    ``output`` takes objects (Out-Default's input), ``error`` ErrorRecords, ``warning``,
    ``verbose`` and ``debug`` strings, ``information`` InformationRecord objects (a PSObject
    with MessageData and Tags; Write-Host has the tag PSHOST), ``progress`` PSObjects.
    ``native_error`` takes the raw text that a native program writes to stderr when nothing
    redirects it: it bypasses PowerShell's own error stream, as on a real console host.
    """

    output: Callable[[Any], None] = _ignore
    error: Callable[[ErrorRecord], None] = _ignore
    warning: Callable[[str], None] = _ignore
    verbose: Callable[[str], None] = _ignore
    debug: Callable[[str], None] = _ignore
    information: Callable[[Any], None] = _ignore
    progress: Callable[[Any], None] = _ignore
    native_error: Callable[[str], None] = _ignore


class Runspace:
    """A session state on a host, as powershell.exe makes one.

    Args:
        host: the simulated Windows host (``fakes.windows.model.host.Host``).
        session: the shell session whose user, environment and directory apply.
        streams: the sinks.
        stdin: gives the process's standard input (``[Console]::In``, ``$input``).
        stop: set when the client sends Ctrl+C or terminate.
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
    ) -> None:
        self.host = host
        self.session = session
        self.streams = streams or Streams()
        self.stdin = stdin
        self.stop = stop or threading.Event()
        self.width = width

    @property
    def clock(self) -> Any:
        """The host's virtual clock."""
        return self.host.clock

    #: The current location as PowerShell shows it: ``C:\\Users\\x`` or ``HKLM:\\SOFTWARE``.
    current_location: str

    def run_script(
        self,
        text: str,
        args: Iterable[Any] = (),
        *,
        file: str = "",
        input: Iterable[Any] | None = None,  # noqa: A002
        named: dict[str, Any] | None = None,
    ) -> int:
        """Run a script in the global scope; objects go to ``streams.output`` as they come.

        Args:
            text: the script.
            args: positional arguments (of its ``param`` block, else ``$args``).
            file: the script's path on the host (-File); "" for -Command.
            input: objects for ``$input``.
            named: named arguments.

        Returns:
            The code of ``exit``, or None when the script ran to its end (then see
            :attr:`succeeded` and :attr:`last_exit_code`).

        Raises:
            ParseError: the script does not parse; nothing ran.
            PowerShellError: an uncaught terminating error ended the script (not yet shown).
            NotSimulated: a construct is not simulated (already recorded).
        """
        raise NotImplementedError
