"""Text in files: encodings by name as 5.1 understands them, and Out-File's way of writing.

Without -Encoding, Get-Content reads a byte order mark and else the ANSI code page (1252), Set-Content writes
ANSI, Out-File and ``>`` write UTF-16 with a mark (about_Character_Encoding, the part on Windows PowerShell).
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

from fakes.windows.model.win32 import Win32Error
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM, PathError, locate
from fakes.windows.powershell.errors import ErrorRecord

if TYPE_CHECKING:
    from fakes.windows.powershell.cmdlets.support import PSCmdlet

ENCODINGS = (
    "Unknown",
    "String",
    "Unicode",
    "Byte",
    "BigEndianUnicode",
    "UTF8",
    "UTF7",
    "UTF32",
    "Ascii",
    "Default",
    "Oem",
    "BigEndianUTF32",
)
_CODECS = {
    "unknown": "utf-16-le",
    "string": "utf-16-le",
    "unicode": "utf-16-le",
    "bigendianunicode": "utf-16-be",
    "utf8": "utf-8",
    "utf7": "utf-7",
    "utf32": "utf-32-le",
    "bigendianutf32": "utf-32-be",
    "ascii": "ascii",
    "default": "cp1252",
    "oem": "cp437",
}
_MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-8": codecs.BOM_UTF8,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def decode(data: bytes, encoding: str | None = None) -> str:
    """Text of a file; a byte order mark wins over the encoding asked for."""
    for codec, mark in sorted(_MARKS.items(), key=lambda pair: -len(pair[1])):
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    codec = _CODECS[encoding.lower()] if encoding else "cp1252"
    return data.decode(codec, "replace")


def encode(text: str, encoding: str, *, mark: bool) -> bytes:
    """Bytes of a text; `mark` puts the byte order mark in front where the encoding has one."""
    codec = _CODECS[encoding.lower()]
    data = text.encode(codec, "replace")
    return _MARKS.get(codec, b"") + data if mark else data


def write_text(
    cmdlet: PSCmdlet,
    path: str,
    text: str,
    encoding: str,
    *,
    append: bool = False,
    force: bool = False,
    literal_error: str = "FileOpenFailure",
) -> bool:
    """Writes text to a file of the host; reports what goes wrong on the cmdlet, and tells whether it worked."""
    try:
        place = locate(cmdlet.context, path)
    except PathError as error:
        raise cmdlet.throw(error.record) from None
    if place.provider != FILE_SYSTEM:
        raise cmdlet.throw(
            ErrorRecord(
                f"Cannot open file because the current provider ({place.provider}) cannot open a file.",
                "ReadWriteFileNotFileSystemProvider",
                "InvalidArgument",
                exception_type="System.Management.Automation.PSInvalidOperationException",
            )
        )
    files = cmdlet.context.host.files
    fresh = not (append and files.is_file(place.path) and files.get(place.path).size)
    data = encode(text, encoding, mark=fresh)
    try:
        if force and files.is_file(place.path) and "R" in files.get(place.path).attributes:
            files.change(place.path, attributes=files.get(place.path).attributes.replace("R", ""))
        files.write(place.path, data, append=append)
    except Win32Error as error:
        if error.code == 5:
            text = f"Access to the path '{place.path}' is denied."
            raise cmdlet.throw(
                ErrorRecord(
                    text, literal_error, "OpenError", exception_type="System.UnauthorizedAccessException"
                )
            ) from None
        text = f"Could not find a part of the path '{place.path}'."
        raise cmdlet.throw(
            ErrorRecord(
                text, literal_error, "OpenError", exception_type="System.IO.DirectoryNotFoundException"
            )
        ) from None
    return True


def write_formatted(
    cmdlet: PSCmdlet,
    path: str,
    objects: list[Any],
    encoding: str,
    *,
    append: bool = False,
    width: int = 80,
    newline: bool = True,
    force: bool = False,
) -> None:
    """Out-File: what the objects look like, at the host's width unless another is asked for."""
    from fakes.windows.powershell.formatting import Printer

    lines: list[str] = []
    printer = Printer(cmdlet.reader, lines.append, width - 1 if width == 80 else width)
    for value in objects:
        printer.write(value)
    printer.close()
    end = "\r\n" if newline else ""
    write_text(
        cmdlet,
        path,
        "".join(line.replace("\r\n", "\n").replace("\n", "\r\n") + end for line in lines),
        encoding,
        append=append,
        force=force,
    )
