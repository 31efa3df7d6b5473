"""SOAP 1.2 envelopes of WS-Management: what a request asks, and how an answer looks.

Layout of answers as Windows Server sends it (DSP0226; MS-WSMV 2.2 and its examples in
section 4): the same namespace prefixes, action names with ``Response`` appended.
"""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass

S = "http://www.w3.org/2003/05/soap-envelope"
A = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
P = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
X = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
RSP = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
ID = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
ANONYMOUS = f"{A}/role/anonymous"

_PREFIXES = f'xmlns:s="{S}" xmlns:a="{A}" xmlns:x="{X}" xmlns:w="{W}" xmlns:rsp="{RSP}" xmlns:p="{P}"'
_DURATION = re.compile(r"P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?\Z")
_MAX_DEPTH = 32

DEFAULT_OPERATION_TIMEOUT = 60.0  # MaxTimeoutms of winrm/config: 60,000
DEFAULT_ENVELOPE_SIZE = 512_000  # MaxEnvelopeSizekb of winrm/config: 500


class MalformedEnvelope(ValueError):
    """The body is not a SOAP envelope that WS-Management can process."""


@dataclass(frozen=True)
class Message:
    """One request.

    Attributes:
        action: wsa:Action, or empty for Identify (which has none).
        to: wsa:To, the URL under which the client reached us.
        resource: wsman:ResourceURI.
        message_id: wsa:MessageID, to be named in the answer.
        operation_timeout: Seconds the client will wait.
        max_envelope_size: Bytes of the largest answer the client takes.
        options: wsman:OptionSet, names in upper case.
        selectors: wsman:SelectorSet.
        body: The s:Body element.
    """

    action: str
    to: str
    resource: str
    message_id: str
    operation_timeout: float
    max_envelope_size: int
    options: dict[str, str]
    selectors: dict[str, str]
    body: ET.Element

    @property
    def payload(self) -> ET.Element | None:
        """First element in the body."""
        return next(iter(self.body), None)


def parse(data: bytes) -> Message:
    """Read an envelope.

    Raises:
        MalformedEnvelope: Not XML, no SOAP envelope, a DTD (MS-WSMV allows none), or
            nested deeper than any real request.
    """
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        if "<!DOCTYPE" in text:
            raise MalformedEnvelope("document type declarations are not allowed")
        root = ET.fromstring(text)  # noqa: S314 - no DTD, bounded size and depth
    except (ValueError, ET.ParseError) as error:
        raise MalformedEnvelope(str(error)) from error
    if _depth(root) > _MAX_DEPTH:
        raise MalformedEnvelope(f"elements nested deeper than {_MAX_DEPTH}")
    header, body = root.find(f"{{{S}}}Header"), root.find(f"{{{S}}}Body")
    if root.tag != f"{{{S}}}Envelope" or body is None:
        raise MalformedEnvelope("no SOAP 1.2 envelope with a body")
    if header is None:
        header = ET.Element("none")
    timeout = header.findtext(f"{{{W}}}OperationTimeout")
    size = (header.findtext(f"{{{W}}}MaxEnvelopeSize") or "").strip()
    return Message(
        action=_text(header, f"{{{A}}}Action"),
        to=_text(header, f"{{{A}}}To"),
        resource=_text(header, f"{{{W}}}ResourceURI"),
        message_id=_text(header, f"{{{A}}}MessageID"),
        operation_timeout=parse_duration(timeout) if timeout else DEFAULT_OPERATION_TIMEOUT,
        max_envelope_size=_size(size),
        options={
            (option.get("Name") or "").upper(): (option.text or "").strip()
            for option in header.iterfind(f"{{{W}}}OptionSet/{{{W}}}Option")
        },
        selectors={
            selector.get("Name") or "": (selector.text or "").strip()
            for selector in header.iterfind(f"{{{W}}}SelectorSet/{{{W}}}Selector")
        },
        body=body,
    )


def _text(header: ET.Element, tag: str) -> str:
    return (header.findtext(tag) or "").strip()


def _size(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        return DEFAULT_ENVELOPE_SIZE
    return min(max(int(text), 8192), DEFAULT_ENVELOPE_SIZE)


def _depth(root: ET.Element) -> int:
    depth, level = 0, [root]
    while level:
        depth += 1
        level = [child for element in level for child in element]
    return depth


def parse_duration(text: str) -> float:
    """Return the seconds of an xs:duration without years and months.

    >>> parse_duration("PT20S"), parse_duration("PT1M0.5S"), parse_duration("P1DT2H")
    (20.0, 60.5, 93600.0)
    """
    match = _DURATION.match(text.strip())
    if not match or not any(match.groups()):
        raise MalformedEnvelope(f"not a duration: {text!r}")
    days, hours, minutes, seconds = (float(group or 0) for group in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def build(action: str, relates_to: str, body: str) -> bytes:
    """Return an answer; ``body`` is XML and may use the prefixes s a x w rsp p."""
    related = f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo>" if relates_to else ""
    return (
        f'<s:Envelope xml:lang="en-US" {_PREFIXES}><s:Header><a:Action>{action}</a:Action>'
        f"<a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
        f"<p:ActivityId>{str(uuid.uuid4()).upper()}</p:ActivityId>"
        f"<a:To>{ANONYMOUS}</a:To>{related}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def escape(text: str) -> str:
    """Return text as XML content; xml.sax.saxutils would import all of urllib for this."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(value: str) -> str:
    """Return a value as a quoted XML attribute."""
    return '"' + escape(value).replace('"', "&quot;") + '"'
