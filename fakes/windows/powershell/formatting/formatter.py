"""From objects to formatting instructions (``InnerFormatShapeCommand`` of PowerShell 5.1).

The first object decides the view of the whole sequence. Later objects that the view does not know are shown
outside it; a view made of properties takes every later object, with empty cells where it lacks them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from fakes.windows.powershell.formatting import packets
from fakes.windows.powershell.formatting.access import Reader
from fakes.windows.powershell.formatting.display import (
    aligns_right,
    display_text,
    elements,
    format_field,
    is_scalar,
)
from fakes.windows.powershell.formatting.expressions import Expression
from fakes.windows.powershell.formatting.views import (
    CONTENT_PREVIEW,
    GroupBy,
    View,
    default_properties,
    find_view,
)
from fakes.windows.powershell.formatting.wrap import split_lines
from fakes.windows.powershell.values import PSObject, type_names

ShapeName = Literal["table", "list", "wide", "custom"]
TABLE_PROPERTIES = 4
"""Objects with more properties than this are listed."""
TABLE_MAXIMUM = 10
"""A table made of all properties stops at this many columns."""


@dataclass
class Options:
    """Command-line parameters of a Format-* cmdlet."""

    properties: list[Expression] = field(default_factory=list)
    group_by: Expression | None = None
    autosize: bool | None = None
    wrap: bool | None = None
    hide_headers: bool | None = None
    columns: int = 0
    force: bool = False


class Formatter:
    """One Format-* cmdlet, or the default formatting when `shape` is None.

    Args:
        reader: reads values.
        emit: receives the packets.
        shape: what was asked for; None lets the first object decide.
        options: the cmdlet's parameters.
        describe_error: text of an ErrorRecord.
    """

    def __init__(
        self,
        reader: Reader,
        emit: Callable[[packets.Packet], None],
        shape: ShapeName | None = None,
        options: Options | None = None,
    ) -> None:
        self._reader = reader
        self._emit = emit
        self._shape = shape
        self._asked = shape
        self._options = options or Options()
        self._view: tuple[str, View] | None = None
        self._columns: list[Expression] = []
        self._started = False
        self._in_group = False
        self._group_key: Any = None

    def process(self, value: Any) -> None:
        """Formats one pipeline object; collections are enumerated one level."""
        if value is None:
            return
        packet = unpack(value)
        if packet is not None:
            self._emit(packet)
            return
        items = elements(value)
        for item in [value] if items is None else items:
            self._object("" if item is None else item)

    def end(self) -> None:
        """Closes what is open."""
        if self._in_group:
            self._emit(packets.GroupEnd())
            self._in_group = False
        if self._started:
            self._emit(packets.FormatEnd())
            self._started = False

    def _object(self, value: Any) -> None:
        names = type_names(value)
        if (not self._options.force or self._asked is None) and self._outside(value, names, fallback=False):
            return
        if not self._started:
            self._choose(value, names)
            self._emit(packets.FormatStart(self._header(value), self._autosize()))
            self._started = True
        elif (
            self._view is not None
            and self._view[0] not in names
            and self._outside(value, names, fallback=True)
        ):
            return
        self._group(value)
        self._emit(self._payload(value))

    def _outside(self, value: Any, names: list[str], *, fallback: bool) -> bool:
        found = find_view(names)
        if found is not None and found[1].out_of_band and found[1].text is not None:
            self._text(self._reader.text(found[1].text(value, self._reader.get)), wrapped=True)
            return True
        if names[:1] == ["System.Management.Automation.ErrorRecord"]:
            self._text(self._reader.error(value), wrapped=True)
            return True
        if is_scalar(value):
            self._text(self._reader.text(value))
            return True
        if found is not None and not fallback:
            return False
        properties = self._reader.names(value)
        if not properties and found is None:
            self._text(self._reader.text(value))
            return True
        if not fallback:
            return False
        chosen = default_properties(names) or tuple(properties)
        fields = [(name, display_text(self._reader.get(value, name), self._reader)) for name in chosen]
        self._emit(packets.LooseList(fields))
        return True

    def _text(self, text: str, *, wrapped: bool = False) -> None:
        self._emit(packets.Text(text, wrapped))

    def _choose(self, value: Any, names: list[str]) -> None:
        """Fixes shape and view for the sequence."""
        found = find_view(names)
        view = found[1] if found else None
        if self._options.properties:
            self._shape = self._shape or "table"
        elif self._shape is None and view is not None:
            self._view = found
            if view.text is not None:
                self._shape = "custom"
            else:
                self._shape = "table" if view.table and not view.list_first else "list"
        elif self._shape is None:
            names_shown = default_properties(names) or self._reader.names(value)
            self._shape = "table" if len(names_shown) <= TABLE_PROPERTIES else "list"
        elif view is not None and (
            (self._shape == "table" and view.table)
            or (self._shape == "list" and (view.listing or view.list_by_type))
            or (self._shape == "wide" and view.wide)
            or (self._shape == "custom" and view.text is not None)
        ):
            self._view = found

    def _autosize(self) -> bool:
        if self._options.autosize is not None:
            return self._options.autosize
        return self._view is not None and self._view[1].autosize

    def _header(self, value: Any) -> packets.Shape:
        if self._shape == "list":
            return packets.ListShape()
        if self._shape == "custom":
            return packets.CustomShape()
        if self._shape == "wide":
            return packets.WideShape(self._options.columns)
        hide = bool(self._options.hide_headers)
        if self._view is not None:
            columns = self._view[1].table
            return packets.TableShape(
                [column.header for column in columns],
                [column.width for column in columns],
                [column.align or "left" for column in columns],
                hide,
            )
        self._columns = self._table_columns(value)
        aligns = [
            column.align or ("right" if aligns_right(column.evaluate(value, self._reader)) else "left")
            for column in self._columns
        ]
        return packets.TableShape(
            [c.name for c in self._columns], [c.width for c in self._columns], aligns, hide
        )

    def _table_columns(self, value: Any) -> list[Expression]:
        if self._options.properties:
            columns: list[Expression] = []
            for expression in self._options.properties:
                resolved = expression.resolve(value, self._reader)
                literal = isinstance(expression.source, str) and not set(expression.source) & set("*?[")
                columns.extend(resolved or ([expression] if literal else []))
            return columns
        chosen = default_properties(type_names(value))
        return [Expression(name) for name in chosen or self._reader.names(value)[:TABLE_MAXIMUM]]

    def _group(self, value: Any) -> None:
        by = self._options.group_by
        own = self._view[1].group if self._view is not None and by is None else None
        if own is not None and self._shape == "list" and not own.lists:
            own = None
        if by is None and own is None:
            if not self._in_group:
                self._emit(packets.GroupStart())
                self._in_group = True
            return
        key = by.evaluate(value, self._reader) if by else self._reader.get(value, own.key if own else "")
        text = display_text(key, self._reader)
        if self._in_group and text.lower() == self._group_key:
            return
        if self._in_group:
            self._emit(packets.GroupEnd())
        self._group_key = text.lower()
        self._in_group = True
        self._emit(packets.GroupStart(_group_title(by, own, text)))

    def _payload(self, value: Any) -> packets.Packet:
        if self._shape == "table":
            return self._table_row(value)
        if self._shape == "wide":
            return packets.Row([self._wide_cell(value)])
        if self._shape == "custom" and self._view is not None and self._view[1].text is not None:
            return packets.Text(self._reader.text(self._view[1].text(value, self._reader.get)), wrapped=True)
        return packets.Entry(self._list_fields(value))

    def _table_row(self, value: Any) -> packets.Row:
        reader = self._reader
        if self._view is None:
            cells = [
                format_field(column.evaluate(value, reader), column.format, reader)
                for column in self._columns
            ]
            return packets.Row(cells, wrapped=bool(self._options.wrap))
        view = self._view[1]
        cells = []
        for column in view.table:
            raw = (
                reader.get(value, column.source)
                if isinstance(column.source, str)
                else column.source(value, reader.get)
            )
            cells.append(format_field(raw, column.format, reader))
        return packets.Row(cells, wrapped=view.wrap if self._options.wrap is None else self._options.wrap)

    def _wide_cell(self, value: Any) -> str:
        reader = self._reader
        if self._options.properties:
            expression = self._options.properties[0]
            return format_field(expression.evaluate(value, reader), expression.format, reader)
        if self._view is not None:
            text = display_text(reader.get(value, self._view[1].wide), reader)
            return f"[{text}]" if "System.IO.DirectoryInfo" in type_names(value) else text
        names = reader.names(value)
        return display_text(
            reader.get(value, next((n for n in names if n.lower() == "name"), names[0])), reader
        )

    def _list_fields(self, value: Any) -> list[tuple[str, str]]:
        reader = self._reader
        names = type_names(value)
        if self._options.properties:
            chosen = [found for asked in self._options.properties for found in asked.resolve(value, reader)]
            return [
                (item.name, format_field(item.evaluate(value, reader), item.format, reader))
                for item in chosen
            ]
        if self._view is not None:
            view = self._view[1]
            listing = next(
                (view.list_by_type[name] for name in names if name in view.list_by_type), view.listing
            )
            previews = CONTENT_PREVIEW if self._view[0].endswith("WebResponseObject") else {}
            return [
                (
                    name,
                    display_text(
                        previews[name](value, reader.get) if name in previews else reader.get(value, name),
                        reader,
                    ),
                )
                for name in listing
            ]
        shown = default_properties(names) or tuple(reader.names(value))
        return [(name, display_text(reader.get(value, name), reader)) for name in shown]


def _group_title(by: Expression | None, own: GroupBy | None, text: str) -> list[str]:
    if own is not None and own.prefix:
        path = text.partition("::")[2] or text
        return [f"    {own.prefix}{path}", ""]
    label = by.name if by else (own.label if own else "")
    lines = split_lines(text)
    return [f"   {label}: {lines[0]}", *lines[1:]]


def unpack(value: Any) -> packets.Packet | None:
    """The packet inside a pipeline object, None for an ordinary object."""
    base = value.base if isinstance(value, PSObject) else value
    return base if isinstance(base, packets.Packet) else None


def pack(packet: packets.Packet) -> PSObject:
    """A pipeline object that carries a packet."""
    return PSObject(packet.type_names, {"ClassId2e4f51ef21dd47e99d3c952918aff9cd": ""}, base=packet)
