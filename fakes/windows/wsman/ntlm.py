"""The server's side of NTLM: one acceptor per connection (MS-NLMP).

Unlike pyspnego's own acceptor it knows no global state: computer name and accounts
come from the caller, so that many hosts live side by side in one process.
NTLMv2 only; Windows Server also takes NTLMv1 at its default LmCompatibilityLevel of 3,
which no client in use sends: it is refused as not simulated.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import os
import struct
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

from . import pyspnego_internals as raw

_BROKEN = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    struct.error,
    raw.SpnegoError,
)
P = ParamSpec("P")
R = TypeVar("R")

# What Windows Server 2019 states in its challenge (MS-NLMP 2.2.2.10).
WINDOWS_VERSION = raw.Version(major=10, minor=0, build=17763)


class LogonFailure(Exception):
    """The client could not prove who it is; the text says why (never shown to it)."""


class NtlmV1Refused(LogonFailure):
    """The client answered with NTLMv1, which is not simulated."""


def untrusted(parse: Callable[P, R]) -> Callable[P, R]:
    """Make what a parser of client bytes trips over a failed logon, never a crash.

    pyspnego reads fields as they are asked for, so any of them may turn out broken.
    """

    @functools.wraps(parse)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return parse(*args, **kwargs)
        except _BROKEN as error:
            raise LogonFailure(f"malformed token: {error}") from error

    return guarded


class MessageSecurity:
    """Sealing and signing of one authenticated connection (MS-NLMP 3.4).

    The two RC4 streams and sequence numbers advance with every message, so a message
    that was not processed in order breaks the connection for good.
    """

    def __init__(self, flags: int, session_key: bytes) -> None:
        self._flags = flags
        self._sign_out = raw.signkey(flags, session_key, "accept")
        self._sign_in = raw.signkey(flags, session_key, "initiate")
        self._seal_out = raw.rc4init(raw.sealkey(flags, session_key, "accept"))
        self._seal_in = raw.rc4init(raw.sealkey(flags, session_key, "initiate"))
        self._sequence_out = 0
        self._sequence_in = 0

    def wrap(self, message: bytes) -> tuple[bytes, bytes]:
        """Return (signature of 16 bytes, sealed message)."""
        sealed, signature = raw.seal(self._flags, self._seal_out, self._sign_out, self._sequence_out, message)
        self._sequence_out += 1
        return signature, sealed

    @untrusted
    def unwrap(self, signature: bytes, sealed: bytes) -> bytes:
        """Return the plain message.

        Raises:
            LogonFailure: The signature does not fit; the connection is unusable.
        """
        message = self._seal_in.update(sealed)
        self.verify(message, signature)
        return message

    @untrusted
    def verify(self, message: bytes, signature: bytes) -> None:
        """Check the signature of a plain message; raise LogonFailure if it does not fit."""
        expected = raw.sign(self._flags, self._seal_in, self._sign_in, self._sequence_in, message)
        self._sequence_in += 1
        if not hmac.compare_digest(expected, signature):
            raise LogonFailure("message signature does not fit")

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a plain message."""
        signature = raw.sign(self._flags, self._seal_out, self._sign_out, self._sequence_out, message)
        self._sequence_out += 1
        return signature

    def reset_streams(self) -> None:
        """Start both RC4 streams anew, as SPNEGO does after its mechListMIC (MS-SPNG 3.3.5.1)."""
        self._seal_in.reset()
        self._seal_out.reset()


