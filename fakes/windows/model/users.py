"""Local users and groups."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace

from fakes.windows.model.win32 import Win32Error

BUILT_IN_GROUPS = {
    "Administrators": ("S-1-5-32-544", "Administrators have complete and unrestricted access to the computer/domain"),
    "Backup Operators": (
        "S-1-5-32-551",
        "Backup Operators can override security restrictions for the sole purpose of backing up or restoring files",
    ),
    "Event Log Readers": ("S-1-5-32-573", "Members of this group can read event logs from local machine"),
    "Guests": (
        "S-1-5-32-546",
        ("Guests have the same access as members of the Users group by default, except for the Guest account which "
        "is further restricted"),
    ),
    "Power Users": (
        "S-1-5-32-547",
        "Power Users are included for backwards compatibility and possess limited administrative powers",
    ),
    "Remote Desktop Users": (
        "S-1-5-32-555", "Members in this group are granted the right to logon remotely",
    ),
    "Remote Management Users": (
        "S-1-5-32-580",
        ("Members of this group can access WMI resources over management protocols (such as WS-Management via the "
        "Windows Remote Management service). This applies only to WMI namespaces that grant access to the user."),
    ),
    "Users": (
        "S-1-5-32-545",
        "Users are prevented from making accidental or intentional system-wide changes and can run most applications",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class User:
    """A local account.

    Attributes:
        name: With its case.
        sid: S-1-5-21-machine-rid.
        groups: Names of the local groups it belongs to.
        enabled: Whether it may log on.
        description: As ``net user`` shows it.
    """

    name: str
    sid: str
    groups: tuple[str, ...]
    password: str = ""
    enabled: bool = True
    description: str = ""


class Users:
    """The account database of one host.

    Args:
        computer: The host's NetBIOS name.
        machine_sid: ``S-1-5-21-x-y-z``.
    """

    def __init__(self, computer: str, machine_sid: str) -> None:
        self.computer = computer
        self.machine_sid = machine_sid
        self._users: dict[str, User] = {}
        self._next = 1000
        self.added: list[Callable[[User], None]] = []
        """Called with every account that :meth:`add` made."""
        for name, rid, group, text in (
            ("DefaultAccount", 503, "System Managed Accounts Group", "A user account managed by the system."),
            ("Guest", 501, "Guests", "Built-in account for guest access to the computer/domain"),
            ("WDAGUtilityAccount", 504, "", ("A user account managed and used by the system for Windows Defender "
             "Application Guard scenarios.")),
        ):  # fmt: skip
            groups = (group,) if group else ()
            self._users[name.lower()] = User(name, f"{machine_sid}-{rid}", groups, "", False, text)

    def add(self, name: str, password: str, groups: list[str] | None = None) -> User:
        """Add an account and return it. The first administrator gets relative id 500, as on Azure.

        Raises:
            Win32Error: 2224 when the name is taken.
        """
        if name.lower() in self._users:
            raise Win32Error(2224, name)
        wanted = tuple(groups if groups is not None else ["Users"])
        first = "Administrators" in wanted and all(not u.sid.endswith("-500") for u in self._users.values())
        rid = 500 if first else self._next
        self._next += 0 if first else 1
        user = User(name, f"{self.machine_sid}-{rid}", wanted, password)
        self._users[name.lower()] = user
        for observer in self.added:
            observer(user)
        return user

    def remove(self, name: str) -> None:
        """Delete an account.

        Raises:
            Win32Error: 2221 when there is none.
        """
        user = self.get(name)
        del self._users[user.name.lower()]

    def find(self, name: str) -> User | None:
        r"""Return the account called ``name``, ``.\name`` or ``COMPUTER\name``; None when there is none."""
        domain, _, bare = name.rpartition("\\")
        if domain and domain.lower() not in {".", self.computer.lower()}:
            return None
        return self._users.get(bare.lower())

    def get(self, name: str) -> User:
        """Return the account; raises Win32Error 2221 when there is none."""
        user = self.find(name)
        if user is None:
            raise Win32Error(2221, name)
        return user

    def by_sid(self, sid: str) -> User | None:
        """Return the account with this SID."""
        return next((user for user in self._users.values() if user.sid == sid), None)

    def all(self) -> list[User]:
        """Return all accounts in order of their names."""
        return sorted(self._users.values(), key=lambda user: user.name.lower())

    def check(self, name: str, password: str) -> bool:
        """Return whether this account exists, is enabled and has this password."""
        user = self.find(name)
        if user is None or not user.enabled:
            return False
        return hmac.compare_digest(user.password.encode(), password.encode())

    def change(self, name: str, **fields: object) -> User:
        """Change fields of an account, for example ``enabled`` or ``password``."""
        user = replace(self.get(name), **fields)  # type: ignore[arg-type]
        self._users[user.name.lower()] = user
        return user

    def members(self, group: str) -> list[User]:
        """Return a group's members.

        Raises:
            Win32Error: 2220 when there is no such group.
        """
        known = next((name for name in BUILT_IN_GROUPS if name.lower() == group.lower()), None)
        if known is None:
            raise Win32Error(2220, group)
        return [user for user in self.all() if known in user.groups]

    def state(self) -> tuple[dict[str, User], int]:
        """Return what :meth:`restore` takes back."""
        return dict(self._users), self._next

    def restore(self, state: tuple[dict[str, User], int]) -> None:
        """Go back to an earlier :meth:`state`."""
        self._users, self._next = dict(state[0]), state[1]
