"""ConvertTo-, ConvertFrom-, Export- and Import-Csv.

5.1 quotes every field and begins with a ``#TYPE`` line unless -NoTypeInformation is given.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet
from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.textfiles import ENCODINGS, decode, write_text
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.conversion import culture_text
from fakes.windows.powershell.values import custom_object, type_names


def quoted(fields: list[str], delimiter: str) -> str:
    """One line, every field in quotes."""
    return delimiter.join('"' + field.replace('"', '""') + '"' for field in fields)


class CsvWriter(PSCmdlet):
    """Turns objects into lines; the first object decides the columns."""

    InputObject = Param("psobject", mandatory=True, value_from_pipeline=True, position=0, allow_null=True)
    NoTypeInformation = Param("switch", aliases=["NTI"])
    Delimiter = Param("char", position=1)
    UseCulture = Unsimulated("switch")

    def begin(self) -> None:
        self.columns: list[str] = []

    def line(self, value: Any) -> list[str]:
        """The lines of one object: header first."""
        lines: list[str] = []
        delimiter = str(self.Delimiter or ",")
        if not self.columns:
            names = type_names(value)
            if not self.NoTypeInformation:
                shown = names[0].removeprefix("CSV:") if names else ""
                lines.append(f"#TYPE {shown}")
            self.columns = self.reader.names(value)
            lines.append(quoted(self.columns, delimiter))
        cells = [self.reader.get(value, name) for name in self.columns]
        texts = [
            "" if cell is None else type_names(cell)[0] if isinstance(cell, list) else culture_text(cell)
            for cell in cells
        ]
        parts = [
            "" if cell is None else '"' + text.replace('"', '""') + '"'
            for cell, text in zip(cells, texts, strict=True)
        ]
        lines.append(delimiter.join(parts))
        return lines


@cmdlet("ConvertTo-Csv", module=UTILITY, default_set="Delimiter")
class ConvertToCsv(CsvWriter):
    """CSV lines of objects."""

    def process(self) -> None:
        if self.InputObject is not None:
            self.write_all(self.line(self.InputObject))


@cmdlet(
    "Export-Csv", aliases=["epcsv"], module=UTILITY, default_set="Delimiter", supports_should_process=True
)
class ExportCsv(CsvWriter):
    """A CSV file of objects; ASCII unless -Encoding is given."""

    InputObject = Param("psobject", mandatory=True, value_from_pipeline=True, allow_null=True)
    Path = Param("string", position=0)
    LiteralPath = Param("string", aliases=["PSPath"])
    Encoding = Param("string", validate_set=ENCODINGS)
    Append = Unsimulated("switch")
    Force = Param("switch")
    NoClobber = Unsimulated("switch", aliases=["NoOverwrite"])

    def begin(self) -> None:
        super().begin()
        self._lines: list[str] = []

    def process(self) -> None:
        if self.InputObject is not None:
            self._lines.extend(self.line(self.InputObject))

    def end(self) -> None:
        path = str(self.Path or self.LiteralPath)
        if self.should_process(path, "Export-Csv"):
            text = "".join(line + "\r\n" for line in self._lines)
            write_text(self, path, text, str(self.Encoding or "Ascii"), force=bool(self.Force))


def parse_rows(text: str, delimiter: str, header: list[str] | None) -> list[Any]:
    """Custom objects of CSV text; a ``#TYPE`` line is skipped."""
    lines = text.replace("\r\n", "\n")
    if lines.startswith("#TYPE"):
        lines = lines.partition("\n")[2]
    rows = [row for row in csv.reader(io.StringIO(lines), delimiter=delimiter, doublequote=True) if row]
    if header is None:
        if not rows:
            return []
        header, rows = [name or f"H{index}" for index, name in enumerate(rows[0], 1)], rows[1:]
    return [
        custom_object({name: row[index] if index < len(row) else None for index, name in enumerate(header)})
        for row in rows
    ]


@cmdlet("ConvertFrom-Csv", module=UTILITY, default_set="Delimiter")
class ConvertFromCsv(PSCmdlet):
    """Objects of CSV lines."""

    InputObject = Param("psobject[]", position=0, mandatory=True, value_from_pipeline=True, allow_empty=True)
    Delimiter = Param("char", position=1)
    Header = Param("string[]")
    UseCulture = Unsimulated("switch")

    def begin(self) -> None:
        self._lines: list[str] = []

    def process(self) -> None:
        self._lines.extend(self.texts(self.InputObject))

    def end(self) -> None:
        self.write_all(parse_rows("\n".join(self._lines), str(self.Delimiter or ","), self.Header))


@cmdlet("Import-Csv", aliases=["ipcsv"], module=UTILITY, default_set="Delimiter")
class ImportCsv(PathCmdlet):
    """Objects of CSV files."""

    Path = Param("string[]", position=0, value_from_pipeline=True)
    LiteralPath = Param("string[]", aliases=["PSPath"], from_pipeline_by_property_name=True)
    Delimiter = Param("char", position=1)
    Header = Param("string[]")
    Encoding = Param("string", validate_set=ENCODINGS)
    UseCulture = Unsimulated("switch")

    def process(self) -> None:
        for place in self.places():
            if not items.is_container(self.context, place):
                text = decode(self.context.host.files.read(place.path), self.Encoding or "UTF8")
                self.write_all(parse_rows(text, str(self.Delimiter or ","), self.Header))
