"""Copy-Item and Move-Item."""

from __future__ import annotations

from fakes.windows.model.win32 import Win32Error
from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.items_change import refused
from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet, literal_path_param, path_param
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM, PathError, Place, locate
from fakes.windows.powershell.cmdlets.support import Unsimulated
from fakes.windows.powershell.command import Param, cmdlet


class CopyOrMove(PathCmdlet):
    """What Copy-Item and Move-Item share: where the source goes."""

    def target(self, place: Place) -> Place | None:
        """The new place: inside an existing container, else the destination itself."""
        try:
            destination = locate(self.context, str(self.bound.get("Destination") or "."))
        except PathError as error:
            self.error(error.record)
            return None
        inside = items.exists(self.context, destination) and items.is_container(self.context, destination)
        return destination.child(place.name) if inside else destination


@cmdlet("Copy-Item", aliases=["cpi", "cp", "copy"], default_set="Path", supports_should_process=True)
class CopyItem(CopyOrMove):
    """Copies items."""

    Path = path_param()
    LiteralPath = literal_path_param()
    Destination = Param("string", position=1, from_pipeline_by_property_name=True)
    Container = Param("switch")
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Recurse = Param("switch")
    Force = Param("switch")
    PassThru = Param("switch")
    Credential = Unsimulated("object")
    FromSession = Unsimulated("object")
    ToSession = Unsimulated("object")

    def process(self) -> None:
        for place in self.places():
            if not (self.selected(place) and self.filtered(place)):
                continue
            if place.provider != FILE_SYSTEM:
                raise self.not_simulated(f"Copy-Item in provider {place.provider}")
            target = self.target(place)
            if target is None or not self.should_process(
                f"Item: {place.path} Destination: {target.path}", "Copy File"
            ):
                continue
            try:
                self._copy(place, target)
            except Win32Error as error:
                self.error(refused(error, target.path, "CopyFileInfoItemIOError"))
                continue
            if self.PassThru:
                self.write(items.item(self.context, target))

    def _copy(self, place: Place, target: Place) -> None:
        files = self.context.host.files
        entry = files.get(place.path)
        if not entry.is_dir:
            if self.Force and files.is_file(target.path):
                files.change(target.path, attributes="")
            files.copy(place.path, target.path)
            return
        if not files.exists(target.path):
            files.mkdir(target.path)
        if self.Recurse:
            for child in items.children(self.context, place):
                self._copy(child, target.child(child.name))


@cmdlet("Move-Item", aliases=["mi", "mv", "move"], default_set="Path", supports_should_process=True)
class MoveItem(CopyOrMove):
    """Moves items."""

    Path = path_param()
    LiteralPath = literal_path_param()
    Destination = Param("string", position=1, from_pipeline_by_property_name=True)
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Force = Param("switch")
    PassThru = Param("switch")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for place in list(self.places()):
            if not (self.selected(place) and self.filtered(place)):
                continue
            if place.provider != FILE_SYSTEM:
                raise self.not_simulated(f"Move-Item in provider {place.provider}")
            target = self.target(place)
            if target is None or not self.should_process(
                f"Item: {place.path} Destination: {target.path}", "Move File"
            ):
                continue
            files = self.context.host.files
            try:
                if self.Force and files.is_file(target.path) and files.is_file(place.path):
                    files.change(target.path, attributes="")
                    files.delete(target.path)
                files.move(place.path, target.path)
            except Win32Error as error:
                self.error(refused(error, target.path, "MoveFileInfoItemIOError"))
                continue
            if self.PassThru:
                self.write(items.item(self.context, target))
