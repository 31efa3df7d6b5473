"""What Format-* cmdlets put into the pipeline: instructions that only Out-* understands.

PowerShell documents them as the internal types of ``Microsoft.PowerShell.Commands.Internal.Format``; a
script meets them when it pipes Format-Table into Select-Object or into a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

NAMESPACE = "Microsoft.PowerShell.Commands.Internal.Format"


class Packet:
    """A formatting instruction. `ps_type` is the .NET type a script sees."""

    ps_type = "FormatInfoData"

    @property
    def type_names(self) -> list[str]:
        """Type hierarchy as ``$x.PSObject.TypeNames`` shows it."""
        return [f"{NAMESPACE}.{self.ps_type}", "System.Object"]


@dataclass
class TableShape:
    """Header of a table: label, requested width (0: none) and alignment of each column."""

    labels: list[str]
    widths: list[int]
    aligns: list[str]
    hide_header: bool = False


@dataclass
class WideShape:
    """Header of Format-Wide: number of columns, 0 when not given."""

    columns: int = 0


@dataclass
class ListShape:
    """Header of Format-List."""


@dataclass
class CustomShape:
    """Header of a custom (text) view."""


Shape = TableShape | WideShape | ListShape | CustomShape


@dataclass
class FormatStart(Packet):
    """Opens a formatted sequence."""

    shape: Shape
    autosize: bool = False
    ps_type = "FormatStartData"


@dataclass
class GroupStart(Packet):
    """Opens a group; `title` are the lines that name it, None when there is nothing to say."""

    title: list[str] | None = None
    ps_type = "GroupStartData"


@dataclass
class GroupEnd(Packet):
    """Closes a group."""

    ps_type = "GroupEndData"


@dataclass
class FormatEnd(Packet):
    """Closes a formatted sequence."""

    ps_type = "FormatEndData"


@dataclass
class Row(Packet):
    """A table row, or one cell of Format-Wide."""

    cells: list[str]
    aligns: list[str | None] | None = None
    wrapped: bool = False
    ps_type = "FormatEntryData"


@dataclass
class Entry(Packet):
    """A list entry."""

    fields: list[tuple[str, str]]
    ps_type = "FormatEntryData"


Stream = Literal["output", "error"]


@dataclass
class Text(Packet):
    """Text outside or inside a sequence; `wrapped` for custom views, which break long lines."""

    text: str
    wrapped: bool = False
    ps_type = "FormatEntryData"


@dataclass
class LooseList(Packet):
    """A list entry outside any sequence: what follows an object of another type."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    ps_type = "FormatEntryData"
