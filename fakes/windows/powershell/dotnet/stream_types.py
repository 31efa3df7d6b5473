"""``StreamReader``, ``StreamWriter``, ``StringReader`` and ``FileStream`` on the host's files."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.dotnet.encoding_types import Encoding
from fakes.windows.powershell.dotnet.formatting import composite
from fakes.windows.powershell.dotnet.io_types import file, file_bytes, file_text, write_file
from fakes.windows.powershell.dotnet.number_types import byte_array
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.values import PropertyGetter, PSObject

_CLOSED = "Cannot access a closed file."


class TextSource(PSObject):
    """A text reader over a text."""

    __slots__ = ("at", "text_left")

    def __init__(self, text: str, type_name: str) -> None:
        self.text_left = text
        self.at = 0
        super().__init__(
            [type_name, "System.IO.TextReader", "System.Object"],
            {"EndOfStream": PropertyGetter(lambda _: self.at >= len(self.text_left))},
            {
                "ReadLine": self.read_line,
                "ReadToEnd": self.read_to_end,
                "Read": self.read,
                "Peek": lambda: ord(self.text_left[self.at]) if self.at < len(self.text_left) else -1,
                "Close": lambda: None,
                "Dispose": lambda: None,
            },
        )

    def read_line(self) -> str | None:
        """The next line without its end, None at the end."""
        if self.at >= len(self.text_left):
            return None
        rest = self.text_left[self.at :]
        line = rest.splitlines(keepends=True)[0]
        self.at += len(line)
        return line.rstrip("\r\n")

    def read_to_end(self) -> str:
        """What is left."""
        rest, self.at = self.text_left[self.at :], len(self.text_left)
        return rest

    def read(self) -> int:
        """The next character's code, -1 at the end."""
        if self.at >= len(self.text_left):
            return -1
        self.at += 1
        return ord(self.text_left[self.at - 1])


class TextSink(PSObject):
    """A ``StreamWriter``: text reaches the file when it is flushed or closed."""

    __slots__ = ("buffer", "encoding", "path", "start")

    def __init__(self, path: str, *, append: bool = False, encoding: Encoding | None = None) -> None:
        self.path = path
        self.encoding = encoding or Encoding(65001)
        self.buffer = b""
        if not append:
            write_file(path, bytes(self.encoding.preamble()) if encoding is not None else b"")
        super().__init__(
            ["System.IO.StreamWriter", "System.IO.TextWriter", "System.Object"],
            {"AutoFlush": False, "NewLine": "\r\n", "Encoding": self.encoding},
            {
                "Write": lambda *values: self.put(_shown(values)),
                "WriteLine": lambda *values: self.put(_shown(values) + "\r\n"),
                "Flush": self.flush,
                "Close": self.flush,
                "Dispose": self.flush,
            },
        )

    def put(self, text: str) -> None:
        """Keep text for the file."""
        self.buffer += self.encoding.encode(text)

    def flush(self) -> None:
        """Write what is kept."""
        write_file(self.path, self.buffer, append=True)
        self.buffer = b""


def _shown(values: tuple[Any, ...]) -> str:
    if len(values) > 1:
        return composite(to_string(values[0]), list(values[1:]))
    return to_string(values[0]) if values else ""


class FileStream(PSObject):
    """A ``FileStream``: reads and writes bytes at a position."""

    __slots__ = ("closed", "data", "path", "position", "writable")

    def __init__(self, path: str, data: bytes, *, writable: bool) -> None:
        self.path = path
        self.data = bytearray(data)
        self.position = 0
        self.writable = writable
        self.closed = False
        super().__init__(
            ["System.IO.FileStream", "System.IO.Stream", "System.Object"],
            {
                "Length": PropertyGetter(lambda _: len(self.data)),
                "Position": PropertyGetter(lambda _: self.position, self._seek),
                "CanRead": True,
                "CanWrite": writable,
                "Name": path,
            },
            {
                "Read": self.read,
                "Write": self.write,
                "WriteByte": lambda byte: self.write([byte], 0, 1),
                "SetLength": self.set_length,
                "Flush": self.flush,
                "Close": self.close,
                "Dispose": self.close,
            },
        )

    def _seek(self, _: PSObject, value: Any) -> None:
        self.position = int(value)

    def read(self, buffer: list[Any], offset: int, count: int) -> int:
        """Fill a byte array; the number of bytes read."""
        taken = byte_array(bytes(self.data[self.position : self.position + int(count)]))
        buffer[int(offset) : int(offset) + len(taken)] = taken
        self.position += len(taken)
        return len(taken)

    def write(self, buffer: list[Any], offset: int, count: int) -> None:
        """Write bytes at the position."""
        if self.closed:
            raise NetError("System.ObjectDisposedException", _CLOSED)
        if not self.writable:
            raise NetError("System.NotSupportedException", "Stream does not support writing.")
        piece = bytes(int(one) for one in buffer[int(offset) : int(offset) + int(count)])
        self.data[self.position : self.position + len(piece)] = piece
        self.position += len(piece)

    def set_length(self, size: int) -> None:
        """Cut or extend."""
        del self.data[int(size) :]
        self.data.extend(bytes(int(size) - len(self.data)))

    def flush(self) -> None:
        """Write the bytes to the file."""
        if self.writable:
            write_file(self.path, bytes(self.data))

    def close(self) -> None:
        """Flush and end."""
        if not self.closed:
            self.flush()
            self.closed = True


_ENCODING = "System.Text.Encoding"
reader = net_class("System.IO.StreamReader")
reader.constructor(("string",), ("string", _ENCODING))(
    lambda path, encoding=None: TextSource(file_text(path, encoding), "System.IO.StreamReader")
)
string_reader = net_class("System.IO.StringReader")
string_reader.constructor(("string",))(lambda text: TextSource(text, "System.IO.StringReader"))
writer = net_class("System.IO.StreamWriter")
writer.constructor(("string",), ("string", "bool"), ("string", "bool", _ENCODING))(
    lambda path, append=False, encoding=None: TextSink(path, append=append, encoding=encoding)
)
file.static("OpenText", ("string",))(lambda path: TextSource(file_text(path), "System.IO.StreamReader"))
file.static("CreateText", ("string",))(TextSink)
file.static("AppendText", ("string",))(lambda path: TextSink(path, append=True))
file.static("OpenRead", ("string",))(lambda path: FileStream(path, file_bytes(path), writable=False))


@file.static("OpenWrite", ("string",))
def _open_write(path: str) -> FileStream:
    try:
        data = file_bytes(path)
    except NetError as error:
        if error.type_name != "System.IO.FileNotFoundException":
            raise
        data = b""
        write_file(path, data)
    return FileStream(path, data, writable=True)


@file.static("Create", ("string",))
def _create(path: str) -> FileStream:
    write_file(path, b"")
    return FileStream(path, b"", writable=True)
