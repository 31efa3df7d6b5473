"""Get-, Set-, Add- and Clear-Content."""

from __future__ import annotations

from typing import Any

from fakes.windows.model.win32 import Win32Error
from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.items_change import refused
from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet, literal_path_param, path_param
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM, Place
from fakes.windows.powershell.cmdlets.support import Unsimulated
from fakes.windows.powershell.cmdlets.textfiles import ENCODINGS, decode, encode
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.conversion import convert
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord
from fakes.windows.powershell.values import Byte, PSObject, TypedArray


class ContentCmdlet(PathCmdlet):
    """Refuses what has no content."""

    def with_content(self, place: Place) -> bool:
        """Whether the item has content; reports an error for containers."""
        if place.provider == FILE_SYSTEM and self.context.host.files.is_dir(place.path):
            name = self.cmdlet_name.partition("-")[0]
            fqid = {
                "Get": "GetContentReaderUnauthorizedAccessError",
                "Clear": "ClearContentUnauthorizedAccessError",
            }
            self.error(
                ErrorRecord(
                    f"Access to the path '{place.path}' is denied.",
                    fqid.get(name, "GetContentWriterUnauthorizedAccessError"),
                    "PermissionDenied",
                    place.path,
                    exception_type="System.UnauthorizedAccessException",
                )
            )
            return False
        if place.provider == "Registry":
            raise self.throw(
                ErrorRecord(
                    "Cannot use interface. The IContentCmdletProvider interface is not implemented by this provider.",
                    "NotSupported",
                    "NotImplemented",
                    exception_type=AUTOMATION + "PSNotSupportedException",
                )
            )
        return True


@cmdlet("Get-Content", aliases=["gc", "cat", "type"], default_set="Path")
class GetContent(ContentCmdlet):
    """The lines of files."""

    Path = path_param(value_from_pipeline=False)
    LiteralPath = literal_path_param()
    ReadCount = Param("long", default=1, from_pipeline_by_property_name=True)
    TotalCount = Param("long", aliases=["First", "Head"], from_pipeline_by_property_name=True)
    Tail = Param("int", aliases=["Last"], from_pipeline_by_property_name=True)
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Force = Param("switch")
    Encoding = Param("string", validate_set=ENCODINGS)
    Raw = Param("switch")
    Delimiter = Unsimulated("string")
    Wait = Unsimulated("switch")
    Stream = Unsimulated("string")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for place in self.places():
            if self.selected(place) and self.filtered(place) and self.with_content(place):
                self._read(place)

    def _read(self, place: Place) -> None:
        if place.provider != FILE_SYSTEM:
            value = items.item(self.context, place)
            content = value.get("Value")
            self.write_all(content) if isinstance(content, list) else self.write(content)
            return
        data = self.context.host.files.read(place.path)
        if str(self.Encoding or "").lower() == "byte":
            content = [Byte(byte) for byte in data]
            if self.Raw:
                self.write(TypedArray(content, "System.Byte"))
                return
        else:
            text = decode(data, self.Encoding)
            if self.Raw:
                self.write(self._note(text, place, 1) if text else None)
                return
            content = text.replace("\r\n", "\n").split("\n")
            if content[-1] == "":
                content.pop()
        self._emit(self._limited(content), place)

    def _limited(self, content: list[Any]) -> list[Any]:
        if "Tail" in self.bound:
            tail = int(self.bound["Tail"])
            return content[max(len(content) - tail, 0) :]
        if "TotalCount" in self.bound and int(self.bound["TotalCount"]) >= 0:
            return content[: int(self.bound["TotalCount"])]
        return content

    def _emit(self, content: list[Any], place: Place) -> None:
        count = int(self.ReadCount if self.ReadCount is not None else 1)
        if count == 1:
            for number, line in enumerate(content, 1):
                self.write(self._note(line, place, number) if isinstance(line, str) else line)
            return
        size = count or max(len(content), 1)
        for start in range(0, len(content), size):
            self.write(content[start : start + size])

    def _note(self, line: str, place: Place, number: int) -> PSObject:
        """A line carries where it was read, as note properties."""
        parent = place.parent
        value = PSObject(["System.String", "System.Object"], {}, base=line, text=line)
        for name, note in (
            ("PSPath", place.qualified),
            ("PSParentPath", parent.qualified if parent else ""),
            ("PSChildName", place.name),
            ("PSDrive", place.drive.name if place.drive else None),
            ("PSProvider", f"Microsoft.PowerShell.Core\\{place.provider}"),
            ("ReadCount", number),
        ):
            value.add(name, note)
        return value


