"""Standard streams of a program: text inside, bytes in a code page outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

_LONE_NEWLINE = re.compile(r"(?<!\r)\n")
Write = Callable[[str], None]


class ByteSource(Protocol):
    """Where a program's standard input comes from."""

    def read(self, n: int = -1) -> bytes:
        """Return up to ``n`` bytes, blocking until there are some or the end (``b""``); -1 reads to the end."""


class Bytes:
    """A byte source that holds all it will ever give."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = data

    def read(self, n: int = -1) -> bytes:
        """Return the next ``n`` bytes, or all that is left."""
        if n < 0:
            n = len(self._data)
        taken, self._data = self._data[:n], self._data[n:]
        return taken


class TextReader:
    """Standard input as text.

    Args:
        source: Where the bytes come from.
        encoding: The session's, see :func:`encoding_of`.
    """

    def __init__(self, source: ByteSource, encoding: str) -> None:
        self.source = source
        self.encoding = encoding
        self._buffer = b""

    def read_bytes(self) -> bytes:
        """Return everything that is left."""
        data, self._buffer = self._buffer + self.source.read(-1), b""
        return data

    def read(self) -> str:
        r"""Return everything that is left as text, with line ends as ``\n``."""
        return self.read_bytes().decode(self.encoding, "surrogateescape").replace("\r\n", "\n")

    def readlines(self) -> list[str]:
        """Return the lines that are left, without their line ends."""
        lines = self.read().split("\n")
        return lines[:-1] if lines[-1] == "" else lines

    def readline(self) -> str | None:
        """Return the next line without its end, blocking for it; None at the end of input."""
        while b"\n" not in self._buffer:
            more = self.source.read(4096)
            if not more:
                break
            self._buffer += more
        if not self._buffer:
            return None
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r").decode(self.encoding, "surrogateescape")


class TextWriter:
    """A standard output: takes text, normalises line ends, passes on bytes.

    Args:
        target: Takes the bytes.
        encoding: The session's.
    """

    def __init__(self, target: Callable[[bytes], None], encoding: str) -> None:
        self.target = target
        self.encoding = encoding
        self._last = ""

    def __call__(self, text: str) -> None:
        """Write text; a line feed alone becomes carriage return and line feed."""
        if not text:
            return
        split = self._last == "\r" and text[0] == "\n"
        self._last = text[-1]
        body = text[1:] if split else text
        data = ("\n" if split else "") + _LONE_NEWLINE.sub("\r\n", body)
        self.target(encode(data, self.encoding))


def encode(text: str, encoding: str) -> bytes:
    """Return the bytes; what the code page lacks becomes ``?``, bytes that were never text pass unchanged."""
    try:
        return text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(encoding, "replace")


def encoding_of(codepage: int) -> str:
    """Return Python's name of a Windows code page.

    Raises:
        ValueError: There is no such code page.

    >>> encoding_of(65001)
    'utf-8'
    """
    named = {65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 28591: "latin-1"}
    name = named.get(codepage, f"cp{codepage}")
    try:
        "".encode(name)
    except LookupError:
        raise ValueError(f"unknown code page {codepage}") from None
    return name
