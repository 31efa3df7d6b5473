"""Split-Path, Join-Path, Resolve-Path and Convert-Path."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.locations import path_info
from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet, literal_path_param
from fakes.windows.powershell.cmdlets.paths import current, split_leaf
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet

_SPLITS = ("Parent", "Leaf", "Qualifier", "NoQualifier", "IsAbsolute")


@cmdlet("Split-Path", default_set="ParentSet")
class SplitPath(PSCmdlet):
    """One part of a path."""

    Path = Param(
        "string[]",
        position=0,
        mandatory=True,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        sets=("ParentSet", "LeafSet", "QualifierSet", "NoQualifierSet", "IsAbsoluteSet"),
    )
    LiteralPath = Param(
        "string[]",
        mandatory=True,
        sets="LiteralPathSet",
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
    )
    Parent = Param("switch", sets="ParentSet")
    Leaf = Param("switch", sets="LeafSet", mandatory=True)
    Qualifier = Param("switch", sets="QualifierSet", mandatory=True)
    NoQualifier = Param("switch", sets="NoQualifierSet", mandatory=True)
    IsAbsolute = Param("switch", sets="IsAbsoluteSet", mandatory=True)
    Resolve = Param("switch")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for path in self.Path or self.LiteralPath or []:
            if self.Resolve:
                for place in items.required(self.context, path):
                    self.write(self._part(place.shown))
            else:
                self.write(self._part(path))

    def _part(self, path: str) -> Any:
        text = path.replace("/", "\\")
        qualifier, separator, rest = text.rpartition("::") if "::" in text else text.partition(":")
        if self.Leaf:
            return split_leaf(text)[1]
        if self.Qualifier:
            return qualifier + separator
        if self.NoQualifier:
            return rest if separator else text
        if self.IsAbsolute:
            return bool(separator) or text.startswith("\\\\")
        return split_leaf(text)[0]


@cmdlet("Join-Path")
class JoinPath(PSCmdlet):
    """Puts a child under each path, with one separator."""

    Path = Param(
        "string[]",
        position=0,
        mandatory=True,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
    )
    ChildPath = Param(
        "string",
        position=1,
        mandatory=True,
        from_pipeline_by_property_name=True,
        allow_null=True,
        allow_empty=True,
    )
    Resolve = Param("switch")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for path in self.Path or []:
            child = str(self.ChildPath or "").replace("/", "\\").lstrip("\\")
            joined = path.replace("/", "\\").rstrip("\\") + "\\" + child
            if self.Resolve:
                for place in items.required(self.context, joined):
                    self.write(place.shown)
            else:
                self.write(joined)


@cmdlet("Resolve-Path", aliases=["rvpa"], default_set="Path")
class ResolvePath(PathCmdlet):
    """The existing paths that a pattern stands for."""

    Path = Param(
        "string[]",
        sets={"Path": {"mandatory": True, "position": 0}},
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
    )
    LiteralPath = literal_path_param()
    Relative = Param("switch")
    Credential = Unsimulated("object")

    def process(self) -> None:
        import ntpath

        for place in self.places():
            if self.Relative:
                relative = ntpath.relpath(place.path, current(self.context).path)
                self.write(relative if relative.startswith("..") else f".\\{relative}")
            else:
                self.write(path_info(place))


@cmdlet("Convert-Path", aliases=["cvpa"], default_set="Path")
class ConvertPath(PathCmdlet):
    """The provider's own path."""

    Path = Param(
        "string[]",
        sets={"Path": {"mandatory": True, "position": 0}},
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
    )
    LiteralPath = literal_path_param()

    def process(self) -> None:
        for place in self.places():
            self.write(place.path)
