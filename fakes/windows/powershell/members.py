"""Members of values: ``$x.Name``, ``$x.Name = 1``, ``$x.Method()``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.windows.powershell.containers import GrowingList, PSHashtable, TypedArray
from fakes.windows.powershell.conversion import culture_text
from fakes.windows.powershell.dotnet.invoke import invoke, method_not_found, refuse_member
from fakes.windows.powershell.dotnet.known_members import refuse_method, refuse_property
from fakes.windows.powershell.dotnet.registry import NetClass, NetError
from fakes.windows.powershell.dotnet.types import TypeValue, class_of_value
from fakes.windows.powershell.errors import (
    AUTOMATION,
    ErrorRecord,
    PowerShellError,
    net_exception,
    runtime_error,
)
from fakes.windows.powershell.values import PropertyGetter, PSObject, type_names

_MISSING = object()


def get_member(value: Any, name: str, ctx: Any = None) -> Any:
    """``$value.name``; ``$null`` when there is no such property.

    A list without that property answers with the property of each element. ``ctx`` is the
    interpreter when strict mode may apply.
    """
    found = find_property(value, name)
    if found is not _MISSING:
        return found
    if isinstance(value, list):
        return _enumerated(value, name, ctx)
    lower = name.lower()
    if isinstance(value, PSObject):
        refuse_property(type_names(value)[0], name)
    if value is not None and lower in {"count", "length"}:
        return 1
    if ctx is not None and ctx.strict_version >= 2 and not (value is None and ctx.strict_version < 1):
        raise runtime_error(
            f"The property '{name}' cannot be found on this object. Verify that the property exists.",
            "PropertyNotFoundStrict",
            "NotSpecified",
            exception_type=AUTOMATION + "PropertyNotFoundException",
        )
    if value is None and lower in {"count", "length"}:
        return 0
    return None


def _enumerated(values: list[Any], name: str, ctx: Any) -> Any:
    """Member-access enumeration: the property of every element that has it."""
    found: list[Any] = []
    for element in values:
        one = find_property(element, name)
        if one is _MISSING:
            one = _enumerated(element, name, ctx) if isinstance(element, list) else None
            if one is None:
                continue
        if isinstance(one, list):
            found.extend(one)
        elif one is not None:
            found.append(one)
    if not found:
        return None
    return found[0] if len(found) == 1 else found


def has_property(value: Any, name: str) -> bool:
    """Whether ``$value.name`` is a property."""
    return find_property(value, name) is not _MISSING


def find_property(value: Any, name: str) -> Any:
    """The property's value, or a marker that is not any value (compare with :func:`has_property`)."""
    if value is None:
        return _MISSING
    if isinstance(value, PSObject):
        if value.has(name):
            return value.get(name)
        if value.base is not None:
            found = find_property(value.base, name)
            if found is not _MISSING:
                return found
    elif isinstance(value, PSHashtable) and name in value:
        return value[name]
    lower = name.lower()
    if lower in {"psobject", "pstypenames", "psbase"}:
        from fakes.windows.powershell.dotnet.reflection import psobject_of

        if lower == "psbase":
            return value
        return (
            psobject_of(value)
            if lower == "psobject"
            else GrowingList(type_names(value), "System.Collections.ObjectModel.Collection`1[System.String]")
        )
    declared = class_of_value(value)
    if declared is not None:
        getter = declared.properties.get(lower)
        if getter is not None:
            return getter[1](value)
        if lower in declared.known:
            refuse_member(declared, declared.name, name)
    return _MISSING


def set_member(target: Any, name: str, value: Any, ctx: Any = None) -> None:
    """``$target.name = value``.

    Raises:
        PowerShellError: there is no such property, or it cannot be set.
    """
    del ctx
    if isinstance(target, PSHashtable):
        target[name] = value
        return
    if isinstance(target, PSObject) and target.has(name):
        _set_property(target, name, value)
        return
    if isinstance(target, PSObject) and target.base is not None and isinstance(target.base, PSObject):
        set_member(target.base, name, value)
        return
    if isinstance(target, list) and not hasattr(target, "type_name"):
        for element in target:
            set_member(element, name, value)
        return
    declared = class_of_value(target) if target is not None else None
    if declared is not None and name.lower() in declared.properties:
        setter = declared.properties[name.lower()][2]
        if setter is not None:
            setter(target, value)
            return
        raise _read_only(declared.properties[name.lower()][0])
    refuse_member(declared, declared.name if declared else "", name)
    raise runtime_error(
        f"The property '{name}' cannot be found on this object. Verify that the property exists and can be set.",
        "PropertyNotFound",
    )


def _read_only(name: str) -> PowerShellError:
    return runtime_error(f"'{name}' is a ReadOnly property.", "PropertyAssignmentException")


