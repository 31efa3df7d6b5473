"""New-Item, Remove-Item, Rename-Item and Set-Item."""

from __future__ import annotations

from typing import Any

from fakes.windows.model.win32 import Win32Error, message
from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet, literal_path_param, path_param
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM, REGISTRY, PathError, Place, locate
from fakes.windows.powershell.cmdlets.registry_provider import TYPE_OF_KIND, guess_type, to_registry, user_sid
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.values import PSObject

IO_EXCEPTION = "System.IO.IOException"
_PATH = {"mandatory": True, "position": 0}


def io_error(text: str, fqid: str, category: str, target: str, kind: str = IO_EXCEPTION) -> ErrorRecord:
    """An error of a provider's own work."""
    return ErrorRecord(text, fqid, category, target, exception_type=kind)


def refused(error: Win32Error, path: str, fqid: str) -> ErrorRecord:
    """A failed file operation, in the words .NET gives the Win32 code."""
    if error.code == 5:
        return io_error(
            f"Access to the path '{path}' is denied.",
            fqid.replace("IOError", "UnauthorizedAccessError"),
            "PermissionDenied",
            path,
            "System.UnauthorizedAccessException",
        )
    if error.code == 3:
        return io_error(
            f"Could not find a part of the path '{path}'.",
            fqid,
            "WriteError",
            path,
            "System.IO.DirectoryNotFoundException",
        )
    return io_error(message(error.code), fqid, "WriteError", path)


@cmdlet("New-Item", aliases=["ni"], default_set="pathSet", supports_should_process=True)
class NewItem(PSCmdlet):
    """Makes a file, a directory or a registry key."""

    Path = Param(
        "string[]",
        from_pipeline_by_property_name=True,
        sets={"pathSet": {"mandatory": True, "position": 0}, "nameSet": {"position": 0}},
    )
    Name = Param(
        "string", mandatory=True, sets="nameSet", from_pipeline_by_property_name=True, allow_empty=True
    )
    ItemType = Param("string", aliases=["Type"], from_pipeline_by_property_name=True)
    Value = Param("object", value_from_pipeline=True, from_pipeline_by_property_name=True, aliases=["Target"])
    Force = Param("switch")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for path in self.texts(self.Path) or ["."]:
            full = path.rstrip("\\") + "\\" + str(self.Name) if self.Name else path
            try:
                place = locate(self.context, full)
            except PathError as error:
                self.error(error.record)
                continue
            if place.provider == FILE_SYSTEM:
                self._file(place)
            elif place.provider == REGISTRY:
                self._key(place)
            else:
                items.backend(self.context, place).set(self.context, place, self.Value)
                self.write(items.item(self.context, place))

    def _file(self, place: Place) -> None:
        files, kind = self.context.host.files, str(self.ItemType or "File").lower()
        if kind in {"directory", "container"}:
            if not self.should_process(f"Destination: {place.path}", "Create Directory"):
                return
            if files.exists(place.path) and not self.Force:
                self.error(
                    io_error(
                        f"An item with the specified name {place.path} already exists.",
                        "DirectoryExist",
                        "ResourceExists",
                        place.path,
                    )
                )
                return
            self._try(
                lambda: files.exists(place.path) or files.mkdir(place.path, parents=True),
                place,
                "CreateDirectoryIOError",
            )
        elif kind in {"file", "leaf"}:
            if not self.should_process(f"Destination: {place.path}", "Create File"):
                return
            if files.exists(place.path) and not self.Force:
                self.error(
                    io_error(
                        f"The file '{place.path}' already exists.", "NewItemIOError", "WriteError", place.path
                    )
                )
                return
            parent = place.parent
            if self.Force and parent is not None and not files.exists(parent.path):
                files.mkdir(parent.path, parents=True)
            content = "" if self.Value is None else self.text(self.Value)
            self._try(lambda: files.write(place.path, content.encode()), place, "NewItemIOError")
        else:
            raise self.not_simulated(f"New-Item -ItemType {self.ItemType}")

    def _try(self, work: Any, place: Place, fqid: str) -> None:
        try:
            work()
        except Win32Error as error:
            self.error(refused(error, place.path, fqid))
        else:
            self.write(items.item(self.context, place))

    def _key(self, place: Place) -> None:
        registry, sid = self.context.host.registry, user_sid(self.context)
        if not self.should_process(f"Item: {place.shown}", "New-Item"):
            return
        if registry.exists(place.path, sid):
            if not self.Force:
                record = io_error(
                    "A key in this path already exists.", IO_EXCEPTION, "ResourceExists", place.path
                )
                record.category.target_name, record.category.target_type = (
                    "Microsoft.PowerShell.Commands.RegistryWrapper",
                    "RegistryWrapper",
                )
                self.error(record)
                return
            registry.delete_key(place.path, sid)
        parent = place.parent
        if parent is not None and not registry.exists(parent.path, sid) and not self.Force:
            self.error(
                io_error(
                    "The registry key at the specified path does not exist.",
                    "System.ArgumentException",
                    "InvalidArgument",
                    place.path,
                    "System.ArgumentException",
                )
            )
            return
        registry.create(place.path, sid)
        if self.Value is not None:
            type_ = TYPE_OF_KIND.get(
                next((k for k in TYPE_OF_KIND if k.lower() == str(self.ItemType or "").lower()), ""),
                guess_type(self.Value),
            )
            registry.set(place.path, "", type_, to_registry(self.Value, type_), sid)
        self.write(items.item(self.context, place))


