"""Shapes of request bodies: what must be a text, a number, an object, a list.

ARM refuses a body of the wrong shape before the provider reads it. A shape is a type, a list
``[shape]``, an object ``{"name": shape, ...}``, :data:`ANY`, or :class:`Each` for an object with
names of the caller's choosing. ``null`` fits everywhere: it means absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fakes.arm.errors import ArmError
from fakes.notsimulated import NotSimulated

ANY = object
"""Anything: kept or ignored without being read."""

_NAMES = {str: "string", int: "integer", bool: "boolean", dict: "object", list: "array"}


@dataclass(frozen=True)
class Each:
    """An object whose every value has one shape."""

    shape: Any


REFERENCE = {"id": str}
TAGS = Each(str)
# What any top-level resource may send; clients send back what they read, read-only parts too.
ENVELOPE: dict[str, Any] = {
    "id": str, "name": str, "type": str, "location": str, "tags": TAGS, "etag": str,
}  # fmt: skip


def envelope(properties: Any, **more: Any) -> dict[str, Any]:
    """Return the shape of a resource with these properties and further top-level parts."""
    return {**ENVELOPE, **more, "properties": properties}


def check_shape(value: Any, shape: Any, path: str = "") -> None:
    """Refuse a body that does not have a shape.

    Args:
        value: The parsed JSON.
        shape: What it must look like.
        path: Where the value stands, for the message.

    Raises:
        ArmError: 400 InvalidRequestContent.
        NotSimulated: An object has a member that the shape does not name: the lab would
            have to ignore it.
    """
    if value is None or shape is ANY:
        return
    if isinstance(shape, Each):
        _require(value, dict, path)
        for name, one in value.items():
            check_shape(one, shape.shape, _join(path, name))
    elif isinstance(shape, dict):
        _require(value, dict, path)
        known = {name.lower(): one for name, one in shape.items()}
        for name, one in value.items():
            if name not in shape:
                raise _unknown(name, path, known)
            check_shape(one, shape[name], _join(path, name))
    elif isinstance(shape, list):
        _require(value, list, path)
        for i, one in enumerate(value):
            if one is None:
                raise _mismatch(one, "value", f"{path}[{i}]")
            check_shape(one, shape[0], f"{path}[{i}]")
    else:
        _require(value, shape, path)


def _unknown(name: str, path: str, known: dict[str, Any]) -> Exception:
    if name.lower() in known:
        return NotSimulated(f"member {_join(path, name)} in a casing of its own")
    return NotSimulated(f"member {_join(path, name)} of a request")


def _require(value: Any, kind: Any, path: str) -> None:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _mismatch(value, _NAMES[kind], path)
    if kind is str and not value.isprintable():
        raise _mismatch(value, "printable string", path)


def _mismatch(value: Any, wanted: str, path: str) -> ArmError:
    shown = ascii(value)[:60]
    return ArmError(
        400,
        "InvalidRequestContent",
        "The request content was invalid and could not be deserialized: "
        f"'Error converting value {shown} to type {wanted}. Path '{path}'.'.",
    )


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
