"""Get-, Set- and New-ItemProperty, Get-ItemPropertyValue.

In the registry these are a key's values; on files, members such as Attributes and LastWriteTime.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fakes.windows.model.registry import Value
from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet, literal_path_param, path_param
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM, REGISTRY, Place
from fakes.windows.powershell.cmdlets.registry_provider import (
    DEFAULT,
    TYPE_OF_KIND,
    from_registry,
    guess_type,
    key_of,
    to_registry,
    user_sid,
)
from fakes.windows.powershell.cmdlets.support import Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord, PowerShellError
from fakes.windows.powershell.members import set_member
from fakes.windows.powershell.values import PSObject, custom_object

_PATH = {"mandatory": True, "position": 0}
_KINDS = ("String", "ExpandString", "Binary", "DWord", "MultiString", "QWord", "Unknown")


class PropertyCmdlet(PathCmdlet):
    """Reads and writes the values of registry keys."""

    def keys(self) -> Iterator[Place]:
        """The items asked for."""
        for place in self.places():
            if self.selected(place):
                yield place

    def value(self, place: Place, name: str) -> Value | None:
        """A key's value; ``(default)`` is the unnamed one."""
        key = key_of(self.context, place)
        return key.values.get(stored_name(name).lower()) if key else None

    def read(self, value: Value) -> Any:
        """A value's data, REG_EXPAND_SZ expanded with the session's environment."""
        return from_registry(value, dict(self.context.session.env))

    def missing(self, name: str, place: Place) -> ErrorRecord:
        """The error for a value that a key does not have."""
        kind = AUTOMATION + "PSArgumentException"
        return ErrorRecord(
            f"Property {name} does not exist at path {place.path}.",
            kind,
            "InvalidArgument",
            name,
            exception_type=kind,
        )

    def write_value(self, place: Place, name: str, value: Any, kind: str | None) -> bool:
        """Writes a value; keeps an existing value's type when none is asked for."""
        existing = self.value(place, name)
        type_ = (
            TYPE_OF_KIND[next(known for known in TYPE_OF_KIND if known.lower() == kind.lower())]
            if kind and kind.lower() != "unknown"
            else existing.type
            if existing
            else guess_type(value)
        )
        try:
            data = to_registry(value, type_)
        except (ValueError, OverflowError, PowerShellError) as error:
            self.error(
                ErrorRecord(
                    "The type of the value object did not match the specified RegistryValueKind or the object could not be "
                    "properly converted.",
                    "System.ArgumentException",
                    "WriteError",
                    place.path,
                    exception_type="System.ArgumentException",
                )
                if not isinstance(error, PowerShellError)
                else _refiled(error, place)
            )
            return False
        self.context.host.registry.set(place.path, stored_name(name), type_, data, user_sid(self.context))
        return True


def _refiled(error: PowerShellError, place: Place) -> ErrorRecord:
    kind = AUTOMATION + "PSInvalidCastException"
    return ErrorRecord(error.record.message, kind, "WriteError", place.path, exception_type=kind)


def stored_name(name: str) -> str:
    """The name under which the registry keeps a property."""
    return "" if name.lower() in {DEFAULT, "(default)"} else name


@cmdlet("Get-ItemProperty", aliases=["gp"], default_set="Path")
class GetItemProperty(PropertyCmdlet):
    """The values of a key as one object, or a file's own members."""

    Path = path_param()
    LiteralPath = literal_path_param()
    Name = Param("string[]", position=1, aliases=["PSProperty"])
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Credential = Unsimulated("object")

    def process(self) -> None:
        for place in self.keys():
            if place.provider == FILE_SYSTEM:
                self._file(place)
            elif place.provider == REGISTRY:
                self._key(place)
            else:
                raise self.throw(
                    ErrorRecord(
                        "Cannot use interface. The IPropertyCmdletProvider interface is not supported by this provider.",
                        "NotSupported",
                        "NotImplemented",
                        exception_type=AUTOMATION + "PSNotSupportedException",
                    )
                )

    def _file(self, place: Place) -> None:
        whole = items.item(self.context, place)
        if self.Name is None:
            self.write(whole)
            return
        result = custom_object({name: whole.get(name) for name in self.Name if whole.has(name)})
        self.write(items.decorate(self.context, place, result, container=False))

    def _key(self, place: Place) -> None:
        key = key_of(self.context, place)
        assert key is not None
        if self.Name is None:
            found = list(key.values.values())
        else:
            found = []
            for name in self.Name:
                hits = [value for value in key.values.values() if matches(name, value.name or DEFAULT)]
                found.extend(hits)
                if not hits and not has_wildcard(name):
                    self.error(self.missing(name, place))
        if found:
            result = custom_object({value.name or DEFAULT: self.read(value) for value in found})
            self.write(items.decorate(self.context, place, result, container=False))