@cmdlet(
    "Remove-Item",
    aliases=["ri", "rm", "rmdir", "del", "erase", "rd"],
    default_set="Path",
    supports_should_process=True,
)
class RemoveItem(PathCmdlet):
    """Deletes items."""

    Path = path_param()
    LiteralPath = literal_path_param()
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Recurse = Param("switch")
    Force = Param("switch")
    Credential = Unsimulated("object")
    Stream = Unsimulated("string[]")

    def process(self) -> None:
        for place in list(self.places()):
            if not self.selected(place) or not self.filtered(place):
                continue
            if not items.exists(self.context, place):  # deleted with a parent that was named before it
                continue
            if place.provider == FILE_SYSTEM:
                self._file(place)
            elif place.provider == REGISTRY:
                self._key(place)
            elif self.should_process(f"Item: {place.shown}", "Remove Item"):
                items.backend(self.context, place).remove(self.context, place)

    def _file(self, place: Place) -> None:
        files = self.context.host.files
        entry = files.get(place.path)
        if entry.is_dir and entry.children and not self.Recurse:
            raise self.no_prompt()
        if not self.should_process(place.path, "Remove Directory" if entry.is_dir else "Remove File"):
            return
        if not self.Force and set("RHS") & set(entry.attributes):
            self.error(
                io_error(
                    f"Cannot remove item {place.path}: You do not have sufficient access rights to perform this operation.",
                    "RemoveFileSystemItemUnAuthorizedAccess",
                    "PermissionDenied",
                    place.path,
                )
            )
            return
        try:
            if entry.is_dir:
                files.rmdir(place.path, recursive=True)
            else:
                files.change(place.path, attributes="")
                files.delete(place.path)
        except Win32Error as error:
            self.error(refused(error, place.path, "RemoveFileSystemItemIOError"))

    def _key(self, place: Place) -> None:
        registry, sid = self.context.host.registry, user_sid(self.context)
        if registry.open(place.path, sid).children and not self.Recurse:
            raise self.no_prompt()
        if self.should_process(f"Item: {place.shown}", "Remove Key"):
            registry.delete_key(place.path, sid)

    def no_prompt(self) -> Exception:
        """5.1 asks before it deletes a container with children; without a console it cannot."""
        return self.throw(
            ErrorRecord(
                "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
                "InvalidOperation",
                "InvalidOperation",
                exception_type="System.Management.Automation.PSInvalidOperationException",
            )
        )


@cmdlet("Rename-Item", aliases=["rni", "ren"], default_set="ByPath", supports_should_process=True)
class RenameItem(PathCmdlet):
    """Gives an item another name."""

    Path = Param(
        "string", sets={"ByPath": _PATH}, value_from_pipeline=True, from_pipeline_by_property_name=True
    )
    LiteralPath = Param(
        "string",
        mandatory=True,
        sets="ByLiteralPath",
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
    )
    NewName = Param("string", position=1, mandatory=True, from_pipeline_by_property_name=True)
    Force = Param("switch")
    PassThru = Param("switch")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for place in self.places():
            name = str(self.NewName)
            parent = place.parent
            if parent is None:
                continue
            target = parent.child(name.rpartition("\\")[2])
            if not self.should_process(f"Item: {place.shown} Destination: {target.shown}", "Rename File"):
                continue
            if place.provider != FILE_SYSTEM:
                raise self.not_simulated(f"Rename-Item in provider {place.provider}")
            try:
                self.context.host.files.move(place.path, target.path)
            except Win32Error as error:
                self.error(
                    io_error(
                        "Cannot create a file when that file already exists.\r\n"
                        if error.code == 183
                        else message(error.code),
                        "RenameItemIOError",
                        "WriteError",
                        place.path,
                    )
                )
                continue
            if self.PassThru:
                self.write(items.item(self.context, target))


@cmdlet("Set-Item", aliases=["si"], default_set="Path", supports_should_process=True)
class SetItem(PathCmdlet):
    """Assigns an environment or session variable, or a key's default value."""

    Path = path_param(value_from_pipeline=False)
    LiteralPath = literal_path_param()
    Value = Param("object", position=1, value_from_pipeline=True, from_pipeline_by_property_name=True)
    Force = Param("switch")
    PassThru = Param("switch")
    Type = Unsimulated("string")

    def process(self) -> None:
        for place in self.places(must_exist=False):
            if not self.should_process(f"Item: {place.shown} Value: {self.text(self.Value)}", "Set Item"):
                continue
            if place.provider == FILE_SYSTEM:
                raise self.throw(
                    ErrorRecord(
                        "Provider operation stopped because the provider does not support this operation.",
                        "NotSupported",
                        "NotImplemented",
                        exception_type="System.Management.Automation.PSNotSupportedException",
                    )
                )
            if place.provider == REGISTRY:
                type_ = guess_type(self.Value)
                self.context.host.registry.set(
                    place.path, "", type_, to_registry(self.Value, type_), user_sid(self.context)
                )
            else:
                items.backend(self.context, place).set(self.context, place, self.Value)
            if self.PassThru:
                result: PSObject = items.item(self.context, place)
                self.write(result)
