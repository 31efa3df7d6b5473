"""What the listener needs to know of a host's accounts."""

from __future__ import annotations

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
    def groups(self) -> list[str]:
        """Names of the local groups it is a member of."""

    @property
    def enabled(self) -> bool:
        """Whether it may log on."""


class AccountDirectory(Protocol):
    """The host's users; ``fakes.windows.model.users.Users`` is the real one."""

    def find(self, name: str) -> Account | None:
        """Return the user of that name, in any case, or None."""


class Accounts:
    r"""Answers the listener's questions about users.

    Args:
        computer: Computer name; ``COMPUTER\user`` and ``.\user`` mean the local user.
        directory: The host's users.
    """

    def __init__(self, computer: str, directory: AccountDirectory) -> None:
        self._computer = computer.upper()
        self._directory = directory

    def local_name(self, name: str) -> str | None:
        """Return the local user named by a Basic logon name, or None for another domain's."""
        domain, backslash, user = name.rpartition("\\")
        if backslash and domain.upper() not in ("", ".", self._computer):
            return None
        return user

    def _enabled(self, name: str) -> Account | None:
        account = self._directory.find(name)
        return account if account is not None and account.enabled else None

    def verify(self, name: str, password: str) -> str | None:
        """Return the account's own name when the password is right, otherwise None."""
        local = self.local_name(name)
        account = self._enabled(local) if local else None
        if account is None or account.password != password:
            return None
        return account.name

    def nt_hash(self, name: str) -> bytes | None:
        """Return the NT hash of a user who may log on, otherwise None."""
        account = self._enabled(name)
        return _nt_hash(account.password) if account is not None else None

    def own_name(self, name: str) -> str:
        """Return the name in the case the account was created with."""
        account = self._directory.find(name)
        return account.name if account is not None else name

    def may_use_shells(self, name: str) -> bool:
        """Say whether WinRM gives this user a shell."""
        account = self._enabled(name)
        if account is None:
            return False
        return any(group.lower() in REMOTE_GROUPS for group in account.groups)


@lru_cache(maxsize=1024)
def _nt_hash(password: str) -> bytes:
    from .ntlm import nt_hash_of

    return nt_hash_of(password)
