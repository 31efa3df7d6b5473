"""icacls.exe: shows access control lists; changing them is not simulated.

Layout: MicrosoftDocs, icacls, and azure-docs, backup-azure-vms-troubleshoot.md (the
MachineKeys folder): the path, then one entry a line below the first.
"""

from __future__ import annotations

import ntpath

from fakes.windows.model import sddl
from fakes.windows.model.sddl import Ace
from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.session import ProgramContext

_CHANGES = frozenset((
    "/grant", "/deny", "/remove", "/reset", "/inheritance", "/setowner", "/save", "/restore", "/findsid", "/verify",
    "/setintegritylevel", "/substitute", "/remove:g", "/remove:d", "/grant:r", "/inheritance:e", "/inheritance:d",
    "/inheritance:r", "/l",
))  # fmt: skip
_SIMPLE = ((sddl.ALL_ACCESS, "F"), (0x1301BF, "M"), (0x1200A9, "RX"), (0x120089, "R"))
_SPECIFIC = (
    (0x1, "RD"), (0x2, "WD"), (0x4, "AD"), (0x8, "REA"), (0x10, "WEA"), (0x20, "X"), (0x40, "DC"), (0x80, "RA"),
    (0x100, "WA"), (0x10000, "D"), (0x20000, "Rc"), (0x40000, "WDAC"), (0x80000, "WO"), (0x100000, "S"),
    (0x10000000, "GA"), (0x20000000, "GE"), (0x40000000, "GW"), (0x80000000, "GR"),
)  # fmt: skip
_WRITE = 0x100116


def main(context: ProgramContext) -> int:
    """Run ``icacls path [/t] [/c] [/q]``."""
    words = context.argv[1:]
    if not words or words[0] == "/?":
        raise context.refuse("icacls /?")
    switches = [word.lower() for word in words[1:] if word.startswith("/")]
    for word in words[1:]:
        lower = word.lower()
        if lower in _CHANGES or lower.startswith(("/inheritance:", "/grant:", "/remove:")):
            raise context.refuse(f"icacls {word}")
        if lower not in {"/t", "/c", "/q"}:
            context.err(f'Invalid parameter "{word}"\n')
            return 87
    done = failed = code = 0
    for path in _paths(context, words[0], recursive="/t" in switches):
        try:
            text = shown(context, path)
        except Win32Error as error:
            failed += 1
            code = error.code
            context.err(f"{path}: {error}\n")
        else:
            done += 1
            context.out(f"{text}\n")
    if "/q" not in switches:
        context.out(f"Successfully processed {done} files; Failed processing {failed} files\n")
    return code


def _paths(context: ProgramContext, name: str, *, recursive: bool) -> list[str]:
    """Return the paths to show, as typed."""
    folder, pattern = ntpath.split(name)
    found = [name]
    if "*" in pattern or "?" in pattern:
        try:
            entries = context.host.files.glob(context.path(folder or "."), pattern)
        except Win32Error:
            return [name]
        found = [ntpath.join(folder, entry.name) for entry in entries]
    if not recursive:
        return found
    every: list[str] = []
    for path in found:
        every.append(path)
        if context.host.files.is_dir(context.path(path)):
            below = [entry.name for entry in context.host.files.list(context.path(path))]
            for child in below:
                every += _paths(context, ntpath.join(path, child), recursive=True)
    return every


def shown(context: ProgramContext, path: str) -> str:
    """Return what icacls shows of one path: each entry below the first."""
    descriptor = sddl.effective(context.host.files, context.path(path))
    indent = "\n" + " " * (len(path) + 1)
    lines = [f"{sddl.name_of(ace.sid, context.host.users)}:{ace_text(ace)}" for ace in descriptor.aces]
    return f"{path} {indent.join(lines)}\n" if lines else f"{path}\n"


def ace_text(ace: Ace) -> str:
    """Return the parentheses of one entry.

    >>> ace_text(Ace(True, ("OI", "CI", "ID"), 0x1200A9, "S-1-1-0"))
    '(I)(OI)(CI)(RX)'
    """
    flags = (["(I)"] if ace.inherited else []) + [
        f"({flag})" for flag in ("OI", "CI", "IO", "NP") if flag in ace.flags
    ]
    if not ace.allow and ace.mask & sddl.ALL_ACCESS == sddl.ALL_ACCESS:
        return "".join(flags) + "(N)"
    return "".join(flags) + ("" if ace.allow else "(DENY)") + f"({rights(ace.mask)})"


def rights(mask: int) -> str:
    """Return an access mask in icacls' letters: the simple rights it is made of, or every specific one.

    >>> rights(0x12019F), rights(0x4), rights(0x1F01FF)
    ('R,W', 'AD', 'F')
    """
    for whole, letter in _SIMPLE:
        if mask == whole:
            return letter
    if mask == _WRITE:
        return "W"
    for whole, letter in _SIMPLE[2:]:
        if mask == whole | _WRITE:
            return f"{letter},W"
    return ",".join(letter for bit, letter in _SPECIFIC if mask & bit)
