r"""The file system: an immutable tree of entries, changed by copying the path to the root.

As in the registry, hosts share what they do not change. Paths are absolute Windows paths
(``C:\Windows``); names are case-insensitive and keep their case.
"""

from __future__ import annotations

import functools
import ntpath
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from fakes.windows.model.win32 import Win32Error

# 2018-09-15: the build date that every file of a fresh Windows Server 2019 (10.0.17763) carries.
BUILD = datetime(2018, 9, 15, 7, 12, 58, tzinfo=UTC)
_BAD = re.compile(r'[<>"|?*\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a directory.

    Attributes:
        name: With its case; ``C:`` for a drive.
        is_dir: Directory or drive.
        children: Lower-case name to entry; empty for files.
        content: The bytes of a file; None when only its size is known (system binaries).
        known_size: The size when ``content`` is None.
        created: Creation time (UTC).
        modified: Last write time (UTC).
        accessed: Last access time (UTC).
        attributes: Letters as ``attrib`` shows them: R, H, S, A.
        sddl: Its security descriptor; None inherits the parent's.
        version: File version of a binary, for example ``10.0.17763.1``; may be empty.
    """

    name: str
    is_dir: bool = False
    children: dict[str, Entry] = field(default_factory=dict)
    content: bytes | None = None
    known_size: int = 0
    created: datetime = BUILD
    modified: datetime = BUILD
    accessed: datetime = BUILD
    attributes: str = ""
    sddl: str | None = None
    version: str = ""

    @property
    def size(self) -> int:
        """Size in bytes."""
        return self.known_size if self.content is None else len(self.content)


@dataclass(frozen=True, slots=True)
class Volume:
    """A mounted volume.

    Attributes:
        letter: For example ``C:``.
        label: The volume label; may be empty.
        serial: Eight hex digits with a dash, as ``vol`` prints it.
        guid: The volume's GUID, lower case, without braces.
        size: Bytes in all.
        free: Bytes free before anything was written by us.
    """

    letter: str
    label: str
    serial: str
    guid: str
    size: int
    free: int

    @property
    def device(self) -> str:
        r"""The volume's name: ``\\?\Volume{guid}\``."""
        return f"\\\\?\\Volume{{{self.guid}}}\\"


_Method = TypeVar("_Method", bound=Callable[..., Any])


def _locked(method: _Method) -> _Method:
    """Let a method that looks and then changes see nobody else's change in between."""

    @functools.wraps(method)
    def held(self: FileSystem, *args: Any, **kwargs: Any) -> Any:
        with self.lock:
            return method(self, *args, **kwargs)

    return cast("_Method", held)


Entries = list[Entry]  # FileSystem.list hides the type inside the class
Names = list[str]


class FileSystem:
    """The drives of a host.

    Args:
        root: The tree to start from: an entry whose children are drives.
        volumes: Lower-case drive letter (``c:``) to volume.
        now: The host's clock, for the times of what is written.
        lock: Held while the tree changes; the host's.
    """

    def __init__(
        self,
        root: Entry,
        volumes: dict[str, Volume],
        now: Callable[[], datetime],
        lock: threading.RLock | None = None,
    ) -> None:
        self.lock = lock or threading.RLock()
        self.root = root
        self.volumes = volumes
        self._now = now

    # -- paths -----------------------------------------------------------------
    def resolve(self, path: str, cwd: str = "C:\\") -> str:
        r"""Return the absolute, normalised path; ``C:foo`` is taken from the drive's root unless cwd is there."""
        path = path.replace("/", "\\")
        for prefix in ("\\\\?\\", "\\\\.\\"):
            path = path.removeprefix(prefix)
        drive, rest = ntpath.splitdrive(path)
        if not drive:
            base = ntpath.splitdrive(cwd)[0] if rest.startswith("\\") else cwd
            path = ntpath.join(base + "\\" if len(base) == 2 else base, rest)
        elif not rest.startswith("\\"):
            same = ntpath.splitdrive(cwd)[0].lower() == drive.lower()
            path = ntpath.join(cwd if same else drive + "\\", rest)
        return ntpath.normpath(path)

    def parts(self, path: str) -> Names:
        """Return the names from the drive down."""
        return [part.rstrip(". ") or part for part in self.resolve(path).split("\\") if part]

    def find(self, path: str) -> Entry | None:
        """Return the entry, or None."""
        node: Entry | None = self.root
        for part in self.parts(path):
            node = node.children.get(part.lower()) if node else None
            if node is None:
                return None
        return node

    def get(self, path: str) -> Entry:
        """Return the entry.

        Raises:
            Win32Error: 2 not found, 3 the directory above is missing, 123 bad characters, or
                no name at all.
        """
        found = self.find(path)
        if found is self.root:
            raise Win32Error(123, path)
        if found:
            return found
        if _BAD.search(path.replace("\\\\?\\", "")):
            raise Win32Error(123, path)
        parent = self.find(ntpath.dirname(self.resolve(path)))
        raise Win32Error(2 if parent and parent.is_dir else 3, path)

    def true_path(self, path: str) -> str:
        """Return the path with the case that the entries have."""
        names, node = [], self.root
        for part in self.parts(path):
            child = node.children.get(part.lower())
            names.append(child.name if child else part)
            node = child or Entry("")
        return "\\".join(names) + ("\\" if len(names) == 1 else "")

    def exists(self, path: str) -> bool:
        """Return whether there is a file or directory."""
        return self.find(path) is not None

    def is_dir(self, path: str) -> bool:
        """Return whether there is a directory."""
        found = self.find(path)
        return found is not None and found.is_dir

    def is_file(self, path: str) -> bool:
        """Return whether there is a file."""
        found = self.find(path)
        return found is not None and not found.is_dir

    def list(self, path: str) -> Entries:
        """Return a directory's entries in NTFS order (by upper-case name).

        Raises:
            Win32Error: 2 or 3 when it is missing, 267 when it is a file.
        """
        found = self.get(path)
        if not found.is_dir:
            raise Win32Error(267, path)
        return sorted(found.children.values(), key=lambda entry: entry.name.upper())

    def glob(self, path: str, pattern: str) -> Entries:
        """Return the entries of a directory that match ``*`` and ``?`` as FindFirstFile matches them."""
        test = matcher(pattern)
        return [entry for entry in self.list(path) if test(entry.name)]

    # -- content ---------------------------------------------------------------
    def read(self, path: str) -> bytes:
        """Return a file's bytes; a system binary whose content is not modelled reads as ``MZ``.

        Raises:
            Win32Error: 2 or 3 when it is missing, 5 when it is a directory.
        """
        found = self.get(path)
        if found.is_dir:
            raise Win32Error(5, path)
        return b"MZ" if found.content is None else found.content

    @_locked
    def write(self, path: str, data: bytes, *, append: bool = False) -> None:
        """Write a file, making it when it is missing.

        Raises:
            Win32Error: 3 the directory is missing, 5 it is a directory or read-only,
                123 bad name.
        """
        self._check_name(path)
        now = self._now()
        old = self.find(path)
        if old and (old.is_dir or "R" in old.attributes):
            raise Win32Error(5, path)
        if old:
            content = (old.content or b"") + data if append else data
            new = replace(
                old, content=content, modified=now, accessed=now, attributes=_with(old.attributes, "A")
            )
        else:
            name = self.parts(path)[-1]
            new = Entry(name, content=data, created=now, modified=now, accessed=now, attributes="A")
        self._put(path, new)

    # -- structure -------------------------------------------------------------
    @_locked
    def mkdir(self, path: str, *, parents: bool = False) -> None:
        """Make a directory.

        Raises:
            Win32Error: 183 it exists, 3 the parent is missing (unless ``parents``), 123 bad name.
        """
        self._check_name(path)
        if self.exists(path):
            raise Win32Error(183, path)
        above = ntpath.dirname(self.resolve(path))
        if parents and not self.exists(above):
            self.mkdir(above, parents=True)
        now = self._now()
        self._put(path, Entry(self.parts(path)[-1], is_dir=True, created=now, modified=now, accessed=now))

    @_locked
    def delete(self, path: str) -> None:
        """Delete a file.

        Raises:
            Win32Error: 2 or 3 missing, 5 directory or read-only.
        """
        found = self.get(path)
        if found.is_dir or "R" in found.attributes:
            raise Win32Error(5, path)
        self._edit(self.parts(path), None)

    @_locked
    def rmdir(self, path: str, *, recursive: bool = False) -> None:
        """Delete a directory.

        Raises:
            Win32Error: 2 or 3 missing, 267 it is a file, 145 not empty, 5 it is a drive.
        """
        found = self.get(path)
        if not found.is_dir:
            raise Win32Error(267, path)
        if found.children and not recursive:
            raise Win32Error(145, path)
        if len(self.parts(path)) == 1:
            raise Win32Error(5, path)
        self._edit(self.parts(path), None)

    @_locked
    def move(self, source: str, target: str) -> None:
        """Rename or move a file or directory.

        Raises:
            Win32Error: 2 or 3 missing, 183 the target exists, 3 its directory is missing.
        """
        found = self.get(source)
        if self.exists(target) and self.resolve(target).lower() != self.resolve(source).lower():
            raise Win32Error(183, target)
        self._check_name(target)
        self._edit(self.parts(source), None)
        self._put(target, replace(found, name=self.parts(target)[-1]))

    @_locked
    def copy(self, source: str, target: str) -> None:
        """Copy a file over ``target``: the content and last write time, not the security descriptor."""
        found = self.get(source)
        if found.is_dir:
            raise Win32Error(5, source)
        self._check_name(target)
        old = self.find(target)
        if old and (old.is_dir or "R" in old.attributes):
            raise Win32Error(5, target)
        now = self._now()
        kept = old.sddl if old else None
        name = self.parts(target)[-1]
        self._put(target, replace(found, name=name, created=now, accessed=now, sddl=kept))

    @_locked
    def change(self, path: str, **fields: object) -> None:
        """Change fields of an entry, for example ``attributes``, ``sddl``, ``modified`` or ``version``."""
        self._put(path, replace(self.get(path), **fields))  # type: ignore[arg-type]

    def sddl(self, path: str) -> str:
        """Return the security descriptor in force: the entry's own, or the nearest one above it."""
        node, found = self.root, self.root.sddl or ""
        self.get(path)
        for part in self.parts(path):
            node = node.children[part.lower()]
            found = node.sddl or found
        return found

    # -- private ---------------------------------------------------------------
    def _check_name(self, path: str) -> None:
        if _BAD.search(path.replace("\\\\?\\", "")) or ":" in ntpath.splitdrive(self.resolve(path))[1]:
            raise Win32Error(123, path)
        parts = self.parts(path)
        if not parts:
            raise Win32Error(123, path)
        if parts[0].lower() not in self.root.children:
            raise Win32Error(3, path)

    def _put(self, path: str, entry: Entry) -> None:
        parts = self.parts(path)
        above = self.find("\\".join(parts[:-1]) + "\\") if len(parts) > 1 else self.root
        if above is None or not above.is_dir:
            raise Win32Error(3, path)
        self._edit(parts, entry)

    def _edit(self, parts: Names, entry: Entry | None) -> None:
        """Put ``entry`` at ``parts``, or take away what is there, copying what lies above."""

        def rebuild(node: Entry, depth: int) -> Entry:
            lower = parts[depth].lower()
            children = dict(node.children)
            if depth < len(parts) - 1:
                children[lower] = rebuild(children[lower], depth + 1)
            elif entry is None:
                del children[lower]
            else:
                children[lower] = entry
            return replace(node, children=children)

        self.root = rebuild(self.root, 0)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a test of names against a DOS wild card pattern; ``*.*`` matches names without a dot too.

    >>> [name for name in ("a.txt", "b", "c.TXT") if matcher("*.txt")(name)]
    ['a.txt', 'c.TXT']
    """
    lower = pattern.lower()
    if lower in {"*", "*.*"}:
        return lambda _: True
    dotless = lower.endswith(".")
    body = lower.removesuffix(".").removesuffix(".*")
    tail = "(?:\\..*)?" if lower.endswith(".*") else ""  # name.* matches a name without a dot too
    pieces = {"*": ".*", "?": "."}
    regex = re.compile("".join(pieces.get(char, re.escape(char)) for char in body) + tail, re.DOTALL)
    return lambda name: bool(regex.fullmatch(name.lower())) and not (dotless and "." in name)


def _with(attributes: str, letter: str) -> str:
    return attributes if letter in attributes else attributes + letter
