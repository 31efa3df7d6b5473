"""The streams of a command and their sinks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fakes.windows.powershell.errors import ErrorRecord


def ignore(_: Any) -> None:
    """A stream that nobody reads."""


@dataclass
class Streams:
    """Where each stream of the outermost command goes; each sink takes one value.

    ``output`` takes objects (Out-Default's input), ``error`` ErrorRecords, ``warning``,
    ``verbose`` and ``debug`` strings, ``information`` InformationRecord objects (a PSObject
    with MessageData and Tags; Write-Host has the tag PSHOST), ``progress`` PSObjects.
    ``native_error`` takes the raw text that a native program writes to stderr when nothing
    redirects it: it bypasses PowerShell's own error stream, as on a real console host.
    ``console`` takes what ``[Console]::Out`` writes, as raw text that no formatting touches.
    """

    output: Callable[[Any], None] = ignore
    error: Callable[[ErrorRecord], None] = ignore
    warning: Callable[[str], None] = ignore
    verbose: Callable[[str], None] = ignore
    debug: Callable[[str], None] = ignore
    information: Callable[[Any], None] = ignore
    progress: Callable[[Any], None] = ignore
    native_error: Callable[[str], None] = ignore
    console: Callable[[str], None] = ignore
    native_error_redirected: bool = False