@cmdlet("Get-ItemPropertyValue", aliases=["gpv"], default_set="Path")
class GetItemPropertyValue(PropertyCmdlet):
    """Just the data of values."""

    Path = Param(
        "string[]",
        sets={"Path": {"position": 0}},
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
    )
    LiteralPath = literal_path_param()
    Name = Param("string[]", position=1, mandatory=True, aliases=["PSProperty"])
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Credential = Unsimulated("object")

    def process(self) -> None:
        if not self.given_paths():
            self.bound["Path"] = ["."]
        for place in self.keys():
            if place.provider == FILE_SYSTEM:
                whole = items.item(self.context, place)
                self.write_all(whole.get(name) for name in self.Name or [])
                continue
            for name in self.Name or []:
                value = self.value(place, name)
                if value is None:
                    self.error(self.missing(name, place))
                else:
                    self.write(self.read(value))


@cmdlet("Set-ItemProperty", aliases=["sp"], default_set="propertyValuePathSet", supports_should_process=True)
class SetItemProperty(PropertyCmdlet):
    """Writes a value."""

    Path = Param(
        "string[]",
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        sets={"propertyValuePathSet": _PATH, "propertyPSObjectPathSet": _PATH},
    )
    LiteralPath = Param(
        "string[]",
        mandatory=True,
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
        sets=("propertyValueLiteralPathSet", "propertyPSObjectLiteralPathSet"),
    )
    Name = Param(
        "string",
        position=1,
        mandatory=True,
        from_pipeline_by_property_name=True,
        aliases=["PSProperty"],
        sets=("propertyValuePathSet", "propertyValueLiteralPathSet"),
    )
    Value = Param(
        "object",
        position=2,
        mandatory=True,
        allow_null=True,
        allow_empty=True,
        from_pipeline_by_property_name=True,
        sets=("propertyValuePathSet", "propertyValueLiteralPathSet"),
    )
    InputObject = Param(
        "psobject", mandatory=True, sets=("propertyPSObjectPathSet", "propertyPSObjectLiteralPathSet")
    )
    Type = Param("string", validate_set=_KINDS)
    PassThru = Param("switch")
    Force = Param("switch")
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Credential = Unsimulated("object")

    def process(self) -> None:
        given: Any = self.InputObject
        pairs = list(given.items()) if isinstance(given, PSObject) else [(str(self.Name), self.Value)]
        for place in self.keys():
            for name, value in pairs:
                if self.should_process(f"Item: {place.shown} Property: {name}", "Set Property"):
                    self._set(place, name, value)

    def _set(self, place: Place, name: str, value: Any) -> None:
        if place.provider == FILE_SYSTEM:
            set_member(items.item(self.context, place), name, value, self.context)
        elif place.provider == REGISTRY:
            if not self.write_value(place, name, value, self.bound.get("Type")):
                return
        else:
            raise self.not_simulated(f"Set-ItemProperty in provider {place.provider}")
        if self.PassThru:
            result = custom_object({name: value})
            self.write(items.decorate(self.context, place, result, container=False))


@cmdlet("New-ItemProperty", default_set="Path", supports_should_process=True)
class NewItemProperty(PropertyCmdlet):
    """Makes a value."""

    Path = path_param(value_from_pipeline=False)
    LiteralPath = literal_path_param()
    Name = Param(
        "string", position=1, mandatory=True, from_pipeline_by_property_name=True, aliases=["PSProperty"]
    )
    PropertyType = Param("string", aliases=["Type"], from_pipeline_by_property_name=True)
    Value = Param("object", from_pipeline_by_property_name=True)
    Force = Param("switch")
    Filter = Param("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    Credential = Unsimulated("object")

    def process(self) -> None:
        name = str(self.Name)
        for place in self.keys():
            if place.provider != REGISTRY:
                raise self.not_simulated(f"New-ItemProperty in provider {place.provider}")
            if not self.should_process(f"Item: {place.shown} Property: {name}", "New Property"):
                continue
            if self.value(place, name) is not None and not self.Force:
                kind = "System.IO.IOException"
                self.error(
                    ErrorRecord(
                        "The property already exists.",
                        kind,
                        "ResourceExists",
                        place.path,
                        exception_type=kind,
                    )
                )
                continue
            kind_asked = self._kind()
            value = self.Value if self.Value is not None else _empty(kind_asked)
            if self.Force and self.value(place, name) is not None:
                self.context.host.registry.delete_value(place.path, stored_name(name), user_sid(self.context))
            if self.write_value(place, name, value, kind_asked):
                written = self.value(place, name)
                assert written is not None
                result = custom_object({name: self.read(written)})
                self.write(items.decorate(self.context, place, result, container=False))

    def _kind(self) -> str:
        asked = str(self.PropertyType or "String" if self.Value is None or self.PropertyType else "")
        if not asked:
            return ""
        known = next((kind for kind in _KINDS if kind.lower() == asked.lower()), None)
        if known is None:
            raise self.throw(
                ErrorRecord(
                    f'Cannot bind parameter \'Type\' to the target. Exception setting "Type": "Cannot convert value "{asked}" to '
                    'type "Microsoft.Win32.RegistryValueKind".',
                    "CannotConvertArgumentNoMessage",
                    "InvalidArgument",
                    exception_type=AUTOMATION + "ParameterBindingException",
                )
            )
        return known


def _empty(kind: str) -> Any:
    return 0 if kind in {"DWord", "QWord"} else [] if kind in {"Binary", "MultiString"} else ""
