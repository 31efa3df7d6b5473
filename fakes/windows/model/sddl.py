"""Security descriptors in SDDL, and what a file inherits.

MicrosoftDocs/win32, "Security Descriptor String Format", "ACE Strings" and "ACE
Inheritance Rules".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fakes.windows.model.files import FileSystem
    from fakes.windows.model.users import Users

ALL_ACCESS = 0x1F01FF
RIGHTS = {
    "FA": 0x1F01FF, "FR": 0x120089, "FW": 0x120116, "FX": 0x1200A0, "GA": 0x10000000, "GX": 0x20000000,
    "GW": 0x40000000, "GR": 0x80000000, "RC": 0x20000, "SD": 0x10000, "WD": 0x40000, "WO": 0x80000, "CC": 0x1,
    "DC": 0x2, "LC": 0x4, "SW": 0x8, "RP": 0x10, "WP": 0x20, "DT": 0x40, "LO": 0x80, "CR": 0x100, "KA": 0xF003F,
    "KR": 0x20019,
}  # fmt: skip
ALIASES = {
    "SY": "S-1-5-18", "BA": "S-1-5-32-544", "BU": "S-1-5-32-545", "BG": "S-1-5-32-546", "BO": "S-1-5-32-551",
    "PU": "S-1-5-32-547", "WD": "S-1-1-0", "AU": "S-1-5-11", "CO": "S-1-3-0", "CG": "S-1-3-1", "OW": "S-1-3-4",
    "LS": "S-1-5-19", "NS": "S-1-5-20", "IU": "S-1-5-4", "SU": "S-1-5-6", "NU": "S-1-5-2", "AN": "S-1-5-7",
    "AC": "S-1-15-2-1", "RC": "S-1-5-12",
}  # fmt: skip
_NAMES = {
    "S-1-5-18": r"NT AUTHORITY\SYSTEM", "S-1-5-32-544": r"BUILTIN\Administrators", "S-1-5-32-545": r"BUILTIN\Users",
    "S-1-5-32-546": r"BUILTIN\Guests", "S-1-5-32-547": r"BUILTIN\Power Users",
    "S-1-5-32-551": r"BUILTIN\Backup Operators", "S-1-1-0": "Everyone",
    "S-1-5-11": r"NT AUTHORITY\Authenticated Users", "S-1-3-0": "CREATOR OWNER", "S-1-3-1": "CREATOR GROUP",
    "S-1-3-4": "OWNER RIGHTS", "S-1-5-19": r"NT AUTHORITY\LOCAL SERVICE", "S-1-5-20": r"NT AUTHORITY\NETWORK SERVICE",
    "S-1-5-4": r"NT AUTHORITY\INTERACTIVE", "S-1-5-6": r"NT AUTHORITY\SERVICE", "S-1-5-2": r"NT AUTHORITY\NETWORK",
    "S-1-5-7": r"NT AUTHORITY\ANONYMOUS LOGON", "S-1-5-12": r"NT AUTHORITY\RESTRICTED",
    "S-1-15-2-1": r"APPLICATION PACKAGE AUTHORITY\ALL APPLICATION PACKAGES",
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464": r"NT SERVICE\TrustedInstaller",
}  # fmt: skip
CREATOR_OWNER = "S-1-3-0"
_SHORT = {sid: alias for alias, sid in ALIASES.items()}
_DESCRIPTOR = re.compile(
    r"(?:O:(?P<owner>S-[\d-]+|[A-Z]{2}))?(?:G:(?P<group>S-[\d-]+|[A-Z]{2}))?"
    r"(?:D:(?P<flags>[A-Z]*)(?P<aces>(?:\([^)]*\))*))?(?:S:.*)?"
)


@dataclass(frozen=True, slots=True)
class Ace:
    """One access control entry.

    Attributes:
        allow: Allow, or deny.
        flags: Of OI, CI, NP, IO and ID (inherited), in that order.
        mask: The access mask.
        sid: Whom it is about.
    """

    allow: bool
    flags: tuple[str, ...]
    mask: int
    sid: str

    @property
    def inherited(self) -> bool:
        """Whether it came from above."""
        return "ID" in self.flags


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A security descriptor: SIDs of owner and group, whether the DACL keeps inheritance off, its entries."""

    owner: str
    group: str
    protected: bool
    aces: tuple[Ace, ...]


