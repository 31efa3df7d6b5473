"""What the listener needs to know of a host's accounts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

# Groups whose members WinRM's default security descriptors let in.
REMOTE_GROUPS = frozenset({"administrators", "remote management users"})


class Account(Protocol):
    """One local user of the model."""

    @property
    def name(self) -> str:
        """The name in the case it was created with."""

    @property
    def password(self) -> str:
        """The plain password: the lab made it, and NTLM needs its hash."""

    @property
    def groups(self) -> Sequence[str]:
        """Names of the local groups it is a member of."""

    @property
    def enabled(self) -> bool:
        """Whether it may log on."""


class AccountDirectory(Protocol):
    """The host's users; ``fakes.windows.model.users.Users`` is the real one."""

    def find(self, name: str) -> Account | None:
        r"""Return the user called NAME, .\NAME or COMPUTER\NAME in any case, or None."""


class AccountHost(Protocol):
    """A host with accounts; it may swap the directory when it is reset."""

    @property
    def users(self) -> AccountDirectory:
        """The present accounts."""


class Accounts:
    """Answers the listener's questions about users.

    Accounts without a password are refused, as by the policy LimitBlankPasswordUse, on by default.
    """

    def __init__(self, host: AccountHost) -> None:
        self._host = host

    def _usable(self, name: str) -> Account | None:
        account = self._host.users.find(name)
        usable = account is not None and account.enabled and account.password != ""
        return account if usable else None

    def verify(self, name: str, password: str) -> str | None:
        """Return the account's own name when the password is right, otherwise None."""
        account = self._usable(name)
        if account is None or account.password != password:
            return None
        return account.name

    def nt_hash(self, name: str) -> bytes | None:
        """Return the NT hash of a user who may log on, otherwise None."""
        account = self._usable(name)
        return _nt_hash(account.password) if account is not None else None

    def own_name(self, name: str) -> str:
        """Return the name in the case the account was created with."""
        account = self._host.users.find(name)
        return account.name if account is not None else name

    def may_use_shells(self, name: str) -> bool:
        """Say whether WinRM gives this user a shell."""
        account = self._usable(name)
        if account is None:
            return False
        return any(group.lower() in REMOTE_GROUPS for group in account.groups)


@lru_cache(maxsize=1024)
def _nt_hash(password: str) -> bytes:
    from .ntlm import nt_hash_of

    return nt_hash_of(password)
