"""Get-Member, Add-Member and New-Object."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.dotnet.invoke import construct
from fakes.windows.powershell.dotnet.types import class_of_value, full_name
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord, PowerShellError
from fakes.windows.powershell.members import set_member
from fakes.windows.powershell.values import (
    PropertyGetter,
    PSHashtable,
    PSObject,
    custom_object,
    define_enum,
    type_names,
)

_DEFINITION = "Microsoft.PowerShell.Commands.MemberDefinition"
_SHORT = {
    "System.String": "string",
    "System.Int32": "int",
    "System.Int64": "long",
    "System.Boolean": "bool",
    "System.Double": "double",
    "System.Char": "char",
    "System.Byte": "byte",
    "System.Object": "System.Object",
    "System.DateTime": "datetime",
    "System.Object[]": "Object[]",
    "System.Collections.Hashtable": "hashtable",
}
_CUSTOM = AUTOMATION + "PSCustomObject"


MEMBER_TYPES = define_enum(
    AUTOMATION + "PSMemberTypes",
    {
        "AliasProperty": 1,
        "CodeProperty": 2,
        "Property": 4,
        "NoteProperty": 8,
        "ScriptProperty": 16,
        "Properties": 31,
        "PropertySet": 32,
        "Method": 64,
        "CodeMethod": 128,
        "ScriptMethod": 256,
        "Methods": 448,
        "ParameterizedProperty": 512,
        "MemberSet": 1024,
        "Event": 2048,
        "Dynamic": 4096,
        "All": 8191,
    },
    flags=True,
)


def short_type(value: Any) -> str:
    """A type as Get-Member writes it."""
    names = type_names(value)
    return _SHORT.get(names[0], names[0]) if names else "System.Object"


@cmdlet("Get-Member", aliases=["gm"], module=UTILITY)
class GetMember(PSCmdlet):
    """Properties and methods of each type in the input."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Name = Param("string[]", position=0)
    MemberType = Param("string[]", aliases=["Type"])
    View = Unsimulated("string")
    Static = Unsimulated("switch")
    Force = Unsimulated("switch")

    def begin(self) -> None:
        self._seen: set[str] = set()
        self._any = False

    def process(self) -> None:
        value: Any = self.InputObject
        if value is None:
            return
        self._any = True
        kind = type_names(value)[0]
        if kind in self._seen:
            return
        self._seen.add(kind)
        wanted = [text.lower() for text in self.MemberType or []]
        for name, member, definition in sorted(
            self._members(value), key=lambda row: (_rank(row[1]), row[0].lower())
        ):
            if self.Name and not any(matches(pattern, name) for pattern in self.Name):
                continue
            if wanted and "all" not in wanted and not any(_is_kind(member, asked) for asked in wanted):
                continue
            self.write(
                PSObject(
                    [_DEFINITION, "System.Object"],
                    {"TypeName": kind, "Name": name, "MemberType": member, "Definition": definition},
                    text=definition,
                )
            )

    def end(self) -> None:
        if not self._any:
            self.error(
                ErrorRecord(
                    "You must specify an object for the Get-Member cmdlet.",
                    "NoObjectInGetMember",
                    "CloseError",
                    exception_type="System.InvalidOperationException",
                )
            )

    def _members(self, value: Any) -> list[tuple[str, str, str]]:
        rows: list[tuple[str, str, str]] = []
        if isinstance(value, PSObject):
            rows.extend(self._property(value, name) for name in value.names())
            rows.extend((name, "Method", f"void {name}()") for name in value.method_names())
            if value.base is not None:
                rows.extend(self._members(value.base))
        declared = class_of_value(value)
        if declared is not None:
            for shown, _, setter in declared.properties.values():
                access = "{get;set;}" if setter else "{get;}"
                rows.append(
                    (shown, "Property", f"{short_type(self.reader.get(value, shown))} {shown} {access}")
                )
            rows.extend((method.name, "Method", f"{method.name}()") for method in declared.methods.values())
        if _CUSTOM in type_names(value):
            rows.extend(
                [
                    ("Equals", "Method", "bool Equals(System.Object obj)"),
                    ("GetHashCode", "Method", "int GetHashCode()"),
                    ("GetType", "Method", "type GetType()"),
                    ("ToString", "Method", "string ToString()"),
                ]
            )
        return list({row[0].lower(): row for row in reversed(rows)}.values())

    def _property(self, value: PSObject, name: str) -> tuple[str, str, str]:
        kind, raw = value.property_kind(name), value.raw(name)
        shown = value.get(name)
        if kind == "NoteProperty":
            return (
                name,
                kind,
                f"{short_type(shown)} {name}={self.text(shown) if shown is not None else 'null'}",
            )
        access = "{get;set;}" if not isinstance(raw, PropertyGetter) or raw.set is not None else "{get;}"
        if kind == "AliasProperty":
            return name, kind, f"{name} = {name}"
        return name, kind, f"{short_type(shown)} {name} {access}"


def _rank(kind: str) -> int:
    order = (
        "AliasProperty",
        "CodeMethod",
        "Method",
        "CodeProperty",
        "NoteProperty",
        "Property",
        "ScriptProperty",
        "ScriptMethod",
    )
    return order.index(kind) if kind in order else len(order)


def _is_kind(member: str, asked: str) -> bool:
    groups = {"properties": "property", "methods": "method"}
    return member.lower() == asked or (asked in groups and member.lower().endswith(groups[asked]))


