r"""CLIXML on standard error, as powershell.exe writes it for an encoded command.

powershell.exe assumes that whoever sends ``-EncodedCommand`` and redirects standard error is another
PowerShell, and serializes its error, warning, verbose, debug and progress streams there: the line
``#< CLIXML`` and one ``Objs`` document, with one string per line of text (``ConsoleHost.ErrorFormat`` and
``Serialization.cs`` in PowerShell's repository; the format is MS-PSRP 2.2.5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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


_CUSTOM = ("System.Management.Automation.PSCustomObject", "System.Object")
_RECORD = ("System.Management.Automation.InformationRecord", "System.Object")
_MESSAGE = ("System.Management.Automation.HostInformationMessage", "System.Object")
_STRING = "System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"
_STRING_LIST = (f"System.Collections.Generic.List`1[[{_STRING}]]", "System.Object")


@dataclass(frozen=True)
class HostMessage:
    """What Write-Host wrote, and who wrote it when."""

    text: str
    source: str
    time: datetime
    user: str
    computer: str
    process: int
    no_newline: bool = False
    foreground: str = "Gray"
    background: str = "Black"


class ClixmlWriter:
    """Writes one document, piece by piece, to a text sink.

    Args:
        write: receives text; nothing is written while nothing is serialized.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._opened = False
        self._objects = 0
        self._type_ids: dict[tuple[str, ...], int] = {}

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
        state = "Completed" if completed else "Processing"
        self._put(
            f'<Obj S="progress" RefId="{self._number()}">{self._types(_CUSTOM)}<MS><I64 N="SourceId">{source}</I64>'
            f'<PR N="Record"><AV>{encode_string(activity)}</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC><T>{state}</T>'
            "<SR>-1</SR><SD> </SD></PR></MS></Obj>"
        )

    def information(self, message: HostMessage) -> None:
        """The record of one Write-Host, which also printed its text."""
        text = encode_string(message.text)
        record, data = self._number(), self._number()
        head = (
            f'<Obj S="information" RefId="{record}">{self._types(_RECORD)}<ToString>{text}</ToString><Props>'
        )
        inner = (
            f'<Obj N="MessageData" RefId="{data}">{self._types(_MESSAGE)}<ToString>{text}</ToString><Props>'
            f'<S N="Message">{text}</S><B N="NoNewLine">{str(message.no_newline).lower()}</B>'
            f'<S N="ForegroundColor">{message.foreground}</S><S N="BackgroundColor">{message.background}</S></Props></Obj>'
        )
        stamp = message.time.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0+00:00"
        tail = (
            f'<S N="Source">{encode_string(message.source)}</S><DT N="TimeGenerated">{stamp}</DT>'
            f'<Obj N="Tags" RefId="{self._number()}">{self._types(_STRING_LIST)}<LST><S>PSHOST</S></LST></Obj>'
            f'<S N="User">{encode_string(message.user)}</S><S N="Computer">{encode_string(message.computer)}</S>'
            f'<U32 N="ProcessId">{message.process}</U32><U32 N="NativeThreadId">{message.process + 4}</U32>'
            '<U32 N="ManagedThreadId">8</U32></Props></Obj>'
        )
        self._put(head + inner + tail)

    def _number(self) -> int:
        """The next object's reference id."""
        self._objects += 1
        return self._objects - 1

    def _types(self, names: tuple[str, ...]) -> str:
        """Type names in full the first time, a reference afterwards."""
        known = self._type_ids.get(names)
        if known is not None:
            return f'<TNRef RefId="{known}" />'
        known = self._type_ids[names] = len(self._type_ids)
        return f'<TN RefId="{known}">' + "".join(f"<T>{name}</T>" for name in names) + "</TN>"

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
