"""``System.Version``."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.values import PSObject

version = net_class("System.Version")
version.exists("MajorRevision MinorRevision Clone")


class Version(PSObject):
    """``5.1.17763.1``: two to four numbers; the missing ones are -1."""

    __slots__ = ("parts",)

    def __init__(self, *parts: int) -> None:
        self.parts = (*parts, -1, -1)[:4]
        names = ("Major", "Minor", "Build", "Revision", "MajorRevision", "MinorRevision")
        shown = (
            *self.parts,
            *((self.parts[3] >> 16, self.parts[3] & 0xFFFF) if self.parts[3] >= 0 else (-1, -1)),
        )
        super().__init__(
            ["System.Version", "System.Object"],
            dict(zip(names, shown, strict=True)),
            text=".".join(str(part) for part in self.parts if part >= 0),
        )

    def sort_key(self) -> tuple[int, ...]:
        """What comparisons order by."""
        return self.parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and other.parts == self.parts

    def __hash__(self) -> int:
        return hash(self.parts)


def parse(text: str) -> Version:
    """``[version]text``.

    Raises:
        NetError: not two to four numbers.
    """
    parts = text.strip().split(".")
    if not 2 <= len(parts) <= 4:
        raise NetError(
            "System.ArgumentException",
            "Version string portion was too short or too long.\r\nParameter name: input",
        )
    if not all(part.strip().isdigit() for part in parts):
        raise NetError("System.FormatException", "Input string was not in a correct format.")
    return Version(*(int(part) for part in parts))


def _convert(value: Any) -> Any:
    if value is None or isinstance(value, Version):
        return value
    from fakes.windows.powershell.conversion import to_string

    try:
        return parse(to_string(value))
    except NetError as error:
        raise ValueError(error.message) from None


version.convert = _convert
version.static("Parse", ("string",))(parse)


@version.constructor(("int", "int"), ("int", "int", "int"), ("int", "int", "int", "int"))
def _construct(*parts: int) -> Version:
    return Version(*parts)


@version.constructor(("string",))
def _construct_text(text: str) -> Version:
    return parse(text)


@version.method("CompareTo", ("version",))
def _compare_to(value: Version, other: Version) -> int:
    return (value.parts > other.parts) - (value.parts < other.parts)


@version.method("ToString", (), ("int",))
def _to_string(value: Version, fields: int = 0) -> str:
    parts = [str(part) for part in value.parts if part >= 0]
    return ".".join(parts[:fields] if fields else parts)
