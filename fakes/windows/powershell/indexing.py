"""Indexing: ``$x[0]``, ``$x[-1]``, ``$x[1..3]``, ``$h['key']``, and assignment to elements."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.containers import GrowingList, OrderedHashtable, PSHashtable, TypedArray
from fakes.windows.powershell.conversion import convert, to_string, unwrap
from fakes.windows.powershell.errors import PowerShellError, runtime_error
from fakes.windows.powershell.numbers import PSChar, is_number
from fakes.windows.powershell.values import PSObject, type_names


def get_index(target: Any, index: Any, ctx: Any = None) -> Any:
    """``target[index]``; beyond the end is $null, a list of indices a slice.

    Raises:
        PowerShellError: the target is null or cannot be indexed, or the index is null.
    """
    target = unwrap(target)
    if target is None:
        raise runtime_error("Cannot index into a null array.", "NullArray")
    if isinstance(target, PSHashtable):
        return _from_table(target, index)
    if index is None:
        raise runtime_error("Index operation failed; the array index evaluated to null.", "NullArrayIndex")
    if isinstance(target, GrowingList) and isinstance(index, str) and "PSMemberInfo" in target.type_name:
        return next((one for one in target if str(one.get("Name")).lower() == index.lower()), None)
    if isinstance(target, (list, str)) and not isinstance(target, PSChar):
        return _from_sequence(target, index, ctx)
    if isinstance(target, PSObject):
        item = target.method("get_Item")
        if item is not None:
            return item(*index) if isinstance(index, list) else item(index)
    if is_number(index) and int(index) in {0, -1}:
        return target
    if is_number(index):
        return None
    raise runtime_error(f"Unable to index into an object of type {type_names(target)[0]}.", "CannotIndex")


def _from_table(target: PSHashtable, index: Any) -> Any:
    if isinstance(index, list):
        return [_from_table(target, one) for one in index]
    if isinstance(target, OrderedHashtable) and is_number(index) and index not in target:
        try:
            return target.at(int(index))
        except IndexError:
            return None
    if index is None:
        return None
    return target[index]


def _from_sequence(target: Any, index: Any, ctx: Any) -> Any:
    if isinstance(index, list):
        found = []
        for one in index:
            position = _position(target, one, ctx)
            if position is not None:
                found.append(_element(target, position))
        return found
    position = _position(target, index, ctx)
    return None if position is None else _element(target, position)


def _element(target: Any, position: int) -> Any:
    return PSChar(target[position]) if isinstance(target, str) else target[position]


def _position(target: Any, index: Any, ctx: Any) -> int | None:
    """The 0-based position, or None beyond the ends."""
    number = int(convert(index, "int"))
    size = len(target)
    position = number + size if number < 0 else number
    if 0 <= position < size:
        return position
    if isinstance(target, GrowingList) and target.type_name.startswith("System.Collections"):
        return None
    if ctx is not None and ctx.strict_version >= 3:
        raise runtime_error(
            "Index was outside the bounds of the array.",
            "System.IndexOutOfRangeException",
            "OperationStopped",
            exception_type="System.IndexOutOfRangeException",
        )
    return None


def set_index(target: Any, index: Any, value: Any) -> None:
    """``target[index] = value``.

    Raises:
        PowerShellError: out of range, null, or not indexable.
    """
    target = unwrap(target)
    if target is None:
        raise runtime_error("Cannot index into a null array.", "NullArray")
    if isinstance(target, OrderedHashtable) and is_number(index) and index not in target:
        keys = target.keys()
        if not 0 <= int(index) < len(keys):
            raise _out_of_range(index)
        target[keys[int(index)]] = value
        return
    if isinstance(target, PSHashtable):
        if index is None:
            raise runtime_error(
                "Index operation failed; the array index evaluated to null.", "NullArrayIndex"
            )
        target[index] = value
        return
    if isinstance(target, list):
        _assign_element(target, index, value)
        return
    setter = target.method("set_Item") if isinstance(target, PSObject) else None
    if setter is not None:
        setter(index, value)
        return
    raise runtime_error(f"Unable to index into an object of type {type_names(target)[0]}.", "CannotIndex")


def _assign_element(target: list[Any], index: Any, value: Any) -> None:
    if isinstance(index, list):
        raise runtime_error(
            f"Array assignment to [{to_string(index)}] failed because assignment to slices is not supported.",
            "ArraySliceAssignmentFailed",
        )
    number = int(convert(index, "int"))
    position = number + len(target) if number < 0 else number
    if not 0 <= position < len(target):
        raise _out_of_range(number)
    if isinstance(target, TypedArray):
        value = convert(value, target.element_type)
    target[position] = value


def _out_of_range(index: Any) -> PowerShellError:
    del index
    return runtime_error(
        "Index was outside the bounds of the array.",
        "System.IndexOutOfRangeException",
        "OperationStopped",
        exception_type="System.IndexOutOfRangeException",
    )
