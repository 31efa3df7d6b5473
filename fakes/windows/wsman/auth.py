"""Who is at the other end of a connection: Negotiate (NTLM) and Basic, as WinRM offers them.

Defaults of ``winrm/config/service``: AllowUnencrypted is false, so Basic is offered over
TLS only and an unsealed request over plain http is refused. (Basic itself is off on a new
Windows Server; the lab's hosts have it on, as those prepared for automation do.)
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from fakes.notsimulated import NotSimulatedLog

from .accounts import Accounts

if TYPE_CHECKING:
    from .ntlm import MessageSecurity
    from .spnego import NegotiateAcceptor

Challenge = list[tuple[str, str]]


class ConnectionAuth:
    """The authentication state of one connection; Negotiate is bound to it.

    Args:
        computer: Computer name.
        accounts: The host's users.
        now: The host's clock.
        log: Where mechanisms that are not simulated are recorded.
        basic: Whether Basic is offered on this connection.
        bindings: Channel binding data of the TLS connection, or None.

    Attributes:
        user: Who logged on by Negotiate, for all following requests of the connection.
        security: Message security of that logon.
    """

    def __init__(
        self,
        computer: str,
        accounts: Accounts,
        now: Callable[[], datetime],
        log: NotSimulatedLog,
        *,
        basic: bool,
        bindings: bytes | None = None,
    ) -> None:
        self._computer = computer
        self._accounts = accounts
        self._now = now
        self._log = log
        self._basic = basic
        self._bindings = bindings
        self._acceptor: NegotiateAcceptor | None = None
        self.user: str | None = None
        self.security: MessageSecurity | None = None

    def authorize(self, header: str) -> tuple[str | None, Challenge]:
        """Judge one request by its Authorization header.

        Returns:
            The user, or None for an answer with status 401; and the WWW-Authenticate
            headers of the answer in both cases.
        """
        scheme, _, credentials = header.partition(" ")
        match scheme.lower():
            case "":
                return (self.user, []) if self.user else (None, self._offers())
            case "negotiate":
                return self._negotiate(credentials)
            case "basic" if self._basic:
                return self._check_basic(credentials)
            case "kerberos" | "credssp":
                self._log.record(f"WinRM authentication by {scheme}", self._computer)
        return None, self._offers()

    def _offers(self) -> Challenge:
        offers = [("WWW-Authenticate", "Negotiate")]
        if self._basic:
            offers.append(("WWW-Authenticate", 'Basic realm="WSMAN"'))
        return offers

    def _check_basic(self, credentials: str) -> tuple[str | None, Challenge]:
        try:
            raw = base64.b64decode(credentials.strip(), validate=True)
        except (ValueError, binascii.Error):
            return None, self._offers()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        name, colon, password = text.partition(":")
        user = self._accounts.verify(name, password) if colon else None
        return (user, []) if user else (None, self._offers())

    def _negotiate(self, credentials: str) -> tuple[str | None, Challenge]:
        # pyspnego costs 80 ms to import: only the first logon pays for it.
        from .ntlm import LogonFailure, NtlmAcceptor, NtlmV1Refused
        from .spnego import KerberosRefused, NegotiateAcceptor

        if self._acceptor is None or self._acceptor.complete:
            self.user = self.security = None
            ntlm = NtlmAcceptor(self._computer, self._accounts.nt_hash, self._now, self._bindings)
            self._acceptor = NegotiateAcceptor(ntlm)
        try:
            token = base64.b64decode(credentials.strip(), validate=True)
            answer = self._acceptor.step(token)
        except (LogonFailure, ValueError) as failure:
            if isinstance(failure, (NtlmV1Refused, KerberosRefused)):
                self._log.record(f"WinRM logon with {failure}", self._computer)
            self._acceptor = None
            return None, self._offers()
        headers = []
        if answer is not None:
            text = base64.b64encode(answer).decode()
            headers.append(("WWW-Authenticate", f"Negotiate {text}"))
        if not self._acceptor.complete:
            return None, headers
        self.user = self._accounts.own_name(self._acceptor.ntlm.user or "")
        self.security = self._acceptor.security
        return self.user, headers
