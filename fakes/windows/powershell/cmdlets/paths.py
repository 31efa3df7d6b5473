r"""PowerShell paths: drives, provider-qualified paths and the current location.

A path names a provider and a place in it: ``C:\Windows`` and ``FileSystem::C:\Windows``,
``HKLM:\SOFTWARE`` and ``Registry::HKEY_LOCAL_MACHINE\SOFTWARE``, ``Env:PATH``
(about_Providers, about_Path_Syntax).
"""

from __future__ import annotations

import ntpath
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord

MODULE = "Microsoft.PowerShell.Core"
FILE_SYSTEM, REGISTRY, ENVIRONMENT, VARIABLE = "FileSystem", "Registry", "Environment", "Variable"
PROVIDERS = (FILE_SYSTEM, REGISTRY, ENVIRONMENT, VARIABLE, "Alias", "Function", "Certificate", "WSMan")


@dataclass(frozen=True)
class Drive:
    """A PSDrive: its name, provider and root in the provider's own terms."""

    name: str
    provider: str
    root: str


@dataclass(frozen=True)
class Place:
    r"""A resolved path.

    Attributes:
        provider: one of :data:`PROVIDERS`.
        path: the provider's own path: ``C:\Windows``, ``HKEY_LOCAL_MACHINE\SOFTWARE``, ``PATH``.
        drive: the drive it was reached through, None for a provider-qualified path.
    """

    provider: str
    path: str
    drive: Drive | None = None

    @property
    def qualified(self) -> str:
        """``PSPath``: with module and provider."""
        return f"{MODULE}\\{self.provider}::{self.path}"

    @property
    def shown(self) -> str:
        """The path as messages and Get-Location show it: through its drive when it has one."""
        if self.drive is None or self.provider == FILE_SYSTEM:
            return self.path if self.provider == FILE_SYSTEM else self.qualified
        rest = self.path[len(self.drive.root) :].lstrip("\\")
        return f"{self.drive.name}:\\{rest}" if self.provider == REGISTRY else f"{self.drive.name}:{rest}"

    @property
    def name(self) -> str:
        """``PSChildName``: the last part."""
        return self.path.rstrip("\\").rpartition("\\")[2] or self.path

    @property
    def parent(self) -> Place | None:
        """The container above, None at a root."""
        above, separator, _ = self.path.rstrip("\\").rpartition("\\")
        if not separator:
            return None
        return replace(self, path=above + "\\" if above.endswith(":") else above)

    def child(self, name: str) -> Place:
        """The place below."""
        return replace(self, path=self.path.rstrip("\\") + "\\" + name if self.path else name)


_DEFAULTS = (
    Drive("Alias", "Alias", ""),
    Drive("Cert", "Certificate", "\\"),
    Drive("Env", ENVIRONMENT, ""),
    Drive("Function", "Function", ""),
    Drive("HKCU", REGISTRY, "HKEY_CURRENT_USER"),
    Drive("HKLM", REGISTRY, "HKEY_LOCAL_MACHINE"),
    Drive("Variable", VARIABLE, ""),
    Drive("WSMan", "WSMan", ""),
)
_MADE: WeakKeyDictionary[Any, dict[str, Drive]] = WeakKeyDictionary()


def drives(context: Any) -> dict[str, Drive]:
    """The session's drives by lower-case name: volumes, the built-in ones, those of New-PSDrive."""
    made = _MADE.setdefault(context, {drive.name.lower(): drive for drive in _DEFAULTS})
    volumes = {
        entry.name[:1].lower(): Drive(entry.name[:1].upper(), FILE_SYSTEM, entry.name[:1].upper() + ":\\")
        for entry in context.host.files.root.children.values()
    }
    return dict(sorted((volumes | made).items()))


def add_drive(context: Any, drive: Drive) -> None:
    """Keeps a drive of New-PSDrive for the session."""
    drives(context)
    _MADE[context][drive.name.lower()] = drive


