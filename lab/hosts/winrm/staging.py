"""Command lines for PowerShell text, scripts and batch files, within the limits of cmd.exe.

WinRS hands every command line to cmd.exe, which takes 8,191 characters; that is about
3,000 characters of PowerShell in ``-EncodedCommand`` (UTF-16 in Base64).
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

# cmd.exe's limit, less what WinRS puts around the command.
MAX_COMMAND_LINE = 8_000
_POWERSHELL = "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand "
_PARAMETER_NAME = re.compile(r"-[A-Za-z_]\w*:?\Z")
# Characters that cmd.exe would act on inside a batch file's argument, even in quotes.
_UNSAFE_FOR_CMD = re.compile(r'["%^\r\n\0]')


@dataclass(frozen=True)
class Staged:
    """A command line, and the standard input it reads (None: it reads none)."""

    command_line: str
    stdin: bytes | None = None


def encoded(command: str) -> str:
    """Return the command line that runs a piece of PowerShell, however long that makes it."""
    return _POWERSHELL + base64.b64encode(command.encode("utf-16-le")).decode("ascii")


def stage_command(command: str) -> Staged:
    """Return how to run PowerShell text; too long for a command line, it goes through stdin.

    The exit code is that of ``powershell -Command``: 1 when the last statement failed.
    """
    line = encoded(command)
    if len(line) <= MAX_COMMAND_LINE:
        return Staged(line)
    # Dot-sourcing keeps the status of the last statement as the status of the whole.
    return Staged(encoded(f". {_SCRIPT_FROM_STDIN}"), _payload(command))


def stage_script(script: str, args: Sequence[str] = ()) -> Staged:
    """Return how to run a script file's text with arguments.

    Arguments are taken as by ``powershell -File``: words like ``-Name`` name parameters,
    all others are values. So is the exit code: what ``exit`` says, 1 after an uncaught
    error, otherwise 0.
    """
    words = " ".join(_argument(arg) for arg in args)
    call = f"& {_PARSED_SCRIPT} {words}".rstrip()
    line = encoded(f"{call}; exit 0")
    if len(line) > MAX_COMMAND_LINE:
        raise ValueError(f"arguments too long: {len(line)} characters on a command line")
    return Staged(line, _payload(script))


# Base64, so that no code page comes between: the console's is that of the remote shell.
_SCRIPT_FROM_STDIN = (
    "([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString("
    "[Convert]::FromBase64String([Console]::In.ReadToEnd()))))"
)

# A text that does not parse is told as ``powershell -File`` tells it: message, exit code 1.
# Without the try, the statement alone would fail and what follows it end with 0.
_PARSED_SCRIPT = (
    f"$(try {{ {_SCRIPT_FROM_STDIN} }} "
    "catch { [Console]::Error.WriteLine($_.Exception.InnerException.Message); exit 1 })"
)

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def script_text(content: bytes) -> str:
    """Return the text of a .ps1 file, in the encoding that its byte order mark names.

    Without one the file has to be UTF-8: Windows PowerShell would read it in the code page of
    the machine, which nobody here can know.

    Raises:
        ValueError: It is in no such encoding.

    >>> script_text("net stop".encode("utf-16"))
    'net stop'
    """
    named = [pair for pair in _BYTE_ORDER_MARKS if content.startswith(pair[0])]
    mark, encoding = named[0] if named else (b"", "utf-8")
    try:
        return content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, len(mark) + error.start) + 1
        raise ValueError(
            f"line {line} is not {encoding.upper()}: save the script as UTF-8, or as UTF-16 with a byte order mark"
        ) from error


def _payload(script: str) -> bytes:
    return base64.encodebytes(script.removeprefix("\ufeff").encode("utf-8"))


def _argument(arg: str) -> str:
    if _PARAMETER_NAME.match(arg):
        return arg
    return quote(arg)


def quote(text: str) -> str:
    """Return a PowerShell string literal.

    >>> quote("it's")
    "'it''s'"
    """
    # PowerShell takes the typographic quotes for quotes, too.
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", text) + "'"


@dataclass(frozen=True)
class BatchStage:
    """How to bring a batch file to a host, run it and take it away again.

    Attributes:
        upload: Command line that writes its standard input to the file.
        content: That standard input.
        run: Command line that runs the file; its exit code is that of the batch file.
        remove: Command line that deletes it.
    """

    upload: str
    content: bytes
    run: str
    remove: str


def stage_batch(script: bytes, suffix: str, args: Sequence[str] = ()) -> BatchStage:
    """Return how to run a batch file.

    Args:
        script: The file as it is; line ends become CRLF, without which cmd.exe loses
            labels.
        suffix: ``.cmd`` or ``.bat``; they differ in when ERRORLEVEL is set.
        args: Arguments; those with characters cmd.exe cannot carry are refused.

    Raises:
        ValueError: An argument holds a quote, a per cent sign, a caret or a line break.
    """
    for arg in args:
        if _UNSAFE_FOR_CMD.search(arg):
            raise ValueError(f"argument {arg!r} holds a character that cmd.exe cannot pass on")
    path = f"%TEMP%\\lab-{uuid.uuid4().hex}{suffix}"
    words = "".join(f' "{arg}"' for arg in args)
    content = script.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    return BatchStage(
        # findstr with a pattern that every line matches copies its input.
        upload=f'findstr "^" > "{path}"',
        content=content,
        run=f'call "{path}"{words}',
        remove=f'del /f /q "{path}"',
    )
