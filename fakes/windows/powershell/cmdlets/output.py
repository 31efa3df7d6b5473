"""Format-Table, -List, -Wide, -Custom and Out-String, Out-File, Out-Null, Out-Host, Out-Default."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.support import CORE, UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.textfiles import ENCODINGS, write_formatted
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.formatting import Printer
from fakes.windows.powershell.formatting.formatter import Formatter, Options, ShapeName, pack

_DEFAULT_WIDTH = 80


class FormatCmdlet(PSCmdlet):
    """Turns objects into formatting instructions of one shape."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    GroupBy = Param("object")
    Force = Param("switch")
    View = Unsimulated("string")
    Expand = Unsimulated("string")
    DisplayError = Unsimulated("switch")
    ShowError = Unsimulated("switch")
    shape: ShapeName = "table"
    kind = "table"

    def begin(self) -> None:
        options = self.options()
        options.group_by = self.expressions(self.GroupBy, "group")[0] if self.GroupBy is not None else None
        options.force = bool(self.Force)
        self._formatter = Formatter(self.reader, lambda packet: self.write(pack(packet)), self.shape, options)

    def options(self) -> Options:
        """What the shape's own parameters say."""
        return Options(properties=self.expressions(self.bound.get("Property"), self.kind))

    def process(self) -> None:
        self._formatter.process(self.InputObject)

    def end(self) -> None:
        self._formatter.end()


@cmdlet("Format-Table", aliases=["ft"], module=UTILITY)
class FormatTable(FormatCmdlet):
    """A table."""

    Property = Param("object[]", position=0)
    AutoSize = Param("switch")
    HideTableHeaders = Param("switch")
    Wrap = Param("switch")

    def options(self) -> Options:
        given = super().options()
        given.autosize = True if self.AutoSize else None
        given.wrap = True if self.Wrap else None
        given.hide_headers = True if self.HideTableHeaders else None
        return given


@cmdlet("Format-List", aliases=["fl"], module=UTILITY)
class FormatList(FormatCmdlet):
    """Name and value, one property a line."""

    Property = Param("object[]", position=0)
    shape = "list"
    kind = "list"


@cmdlet("Format-Wide", aliases=["fw"], module=UTILITY)
class FormatWide(FormatCmdlet):
    """One property in columns."""

    Property = Param("object", position=0)
    AutoSize = Param("switch")
    Column = Param("int")
    shape = "wide"
    kind = "wide"

    def options(self) -> Options:
        given = super().options()
        given.autosize = True if self.AutoSize else None
        given.columns = int(self.Column or 0)
        return given


@cmdlet("Format-Custom", aliases=["fc"], module=UTILITY)
class FormatCustom(FormatCmdlet):
    """The custom view; only what has one here."""

    Property = Unsimulated("object[]", position=0)
    Depth = Unsimulated("int")

    def begin(self) -> None:
        raise self.not_simulated("cmdlet Format-Custom")


@cmdlet("Out-String", module=UTILITY)
class OutString(PSCmdlet):
    """The text of the objects as one string, or as lines with -Stream."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Stream = Param("switch")
    Width = Param("int")

    def begin(self) -> None:
        width = int(self.Width or 0) or self.context.width - 1
        self._lines: list[str] = []
        self._printer = Printer(self.reader, self.write if self.Stream else self._lines.append, width)

    def process(self) -> None:
        self._printer.write(self.InputObject)

    def end(self) -> None:
        self._printer.close()
        if not self.Stream:
            self.write(
                "".join(line.replace("\r\n", "\n").replace("\n", "\r\n") + "\r\n" for line in self._lines)
            )


@cmdlet("Out-Null", module=CORE)
class OutNull(PSCmdlet):
    """Throws its input away."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)


@cmdlet("Out-Default", module=CORE)
class OutDefault(PSCmdlet):
    """Hands the objects to the host program, which prints them."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Transcript = Param("switch")

    def process(self) -> None:
        self.context.streams.output(self.InputObject)


@cmdlet("Out-Host", aliases=["oh"], module=CORE)
class OutHost(PSCmdlet):
    """Prints the objects, past any assignment or redirection."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Paging = Unsimulated("switch")

    def process(self) -> None:
        self.context.streams.output(self.InputObject)


@cmdlet("Out-File", module=UTILITY, default_set="ByPath", supports_should_process=True)
class OutFile(PSCmdlet):
    """Writes the text of the objects to a file."""

    FilePath = Param("string", position=0, mandatory=True, sets="ByPath")
    LiteralPath = Param(
        "string",
        mandatory=True,
        sets="ByLiteralPath",
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
    )
    Encoding = Param("string", position=1, validate_set=ENCODINGS)
    Append = Param("switch")
    Force = Param("switch")
    NoClobber = Param("switch", aliases=["NoOverwrite"])
    Width = Param("int")
    NoNewline = Param("switch")
    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)

    def begin(self) -> None:
        self._objects: list[Any] = []

    def process(self) -> None:
        self._objects.append(self.InputObject)

    def end(self) -> None:
        path = str(self.FilePath or self.LiteralPath)
        if not self.should_process(path, "Output to File"):
            return
        if self.NoClobber and not self.Append:
            from fakes.windows.powershell.cmdlets.paths import locate
            from fakes.windows.powershell.errors import ErrorRecord

            place = locate(self.context, path)
            if self.context.host.files.exists(place.path):
                raise self.throw(
                    ErrorRecord(
                        f"The file '{place.path}' already exists.",
                        "NoClobber",
                        "ResourceExists",
                        path,
                        exception_type="System.IO.IOException",
                    )
                )
        write_formatted(
            self,
            path,
            self._objects,
            str(self.Encoding or "Unicode"),
            append=bool(self.Append),
            width=int(self.Width or _DEFAULT_WIDTH),
            newline=not self.NoNewline,
            force=bool(self.Force),
        )
