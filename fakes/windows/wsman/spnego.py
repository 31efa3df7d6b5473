"""Negotiate: NTLM tokens, bare or wrapped in SPNEGO (RFC 4178, MS-SPNG).

requests-ntlm puts bare NTLMSSP tokens under the Negotiate scheme, pypsrp and Windows
itself wrap them; WinRM takes both. Kerberos is refused as not simulated.
"""

from __future__ import annotations

import struct

from . import pyspnego_internals as raw
from .ntlm import LogonFailure, MessageSecurity, NtlmAcceptor, untrusted

NTLM_OID = raw.GSSMech.ntlm.value
_KERBEROS_OIDS = {"1.2.840.48018.1.2.2", "1.2.840.113554.1.2.2"}


class KerberosRefused(LogonFailure):
    """The client offers Kerberos only, which is not simulated."""


class NegotiateAcceptor:
    """One Negotiate handshake on one connection.

    Attributes:
        complete: The user is known; ``ntlm.user`` and ``security`` are set.
    """

    def __init__(self, ntlm: NtlmAcceptor) -> None:
        self.ntlm = ntlm
        self.complete = False
        self._mechanisms: list[str] = []
        self._mic_required = False
        self._supported_sent = False

    @property
    def security(self) -> MessageSecurity:
        """Message security of the finished handshake."""
        if self.ntlm.security is None:
            raise LogonFailure("handshake is not finished")
        return self.ntlm.security

    @untrusted
    def step(self, token: bytes) -> bytes | None:
        """Take one token of the client and return the answer, or None when there is none.

        Raises:
            LogonFailure: The handshake failed.
        """
        parsed = raw.unpack_token(token)
        if isinstance(parsed, raw.NegTokenInit):
            return self._initial(parsed)
        if isinstance(parsed, raw.NegTokenResp):
            return self._next(parsed)
        return self._bare(token)

    def _bare(self, token: bytes) -> bytes | None:
        answer = self._ntlm(token)
        self.complete = answer is None
        return answer

    def _ntlm(self, token: bytes) -> bytes | None:
        """Take one NTLM message; return the challenge, or None when the user is known."""
        if token[:8] != b"NTLMSSP\0" or len(token) < 12:
            raise KerberosRefused("a Kerberos token")
        kind = struct.unpack_from("<I", token, 8)[0]
        if kind == 1:
            return self.ntlm.challenge(token)
        if kind != 3:
            raise LogonFailure(f"unexpected NTLM message of type {kind}")
        self.ntlm.authenticate(token)
        return None

    def _initial(self, token: raw.NegTokenInit) -> bytes:
        self._mechanisms = list(token.mech_types)
        if NTLM_OID not in self._mechanisms:
            offered = "Kerberos" if _KERBEROS_OIDS & set(self._mechanisms) else "no NTLM"
            raise KerberosRefused(f"SPNEGO offer with {offered}")
        if self._mechanisms[0] != NTLM_OID or not token.mech_token:
            self._mic_required = self._mechanisms[0] != NTLM_OID
            return self._incomplete(None)
        return self._incomplete(self.ntlm.challenge(token.mech_token))

    def _next(self, token: raw.NegTokenResp) -> bytes:
        inner = token.response_token
        if not self._mechanisms or not inner:
            raise LogonFailure("SPNEGO response without an offer or a token")
        challenge = self._ntlm(inner)
        if challenge is not None:
            return self._incomplete(challenge)
        signature = self._exchange_mic(token.mech_list_mic)
        self.complete = True
        state = raw.NegState.accept_complete
        return raw.NegTokenResp(neg_state=state, mech_list_mic=signature).pack()

    def _exchange_mic(self, given: bytes | None) -> bytes | None:
        if given is None:
            if self._mic_required:
                raise LogonFailure("mechListMIC required but absent")
            return None
        mechanisms = raw.pack_mech_type_list(self._mechanisms)
        self.security.verify(mechanisms, given)
        signature = self.security.sign(mechanisms)
        self.security.reset_streams()
        return signature

    def _incomplete(self, answer: bytes | None) -> bytes:
        state = raw.NegState.accept_incomplete
        mechanism = None
        if not self._supported_sent:
            self._supported_sent = True
            mechanism = NTLM_OID
            if self._mic_required:
                state = raw.NegState.request_mic
        return raw.NegTokenResp(neg_state=state, supported_mech=mechanism, response_token=answer).pack()
