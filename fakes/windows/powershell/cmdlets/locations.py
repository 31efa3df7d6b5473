"""Get-, Set-, Push- and Pop-Location, Get-PSDrive, New-PSDrive and Remove-PSDrive."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.paths import (
    FILE_SYSTEM,
    REGISTRY,
    Drive,
    PathError,
    Place,
    add_drive,
    current,
    drives,
    locate,
    path_not_found,
    remove_drive,
)
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord
from fakes.windows.powershell.values import PSObject

_STACKS: WeakKeyDictionary[Any, list[str]] = WeakKeyDictionary()


def path_info(place: Place) -> PSObject:
    """``System.Management.Automation.PathInfo`` of a place."""
    drive = None
    if place.drive is not None:
        drive = drive_object(None, place.drive)
    properties = {
        "Drive": drive,
        "Provider": f"Microsoft.PowerShell.Core\\{place.provider}",
        "ProviderPath": place.path,
        "Path": place.shown,
    }
    return PSObject([AUTOMATION + "PathInfo", "System.Object"], properties, text=place.shown)


def drive_object(context: Any, drive: Drive) -> PSObject:
    """``PSDriveInfo``; sizes are known for volumes."""
    volume = context.host.files.volumes.get(drive.name.lower() + ":") if context is not None else None
    here = current(context) if context is not None else None
    inside = (
        here.path[3:]
        if here is not None and here.drive is not None and here.drive.name == drive.name and volume
        else ""
    )
    free = volume.free if volume else None
    used = volume.size - volume.free if volume else None
    return PSObject(
        [AUTOMATION + "PSDriveInfo", "System.Object"],
        {
            "Used": used,
            "Free": free,
            "CurrentLocation": inside,
            "Name": drive.name,
            "Provider": f"Microsoft.PowerShell.Core\\{drive.provider}",
            "Root": drive.root,
            "Description": volume.label if volume else "",
            "MaximumSize": None,
            "Credential": None,
            "DisplayRoot": None,
        },
        text=drive.name,
    )


class LocationCmdlet(PSCmdlet):
    """Moves the session."""

    def go(self, path: str, *, literal: bool) -> Place | None:
        """Makes the container at a path the current location; None after an error."""
        try:
            found = items.required(self.context, path, literal=literal)
        except PathError as error:
            raise self.throw(error.record) from None
        if not found:
            raise self.throw(path_not_found(path))
        place = found[0]
        if not items.is_container(self.context, place):
            raise self.throw(path_not_found(place.shown))
        if place.provider == FILE_SYSTEM:
            self.context.current_location = self.context.host.files.true_path(place.path)
        elif place.drive is None:
            raise self.not_simulated(f"a location without a drive ({place.qualified})")
        else:
            self.context.current_location = place.shown
        return place


@cmdlet("Get-Location", aliases=["gl", "pwd"], default_set="Location")
class GetLocation(PSCmdlet):
    """The current location."""

    PSProvider = Unsimulated("string[]")
    PSDrive = Unsimulated("string[]")
    Stack = Param("switch", sets="Stack")
    StackName = Unsimulated("string[]")

    def process(self) -> None:
        if self.Stack:
            for path in reversed(_STACKS.get(self.context, [])):
                self.write(path_info(locate(self.context, path)))
            return
        self.write(path_info(current(self.context)))


@cmdlet("Set-Location", aliases=["sl", "cd", "chdir"], default_set="Path")
class SetLocation(LocationCmdlet):
    """Changes the current location."""

    Path = Param(
        "string", position=0, sets="Path", value_from_pipeline=True, from_pipeline_by_property_name=True
    )
    LiteralPath = Param(
        "string", mandatory=True, sets="LiteralPath", from_pipeline_by_property_name=True, aliases=["PSPath"]
    )
    PassThru = Param("switch")
    StackName = Unsimulated("string")

    def process(self) -> None:
        literal = self.parameter_set == "LiteralPath"
        path = self.LiteralPath if literal else self.Path
        if path is None:
            return
        place = self.go(str(path), literal=literal)
        if place is not None and self.PassThru:
            self.write(path_info(place))


@cmdlet("Push-Location", aliases=["pushd"], default_set="Path")
class PushLocation(LocationCmdlet):
    """Remembers the current location and changes it."""

    Path = Param(
        "string", position=0, sets="Path", value_from_pipeline=True, from_pipeline_by_property_name=True
    )
    LiteralPath = Param("string", sets="LiteralPath", from_pipeline_by_property_name=True, aliases=["PSPath"])
    PassThru = Param("switch")
    StackName = Unsimulated("string")

    def process(self) -> None:
        _STACKS.setdefault(self.context, []).append(str(self.context.current_location))
        path = self.LiteralPath or self.Path
        if path:
            self.go(str(path), literal=bool(self.LiteralPath))
        if self.PassThru:
            self.write(path_info(current(self.context)))


@cmdlet("Pop-Location", aliases=["popd"])
class PopLocation(LocationCmdlet):
    """Goes back to the location remembered last; nothing happens when there is none."""

    PassThru = Param("switch")
    StackName = Unsimulated("string")

    def process(self) -> None:
        stack = _STACKS.get(self.context) or []
        if stack:
            self.go(stack.pop(), literal=True)
        if self.PassThru:
            self.write(path_info(current(self.context)))


@cmdlet("Get-PSDrive", aliases=["gdr"], default_set="Name")
class GetPSDrive(PSCmdlet):
    """The session's drives."""

    Name = Param("string[]", position=0, sets="Name", value_from_pipeline=True)
    LiteralName = Param("string[]", mandatory=True, sets="LiteralName")
    PSProvider = Param("string[]", from_pipeline_by_property_name=True)
    Scope = Unsimulated("string")

    def process(self) -> None:
        found = drives(self.context)
        for name in self.Name or self.LiteralName or ["*"]:
            hits = [d for d in found.values() if matches(name, d.name)]
            if not hits and not has_wildcard(name):
                self.error(
                    ErrorRecord(
                        f"Cannot find drive. A drive with the name '{name}' does not exist.",
                        "GetLocationNoMatchingDrive",
                        "ObjectNotFound",
                        name,
                        exception_type=AUTOMATION + "DriveNotFoundException",
                    )
                )
            for drive in hits:
                if not self.PSProvider or any(p.lower() == drive.provider.lower() for p in self.PSProvider):
                    self.write(drive_object(self.context, drive))


