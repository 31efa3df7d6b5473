"""Files of the host that the language itself reads: scripts, ``switch -file``."""

from __future__ import annotations

from fakes.windows.powershell.errors import AUTOMATION, runtime_error
from fakes.windows.powershell.interpreter import Interpreter
from fakes.windows.powershell.native import file_system_location


def resolve(interp: Interpreter, path: str) -> str:
    """The absolute path of a file-system path as a script gives it."""
    if path.startswith("~"):
        path = str(interp.session.env.get("USERPROFILE", "C:\\")) + path[1:]
    resolved: str = interp.host.files.resolve(path, file_system_location(interp))
    return resolved


def decode(data: bytes) -> str:
    """Text of a file by its byte order mark; without one UTF-8 when it is, else Windows-1252."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_text(interp: Interpreter, path: str) -> str:
    """A file's text.

    Raises:
        PowerShellError: there is no such file.
    """
    full = resolve(interp, path)
    if not interp.host.files.is_file(full):
        raise runtime_error(
            f"Could not find file '{full}'.",
            "FileNotFound",
            "ObjectNotFound",
            path,
            exception_type=AUTOMATION + "ItemNotFoundException",
        )
    return decode(interp.host.files.read(full))


def read_lines(interp: Interpreter, path: str) -> list[str]:
    """A file's lines."""
    return read_text(interp, path).splitlines()
