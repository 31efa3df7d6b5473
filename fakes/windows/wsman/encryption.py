"""Message encryption over http (MS-WSMV 2.2.9.1): a sealed SOAP envelope in two MIME parts.

The second part is binary and may contain anything, also the boundary, so the parts
are found by their lengths and never by searching.
"""

from __future__ import annotations

import struct

from .ntlm import LogonFailure, MessageSecurity

BOUNDARY = b"--Encrypted Boundary"
PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
CONTENT_TYPE = f'multipart/encrypted;protocol="{PROTOCOL}";boundary="Encrypted Boundary"'
_SECOND_PART = BOUNDARY + b"\r\n\tContent-Type: application/octet-stream\r\n"
_END = BOUNDARY + b"--\r\n"
_MAX_HEAD = 512


class MalformedMultipart(Exception):
    """The body is not an encrypted message as MS-WSMV lays it out."""


def is_encrypted(content_type: str) -> bool:
    """Say whether a request announces an encrypted body."""
    return content_type.lstrip().lower().startswith("multipart/encrypted")


def decrypt(body: bytes, security: MessageSecurity) -> bytes:
    """Return the SOAP envelope of an encrypted body.

    Raises:
        MalformedMultipart: Not laid out as expected, or the signature does not fit.
    """
    length, payload = _split(body)
    if len(payload) < 4:
        raise MalformedMultipart("no sealed part")
    signature_length = struct.unpack_from("<I", payload)[0]
    if signature_length != 16:
        raise MalformedMultipart(f"signature of {signature_length} bytes")
    # NTLM seals with a stream cipher: the sealed part is as long as the plain one.
    end = 4 + signature_length + length
    if payload[end:] not in (_END, _END.rstrip()):
        raise MalformedMultipart("Length does not fit the sealed part")
    try:
        return security.unwrap(payload[4:20], payload[20:end])
    except LogonFailure as error:
        raise MalformedMultipart(str(error)) from error


def _split(body: bytes) -> tuple[int, bytes]:
    """Return (length of the plain envelope, bytes after the second part's headers)."""
    start = body.find(_SECOND_PART, len(BOUNDARY), _MAX_HEAD)
    if not body.startswith(BOUNDARY) or start < 0:
        raise MalformedMultipart("parts not found")
    for line in body[:start].split(b"\r\n"):
        name, _, value = line.strip().partition(b":")
        if name.lower() == b"originalcontent":
            for attribute in value.split(b";"):
                key, _, number = attribute.strip().partition(b"=")
                if key.lower() == b"length" and number.isdigit() and len(number) < 10:
                    return int(number), body[start + len(_SECOND_PART) :]
    raise MalformedMultipart("no OriginalContent with a Length")


def encrypt(envelope: bytes, security: MessageSecurity) -> bytes:
    """Return the encrypted body that carries an envelope."""
    signature, sealed = security.wrap(envelope)
    head = (
        f"\r\n\tContent-Type: {PROTOCOL}\r\n"
        "\tOriginalContent: type=application/soap+xml;charset=UTF-8;"
        f"Length={len(envelope)}\r\n"
    )
    length = struct.pack("<I", len(signature))
    return BOUNDARY + head.encode() + _SECOND_PART + length + signature + sealed + _END
