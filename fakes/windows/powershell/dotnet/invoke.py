"""Calling .NET members: overloads, argument conversion, exceptions as 5.1 wraps them.

Texts: ``ExtendedTypeSystem.resx`` and ``ParserStrings.resx`` of PowerShell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell.conversion import CastError, convert, to_string
from fakes.windows.powershell.dotnet.registry import Method, NetClass, NetError, Signature
from fakes.windows.powershell.dotnet.types import class_of_name, full_name, is_instance
from fakes.windows.powershell.errors import (
    AUTOMATION,
    ErrorRecord,
    ParseError,
    PowerShellError,
    net_exception,
    runtime_error,
)


def invoke(method: Method, target: Sequence[Any], arguments: list[Any], owner: str) -> Any:
    """Call the overload of a method that fits the arguments.

    Args:
        method: with its overloads.
        target: ``[value]`` for an instance method, ``[]`` for a static one.
        arguments: as evaluated.
        owner: the class's full name, for messages.

    Raises:
        PowerShellError: no overload takes that many arguments, an argument does not convert, or
            the method threw.
    """
    fitting = [(s, f) for s, f in method.overloads if _arity_fits(s, len(arguments))]
    if not fitting:
        raise overload_missing(
            method.name if method.name != ".ctor" else owner.rpartition(".")[2], len(arguments)
        )
    chosen = _best(fitting, arguments)
    failure: CastError | None = None
    for signature, function in chosen:
        try:
            converted = _converted(signature, arguments)
        except CastError as error:
            failure = failure or _argument_error(error, signature, arguments, method.name)
            continue
        try:
            return function(*target, *converted)
        except NetError as error:
            raise wrap_exception(error, method.name, len(arguments), owner) from None
        except ParseError as error:
            thrown = NetError(AUTOMATION + "ParseException", error.record.message)
            raise wrap_exception(thrown, method.name, len(arguments), owner) from None
    assert failure is not None
    raise failure


def _arity_fits(signature: Signature, count: int) -> bool:
    if signature and signature[-1].endswith("..."):
        return count >= len(signature) - 1
    return count == len(signature)


def _best(fitting: list[tuple[Signature, Any]], arguments: list[Any]) -> list[tuple[Signature, Any]]:
    """The overloads, those whose types the arguments already have first."""

    def score(candidate: tuple[Signature, Any]) -> int:
        exact = 0
        for kind, argument in zip(candidate[0], arguments, strict=False):
            if kind.endswith("..."):
                exact -= 1
            elif kind == "object":
                exact += 0
            elif argument is not None and is_instance(argument, full_name(kind)):
                exact += 2
        return -exact

    return sorted(fitting, key=score)


def _converted(signature: Signature, arguments: list[Any]) -> list[Any]:
    if signature and signature[-1].endswith("..."):
        fixed = len(signature) - 1
        kind = signature[-1][:-3]
        rest = arguments[fixed:]
        if len(rest) == 1 and isinstance(rest[0], list):
            rest = rest[0]
        head = [
            _argument(one, type_) for one, type_ in zip(arguments[:fixed], signature[:fixed], strict=True)
        ]
        return [*head, *(_argument(one, kind) for one in rest)]
    return [_argument(one, kind) for one, kind in zip(arguments, signature, strict=True)]


def _argument(value: Any, kind: str) -> Any:
    return value if kind == "object" else convert(value, kind)


def _argument_error(error: CastError, signature: Signature, arguments: list[Any], name: str) -> CastError:
    for position, (kind, value) in enumerate(zip(signature, arguments, strict=False)):
        try:
            _argument(value, kind.removesuffix("..."))
        except CastError:
            message = (
                f'Cannot convert argument "{position}", with value: "{to_string(value)}", for "{name}" to type '
                f'"{full_name(kind.removesuffix("..."))}": "{error.record.message}"'
            )
            wrapped = CastError(message, "MethodArgumentConversionInvalidCastArgument")
            wrapped.record.exception = net_exception(AUTOMATION + "MethodException", message)
            wrapped.record.category.category = "NotSpecified"
            wrapped.record.category.reason = "MethodException"
            return wrapped
    return error


def overload_missing(name: str, count: int) -> PowerShellError:
    """The error of a call with a number of arguments that no overload takes."""
    record = ErrorRecord(
        f'Cannot find an overload for "{name}" and the argument count: "{count}".',
        "MethodCountCouldNotFindBest",
        "NotSpecified",
        exception_type=AUTOMATION + "MethodException",
    )
    return PowerShellError(record)


def wrap_exception(error: NetError, name: str, count: int, owner: str) -> PowerShellError:
    """The MethodInvocationException around what a .NET method threw."""
    inner = error.exception if error.exception is not None else net_exception(error.type_name, error.message)
    shown = owner.rpartition(".")[2] if name == ".ctor" and "[" not in owner else name
    message = f'Exception calling "{shown}" with "{count}" argument(s): "{error.message}"'
    exception = net_exception(AUTOMATION + "MethodInvocationException", message, inner)
    return PowerShellError(ErrorRecord(exception, error.type_name.rpartition(".")[2], "NotSpecified"))


def method_not_found(owner: str, name: str) -> PowerShellError:
    """The error of a call of a method that the type has not."""
    return runtime_error(
        f"Method invocation failed because [{owner}] does not contain a method named '{name}'.",
        "MethodNotFound",
        target=name,
    )


def refuse_member(declared: NetClass | None, owner: str, name: str) -> None:
    """Refuse a member that exists in .NET but is not implemented here.

    Raises:
        NotSimulated: the member is known to exist.
    """
    if declared is not None and name.lower() in declared.known:
        raise NotSimulated(f".NET member [{owner}].{name}")


def construct(full: str, arguments: list[Any]) -> Any:
    """``[T]::new(...)`` and ``New-Object T``.

    Raises:
        PowerShellError: no such constructor, or it threw.
        NotSimulated: the class is known but cannot be made here.
    """
    declared = class_of_name(full)
    if full.endswith("[]"):
        size = convert(arguments[0], "int") if arguments else 0
        from fakes.windows.powershell.containers import TypedArray

        return TypedArray([default_value(full[:-2])] * size, full[:-2])
    if declared is None or declared.constructors is None:
        from fakes.windows.powershell.exception_types import known_exception

        if known_exception(full):
            if full == "System.ComponentModel.Win32Exception" and arguments and isinstance(arguments[0], int):
                return _win32_exception(arguments[0])
            message = to_string(arguments[0]) if arguments else f"Exception of type '{full}' was thrown."
            inner = arguments[1] if len(arguments) > 1 else None
            return net_exception(full, message, inner)
        if declared is not None and not arguments and declared.convert is not None:
            return declared.convert(None)
        raise NotSimulated(f".NET constructor [{full}]::new")
    if "[" in full:
        generic = full[full.index("[") + 1 : -1]
        return invoke(declared.constructors, [], [generic, *arguments], full)
    return invoke(declared.constructors, [], arguments, full)


def _win32_exception(code: int) -> Any:
    """``Win32Exception(code)``: the system's sentence without its full stop, as .NET Framework trims it.

    Raises:
        NotSimulated: a code whose sentence is not in the host's table.
    """
    from fakes.windows.model.win32 import MESSAGES

    if code not in MESSAGES:
        raise NotSimulated(f"the message of Win32 error {code}")
    text = MESSAGES[code].rstrip(". \r\n")
    return net_exception("System.ComponentModel.Win32Exception", text, properties={"NativeErrorCode": code})


def default_value(full: str) -> Any:
    """What an element of a new array of a type holds."""
    if full in {"System.String", "System.Object"}:
        return None
    return convert(0, full) if full.startswith("System.") and full.count(".") == 1 else None


def static_member(full: str, name: str) -> Any:
    """``[T]::Name``.

    Raises:
        PowerShellError: the type has no such static member (in strict mode; else $null).
        NotSimulated: it exists in .NET but not here.
    """
    from fakes.windows.powershell.values import find_enum

    enum = find_enum(full)
    if enum is not None:
        try:
            return enum(name)
        except KeyError:
            return None
    declared = class_of_name(full)
    if declared is not None:
        found = declared.static_properties.get(name.lower())
        if found:
            return found[1]()
    refuse_member(declared, full, name)
    if declared is None:
        raise NotSimulated(f".NET member [{full}]::{name}")
    return None


def static_call(full: str, name: str, arguments: list[Any]) -> Any:
    """``[T]::Name(...)``."""
    if name.lower() == "new":
        return construct(full, arguments)
    declared = class_of_name(full)
    if declared is not None:
        method = declared.static_methods.get(name.lower())
        if method is not None:
            return invoke(method, [], arguments, full)
    refuse_member(declared, full, name)
    if declared is None:
        raise NotSimulated(f".NET member [{full}]::{name}()")
    raise method_not_found(full, name)
