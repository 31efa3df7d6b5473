"""Type names: resolution, type values (``[int]`` as a value), tests and conversions by class."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell.ast import TypeName
from fakes.windows.powershell.conversion import CastError, to_string
from fakes.windows.powershell.current import current_interpreter
from fakes.windows.powershell.dotnet.known_types import exists_in_dotnet
from fakes.windows.powershell.dotnet.registry import ACCELERATORS, NetClass, find_class
from fakes.windows.powershell.errors import PowerShellError, runtime_error
from fakes.windows.powershell.exception_types import known_exception
from fakes.windows.powershell.values import PSObject, find_enum, type_names

_SHORT = {full: alias for alias, full in reversed(list(ACCELERATORS.items()))}
_SHORT.update(
    {"System.Int32": "int", "System.Int64": "long", "System.Single": "float", "System.UInt32": "uint32"}
)
_INTERFACES = {
    "System.Collections.IEnumerable": (list,),
    "System.Collections.IList": (list,),
    "System.Collections.ICollection": (list,),
    "System.Array": (list,),
}


class TypeValue(PSObject):
    """A type as a value: ``[int]``, ``$x.GetType()``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
        short = (
            name.rpartition(".")[2]
            if "[" not in name
            else name[: name.index("[")].rpartition(".")[2] + name[name.index("[") :]
        )
        enum = find_enum(name) is not None
        base = _base_type(name, enum=enum)
        super().__init__(
            [
                "System.RuntimeType",
                "System.Reflection.TypeInfo",
                "System.Type",
                "System.Reflection.MemberInfo",
                "System.Object",
            ],
            {
                "IsPublic": True,
                "IsSerial": True,
                "Name": short,
                "BaseType": base,
                "FullName": name,
                "Namespace": name.partition("[")[0].rpartition(".")[0],
                "IsArray": name.endswith("]") and name.endswith("[]"),
                "IsEnum": enum,
                "IsValueType": enum or name in _VALUE_TYPES,
                "IsClass": not enum and name not in _VALUE_TYPES,
                "UnderlyingSystemType": None,
            },
            text=_SHORT.get(name, name),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TypeValue) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


_VALUE_TYPES = frozenset(
    "System." + name
    for name in [
        "Boolean",
        "Byte",
        "SByte",
        "Char",
        "Int16",
        "UInt16",
        "Int32",
        "UInt32",
        "Int64",
        "UInt64",
        "Single",
        "Double",
        "Decimal",
        "DateTime",
        "TimeSpan",
        "Guid",
    ]
)


def _base_type(name: str, *, enum: bool) -> PSObject | None:
    if name == "System.Object":
        return None
    if enum:
        base = "System.Enum"
    elif name in _VALUE_TYPES:
        base = "System.ValueType"
    elif name.endswith("[]"):
        base = "System.Array"
    else:
        declared = find_class(name)
        base = declared.bases[0] if declared and declared.bases else "System.Object"
    return PSObject(
        ["System.RuntimeType", "System.Object"],
        {"Name": base.rpartition(".")[2], "FullName": base},
        text=base,
    )


def type_not_found(name: str) -> PowerShellError:
    """5.1's error for a type that does not exist."""
    return runtime_error(
        f"Unable to find type [{name}].", "TypeNotFound", "InvalidOperation", TargetName(name)
    )


