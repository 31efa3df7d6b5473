"""Remove-, Rename- and Clear-ItemProperty."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.path_cmdlet import literal_path_param, path_param
from fakes.windows.powershell.cmdlets.paths import REGISTRY
from fakes.windows.powershell.cmdlets.properties import PropertyCmdlet
from fakes.windows.powershell.cmdlets.registry_provider import DEFAULT, key_of, user_sid
from fakes.windows.powershell.cmdlets.support import Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.values import custom_object

_PATH = {"mandatory": True, "position": 0}


@cmdlet("Remove-ItemProperty", aliases=["rp"], default_set="Path", supports_should_process=True)
class RemoveItemProperty(PropertyCmdlet):
    """Deletes values."""

    Path = path_param()
    LiteralPath = literal_path_param()
    Name = Param(
        "string[]", position=1, mandatory=True, from_pipeline_by_property_name=True, aliases=["PSProperty"]
    )
    Force = Param("switch")
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for place in self.keys():
            if place.provider != REGISTRY:
                raise self.not_simulated(f"Remove-ItemProperty in provider {place.provider}")
            key = key_of(self.context, place)
            for name in self.Name or []:
                hits = [
                    value
                    for value in (key.values.values() if key else ())
                    if matches(name, value.name or DEFAULT)
                ]
                if not hits and not has_wildcard(name):
                    self.error(self.missing(name, place))
                for value in hits:
                    if self.should_process(
                        f"Item: {place.shown} Property: {value.name or DEFAULT}", "Remove Property"
                    ):
                        self.context.host.registry.delete_value(
                            place.path, value.name, user_sid(self.context)
                        )


@cmdlet("Rename-ItemProperty", aliases=["rnp"], default_set="Path", supports_should_process=True)
class RenameItemProperty(PropertyCmdlet):
    """Gives a value another name."""

    Path = Param(
        "string", sets={"Path": _PATH}, value_from_pipeline=True, from_pipeline_by_property_name=True
    )
    LiteralPath = Param(
        "string", mandatory=True, sets="LiteralPath", from_pipeline_by_property_name=True, aliases=["PSPath"]
    )
    Name = Param(
        "string", position=1, mandatory=True, from_pipeline_by_property_name=True, aliases=["PSProperty"]
    )
    NewName = Param("string", position=2, mandatory=True, from_pipeline_by_property_name=True)
    PassThru = Param("switch")
    Force = Param("switch")

    def process(self) -> None:
        for place in self.keys():
            value = self.value(place, str(self.Name))
            if value is None:
                self.error(self.missing(str(self.Name), place))
                continue
            if not self.should_process(
                f"Item: {place.shown} SourceProperty: {self.Name} DestinationProperty: {self.NewName}",
                "Rename Property",
            ):
                continue
            sid = user_sid(self.context)
            self.context.host.registry.delete_value(place.path, value.name, sid)
            self.context.host.registry.set(place.path, str(self.NewName), value.type, value.data, sid)
            if self.PassThru:
                result = custom_object({str(self.NewName): self.read(value)})
                self.write(items.decorate(self.context, place, result, container=False))


@cmdlet("Clear-ItemProperty", aliases=["clp"], default_set="Path", supports_should_process=True)
class ClearItemProperty(PropertyCmdlet):
    """Empties a value, keeping it."""

    Path = path_param()
    LiteralPath = literal_path_param()
    Name = Param(
        "string", position=1, mandatory=True, from_pipeline_by_property_name=True, aliases=["PSProperty"]
    )

    def process(self) -> None:
        for place in self.keys():
            value = self.value(place, str(self.Name))
            if value is None:
                self.error(self.missing(str(self.Name), place))
            elif self.should_process(f"Item: {place.shown} Property: {self.Name}", "Clear Property"):
                empty: Any = {"REG_DWORD": 0, "REG_QWORD": 0, "REG_MULTI_SZ": (), "REG_BINARY": b""}.get(
                    value.type, ""
                )
                self.context.host.registry.set(
                    place.path, value.name, value.type, empty, user_sid(self.context)
                )
