"""Cmdlets that take paths: their common parameters, and how the paths become places."""

from __future__ import annotations

from collections.abc import Iterator

from fakes.windows.model.files import matcher
from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM, PathError, Place
from fakes.windows.powershell.cmdlets.support import PSCmdlet
from fakes.windows.powershell.cmdlets.wildcard import matches_any
from fakes.windows.powershell.command import Param
from fakes.windows.powershell.errors import ErrorRecord


def path_param(*, value_from_pipeline: bool = True) -> Param:
    """-Path as most cmdlets declare it: patterns, the first position of the set ``Path``."""
    return Param(
        "string[]",
        sets={"Path": {"mandatory": True, "position": 0}},
        value_from_pipeline=value_from_pipeline,
        from_pipeline_by_property_name=True,
    )


def literal_path_param() -> Param:
    """-LiteralPath as most cmdlets declare it: names, from an item's PSPath too."""
    return Param(
        "string[]",
        mandatory=True,
        sets="LiteralPath",
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
    )


class PathCmdlet(PSCmdlet):
    """Cmdlets with -Path and -LiteralPath."""

    def given_paths(self) -> list[tuple[str, bool]]:
        """The paths as written, each with whether it is literal."""
        literal = self.bound.get("LiteralPath")
        if literal is not None:
            return [(path, True) for path in self.texts(literal if isinstance(literal, list) else [literal])]
        given = self.bound.get("Path")
        if given is None:
            return []
        return [(path, False) for path in self.texts(given if isinstance(given, list) else [given])]

    def places(self, *, must_exist: bool = True) -> Iterator[Place]:
        """The places asked for; an error for each path that leads nowhere."""
        for path, literal in self.given_paths():
            try:
                find = items.required if must_exist else items.expand
                yield from find(self.context, path, literal=literal)
            except PathError as error:
                self.error(error.record)

    def selected(self, place: Place) -> bool:
        """-Include and -Exclude, by the last part of the path."""
        include, exclude = self.bound.get("Include"), self.bound.get("Exclude")
        return (not include or matches_any(include, place.name)) and not matches_any(exclude, place.name)

    def filtered(self, place: Place) -> bool:
        """-Filter: a file name pattern of the file system; other providers refuse it."""
        pattern = self.bound.get("Filter")
        if not pattern:
            return True
        if place.provider != FILE_SYSTEM:
            raise self.throw(
                ErrorRecord(
                    "Cannot call method. The provider does not support the use of filters.",
                    "NotSupported",
                    "NotImplemented",
                    exception_type="System.Management.Automation.PSNotSupportedException",
                )
            )
        return matcher(str(pattern))(place.name)
