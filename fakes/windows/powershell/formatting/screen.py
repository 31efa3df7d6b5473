"""From formatting instructions to lines of text (``OutCommandInner`` of PowerShell 5.1).

Blank lines come from the instructions, not from the text: one opens a sequence, one closes each group, one
closes the sequence, and a list adds one after its header and after each entry.
"""

from __future__ import annotations

from collections.abc import Callable

from fakes.windows.powershell.formatting.columns import TableWriter, items_per_row
from fakes.windows.powershell.formatting.listing import list_lines
from fakes.windows.powershell.formatting.packets import (
    Entry,
    FormatEnd,
    FormatStart,
    GroupEnd,
    GroupStart,
    ListShape,
    LooseList,
    Packet,
    Row,
    TableShape,
    Text,
    WideShape,
)
from fakes.windows.powershell.formatting.wrap import wrap


class Screen:
    """Receives packets and writes lines.

    Args:
        write: called with each line, without its end.
        width: characters available. A console keeps its last column free: 79 for a console of 80.
    """

    def __init__(self, write: Callable[[str], None], width: int) -> None:
        self._write = write
        self._width = width
        self._start: FormatStart | None = None
        self._held: list[Packet] | None = None  # packets of the group whose widths are not known yet
        self._table: TableWriter | None = None
        self._buffer: list[str] = []  # cells of an unfinished Format-Wide row

    def put(self, packet: Packet) -> None:
        """Handles one packet, in the order Format-* produced them."""
        if self._held is not None and isinstance(packet, FormatStart):
            # Format-* writes while a table of plain objects is under way: that one is as wide as its own rows.
            self._release()
        if self._held is not None:
            self._held.append(packet)
            if isinstance(packet, GroupEnd):
                self._release()
        elif isinstance(packet, GroupStart) and self._sizes_itself():
            self._held = [packet]
        else:
            self._process(packet, None)

    def flush(self) -> None:
        """Writes what is held back; the end of the pipeline."""
        if self._held is not None:
            self._release()

    def _sizes_itself(self) -> bool:
        """A table without widths is sized by its content. The real one looks at the first 300 ms only."""
        if self._start is None:
            return False
        shape = self._start.shape
        if self._start.autosize:
            return isinstance(shape, (TableShape, WideShape))
        return isinstance(shape, TableShape) and bool(shape.widths) and shape.widths[0] == 0

    def _release(self) -> None:
        held, self._held = self._held or [], None
        rows = [packet for packet in held if isinstance(packet, Row)]
        shape = self._start.shape if self._start else None
        hint: list[int] | None = None
        if isinstance(shape, TableShape):
            hint = [
                max([len(label), *(len(row.cells[index]) for row in rows)])
                for index, label in enumerate(shape.labels)
            ]
        elif isinstance(shape, WideShape) and shape.columns == 0:
            hint = [max((len(row.cells[0]) for row in rows), default=0)]
        for packet in held:
            self._process(packet, hint)

    def _process(self, packet: Packet, hint: list[int] | None) -> None:
        match packet:
            case FormatStart():
                self._start = packet
                self._write("")
            case GroupStart():
                self._open_group(packet, hint)
            case Row():
                self._row(packet)
            case Entry():
                self._lines(list_lines(packet.fields, self._width))
                self._write("")
            case Text():
                self._lines(wrap(packet.text, self._width) if packet.wrapped else [packet.text])
            case LooseList():
                self._lines(["", *list_lines(packet.fields, self._width), ""])
            case GroupEnd():
                self._wide_flush()
                self._write("")
            case FormatEnd():
                self._write("")
                self._start = None

    def _lines(self, lines: list[str]) -> None:
        for line in lines:
            self._write(line)

    def _open_group(self, packet: GroupStart, hint: list[int] | None) -> None:
        if packet.title is not None:
            self._lines(["", *packet.title, ""])
        shape = self._start.shape if self._start else None
        if isinstance(shape, TableShape):
            self._table = TableWriter.for_screen(hint or shape.widths, shape.aligns, self._width)
            if not shape.hide_header:
                self._lines(self._table.header(shape.labels))
        elif isinstance(shape, WideShape):
            count = items_per_row(hint[0], self._width) if hint and hint[0] else (shape.columns or 2)
            self._table = TableWriter.for_screen([0] * count, ["left"] * count, self._width)
            self._write("")
        elif isinstance(shape, ListShape):
            self._write("")

    def _row(self, packet: Row) -> None:
        if self._table is None or self._start is None:
            return
        if isinstance(self._start.shape, WideShape):
            self._buffer.extend(packet.cells)
            if len(self._buffer) == len(self._table.widths):
                self._wide_flush()
            return
        self._lines(self._table.row(packet.cells, wrapped=packet.wrapped, aligns=packet.aligns))

    def _wide_flush(self) -> None:
        if self._buffer and self._table is not None:
            cells = self._buffer + [""] * (len(self._table.widths) - len(self._buffer))
            self._buffer = []
            self._lines(self._table.row(cells))
