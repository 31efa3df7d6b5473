"""The FileSystem provider over the host's file system."""

from __future__ import annotations

import ntpath
from datetime import datetime
from typing import Any

from fakes.windows.model.files import Entry
from fakes.windows.powershell.cmdlets.paths import Place
from fakes.windows.powershell.values import Int64, PropertyGetter, PSObject, define_enum

ATTRIBUTES = define_enum(
    "System.IO.FileAttributes",
    {"ReadOnly": 1, "Hidden": 2, "System": 4, "Directory": 16, "Archive": 32, "Normal": 128},
    flags=True,
)
_BITS = {"R": 1, "H": 2, "S": 4, "A": 32}


def exists(context: Any, place: Place) -> bool:
    """Whether there is a file or directory."""
    return bool(context.host.files.exists(place.path))


def is_container(context: Any, place: Place) -> bool:
    """Whether it is a directory."""
    return bool(context.host.files.is_dir(place.path))


def children(context: Any, place: Place) -> list[Place]:
    """Directories first, then files, each by name, as Get-ChildItem lists them."""
    entries: list[Entry] = context.host.files.list(place.path)
    entries.sort(key=lambda entry: not entry.is_dir)
    return [place.child(entry.name) for entry in entries]


def local(when: datetime) -> datetime:
    """A time as scripts see it: local time (an Azure VM runs on UTC), without a zone."""
    return when.replace(tzinfo=None)


def attribute_bits(entry: Entry) -> int:
    """FileAttributes of an entry."""
    bits = sum(bit for letter, bit in _BITS.items() if letter in entry.attributes)
    return bits | 16 if entry.is_dir else bits or 128


def mode(entry: Entry) -> str:
    """The ``Mode`` column: directory, archive, read-only, hidden, system, link."""
    flags = entry.attributes
    return "".join(
        (
            "d" if entry.is_dir else "-",
            "a" if "A" in flags else "-",
            "r" if "R" in flags else "-",
            "h" if "H" in flags else "-",
            "s" if "S" in flags else "-",
            "-",
        )
    )


def item(context: Any, place: Place, full_text: bool) -> PSObject:
    """A FileInfo or DirectoryInfo; its text is the full path or the name, depending on how it was found."""
    return info(context.host, place.path, full_text=full_text)


def info(host: Any, path: str, *, full_text: bool = True) -> PSObject:
    """``[System.IO.FileInfo]`` or ``[System.IO.DirectoryInfo]`` of a path that exists."""
    files = host.files
    true = files.true_path(path)
    entry: Entry = files.get(path)
    kind = "Directory" if entry.is_dir else "File"
    names = [
        f"System.IO.{kind}Info",
        "System.IO.FileSystemInfo",
        "System.MarshalByRefObject",
        "System.Object",
    ]
    name = true if true.endswith("\\") else ntpath.basename(true)
    stem, extension = ntpath.splitext(name)
    properties: dict[str, Any] = {
        "Mode": PropertyGetter(lambda _: mode(_now(files, path, entry)), kind="CodeProperty")
    }
    if not entry.is_dir:
        properties["VersionInfo"] = PropertyGetter(lambda _: version_info(true, entry), kind="ScriptProperty")
    properties.update(
        {"BaseName": name if entry.is_dir else stem, "Target": None, "LinkType": None, "Name": name}
    )
    if entry.is_dir:
        properties["Parent"] = PropertyGetter(lambda _: _parent(host, true))
        properties["Root"] = PropertyGetter(lambda _: info(host, true[:3]))
    else:
        properties["Length"] = PropertyGetter(lambda _: Int64(_now(files, path, entry).size))
        properties["DirectoryName"] = ntpath.dirname(true)
        properties["Directory"] = PropertyGetter(lambda _: info(host, ntpath.dirname(true)))
        properties["IsReadOnly"] = PropertyGetter(
            lambda _: "R" in _now(files, path, entry).attributes, _set_read_only(files, path)
        )
    properties["Exists"] = PropertyGetter(lambda _: files.exists(path))
    properties["FullName"] = true
    properties["Extension"] = extension
    for shown, field in (
        ("CreationTime", "created"),
        ("LastAccessTime", "accessed"),
        ("LastWriteTime", "modified"),
    ):
        properties[shown] = PropertyGetter(_time(files, path, entry, field), _set_time(files, path, field))
        properties[shown + "Utc"] = PropertyGetter(
            _time(files, path, entry, field), _set_time(files, path, field)
        )
    properties["Attributes"] = PropertyGetter(
        lambda _: ATTRIBUTES.from_number(attribute_bits(_now(files, path, entry))),
        _set_attributes(files, path),
    )
    methods = {
        "Delete": lambda *_: files.rmdir(path, recursive=True) if entry.is_dir else files.delete(path),
        "Refresh": lambda: None,
    }
    return PSObject(names, properties, methods, text=true if full_text else name)


def _now(files: Any, path: str, entry: Entry) -> Entry:
    found: Entry | None = files.find(path)
    return found or entry


def _parent(host: Any, path: str) -> PSObject | None:
    above = ntpath.dirname(path)
    return None if above == path else info(host, above)


def _time(files: Any, path: str, entry: Entry, field: str) -> Any:
    return lambda _: local(getattr(_now(files, path, entry), field))


def _set_time(files: Any, path: str, field: str) -> Any:
    from datetime import UTC

    return lambda _, value: files.change(path, **{field: value.replace(tzinfo=UTC)})


def _set_read_only(files: Any, path: str) -> Any:
    def assign(_: PSObject, value: Any) -> None:
        flags = files.get(path).attributes.replace("R", "")
        files.change(path, attributes=flags + "R" if value else flags)

    return assign


def _set_attributes(files: Any, path: str) -> Any:
    from fakes.windows.powershell.conversion import convert

    def assign(_: PSObject, value: Any) -> None:
        bits = convert(value, "System.IO.FileAttributes").number
        files.change(path, attributes="".join(letter for letter, bit in _BITS.items() if bits & bit))

    return assign


def version_info(path: str, entry: Entry) -> PSObject:
    """``System.Diagnostics.FileVersionInfo`` of a file; versions are known for system binaries."""
    parts = [int(part) for part in entry.version.split(".")] if entry.version else [0, 0, 0, 0]
    parts += [0] * (4 - len(parts))
    text = entry.version or None
    properties: dict[str, Any] = {
        "FileName": path,
        "FileVersion": text,
        "ProductVersion": text,
        "FileMajorPart": parts[0],
        "FileMinorPart": parts[1],
        "FileBuildPart": parts[2],
        "FilePrivatePart": parts[3],
        "ProductMajorPart": parts[0],
        "ProductMinorPart": parts[1],
        "ProductBuildPart": parts[2],
        "ProductPrivatePart": parts[3],
        "OriginalFilename": entry.name if text else None,
        "InternalName": entry.name if text else None,
    }
    rows: dict[str, Any] = {
        "File": path,
        "InternalName": properties["InternalName"],
        "OriginalFilename": properties["OriginalFilename"],
        "FileVersion": text,
        "FileDescription": None,
        "Product": None,
        "ProductVersion": text,
        "Debug": False,
        "Patched": False,
        "PreRelease": False,
        "PrivateBuild": False,
        "SpecialBuild": False,
        "Language": None,
    }
    shown = "".join(f"{name + ':':<18}{'' if value is None else value}\r\n" for name, value in rows.items())
    return PSObject(["System.Diagnostics.FileVersionInfo", "System.Object"], properties, text=shown)
