"""``[type]``, ``$x.PSObject`` and what scripts ask of them."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.containers import GrowingList
from fakes.windows.powershell.dotnet.registry import net_class
from fakes.windows.powershell.errors import AUTOMATION, runtime_error
from fakes.windows.powershell.values import PropertyGetter, PSObject, type_names

runtime_type = net_class("System.Type")
runtime_type.exists(
    "Assembly Attributes GUID Module GetMethod GetMethods GetProperty GetProperties GetField GetFields GetMember GetMembers "
    "GetConstructor GetConstructors InvokeMember IsSubclassOf GetInterface GetInterfaces GetEnumNames GetEnumValues"
)


@runtime_type.method("IsAssignableFrom", ("object",))
def _is_assignable(target: Any, source: Any) -> bool:
    return bool(target.name == getattr(source, "name", None) or target.name == "System.Object")


@runtime_type.method("IsInstanceOfType", ("object",))
def _is_instance_of_type(target: Any, value: Any) -> bool:
    from fakes.windows.powershell.dotnet.types import is_instance

    return is_instance(value, target.name)


@runtime_type.method("ToString", ())
def _type_text(value: Any) -> str:
    return str(value.name)


class PropertyInfo(PSObject):
    """One property in ``$x.PSObject.Properties``."""

    __slots__ = ()

    def __init__(self, owner: Any, name: str, kind: str) -> None:
        from fakes.windows.powershell.members import get_member, set_member

        def kind_of(_: PSObject) -> str:
            value = get_member(owner, name)
            return type_names(value)[0] if value is not None else "System.Object"

        super().__init__(
            [
                AUTOMATION + f"PS{kind}",
                AUTOMATION + "PSPropertyInfo",
                AUTOMATION + "PSMemberInfo",
                "System.Object",
            ],
            {
                "Value": PropertyGetter(
                    lambda _: get_member(owner, name), lambda _, value: set_member(owner, name, value)
                ),
                "MemberType": kind,
                "IsSettable": True,
                "IsGettable": True,
                "TypeNameOfValue": PropertyGetter(kind_of),
                "Name": name,
                "IsInstance": kind == "NoteProperty",
            },
        )


def _properties(value: Any) -> GrowingList:
    from fakes.windows.powershell.members import property_names

    def kind(name: str) -> str:
        return value.property_kind(name) if isinstance(value, PSObject) and value.has(name) else "Property"

    members = [PropertyInfo(value, name, kind(name)) for name in property_names(value)]
    return PropertyList(members, value)


class PropertyList(GrowingList):
    """The list behind ``.Properties``."""

    __slots__ = ("owner",)

    def __init__(self, members: list[Any], owner: Any) -> None:
        super().__init__(
            members,
            AUTOMATION + "PSMemberInfoIntegratingCollection`1[System.Management.Automation.PSPropertyInfo]",
        )
        self.owner = owner


member_list = net_class(AUTOMATION + "PSMemberInfoIntegratingCollection`1")


@member_list.method("Remove", ("string",))
def _remove(members: PropertyList, name: str) -> None:
    if isinstance(members.owner, PSObject):
        members.owner.remove(name)


@member_list.method("Add", ("object",), ("object", "bool"))
def _add(members: PropertyList, member: Any, prevalidated: bool = False) -> None:
    del prevalidated
    owner = members.owner
    if not isinstance(owner, PSObject):
        raise runtime_error("Cannot add a member to that value.", "AddMember")
    if owner.has(member.get("Name")):
        raise runtime_error(
            f'Cannot add a member with the name "{member.get("Name")}" because a member with that name already exists.',
            "AlreadyPresentPSMemberInfoInternalCollectionAdd",
        )
    owner.add(member.get("Name"), member.get("Value"))


@member_list.method("Match", ("string",))
def _match(members: PropertyList, pattern: str) -> list[Any]:
    from fakes.windows.powershell.text_operators import wildcard

    compiled = wildcard(pattern)
    return [one for one in members if compiled.match(one.get("Name"))]


@member_list.method("Item", ("string",))
def _item(members: PropertyList, name: str) -> Any:
    return next((one for one in members if one.get("Name").lower() == name.lower()), None)


note = net_class(AUTOMATION + "PSNoteProperty")


@note.constructor(("string", "object"))
def _note(name: str, value: Any) -> PSObject:
    return PSObject(
        [
            AUTOMATION + "PSNoteProperty",
            AUTOMATION + "PSPropertyInfo",
            AUTOMATION + "PSMemberInfo",
            "System.Object",
        ],
        {"Name": name, "Value": value, "MemberType": "NoteProperty"},
    )


def psobject_of(value: Any) -> PSObject:
    """``$value.PSObject``."""
    methods: dict[str, Any] = {}
    if isinstance(value, PSObject):
        methods["Copy"] = lambda: copy_object(value)
    return PSObject(
        [AUTOMATION + "PSMemberSet", "System.Object"],
        {
            "BaseObject": value.base if isinstance(value, PSObject) and value.base is not None else value,
            "ImmediateBaseObject": value,
            "Properties": PropertyGetter(lambda _: _properties(value)),
            "Methods": PropertyGetter(lambda _: _methods(value)),
            "Members": PropertyGetter(lambda _: _properties(value)),
            "TypeNames": PropertyGetter(lambda _: TypeNameList(value)),
        },
        methods,
    )


def _methods(value: Any) -> list[PSObject]:
    from fakes.windows.powershell.members import method_names

    return [
        PSObject([AUTOMATION + "PSMethod", "System.Object"], {"Name": name, "MemberType": "Method"})
        for name in method_names(value)
    ]


class TypeNameList(GrowingList):
    """``$x.PSObject.TypeNames``: inserting changes the object."""

    __slots__ = ("owner",)

    def __init__(self, owner: Any) -> None:
        super().__init__(type_names(owner), "System.Collections.ObjectModel.Collection`1[System.String]")
        self.owner = owner

    def insert(self, index: Any, value: Any) -> None:
        """Insert a type name."""
        super().insert(index, value)
        if isinstance(self.owner, PSObject):
            self.owner.type_names = list(self)

    def clear(self) -> None:
        """Remove all type names."""
        super().clear()
        if isinstance(self.owner, PSObject):
            self.owner.type_names = []


def copy_object(value: PSObject) -> PSObject:
    """A shallow copy of an object."""
    result = PSObject(value.type_names, base=value.base, text=value.text)
    for name in value.names():
        result.add(name, value.raw(name), note=name.lower() in value.notes)
    for name in value.method_names():
        function = value.method(name)
        if function is not None:
            result.add_method(name, function)
    return result
