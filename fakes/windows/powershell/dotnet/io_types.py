"""``System.IO``: Path, File and Directory on the host's file system model."""

from __future__ import annotations

import ntpath
import random
import string
from datetime import datetime
from typing import Any

from fakes.windows.powershell.containers import TypedArray
from fakes.windows.powershell.conversion import to_list, to_string
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet.encoding_types import Encoding
from fakes.windows.powershell.dotnet.number_types import byte_array
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.host_files import decode
from fakes.windows.powershell.numbers import PSChar
from fakes.windows.powershell.text_operators import wildcard

path = net_class("System.IO.Path")
path.exists("GetInvalidFileNameChars GetInvalidPathChars GetRelativePath")
path.constants(
    DirectorySeparatorChar=PSChar("\\"),
    AltDirectorySeparatorChar=PSChar("/"),
    PathSeparator=PSChar(";"),
    VolumeSeparatorChar=PSChar(":"),
)


def _combine(*parts: str) -> str:
    result = ""
    for part in parts:
        if part[:1] in {"\\", "/"} or part[1:2] == ":":
            result = part
        elif not result or result[-1:] in {"\\", "/", ":"}:
            result += part
        else:
            result = f"{result}\\{part}" if part else result
    return result


def _file_name(text: str) -> str:
    return text.replace("/", "\\").rpartition("\\")[2]


def _extension(text: str) -> str:
    name = _file_name(text)
    return "." + name.rpartition(".")[2] if "." in name and not name.endswith(".") else ""


def _stem(text: str) -> str:
    name = _file_name(text)
    return name.rpartition(".")[0] if "." in name else name


@path.static("GetDirectoryName", ("string",))
def _directory_name(text: str) -> str | None:
    head = ntpath.dirname(text.replace("/", "\\"))
    return None if ntpath.splitdrive(text)[1] in {"\\", "/"} else head


path.static("Combine", ("string...",))(_combine)
path.static("GetFileName", ("string",))(_file_name)
path.static("GetExtension", ("string",))(_extension)
path.static("GetFileNameWithoutExtension", ("string",))(_stem)
path.static("HasExtension", ("string",))(lambda text: bool(_extension(text)))
path.static("IsPathRooted", ("string",))(lambda text: text[:1] in {"\\", "/"} or text[1:2] == ":")
path.static("GetPathRoot", ("string",))(
    lambda text: ntpath.splitdrive(text)[0] + ("\\" if text[2:3] in {"\\", "/"} else "")
)


@path.static("ChangeExtension", ("string", "string"))
def _change_extension(text: str, extension: str) -> str:
    stem = text[: len(text) - len(_extension(text))]
    return stem if not extension else stem + (extension if extension.startswith(".") else f".{extension}")


def _full(text: str) -> str:
    """A path as .NET resolves it: against the process's directory, not PowerShell's location."""
    interpreter = required_interpreter("System.IO")
    if not text:
        raise NetError("System.ArgumentException", "The path is not of a legal form.")
    resolved: str = interpreter.host.files.resolve(text, interpreter.session.cwd)
    return resolved


path.static("GetFullPath", ("string",))(_full)


def _temp() -> str:
    env = dict(required_interpreter("[IO.Path]::GetTempPath").session.env)
    folder = next((value for key, value in env.items() if key.upper() == "TEMP"), "C:\\Windows\\TEMP")
    return str(folder).rstrip("\\") + "\\"


path.static("GetTempPath", ())(_temp)


def _random_name() -> str:
    letters = string.ascii_lowercase + string.digits
    drawn = "".join(random.choices(letters, k=11))  # noqa: S311  a file name, no secret
    return f"{drawn[:8]}.{drawn[8:]}"


path.static("GetRandomFileName", ())(_random_name)


@path.static("GetTempFileName", ())
def _temp_file() -> str:
    name = f"{_temp()}tmp{random.randrange(16**4):X}.tmp"  # noqa: S311
    _files().write(name, b"")
    return name


# --- File ------------------------------------------------------------------------------


def _files() -> Any:
    return required_interpreter("System.IO.File").host.files


def _existing(text: str) -> str:
    full = _full(text)
    if not _files().is_file(full):
        if not _files().is_dir(ntpath.dirname(full)):
            raise NetError(
                "System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{full}'."
            )
        raise NetError("System.IO.FileNotFoundException", f"Could not find file '{full}'.")
    return full


def file_bytes(text: str) -> bytes:
    """The bytes of a file.

    Raises:
        NetError: there is no such file or directory.
    """
    data: bytes = _files().read(_existing(text))
    return data


def file_text(text: str, encoding: Encoding | None = None) -> str:
    """The text of a file: by its byte order mark, else UTF-8 or the given encoding."""
    data = file_bytes(text)
    if encoding is not None and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return data.decode(encoding.codec, "replace")
    try:
        return data.decode("utf-8-sig") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else decode(data)
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def write_file(text: str, data: bytes, *, append: bool = False) -> None:
    """Write or extend a file.

    Raises:
        NetError: there is no such directory.
    """
    full = _full(text)
    if not _files().is_dir(ntpath.dirname(full)):
        raise NetError("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{full}'.")
    _files().write(full, data, append=append)