class NtlmAcceptor:
    """One NTLM handshake: :meth:`challenge`, then :meth:`authenticate`.

    Args:
        computer: NetBIOS name of the host, as it stands in the challenge.
        nt_hash: Looks up ``MD4(UTF16-LE(password))`` of a local user by name, in any
            case; None when there is no such user or it may not log on. A standalone
            server looks in its own accounts whatever domain the client names.
        now: The host's clock, for the timestamp of the challenge.
        bindings: Application data of the TLS channel (RFC 5929 tls-server-end-point), or
            None without TLS. CbtHardeningLevel is Relaxed: bindings that are present
            must fit, absent ones are accepted.

    Attributes:
        user: Name given by the client, set after :meth:`authenticate`.
        security: Message security, set after :meth:`authenticate`.
    """

    def __init__(
        self,
        computer: str,
        nt_hash: Callable[[str], bytes | None],
        now: Callable[[], datetime],
        bindings: bytes | None = None,
    ) -> None:
        self._computer = computer
        self._nt_hash = nt_hash
        self._now = now
        self._bindings = bindings
        self._negotiate = b""
        self._challenge = b""
        self._server_challenge = os.urandom(8)
        self.user: str | None = None
        self.security: MessageSecurity | None = None

    @untrusted
    def challenge(self, token: bytes) -> bytes:
        """Answer a NEGOTIATE_MESSAGE with a CHALLENGE_MESSAGE (MS-NLMP 3.2.5.1.1)."""
        flags = raw.Negotiate.unpack(token).flags
        bits = raw.NegotiateFlags
        flags |= bits.request_target | bits.ntlm | bits.always_sign
        flags |= bits.target_info | bits.target_type_server
        if flags & bits.unicode:
            flags &= ~bits.oem
        if flags & bits.extended_session_security:
            flags &= ~bits.lm_key
        info = raw.TargetInfo()
        info[raw.AvId.nb_domain_name] = self._computer
        info[raw.AvId.nb_computer_name] = self._computer
        info[raw.AvId.dns_domain_name] = self._computer
        info[raw.AvId.dns_computer_name] = self._computer
        info[raw.AvId.timestamp] = raw.FileTime.from_datetime(self._now())
        self._negotiate = token
        self._challenge = raw.Challenge(
            flags | bits.version,
            self._server_challenge,
            target_name=self._computer,
            target_info=info,
            version=WINDOWS_VERSION,
        ).pack()
        return self._challenge

    @untrusted
    def authenticate(self, token: bytes) -> None:
        """Check an AUTHENTICATE_MESSAGE (MS-NLMP 3.2.5.1.2).

        Raises:
            LogonFailure: Unknown user, wrong password, foreign channel, broken message.
        """
        if not self._challenge:
            raise LogonFailure("AUTHENTICATE_MESSAGE without a challenge before it")
        message = raw.Authenticate.unpack(token)
        user, domain = message.user_name, message.domain_name or ""
        response = message.nt_challenge_response or b""
        if not user:
            raise LogonFailure("anonymous logon")
        if len(response) <= 24:
            raise NtlmV1Refused(f"NTLMv1 response of user {user}")
        nt_hash = self._nt_hash(user)
        if nt_hash is None:
            raise LogonFailure(f"no local user {user}")

        response_key = _hmac_md5(nt_hash, (user.upper() + domain).encode("utf-16-le"))
        proof, client_challenge = response[:16], response[16:]
        expected = _hmac_md5(response_key, self._server_challenge + client_challenge)
        if not hmac.compare_digest(proof, expected):
            raise LogonFailure(f"wrong password of user {user}")
        pairs = raw.NTClientChallengeV2.unpack(client_challenge).av_pairs
        self._check_bindings(pairs.get(raw.AvId.channel_bindings))

        session_key = _hmac_md5(response_key, proof)
        bits = raw.NegotiateFlags
        if message.flags & bits.key_exch and message.flags & (bits.sign | bits.seal):
            session_key = raw.rc4k(session_key, message.encrypted_random_session_key or b"")
        if pairs.get(raw.AvId.flags, 0) & raw.AvFlags.mic:
            self._check_mic(session_key, message)
        self.user = user
        self.security = MessageSecurity(message.flags, session_key)

    def _check_bindings(self, given: bytes | None) -> None:
        if self._bindings is None or given is None or given == bytes(16):
            return
        packed = raw.GssChannelBindings(application_data=self._bindings).pack()
        if given != hashlib.md5(packed, usedforsecurity=False).digest():
            raise LogonFailure("channel bindings are those of another TLS channel")

    def _check_mic(self, session_key: bytes, message: raw.Authenticate) -> None:
        given = message.mic
        if given is None:
            raise LogonFailure("message integrity code announced but absent")
        message.mic = bytes(16)
        whole = self._negotiate + self._challenge + message.pack()
        if not hmac.compare_digest(given, _hmac_md5(session_key, whole)):
            raise LogonFailure("message integrity code of the handshake does not fit")


def nt_hash_of(password: str) -> bytes:
    """Return NTOWFv1 of a password, what the SAM stores (MS-NLMP 3.3.1)."""
    return raw.ntowfv1(password)


def _hmac_md5(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "md5")
