"""Get-Item, Get-ChildItem and Test-Path."""

from __future__ import annotations

import ntpath
from typing import Any

from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet, literal_path_param, path_param
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM, REGISTRY, PathError, Place
from fakes.windows.powershell.cmdlets.support import Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches_any
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord

_PATH = {"mandatory": True, "position": 0}


@cmdlet("Get-Item", aliases=["gi"], default_set="Path")
class GetItem(PathCmdlet):
    """The items at paths."""

    Path = path_param()
    LiteralPath = literal_path_param()
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Force = Param("switch")
    Credential = Unsimulated("object")
    Stream = Unsimulated("string[]")

    def process(self) -> None:
        for place in self.places():
            if (
                self.selected(place)
                and self.filtered(place)
                and (self.Force or not is_hidden(self.context, place, asked=self.given_paths()))
            ):
                self.write(items.item(self.context, place))


def is_hidden(context: Any, place: Place, *, asked: list[tuple[str, bool]] | None = None) -> bool:
    """Hidden and system files show only with -Force (Get-Item refuses them by name too)."""
    if place.provider != FILE_SYSTEM:
        return False
    entry = context.host.files.find(place.path)
    hidden = entry is not None and "H" in entry.attributes and len(place.path) > 3
    return hidden and (asked is None or any(has_wildcard(path) for path, _ in asked))


@cmdlet("Get-ChildItem", aliases=["gci", "ls", "dir"], default_set="Items")
class GetChildItem(PathCmdlet):
    """What is in containers."""

    Path = Param(
        "string[]", position=0, sets="Items", value_from_pipeline=True, from_pipeline_by_property_name=True
    )
    LiteralPath = Param(
        "string[]",
        mandatory=True,
        sets="LiteralItems",
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
    )
    Filter = Param("string", position=1)
    Include = Param("string[]")
    Exclude = Param("string[]")
    Recurse = Param("switch", aliases=["s"])
    Depth = Param("int")
    Force = Param("switch")
    Name = Param("switch")
    Directory = Param("switch", aliases=["ad", "d"])
    File = Param("switch", aliases=["af"])
    Hidden = Param("switch", aliases=["ah", "h"])
    ReadOnly = Param("switch", aliases=["ar"])
    System = Param("switch", aliases=["as"])
    Attributes = Unsimulated("string")

    def process(self) -> None:
        if not self.given_paths():
            self.bound["Path"] = ["."]
            self._list_all()
            del self.bound["Path"]
        else:
            self._list_all()

    def _list_all(self) -> None:
        deep = bool(self.Recurse) or "Depth" in self.bound
        limit = int(self.bound.get("Depth", 10**6))
        for path, literal in self.given_paths():
            try:
                start, pattern = self._start(path, literal=literal, deep=deep)
            except PathError as error:
                self.error(error.record)
                continue
            for place in start:
                if pattern is None and not items.is_container(self.context, place):
                    self._emit(place, place.name)
                    continue
                self._walk(place, "", limit if deep else 0, pattern)

    def _start(self, path: str, *, literal: bool, deep: bool) -> tuple[list[Place], str | None]:
        """With -Recurse a last part that is a pattern, or no container, is looked for below its parent."""
        head, tail = ntpath.split(path.replace("/", "\\").rstrip("\\") or path)
        if deep and not literal and tail and has_wildcard(tail) and not has_wildcard(head):
            return items.required(self.context, head or "."), tail
        places = items.required(self.context, path, literal=literal)
        if not literal and has_wildcard(path):
            self._matches(places)
            return [place for place in places if deep and items.is_container(self.context, place)], None
        return places, None

    def _matches(self, places: list[Place]) -> None:
        """A pattern gives the matching items; containers among them are listed too, as 5.1 does."""
        for place in places:
            self._emit(place, place.name)

    def _walk(self, place: Place, prefix: str, depth: int, pattern: str | None) -> None:
        below = items.children(self.context, place)
        for child in below:
            if pattern is None or matches_any([pattern], child.name):
                self._emit(child, prefix + child.name)
        if depth > 0:
            for child in below:
                if items.is_container(self.context, child) and (
                    self.Force or self.Hidden or not is_hidden(self.context, child)
                ):
                    self._walk(child, f"{prefix}{child.name}\\", depth - 1, pattern)

    def _emit(self, place: Place, relative: str) -> None:
        if not (self.selected(place) and self.filtered(place) and self._attributes(place)):
            return
        self.write(relative if self.Name else items.item(self.context, place, full_text=False))

    def _attributes(self, place: Place) -> bool:
        if place.provider != FILE_SYSTEM:
            return not (self.File or self.Hidden or self.ReadOnly or self.System)
        entry = self.context.host.files.get(place.path)
        if (self.Directory and not entry.is_dir) or (self.File and entry.is_dir):
            return False
        wanted = [
            letter
            for letter, asked in (("H", self.Hidden), ("R", self.ReadOnly), ("S", self.System))
            if asked
        ]
        if wanted:
            return all(letter in entry.attributes for letter in wanted)
        return bool(self.Force) or "H" not in entry.attributes


@cmdlet("Test-Path", default_set="Path")
class TestPath(PathCmdlet):
    """Whether every path exists."""

    Path = Param(
        "string[]",
        sets={"Path": _PATH},
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        allow_empty=True,
        allow_null=True,
    )
    LiteralPath = Param(
        "string[]",
        mandatory=True,
        sets="LiteralPath",
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
        allow_empty=True,
    )
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    PathType = Param("string", default="Any", aliases=["Type"], validate_set=["Any", "Container", "Leaf"])
    IsValid = Param("switch")
    OlderThan = Unsimulated("datetime")
    NewerThan = Unsimulated("datetime")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for path, literal in self.given_paths():
            self.write(self._test(path, literal=literal))

    def _test(self, path: str, *, literal: bool) -> bool:
        if not path.strip():
            raise self.throw(
                ErrorRecord(
                    "Cannot bind argument to parameter 'Path' because it is an empty string.",
                    "ParameterArgumentValidationErrorEmptyStringNotAllowed",
                    "InvalidData",
                    exception_type="System.Management.Automation.ParameterBindingValidationException",
                )
            )
        try:
            places = items.expand(self.context, path, literal=literal)
        except PathError:
            return False
        if self.IsValid:
            return not set(path) & set('<>"|')
        kind = str(self.PathType).lower()
        return any(
            items.exists(self.context, place)
            and self.selected(place)
            and self.filtered(place)
            and (kind == "any" or items.is_container(self.context, place) == (kind == "container"))
            for place in places
        )


def is_registry(place: Place) -> bool:
    """Whether a place is in the registry."""
    return place.provider == REGISTRY