class TargetName(PSObject):
    """The TypeName object that is the target of a TypeNotFound error."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(["System.Management.Automation.Language.TypeName", "System.Object"], text=name)


def full_name(name: str) -> str:
    """The full name of a type written in any of its forms.

    Raises:
        PowerShellError: no such type (``TypeNotFound``).
        NotSimulated: .NET has the type, this implementation has not.
    """
    interpreter = current_interpreter()
    if interpreter is not None and (interpreter.enums or interpreter.namespaces):
        return _full_name(name, tuple(interpreter.namespaces), tuple(interpreter.enums))
    return _full_name(name)


@lru_cache(maxsize=1024)
def _full_name(name: str, namespaces: tuple[str, ...] = (), enums: tuple[str, ...] = ()) -> str:
    text = name.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    if text.endswith("[]"):
        return full_name(text[:-2]) + "[]"
    if "[" in text:
        return _generic(text)
    lower = text.lower()
    if lower in enums:
        own = find_enum(lower)
        assert own is not None
        return own.name
    if lower in ACCELERATORS:
        return ACCELERATORS[lower]
    for candidate in (lower, "system." + lower, *(f"{space}.{lower}" for space in namespaces)):
        found = find_class(candidate)
        if found is not None:
            return found.name
        enum = find_enum(candidate)
        if enum is not None:
            return enum.name
        for full in _ALL_FULL:
            if full.lower() == candidate:
                return full
    exception = known_exception(text)
    if exception:
        return exception
    if exists_in_dotnet(text):
        raise NotSimulated(f".NET type [{name}]")
    raise type_not_found(name)


_ALL_FULL = frozenset(ACCELERATORS.values()) | {
    "System.Collections.IDictionary",
    "System.Collections.IEnumerable",
    "System.Collections.IList",
    "System.Collections.ICollection",
    "System.ValueType",
    "System.Enum",
}


def _generic(text: str) -> str:
    head, _, rest = text.partition("[")
    arguments = [full_name(part.strip()) for part in _split_arguments(rest[:-1])]
    if head.lower() in {"nullable", "system.nullable"}:
        return arguments[0]
    if "`" not in head:
        head = f"{head}`{len(arguments)}"
    found = find_class(head) or find_class("System." + head)
    if found is None:
        if exists_in_dotnet(head):
            raise NotSimulated(f".NET type [{text}]")
        raise type_not_found(text)
    return f"{found.name}[{','.join(arguments)}]"


def _split_arguments(text: str) -> list[str]:
    parts, level, start = [], 0, 0
    for at, char in enumerate(text):
        level += (char == "[") - (char == "]")
        if char == "," and level == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def class_of_name(full: str) -> NetClass | None:
    """The declared class of a full name; generics by their definition."""
    if full.endswith("[]"):
        return find_class("System.Array")
    return find_class(full.partition("[")[0])


def type_value(name: TypeName | str) -> TypeValue:
    """``[name]`` as a value."""
    return TypeValue(full_name(str(name)))


def class_of_value(value: Any) -> NetClass | None:
    """The declared class whose members a value has, the most derived first."""
    for name in type_names(value):
        found = class_of_name(name)
        if found is not None:
            return found
    return find_class("System.Array") if isinstance(value, list) else None


def is_instance(value: Any, full: str) -> bool:
    """``value -is [type]``."""
    if value is None:
        return False
    if full == "System.Object":
        return True
    if full in {"System.Management.Automation.PSObject", "System.Management.Automation.PSCustomObject"}:
        return "System.Management.Automation.PSCustomObject" in type_names(value)
    if full in _INTERFACES and isinstance(value, _INTERFACES[full]):
        return True
    if full == "System.Collections.IDictionary":
        from fakes.windows.powershell.containers import PSHashtable

        return isinstance(value, PSHashtable)
    names = type_names(value)
    if isinstance(value, PSObject) and value.base is not None and full in type_names(value.base):
        return True
    return full in names


def convert_to_class(value: Any, full: str) -> Any:
    """Cast a value to a declared class.

    Raises:
        CastError: it does not convert.
        NotSimulated: the type is known but has no conversion here.
    """
    if full == "System.Type":
        return value if isinstance(value, TypeValue) else type_value(to_string(value))
    declared = class_of_name(full)
    if declared is None or (declared.convert is None and declared.constructors is None):
        if value is None:
            return None
        if declared is None and known_exception(full) and isinstance(value, (str, int)):
            from fakes.windows.powershell.dotnet.invoke import construct

            return construct(full, [value])
        if declared is None and full not in {"System.Enum", "System.ValueType", *_INTERFACES}:
            raise NotSimulated(f".NET type [{full}]")
        raise CastError(
            f'Cannot convert the "{to_string(value)}" value of type "{type_names(value)[0]}" to type "{full}".',
            "ConvertToFinalInvalidCastException",
        )
    if declared.convert is not None:
        try:
            return declared.convert(value)
        except ValueError as error:
            raise CastError(
                f'Cannot convert value "{to_string(value)}" to type "{full}". Error: "{error}"',
                "InvalidCastParseTargetInvocation",
                str(error),
            ) from None
    if value is None:
        return None
    from fakes.windows.powershell.dotnet.invoke import construct

    return construct(full, [value])
