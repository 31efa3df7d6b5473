r"""CLIXML on standard error, as powershell.exe writes it for an encoded command.

powershell.exe assumes that whoever sends ``-EncodedCommand`` and redirects standard error is another
PowerShell, and serializes its error, warning, verbose, debug and progress streams there: the line
``#< CLIXML`` and one ``Objs`` document, with one string per line of text (``ConsoleHost.ErrorFormat`` and
``Serialization.cs`` in PowerShell's repository; the format is MS-PSRP 2.2.5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.sax.saxutils import escape

HEADER = "#< CLIXML"
NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04"
_OPEN = f'<Objs Version="1.1.0.1" xmlns="{NAMESPACE}">'

_NEEDS_ESCAPE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=[xX][0-9A-Fa-f]{4}_)")

PROGRESS_ACTIVITY = "Preparing modules for first use."


def encode_string(text: str) -> str:
    r"""Text of an ``S`` element: control characters become ``_xHHHH_`` (MS-PSRP 2.2.5.3.2).

    >>> encode_string("a<b\r\n_x000D_")
    'a&lt;b_x000D__x000A__x005F_x000D_'
    """
    return escape(_NEEDS_ESCAPE.sub(lambda match: f"_x{ord(match.group()):04X}_", text))


class ClixmlWriter:
    """Writes one document, piece by piece, to a text sink.

    Args:
        write: receives text; nothing is written while nothing is serialized.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._opened = False
        self._objects = 0

    def string(self, stream: str, text: str) -> None:
        """One string of a stream: ``Error``, ``warning``, ``verbose`` or ``debug``."""
        self._put(f'<S S="{stream}">{encode_string(text)}</S>')

    def progress(self, source: int = 1, activity: str = PROGRESS_ACTIVITY, *, completed: bool = True) -> None:
        """One progress record, such as the one of the first module that is loaded.

        Args:
            source: the reporting command's number.
            activity: what is going on.
            completed: whether this record ends it.
        """
        number = self._objects
        self._objects += 1
        names = (
            '<TN RefId="0"><T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN>'
            if number == 0
            else '<TNRef RefId="0" />'
        )
        state = "Completed" if completed else "Processing"
        self._put(
            f'<Obj S="progress" RefId="{number}">{names}<MS><I64 N="SourceId">{source}</I64><PR N="Record">'
            f"<AV>{encode_string(activity)}</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC><T>{state}</T>"
            "<SR>-1</SR><SD> </SD></PR></MS></Obj>"
        )

    def close(self) -> None:
        """Ends the document, if one was begun."""
        if self._opened:
            self._write("</Objs>")
            self._opened = False

    def _put(self, element: str) -> None:
        if not self._opened:
            self._write(HEADER + "\r\n" + _OPEN)
            self._opened = True
        self._write(element)
