"""``.Where({ })`` and ``.ForEach({ })``, which every value has."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.containers import GrowingList
from fakes.windows.powershell.conversion import convert, to_bool, to_list, to_string
from fakes.windows.powershell.script_block import ScriptBlock

_COLLECTION = "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]"


def where_method(value: Any, arguments: list[Any], ctx: Any) -> GrowingList:
    """``values.Where({ condition }, mode, count)``."""
    block = arguments[0]
    mode = to_string(arguments[1]).lower() if len(arguments) > 1 else "default"
    count = int(convert(arguments[2], "int")) if len(arguments) > 2 else 0
    kept: list[Any] = []
    rest: list[Any] = []
    switched = False
    for item in to_list(value):
        holds = switched if mode == "skipuntil" and switched else _holds(ctx, block, item)
        if mode in {"until", "skipuntil"}:
            switched = switched or holds
            (rest if switched else kept).append(item)
        else:
            (kept if holds else rest).append(item)
    if mode == "first":
        kept = kept[: count or 1]
    elif mode == "last":
        kept = kept[-(count or 1) :]
    elif mode == "skipuntil":
        kept = rest
    elif mode == "split":
        return GrowingList([GrowingList(kept, _COLLECTION), GrowingList(rest, _COLLECTION)], _COLLECTION)
    return GrowingList(
        kept[:count] if count and mode in {"default", "until", "skipuntil"} else kept, _COLLECTION
    )


def _holds(ctx: Any, block: Any, item: Any) -> bool:
    found = ctx.run_block(block, underscore=item)
    return to_bool(found[0] if len(found) == 1 else found)


def foreach_method(value: Any, arguments: list[Any], ctx: Any) -> GrowingList:
    """``values.ForEach({ }, args)``, ``.ForEach('Property')``, ``.ForEach([type])``."""
    from fakes.windows.powershell.dotnet.types import TypeValue
    from fakes.windows.powershell.members import get_member, has_method, invoke_method

    what, rest = arguments[0], arguments[1:]
    found: list[Any] = []
    for item in to_list(value):
        if isinstance(what, ScriptBlock):
            found += ctx.run_block(what, underscore=item, args=rest)
        elif isinstance(what, TypeValue):
            found.append(convert(item, what.name))
        elif has_method(item, to_string(what)):
            found.append(invoke_method(item, to_string(what), rest, ctx))
        else:
            found += to_list(get_member(item, to_string(what), ctx))
    return GrowingList(found, _COLLECTION)
