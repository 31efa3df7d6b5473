"""The streams of one running command: preferences, common parameters, ``$?``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.command import CommandRuntime
from fakes.windows.powershell.containers import GrowingList
from fakes.windows.powershell.conversion import to_bool, to_string
from fakes.windows.powershell.errors import ErrorRecord, PowerShellError
from fakes.windows.powershell.interpreter import Interpreter, Write
from fakes.windows.powershell.position import Extent
from fakes.windows.powershell.streams import Streams
from fakes.windows.powershell.values import PSObject

_KEPT = ("ErrorVariable", "WarningVariable", "InformationVariable", "OutVariable")
_PREFERENCES = {
    "ErrorAction": "ErrorActionPreference",
    "WarningAction": "WarningPreference",
    "InformationAction": "InformationPreference",
    "Verbose": "VerbosePreference",
    "Debug": "DebugPreference",
}


class Runtime(CommandRuntime):
    """What a cmdlet or function writes through.

    Args:
        interp: the interpreter.
        name: the command's name, as resolved.
        invoked_as: the name that was typed.
        node: where it stands.
        streams: its streams, redirections applied.
        downstream: takes its output.
        common: values of its common parameters.
    """

    def __init__(
        self,
        interp: Interpreter,
        name: str,
        invoked_as: str,
        node: ast.Node | None,
        streams: Streams,
        downstream: Write,
        common: dict[str, Any],
    ) -> None:
        self.interp = interp
        self.name = name
        self.invoked_as = invoked_as
        self.node = node
        self.source = interp.source
        self.streams = streams
        self.downstream = downstream
        self.common = common
        self.failed = False
        self.kept: dict[str, GrowingList] = {}

    def open_variables(self) -> None:
        """Make the lists of -ErrorVariable and its kin, once the names are bound."""
        self.kept = {key: self._variable(self.common[key]) for key in _KEPT if key in self.common}

    def _variable(self, spec: Any) -> GrowingList:
        """The list behind -XVariable; ``+name`` appends to what is there."""
        text = to_string(spec)
        name = text.lstrip("+")
        known = self.interp.get_variable(name)
        values = GrowingList(known if text.startswith("+") and isinstance(known, list) else [])
        self.interp.set_variable(name, values)
        return values

    def preference(self, parameter: str) -> str:
        """The effective preference: the common parameter, else the variable."""
        given = self.common.get(parameter)
        if given is not None:
            if parameter in {"Verbose", "Debug"}:
                return "Continue" if given else "SilentlyContinue"
            return to_string(given)
        return self.interp.preference(_PREFERENCES[parameter])

    # --- output ------------------------------------------------------------------------

    def write(self, value: Any) -> None:
        """Send one object on."""
        if "OutVariable" in self.kept:
            self.kept["OutVariable"].append(value)
        if "PipelineVariable" in self.common:
            self.interp.set_variable(to_string(self.common["PipelineVariable"]), value)
        self.downstream(value)

    def locate(self, record: ErrorRecord, place: tuple[int, int] | None = None) -> None:
        """Fill in command name and position: the argument at ``place``, else the whole command."""
        info = record.invocation
        if not info.command:
            info.command = self.name
            info.name = self.invoked_as
        if info.extent is None and self.node is not None:
            info.extent = Extent(self.source, *(place or (self.node.start, self.node.end)))
        if not record.category.activity:
            record.category.activity = self.name

    def keep(self, record: ErrorRecord) -> None:
        """Add an error to -ErrorVariable of this command and of the functions it runs in, once each."""
        own = self.kept.get("ErrorVariable")
        for values in [*([] if own is None else [own]), *self.interp.error_variables]:
            if not any(known is record for known in values):
                values.append(record)

    def error(self, record: ErrorRecord) -> None:
        """A non-terminating error."""
        self.locate(record)
        self.failed = True
        preference = self.preference("ErrorAction")
        self.keep(record)
        if preference == "Ignore":
            return
        if preference == "Stop":
            raise PowerShellError(record, fatal=True)
        self.interp.remember(record)
        if preference == "Inquire":
            raise self.interp.refuse("-ErrorAction Inquire")
        if preference != "SilentlyContinue":
            self.streams.error(record)

    def warning(self, message: str) -> None:
        """A warning."""
        preference = self.preference("WarningAction")
        if "WarningVariable" in self.kept:
            self.kept["WarningVariable"].append(message)
        if preference == "Stop":
            raise self._stopped("WarningPreference", "WarningAction", message)
        if preference in {"Continue", "Inquire"}:
            self.streams.warning(message)

    def verbose(self, message: str) -> None:
        """A verbose message."""
        if self.preference("Verbose") in {"Continue", "Inquire"}:
            self.streams.verbose(message)

    def debug(self, message: str) -> None:
        """A debug message; -Debug asks in an interactive host, which this is not."""
        if self.preference("Debug") in {"Continue", "Inquire"}:
            self.streams.debug(message)

    def information(self, value: Any, tags: Sequence[str]) -> None:
        """An information record; Write-Host's (tag PSHOST) is shown whatever the preference."""
        record = PSObject(
            ["System.Management.Automation.InformationRecord", "System.Object"],
            {
                "MessageData": value,
                "Source": self.name,
                "TimeGenerated": self.interp.clock.now() if self.interp.host is not None else None,
                "Tags": list(tags),
                "User": self.interp.session.user if self.interp.session is not None else "",
                "Computer": self.interp.host.name if self.interp.host is not None else "",
                "ProcessId": 0,
            },
            text=lambda: to_string(value),
        )
        if "InformationVariable" in self.kept:
            self.kept["InformationVariable"].append(record)
        preference = self.preference("InformationAction")
        shown = preference in {"Continue", "Inquire"}
        if "PSHOST" in tags:
            shown = preference != "Ignore"
        if shown:
            self.streams.information(record)

    def _stopped(self, variable: str, parameter: str, message: str) -> PowerShellError:
        text = (
            "The running command stopped because the preference variable "
            f'"{variable}" or common parameter is set to Stop: {message}'
        )
        del parameter
        record = ErrorRecord(
            text,
            "ActionPreferenceStop",
            "OperationStopped",
            exception_type="System.Management.Automation.ActionPreferenceStopException",
        )
        self.locate(record)
        return PowerShellError(record, fatal=True)

    def should_process(self, target: str, action: str) -> bool:
        """-WhatIf says what would be done; -Confirm cannot be answered here."""
        what_if = self.common.get("WhatIf")
        if what_if is None:
            what_if = to_bool(self.interp.get_variable("WhatIfPreference"))
        message = f'Performing the operation "{action}" on target "{target}".'
        if what_if:
            self.information(f"What if: {message}", ("PSHOST",))
            return False
        if self.common.get("Confirm"):
            raise self.interp.refuse("-Confirm (nobody answers the question)")
        self.verbose(message)
        return True