def _no_type(name: Any) -> None:
    """``ValidateNotePropertyNameAttribute``: the name of a member type is no property name."""
    if any(str(name).lower() == known.lower() for known in MEMBER_TYPES.members):
        raise ValueError(
            f"The parameter cannot be processed because the parameter name '{name}' is a member type."
        )


@cmdlet("Add-Member", module=UTILITY, default_set="TypeNameSet")
class AddMember(PSCmdlet):
    """Adds properties and methods to objects."""

    InputObject = Param("psobject", mandatory=True, value_from_pipeline=True)
    MemberType = Param(MEMBER_TYPES.name, position=0, mandatory=True, sets="MemberSet", aliases=["Type"])
    Name = Param("string", position=1, mandatory=True, sets="MemberSet")
    Value = Param("object", position=2, sets="MemberSet")
    SecondValue = Param("object", position=3, sets="MemberSet")
    NotePropertyName = Param(
        "string", position=0, mandatory=True, sets="NotePropertySingleMemberSet", validate=[_no_type]
    )
    NotePropertyValue = Param(
        "object", position=1, mandatory=True, sets="NotePropertySingleMemberSet", allow_null=True
    )
    NotePropertyMembers = Param("hashtable", position=0, mandatory=True, sets="NotePropertyMultiMemberSet")
    TypeName = Param(
        "string",
        sets=("TypeNameSet", "MemberSet", "NotePropertySingleMemberSet", "NotePropertyMultiMemberSet"),
    )
    Force = Param("switch")
    PassThru = Param("switch")

    def process(self) -> None:
        given: Any = self.InputObject
        target = given if isinstance(given, PSObject) else PSObject(type_names(given), {}, base=given)
        if self.NotePropertyMembers is not None:
            for name, value in self.NotePropertyMembers.items():
                self._note(target, self.text(name), value)
        elif self.NotePropertyName is not None:
            self._note(target, str(self.NotePropertyName), self.NotePropertyValue)
        elif self.MemberType is not None:
            self._member(target)
        if self.TypeName:
            target.type_names.insert(0, full_name_or_text(str(self.TypeName)))
        if self.PassThru or target is not given:
            self.write(target)

    def _note(self, target: PSObject, name: str, value: Any) -> None:
        if target.has(name) and not self.Force:
            self.error(
                ErrorRecord(
                    f'Cannot add a member with the name "{name}" because a member with that name already exists. To overwrite the '
                    "member anyway, add the Force parameter to your command.",
                    "MemberAlreadyExists",
                    "InvalidOperation",
                    target,
                    exception_type="System.InvalidOperationException",
                )
            )
            return
        target.add(name, value)

    def _member(self, target: PSObject) -> None:
        kind, name, value = self.MemberType.name.lower(), str(self.Name), self.Value
        context = self.context
        if kind == "noteproperty":
            self._note(target, name, value)
        elif kind == "scriptproperty":

            def read(item: PSObject) -> Any:
                found = _with_this(context, value, item, [])
                return found[0] if len(found) == 1 else found or None

            self._note(target, name, PropertyGetter(read, kind="ScriptProperty"))
        elif kind == "scriptmethod":

            def call(*args: Any) -> Any:
                found = _with_this(context, value, target, list(args))
                return found[0] if len(found) == 1 else found or None

            target.add_method(name, call)
        elif kind == "aliasproperty":
            other = self.text(value)
            self._note(
                target,
                name,
                PropertyGetter(
                    lambda item: item.get(other), lambda item, new: item.set(other, new), kind="AliasProperty"
                ),
            )
        else:
            raise self.not_simulated(f"Add-Member -MemberType {self.MemberType}")


def _with_this(context: Any, block: Any, this: PSObject, args: list[Any]) -> list[Any]:
    """Runs a block with ``$this``."""
    before = context.get_variable("this")
    context.set_variable("this", this)
    try:
        found: list[Any] = context.invoke(block, args)
        return found
    finally:
        context.set_variable("this", before)


def full_name_or_text(name: str) -> str:
    """A type name as it is kept: resolved when it is a known type."""
    try:
        return full_name(name)
    except PowerShellError:
        return name


@cmdlet("New-Object", module=UTILITY, default_set="Net")
class NewObject(PSCmdlet):
    """An instance of a .NET class."""

    TypeName = Param("string", position=0, mandatory=True, sets="Net")
    ArgumentList = Param("object[]", position=1, sets="Net", aliases=["Args"])
    ComObject = Param("string", position=0, mandatory=True, sets="Com")
    Strict = Param("switch", sets="Com")
    Property = Param("object")

    def process(self) -> None:
        if self.ComObject is not None:
            raise self.not_simulated(f"New-Object -ComObject {self.ComObject}")
        name = str(self.TypeName)
        if name.lower() in {"psobject", "system.management.automation.psobject", "pscustomobject"}:
            result: Any = custom_object({})
        else:
            try:
                result = construct(full_name(name), list(self.ArgumentList or []))
            except PowerShellError as error:
                if error.record.fqid != "TypeNotFound":
                    raise
                raise self.throw(
                    ErrorRecord(
                        f"Cannot find type [{name}]: verify that the assembly containing this type is loaded.",
                        "TypeNotFound",
                        "InvalidType",
                        exception_type=AUTOMATION + "PSArgumentException",
                    )
                ) from None
        given: Any = self.Property
        if isinstance(given, PSHashtable):
            for key, value in given.items():
                if isinstance(result, PSObject) and not result.has(self.text(key)):
                    result.add(self.text(key), value)
                else:
                    set_member(result, self.text(key), value, self.context)
        self.write(result)
