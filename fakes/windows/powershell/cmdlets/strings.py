"""Select-String."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

from fakes.windows.powershell.cmdlets import items
from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM
from fakes.windows.powershell.cmdlets.support import UTILITY
from fakes.windows.powershell.cmdlets.textfiles import ENCODINGS, decode
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.dotnet.registry import NetError
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.regex import compile_regex
from fakes.windows.powershell.values import PSObject

_TYPE = "Microsoft.PowerShell.Commands.MatchInfo"


@cmdlet("Select-String", aliases=["sls"], module=UTILITY, default_set="File")
class SelectString(PathCmdlet):
    """Lines that match a pattern, from the pipeline or from files."""

    InputObject = Param(
        "psobject", mandatory=True, value_from_pipeline=True, allow_null=True, allow_empty=True, sets="Object"
    )
    Pattern = Param("string[]", position=0, mandatory=True)
    Path = Param("string[]", position=1, mandatory=True, from_pipeline_by_property_name=True, sets="File")
    LiteralPath = Param(
        "string[]",
        mandatory=True,
        from_pipeline_by_property_name=True,
        aliases=["PSPath"],
        sets="LiteralFile",
    )
    SimpleMatch = Param("switch")
    CaseSensitive = Param("switch")
    Quiet = Param("switch")
    List = Param("switch")
    Include = Param("string[]")
    Exclude = Param("string[]")
    NotMatch = Param("switch")
    AllMatches = Param("switch")
    Encoding = Param("string", validate_set=ENCODINGS)
    Context = Param("int[]")

    def begin(self) -> None:
        self._patterns = [re.escape(text) if self.SimpleMatch else text for text in self.Pattern or []]
        flags = 0 if self.CaseSensitive else re.IGNORECASE
        try:
            self._compiled = [compile_regex(text, flags) for text in self._patterns]
        except NetError as error:
            raise self.throw(
                ErrorRecord(
                    f"The string {self._patterns[0]} is not a valid regular expression: {error}",
                    "InvalidRegex",
                    "InvalidArgument",
                    exception_type="System.ArgumentException",
                )
            ) from None
        context = list(self.Context or [])
        self._before = int(context[0]) if context else 0
        self._after = int(context[1]) if len(context) > 1 else self._before
        self._number = 0
        self._found = False
        self._kept: list[str] = []  # input objects, when lines after a match are wanted too

    def process(self) -> None:
        if self.parameter_set == "Object":
            if self._found and self.Quiet:
                return
            self._number += 1
            if self.Context is not None:
                self._kept.append(self.text(self.InputObject))
            else:
                self._object()
            return
        for place in self.places():
            if (
                place.provider == FILE_SYSTEM
                and self.selected(place)
                and not items.is_container(self.context, place)
            ):
                text = decode(self.context.host.files.read(place.path), self.Encoding or "UTF8")
                lines = text.replace("\r\n", "\n").split("\n")
                self._file(lines[:-1] if lines[-1] == "" else lines, place.path, place.name)

    def _object(self) -> None:
        text = self.text(self.InputObject)
        found = self._match(text)
        if found is not None:
            self._found = True
            if self.Quiet:
                self.write(True)
            else:
                self.write(self._info(text, self._number, "InputStream", "InputStream", found))

    def end(self) -> None:
        if self.Context is not None and self.parameter_set == "Object":
            self._file(self._kept, "InputStream", "InputStream")
        elif self.parameter_set == "Object" and self.Quiet and not self._found:
            self.write(False)

    def _match(self, line: str) -> tuple[int, list[Any]] | None:
        """Index of the pattern that matched, and the matches; None when the line is not wanted."""
        for index, pattern in enumerate(self._compiled):
            found = (
                list(pattern.finditer(line)) if self.AllMatches else [m for m in [pattern.search(line)] if m]
            )
            if found:
                return None if self.NotMatch else (index, [] if self.SimpleMatch else found)
        return (0, []) if self.NotMatch else None

    def _file(self, lines: list[str], path: str, name: str) -> None:
        before: deque[str] = deque(maxlen=self._before or 1)
        any_match = False
        for number, line in enumerate(lines, 1):
            found = self._match(line)
            if found is not None:
                any_match = True
                if self.Quiet:
                    self.write(True)
                    return
                info = self._info(line, number, path, name, found)
                if self.Context is not None:
                    above = list(before) if self._before else []
                    below = lines[number : number + self._after]
                    info.add("Context", self._surroundings(above, below), note=False)
                    place = "" if path == "InputStream" else f"{self._relative(path)}:"
                    info.text = self._with_context(place, number, above, line, below)
                self.write(info)
                if self.List:
                    return
            before.append(line)
        if self.Quiet and not any_match:
            self.write(False)

    def _with_context(self, place: str, number: int, above: list[str], line: str, below: list[str]) -> str:
        """``MatchInfo.ToString``: the match marked with ``>``, the lines around it indented."""
        first = number - len(above)
        rows = [
            f"{'>' if at == number else ' '} {place}{f'{at}:' if place else ''}{text}"
            for at, text in enumerate([*above, line, *below], first)
        ]
        return "\r\n".join(rows)

    def _surroundings(self, before: list[str], after: list[str]) -> PSObject:
        return PSObject(
            ["Microsoft.PowerShell.Commands.MatchInfoContext", "System.Object"],
            {
                "PreContext": before,
                "PostContext": after,
                "DisplayPreContext": before,
                "DisplayPostContext": after,
            },
        )

    def _info(self, line: str, number: int, path: str, name: str, found: tuple[int, list[Any]]) -> PSObject:
        index, matches = found
        shown = line if path == "InputStream" else f"{self._relative(path)}:{number}:{line}"
        return PSObject(
            [_TYPE, "System.Object"],
            {
                "IgnoreCase": not self.CaseSensitive,
                "LineNumber": number,
                "Line": line,
                "Filename": name,
                "Path": path,
                "Pattern": (self.Pattern or [""])[index],
                "Context": None,
                "Matches": [_match(match) for match in matches],
            },
            text=shown,
        )

    def _relative(self, path: str) -> str:
        here = str(self.context.current_location).rstrip("\\") + "\\"
        return path[len(here) :] if path.lower().startswith(here.lower()) else path


def _match(found: re.Match[str]) -> Any:
    """``System.Text.RegularExpressions.Match`` of a match."""
    from fakes.windows.powershell.dotnet.regex_types import match_object

    return match_object(found)