def _encoded(text: str, encoding: Encoding | None, *, mark: bool = True) -> bytes:
    if encoding is None:
        return text.encode()
    return (bytes(encoding.preamble()) if mark else b"") + encoding.encode(text)


file = net_class("System.IO.File")
file.exists(
    "Open Replace GetAccessControl SetAccessControl Encrypt Decrypt "
    "GetAttributes SetAttributes GetCreationTime SetCreationTime GetLastAccessTime SetLastAccessTime SetLastWriteTime GetLastWriteTimeUtc "
    "ReadLines"
)
_ENCODING = "System.Text.Encoding"
file.static("Exists", ("string",))(lambda text: bool(text) and bool(_files().is_file(_full(text))))
file.static("ReadAllText", ("string",), ("string", _ENCODING))(file_text)
file.static("ReadAllLines", ("string",), ("string", _ENCODING))(
    lambda text, encoding=None: TypedArray(file_text(text, encoding).splitlines(), "System.String")
)
file.static("ReadAllBytes", ("string",))(lambda text: byte_array(file_bytes(text)))
file.static("WriteAllText", ("string", "string"), ("string", "string", _ENCODING))(
    lambda text, content, encoding=None: write_file(text, _encoded(content, encoding))
)
file.static("WriteAllBytes", ("string", "byte[]"))(lambda text, data: write_file(text, bytes(data)))
file.static("AppendAllText", ("string", "string"), ("string", "string", _ENCODING))(
    lambda text, content, encoding=None: write_file(
        text, _encoded(content, encoding, mark=False), append=True
    )
)


def _lines(values: Any) -> str:
    return "".join(to_string(value) + "\r\n" for value in to_list(values))


file.static("WriteAllLines", ("string", "object"), ("string", "object", _ENCODING))(
    lambda text, values, encoding=None: write_file(text, _encoded(_lines(values), encoding))
)
file.static("AppendAllLines", ("string", "object"), ("string", "object", _ENCODING))(
    lambda text, values, encoding=None: write_file(
        text, _encoded(_lines(values), encoding, mark=False), append=True
    )
)


@file.static("Delete", ("string",))
def _delete(text: str) -> None:
    if _files().is_file(_full(text)):
        _files().delete(_full(text))


@file.static("Copy", ("string", "string"), ("string", "string", "bool"))
def _copy(source: str, target: str, overwrite: bool = False) -> None:
    full = _existing(source)
    if _files().is_file(_full(target)) and not overwrite:
        raise NetError("System.IO.IOException", f"The file '{_full(target)}' already exists.")
    write_file(target, _files().read(full))


@file.static("Move", ("string", "string"))
def _move(source: str, target: str) -> None:
    full = _existing(source)
    if _files().exists(_full(target)):
        raise NetError("System.IO.IOException", "Cannot create a file when that file already exists.\r\n")
    _files().move(full, _full(target))


@file.static("GetLastWriteTime", ("string",))
def _last_write(text: str) -> datetime:
    modified: datetime = _files().get(_existing(text)).modified
    return modified.replace(tzinfo=None)


# --- Directory -------------------------------------------------------------------------

directory = net_class("System.IO.Directory")
directory.exists(
    "GetParent GetAccessControl SetAccessControl GetLogicalDrives EnumerateFiles EnumerateDirectories GetCreationTime Move"
)
directory.static("Exists", ("string",))(lambda text: bool(text) and bool(_files().is_dir(_full(text))))


def _children(text: str, pattern: str, *, files: bool) -> TypedArray:
    full = _full(text)
    if not _files().is_dir(full):
        raise NetError("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{full}'.")
    compiled = wildcard(pattern)
    names = [
        entry.name for entry in _files().list(full) if entry.is_dir != files and compiled.match(entry.name)
    ]
    return TypedArray([f"{full.rstrip(chr(92))}\\{name}" for name in names], "System.String")


directory.static("GetFiles", ("string",), ("string", "string"))(
    lambda text, pattern="*": _children(text, pattern, files=True)
)
directory.static("GetDirectories", ("string",), ("string", "string"))(
    lambda text, pattern="*": _children(text, pattern, files=False)
)


@directory.static("CreateDirectory", ("string",))
def _create_directory(text: str) -> None:
    if not _files().is_dir(_full(text)):
        _files().mkdir(_full(text), parents=True)


@directory.static("Delete", ("string",), ("string", "bool"))
def _delete_directory(text: str, recursive: bool = False) -> None:
    full = _full(text)
    if not _files().is_dir(full):
        raise NetError("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{full}'.")
    if _files().list(full) and not recursive:
        raise NetError("System.IO.IOException", "The directory is not empty.\r\n")
    _files().rmdir(full, recursive=recursive)


directory.static("GetCurrentDirectory", ())(lambda: required_interpreter("[IO.Directory]").session.cwd)
