"""System.Guid."""

from __future__ import annotations

import uuid
from typing import Any

from fakes.windows.powershell.containers import TypedArray
from fakes.windows.powershell.conversion import convert, to_string
from fakes.windows.powershell.dotnet.formatting import format_value
from fakes.windows.powershell.dotnet.registry import NetError, net_class

_VALUE = ("System.ValueType", "System.Object")


def _to_guid(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(to_string(value).strip().strip("{}()"))
    except ValueError:
        raise ValueError(
            "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)."
        ) from None


guid = net_class("System.Guid", bases=_VALUE, convert=_to_guid)
guid.constants(Empty=uuid.UUID(int=0))
guid.static("NewGuid", ())(uuid.uuid4)
guid.method("ToString", (), ("string",))(lambda value, spec="D": format_value(value, spec or "D"))
guid.method("ToByteArray", ())(
    lambda value: TypedArray([convert(one, "byte") for one in value.bytes_le], "System.Byte")
)
guid.property("Guid")(str)


def _parse_guid(text: str) -> uuid.UUID:
    try:
        value: uuid.UUID = _to_guid(text)
    except ValueError as error:
        raise NetError("System.FormatException", str(error)) from None
    return value


guid.static("Parse", ("string",))(_parse_guid)
guid.constructor(("string",))(_parse_guid)


@guid.static("TryParse", ("string", "object"))
def _try_parse_guid(text: str, result: Any) -> bool:
    try:
        value = _parse_guid(text)
    except NetError:
        result.set("Value", uuid.UUID(int=0))
        return False
    result.set("Value", value)
    return True