def parse(text: str) -> Descriptor:
    """Parse SDDL.

    Raises:
        ValueError: It is no SDDL that we know.

    >>> parse("O:SYG:SYD:PAI(A;;FA;;;BA)").aces[0].sid
    'S-1-5-32-544'
    """
    match = _DESCRIPTOR.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"no security descriptor: {text!r}")
    aces = tuple(_ace(part) for part in re.findall(r"\(([^)]*)\)", match["aces"] or ""))
    owner, group = (ALIASES.get(match[name] or "", match[name] or "") for name in ("owner", "group"))
    return Descriptor(owner, group, "P" in (match["flags"] or "").replace("AI", "").replace("AR", ""), aces)


def _ace(text: str) -> Ace:
    fields = text.split(";")
    if len(fields) != 6 or fields[0] not in {"A", "D"}:
        raise ValueError(f"no access control entry: ({text})")
    kind, flags, rights, _, _, sid = fields
    order = [flag for flag in ("OI", "CI", "NP", "IO", "ID") if flag in re.findall("..", flags)]
    if rights.startswith("0x"):
        mask = int(rights, 16)
    else:
        names = re.findall("..", rights)
        unknown = [name for name in names if name not in RIGHTS]
        if unknown:
            raise ValueError(f"unknown right {unknown[0]!r} in ({text})")
        mask = 0
        for name in names:
            mask |= RIGHTS[name]
    return Ace(kind == "A", tuple(order), mask, ALIASES.get(sid, sid))


def text_of(descriptor: Descriptor) -> str:
    """Return a descriptor as SDDL, the way Windows writes it.

    >>> text_of(parse("O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)"))
    'O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)'
    """
    named = {
        mask: name for name, mask in RIGHTS.items() if name in {"FA", "FR", "FW", "FX", "LC", "DC", "SD"}
    }
    aces = "".join(
        f"({'A' if a.allow else 'D'};{''.join(a.flags)};{named.get(a.mask, f'{a.mask:#x}')};;;{_SHORT.get(a.sid, a.sid)})"
        for a in descriptor.aces
    )
    owner, group = (_SHORT.get(sid, sid) for sid in (descriptor.owner, descriptor.group))
    return f"O:{owner}G:{group}D:{'P' if descriptor.protected else ''}AI{aces}"


def name_of(sid: str, users: Users) -> str:
    r"""Return the account name of a SID (``BUILTIN\Administrators``), or the SID when nobody has it."""
    user = users.by_sid(sid)
    return f"{users.computer}\\{user.name}" if user else _NAMES.get(sid, sid)


def effective(files: FileSystem, path: str) -> Descriptor:
    """Return the descriptor in force at ``path``: its own entries, then what it inherits.

    Raises:
        Win32Error: 2 or 3, the path does not exist.
    """
    files.get(path)
    node, found = files.root, Descriptor("S-1-5-18", "S-1-5-18", protected=True, aces=())
    for part in files.parts(path):
        node = node.children[part.lower()]
        passed = tuple(
            ace for each in found.aces for ace in _passed_on(each, found.owner, to_dir=node.is_dir)
        )
        if node.sddl is None:
            found = replace(found, protected=False, aces=passed)
        else:
            own = parse(node.sddl)
            found = (
                own
                if own.protected
                else replace(own, aces=(*(a for a in own.aces if not a.inherited), *passed))
            )
    return found


def _passed_on(ace: Ace, owner: str, *, to_dir: bool) -> list[Ace]:
    """Return what a child gets of one entry."""
    flags = set(ace.flags)
    direct = "CI" in flags if to_dir else "OI" in flags
    deeper = to_dir and "NP" not in flags and bool({"OI", "CI"} & flags)
    keep = tuple(flag for flag in ace.flags if flag in {"OI", "CI"}) if deeper else ()
    sid = owner if ace.sid == CREATOR_OWNER else ace.sid
    found = []
    if direct and ace.sid == CREATOR_OWNER:
        found.append(Ace(ace.allow, ("ID",), ace.mask, sid))
        if deeper:
            found.append(Ace(ace.allow, (*keep, "IO", "ID"), ace.mask, ace.sid))
    elif direct:
        found.append(Ace(ace.allow, (*keep, "ID"), ace.mask, sid))
    elif deeper:
        found.append(Ace(ace.allow, (*keep, "IO", "ID"), ace.mask, ace.sid))
    return found