def _set_property(target: PSObject, name: str, value: Any) -> None:
    raw = target.raw(name)
    if isinstance(raw, PropertyGetter) and raw.set is None:
        shown = next(known for known in target.names() if known.lower() == name.lower())
        raise _read_only(shown)
    try:
        target.set(name, value)
    except (NetError, ValueError) as error:
        message = f'Exception setting "{name}": "{error}"'
        exception = net_exception(AUTOMATION + "SetValueInvocationException", message)
        raise PowerShellError(ErrorRecord(exception, "ExceptionWhenSetting", "NotSpecified")) from None


def _equal(value: Any, arguments: list[Any]) -> bool:
    from fakes.windows.powershell.comparison import same

    return type_names(value)[:1] == type_names(arguments[0])[:1] and same(value, arguments[0], case=True)


_EVERYWHERE: dict[str, Callable[[Any, list[Any]], Any]] = {
    "tostring": lambda value, _: culture_text(value),
    "gettype": lambda value, _: TypeValue(type_names(value)[0]),
    "equals": _equal,
    "gethashcode": lambda value, _: hash(str(value)) & 0x7FFFFFFF,
}


def invoke_method(value: Any, name: str, arguments: list[Any], ctx: Any = None) -> Any:
    """``$value.name(arguments)``.

    Raises:
        PowerShellError: the value is null, has no such method, or the method threw.
        NotSimulated: .NET has the method, this implementation has not.
    """
    if value is None:
        raise runtime_error("You cannot call a method on a null-valued expression.", "InvokeMethodOnNull")
    lower = name.lower()
    if lower in {"where", "foreach"} and _magic(value):
        from fakes.windows.powershell.magic_methods import foreach_method, where_method

        return (where_method if lower == "where" else foreach_method)(value, arguments, ctx)
    if isinstance(value, PSObject):
        function = value.method(name)
        if function is not None:
            return _call(function, arguments, name, type_names(value)[0])
        note = value.raw(name)
        if note is not None and callable(getattr(note, "call", None)):
            return note.call(arguments)
    declared: NetClass | None = class_of_value(value)
    while declared is not None:
        method = declared.methods.get(lower)
        if method is not None:
            return invoke(method, [value], arguments, declared.name)
        refuse_member(declared, declared.name, name)
        break
    if isinstance(value, PSObject) and value.base is not None:
        return invoke_method(value.base, name, arguments, ctx)
    everywhere = _EVERYWHERE.get(lower)
    if everywhere is not None and not (lower == "tostring" and arguments):
        return everywhere(value, arguments)
    if (isinstance(value, list) and not isinstance(value, (GrowingList, TypedArray))) or isinstance(
        value, TypedArray
    ):
        return [invoke_method(element, name, arguments, ctx) for element in value] if value else None
    if isinstance(value, PSObject):
        refuse_method(type_names(value)[0], name)
    raise method_not_found(type_names(value)[0], name)


def _magic(value: Any) -> bool:
    return not (isinstance(value, PSObject) and (value.method("where") or value.method("foreach")))


def _call(function: Callable[..., Any], arguments: list[Any], name: str, owner: str) -> Any:
    """Call a PSObject's own method, with .NET's errors for wrong counts and what it throws."""
    import inspect

    from fakes.windows.powershell.dotnet.invoke import overload_missing, wrap_exception

    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        raise overload_missing(name, len(arguments)) from None
    except ValueError:
        pass  # a built-in without a signature: let the call itself speak
    try:
        return function(*arguments)
    except NetError as error:
        raise wrap_exception(error, name, len(arguments), owner) from None


def has_method(value: Any, name: str) -> bool:
    """Whether ``$value.name(...)`` is a method."""
    if value is None:
        return False
    if isinstance(value, PSObject):
        if value.method(name) is not None:
            return True
        if value.base is not None and has_method(value.base, name):
            return True
    declared = class_of_value(value)
    return name.lower() in _EVERYWHERE or (declared is not None and name.lower() in declared.methods)


def property_names(value: Any) -> list[str]:
    """Names of a value's properties, those of its class after its own."""
    names: dict[str, str] = {}
    if isinstance(value, PSObject):
        names.update({name.lower(): name for name in value.names()})
        if value.base is not None:
            names.update({name.lower(): name for name in property_names(value.base)})
    declared = class_of_value(value) if value is not None else None
    if declared is not None:
        for key, (name, _, _) in declared.properties.items():
            names.setdefault(key, name)
    return list(names.values())


def method_names(value: Any) -> list[str]:
    """Names of a value's methods."""
    names: dict[str, str] = {}
    if isinstance(value, PSObject):
        names.update({name.lower(): name for name in value.method_names()})
    declared = class_of_value(value) if value is not None else None
    if declared is not None:
        names.update({key: method.name for key, method in declared.methods.items()})
    for name in ("Equals", "GetHashCode", "GetType", "ToString"):
        names.setdefault(name.lower(), name)
    return list(names.values())