class ContentWriter(ContentCmdlet):
    """What Set-Content and Add-Content share."""

    Path = path_param(value_from_pipeline=False)
    LiteralPath = literal_path_param()
    Value = Param(
        "object[]",
        position=1,
        mandatory=True,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        allow_null=True,
        allow_empty=True,
    )
    PassThru = Param("switch")
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Force = Param("switch")
    NoNewline = Param("switch")
    Encoding = Param("string", validate_set=ENCODINGS)
    Credential = Unsimulated("object")
    Stream = Unsimulated("string")
    append = False

    def begin(self) -> None:
        self._started: set[str] = set()

    def process(self) -> None:
        for place in self.places(must_exist=False):
            if not self.with_content(place):
                continue
            if place.provider != FILE_SYSTEM:
                items.backend(self.context, place).set(
                    self.context, place, "\r\n".join(self.texts(self.Value))
                )
            elif place.path in self._started or self.should_process(f"Path: {place.path}", self.action):
                self._write(place)
        if self.PassThru:
            self.write_all(self.Value or [])

    @property
    def action(self) -> str:
        """What -WhatIf says."""
        return "Add Content" if self.append else "Set Content"

    def _write(self, place: Place) -> None:
        files = self.context.host.files
        append = self.append or place.path in self._started
        name = str(self.Encoding or "")
        try:
            if self.Force and files.is_file(place.path) and "R" in files.get(place.path).attributes:
                files.change(place.path, attributes=files.get(place.path).attributes.replace("R", ""))
            if name.lower() == "byte":
                data = bytes(int(convert(value, "byte")) for value in self.Value or [])
            else:
                end = "" if self.NoNewline else "\r\n"
                empty = not append or not files.is_file(place.path) or not files.get(place.path).size
                text = "".join(self.text(value) + end for value in self.Value or [])
                data = encode(
                    text, name or self._found_encoding(place, append=append), mark=empty and bool(name)
                )
            files.write(place.path, data, append=append)
        except Win32Error as error:
            self.error(refused(error, place.path, "GetContentWriterIOError"))
            return
        self._started.add(place.path)

    def _found_encoding(self, place: Place, *, append: bool) -> str:
        """Add-Content goes on in the encoding whose mark the file has; otherwise ANSI."""
        if append and self.context.host.files.is_file(place.path):
            head = self.context.host.files.read(place.path)[:3]
            if head[:2] == b"\xff\xfe":
                return "Unicode"
            if head == b"\xef\xbb\xbf":
                return "UTF8"
        return "Default"


@cmdlet("Set-Content", aliases=["sc"], default_set="Path", supports_should_process=True)
class SetContent(ContentWriter):
    """Replaces a file's content."""


@cmdlet("Add-Content", aliases=["ac"], default_set="Path", supports_should_process=True)
class AddContent(ContentWriter):
    """Appends to a file."""

    append = True


@cmdlet("Clear-Content", aliases=["clc"], default_set="Path", supports_should_process=True)
class ClearContent(ContentCmdlet):
    """Empties files."""

    Path = path_param(value_from_pipeline=False)
    LiteralPath = literal_path_param()
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Force = Param("switch")

    def process(self) -> None:
        for place in self.places():
            if self.with_content(place) and self.should_process(f"Item: {place.path}", "Clear Content"):
                try:
                    self.context.host.files.write(place.path, b"")
                except Win32Error as error:
                    self.error(refused(error, place.path, "ClearContentIOError"))
