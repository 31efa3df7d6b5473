"""CLIXML on standard error, turned into the text a person at the console would have read.

powershell.exe writes its streams other than output as CLIXML when its standard error is
redirected, as it always is over WinRM (MS-PSRP 2.2.5 has the serialisation).
Errors come as text already laid out; progress is dropped, and so is the information
stream, which powershell.exe has printed on standard output besides.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_HEADER = re.compile(r"#< CLIXML\r?\n")
_OBJECTS = re.compile(r"<Objs\b[^>]*?(?:/>|>.*?</Objs>)(?:\r?\n)?", re.DOTALL)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PREFIXES = {"error": "", "warning": "WARNING: ", "verbose": "VERBOSE: ", "debug": "DEBUG: "}


def to_text(stderr: str) -> str:
    r"""Return standard error with each CLIXML document replaced by what it says.

    Text around it (native programs write to the same stream) stays as it is, and so does a
    document that cannot be read.

    >>> to_text('#< CLIXML\r\n<Objs Version="1.1.0.1"'
    ...         ' xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    ...         '<S S="Error">It failed._x000D__x000A_</S></Objs>')
    'It failed.\n'
    """
    if "#< CLIXML" not in stderr:
        return stderr
    return _OBJECTS.sub(_document, _HEADER.sub("", stderr))


def _document(match: re.Match[str]) -> str:
    text = match.group()
    if "<!DOCTYPE" in text:
        return text
    try:
        root = ET.fromstring(text)  # noqa: S314 - no DTD
    except ET.ParseError:
        return text
    parts = []
    for element in root:
        prefix = _PREFIXES.get((element.get("S") or "").lower())
        if prefix is None or element.tag.rpartition("}")[2] != "S":
            continue
        message = unescape(element.text or "").replace("\r\n", "\n")
        parts.append(f"{prefix}{message}" if not prefix else f"{prefix}{message.rstrip()}\n")
    return "".join(parts)


def unescape(text: str) -> str:
    r"""Undo the ``_xHHHH_`` escapes of a CLIXML string.

    >>> unescape("a_x000A_b_x005F_c"), unescape("_xD83D__xDE00_")
    ('a\nb_c', '😀')
    """
    decoded = _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)
    # Characters beyond the basic plane are escaped as their two UTF-16 halves.
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