def remove_drive(context: Any, name: str) -> None:
    """Drops a drive of the session."""
    _MADE[context].pop(name.lower(), None)


class PathError(Exception):
    """A path that leads nowhere; holds the record to report."""

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(record.message)
        self.record = record


def drive_not_found(name: str) -> PathError:
    """The error for a drive that does not exist."""
    return PathError(
        ErrorRecord(
            f"Cannot find drive. A drive with the name '{name}' does not exist.",
            "DriveNotFound",
            "ObjectNotFound",
            name,
            exception_type=AUTOMATION + "DriveNotFoundException",
        )
    )


def path_not_found(path: str) -> ErrorRecord:
    """The error for an item that does not exist."""
    return ErrorRecord(
        f"Cannot find path '{path}' because it does not exist.",
        "PathNotFound",
        "ObjectNotFound",
        path,
        exception_type=AUTOMATION + "ItemNotFoundException",
    )


def current(context: Any) -> Place:
    """The current location as a place."""
    return _through_drive(context, str(context.current_location), "C:\\")


def locate(context: Any, path: str) -> Place:
    """Resolves a path against the current location; nothing has to exist there.

    Raises:
        PathError: the drive or the provider does not exist.
    """
    text = path.replace("/", "\\")
    if "::" in text:
        return _qualified(context, text)
    if text == "~" or text.startswith("~\\"):
        home = context.session.env.get("USERPROFILE", "C:\\") if context.session else "C:\\"
        text = home + text[1:]
    here = current(context)
    if ":" in text.split("\\", 1)[0]:
        return _through_drive(context, text, here.path if here.provider == FILE_SYSTEM else "C:\\")
    if text.startswith("\\\\"):
        return Place(FILE_SYSTEM, text)
    if here.provider == FILE_SYSTEM:
        return replace(here, path=context.host.files.resolve(text, here.path))
    base = here.drive.root if text.startswith("\\") and here.drive else here.path
    return replace(here, path=_collapse(base, text))


def _qualified(context: Any, text: str) -> Place:
    provider, _, inner = text.partition("::")
    provider = provider.rpartition("\\")[2]
    known = next((name for name in PROVIDERS if name.lower() == provider.lower()), None)
    if known is None:
        raise PathError(
            ErrorRecord(
                f"Cannot find a provider with the name '{provider}'.",
                "ProviderNotFound",
                "ObjectNotFound",
                provider,
                exception_type=AUTOMATION + "ProviderNotFoundException",
            )
        )
    if known == FILE_SYSTEM:
        return Place(known, context.host.files.resolve(inner))
    return Place(known, _hive(inner.strip("\\")) if known == REGISTRY else inner)


def _through_drive(context: Any, text: str, cwd: str) -> Place:
    name, _, rest = text.partition(":")
    drive = drives(context).get(name.lower())
    if drive is None:
        raise drive_not_found(name)
    if drive.provider == FILE_SYSTEM:
        base = drive.root if len(drive.name) > 1 else ""
        full = base + rest if base else f"{name}:{rest}"
        return Place(FILE_SYSTEM, context.host.files.resolve(full, cwd), drive)
    if drive.provider == REGISTRY:
        return Place(REGISTRY, _collapse(drive.root, rest), drive)
    return Place(drive.provider, rest.lstrip("\\"), drive)


def _hive(path: str) -> str:
    from fakes.windows.model.registry import HIVES

    first, separator, rest = path.partition("\\")
    return HIVES.get(first.upper(), first) + separator + rest


def _collapse(base: str, rest: str) -> str:
    """Joins and removes ``.`` and ``..``."""
    parts = [part for part in base.split("\\") if part]
    for part in rest.split("\\"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {"", "."}:
            parts.append(part)
    return "\\".join(parts)


def split_leaf(path: str) -> tuple[str, str]:
    """Parent and last part of a path as it was written."""
    trimmed = path.replace("/", "\\")
    head, tail = ntpath.split(trimmed.rstrip("\\") or trimmed)
    return head, tail