@cmdlet("New-PSDrive", aliases=["ndr", "mount"], supports_should_process=True)
class NewPSDrive(PSCmdlet):
    """Makes a drive for the session (registry and file system roots)."""

    Name = Param("string", position=0, mandatory=True)
    PSProvider = Param("string", position=1, mandatory=True)
    Root = Param("string", position=2, mandatory=True, allow_empty=True)
    Description = Param("string")
    Scope = Param("string")
    Persist = Unsimulated("switch")
    Credential = Unsimulated("object")

    def process(self) -> None:
        name = str(self.Name)
        if name.lower() in drives(self.context):
            raise self.throw(
                ErrorRecord(
                    f"A drive with the name '{name}' already exists.",
                    "DriveAlreadyExists",
                    "ResourceExists",
                    name,
                    exception_type=AUTOMATION + "SessionStateException",
                )
            )
        provider = next(
            (p for p in (FILE_SYSTEM, REGISTRY) if p.lower() == str(self.PSProvider).lower()), None
        )
        if provider is None:
            raise self.not_simulated(f"New-PSDrive -PSProvider {self.PSProvider}")
        root = str(self.Root)
        try:
            place = locate(
                self.context, root if "::" in root or root[1:3] == ":\\" else f"{provider}::{root}"
            )
        except PathError as error:
            raise self.throw(error.record) from None
        if not items.exists(self.context, place):
            raise self.throw(
                ErrorRecord(
                    f'The specified drive root "{root}" either does not exist, or it is not a folder.',
                    "DriveRootError",
                    "ReadError",
                    name,
                    exception_type="System.IO.IOException",
                )
            )
        drive = Drive(name, provider, place.path)
        add_drive(self.context, drive)
        self.write(drive_object(self.context, drive))


@cmdlet("Remove-PSDrive", aliases=["rdr"], supports_should_process=True)
class RemovePSDrive(PSCmdlet):
    """Drops drives of the session."""

    Name = Param("string[]", position=0, mandatory=True, from_pipeline_by_property_name=True)
    Force = Param("switch")
    PSProvider = Unsimulated("string[]")
    Scope = Unsimulated("string")

    def process(self) -> None:
        for name in self.Name or []:
            if name.lower() not in drives(self.context):
                self.error(
                    ErrorRecord(
                        f"Cannot find drive. A drive with the name '{name}' does not exist.",
                        "DriveNotFound",
                        "ObjectNotFound",
                        name,
                        exception_type=AUTOMATION + "DriveNotFoundException",
                    )
                )
            elif self.should_process(f"Name: {name}", "Remove Drive"):
                remove_drive(self.context, name)
