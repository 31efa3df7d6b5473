"""Get-, Stop-, Start- and Wait-Process over the host's process table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fakes.windows.model.processes import Process
from fakes.windows.model.win32 import Win32Error
from fakes.windows.powershell.cmdlets.files_provider import local
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.dotnet.registry import net_class
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.values import Int64, PropertyGetter, PSObject

TYPE = "System.Diagnostics.Process"
_EXCEPTION = "Microsoft.PowerShell.Commands.ProcessCommandException"


def _as_process(value: Any) -> PSObject:
    if isinstance(value, PSObject) and TYPE in value.type_names:
        return value
    raise ValueError("it is no process")


net_class(TYPE, bases=("System.ComponentModel.Component", "System.Object"), convert=_as_process)


def short_name(process: Process) -> str:
    """``ProcessName``: without ``.exe``."""
    name = process.name
    return name[:-4] if name.lower().endswith(".exe") else {"System Idle Process": "Idle"}.get(name, name)


def process_object(host: Any, process: Process) -> PSObject:
    """``System.Diagnostics.Process``. Handles, paged memory and CPU time are figures drawn from the pid and size."""
    size = process.memory * 1024
    name = short_name(process)
    handles = 40 + process.pid % 97 + process.memory // 64
    cpu = round((process.pid % 53) * 0.109375 + process.memory / 4096, 6)

    def path() -> str | None:
        line = process.command_line
        program = line[1:].partition('"')[0] if line.startswith('"') else line.partition(" ")[0]
        return program.replace("%SystemRoot%", r"C:\Windows") if "\\" in program else None

    def kill() -> None:
        end_process(host, process.pid)

    properties: dict[str, Any] = {
        "Name": PropertyGetter(lambda _: name, kind="AliasProperty"),
        "SI": PropertyGetter(lambda _: process.session, kind="AliasProperty"),
        "Handles": PropertyGetter(lambda _: handles, kind="AliasProperty"),
        "VM": PropertyGetter(lambda _: Int64(size + 2_199_000_000_000), kind="AliasProperty"),
        "WS": PropertyGetter(lambda _: Int64(size), kind="AliasProperty"),
        "PM": PropertyGetter(lambda _: Int64(size * 7 // 10), kind="AliasProperty"),
        "NPM": PropertyGetter(lambda _: Int64(6_000 + size // 1024), kind="AliasProperty"),
        "Path": PropertyGetter(lambda _: path(), kind="ScriptProperty"),
        "CPU": PropertyGetter(lambda _: cpu, kind="ScriptProperty"),
        "Id": process.pid,
        "HandleCount": handles,
        "WorkingSet": size,
        "WorkingSet64": Int64(size),
        "ProcessName": name,
        "SessionId": process.session,
        "StartTime": local(process.started),
        "TotalProcessorTime": timedelta(seconds=cpu),
        "MachineName": ".",
        "HasExited": PropertyGetter(lambda _: host.processes.get(process.pid) is None),
        "Responding": True,
    }
    names = [TYPE, "System.ComponentModel.Component", "System.MarshalByRefObject", "System.Object"]
    methods: dict[str, Any] = {"Kill": kill, "Refresh": lambda: None, "WaitForExit": lambda *_: True}
    return PSObject(names, properties, methods, text=f"System.Diagnostics.Process ({name})")


def end_process(host: Any, pid: int) -> None:
    """Ends a process; services that live in it stop with it."""
    host.processes.end(pid)
    host.services.process_ended(pid)


class ProcessCmdlet(PSCmdlet):
    """Finds processes by name, id or object."""

    def matching(self) -> list[Process]:
        """The processes asked for, by name and id; an error for each that does not run."""
        table = sorted(self.context.host.processes, key=lambda p: (short_name(p).lower(), p.pid))
        given = self.bound.get("InputObject")
        if given is not None:
            ids = {item.get("Id") for item in given}
            return [process for process in table if process.pid in ids]
        if self.bound.get("Id") is not None:
            return self._by_id(table, self.bound["Id"])
        names = self.bound.get("Name")
        if names is None:
            return table
        found: list[Process] = []
        for name in names:
            hits = [process for process in table if matches(name, short_name(process))]
            found.extend(process for process in hits if process not in found)
            if not hits and not has_wildcard(name):
                self.error(
                    ErrorRecord(
                        f'Cannot find a process with the name "{name}". Verify the process name and call the cmdlet again.',
                        "NoProcessFoundForGivenName",
                        "ObjectNotFound",
                        name,
                        exception_type=_EXCEPTION,
                    )
                )
        return found

    def _by_id(self, table: list[Process], ids: list[int]) -> list[Process]:
        found = []
        for number in ids:
            hits = [process for process in table if process.pid == number]
            found.extend(hits)
            if not hits:
                self.error(
                    ErrorRecord(
                        f"Cannot find a process with the process identifier {number}.",
                        "NoProcessFoundForGivenId",
                        "ObjectNotFound",
                        number,
                        exception_type=_EXCEPTION,
                    )
                )
        return found


@cmdlet("Get-Process", aliases=["gps", "ps"], default_set="Name")
class GetProcess(ProcessCmdlet):
    """The running processes."""

    Name = Param(
        "string[]",
        position=0,
        from_pipeline_by_property_name=True,
        aliases=["ProcessName"],
        sets=("Name", "NameWithUserName"),
    )
    Id = Param(
        "int[]",
        mandatory=True,
        from_pipeline_by_property_name=True,
        aliases=["PID"],
        sets=("Id", "IdWithUserName"),
    )
    InputObject = Param(
        TYPE + "[]", mandatory=True, value_from_pipeline=True, sets=("InputObject", "InputObjectWithUserName")
    )
    IncludeUserName = Unsimulated("switch")
    ComputerName = Unsimulated("string[]", aliases=["Cn"])
    Module = Unsimulated("switch")
    FileVersionInfo = Unsimulated("switch", aliases=["FV", "FVI"])

    def process(self) -> None:
        for process in self.matching():
            self.write(process_object(self.context.host, process))


@cmdlet("Stop-Process", aliases=["spps", "kill"], default_set="Id", supports_should_process=True)
class StopProcess(ProcessCmdlet):
    """Ends processes."""

    Id = Param("int[]", position=0, mandatory=True, from_pipeline_by_property_name=True, sets="Id")
    Name = Param(
        "string[]", mandatory=True, from_pipeline_by_property_name=True, aliases=["ProcessName"], sets="Name"
    )
    InputObject = Param(TYPE + "[]", position=0, mandatory=True, value_from_pipeline=True, sets="InputObject")
    PassThru = Param("switch")
    Force = Param("switch")

    def process(self) -> None:
        for process in self.matching():
            if not self.should_process(f"{short_name(process)} ({process.pid})"):
                continue
            shown = process_object(self.context.host, process)
            try:
                if process.pid in {0, 4}:
                    raise Win32Error(5, str(process.pid))
                end_process(self.context.host, process.pid)
            except Win32Error:
                self.error(
                    ErrorRecord(
                        f'Cannot stop process "{short_name(process)} ({process.pid})" because of the following error: Access is '
                        "denied",
                        "CouldNotStopProcess",
                        "CloseError",
                        shown,
                        exception_type=_EXCEPTION,
                    )
                )
                continue
            if self.PassThru:
                self.write(shown)


@cmdlet("Wait-Process", default_set="Name")
class WaitProcess(ProcessCmdlet):
    """Waits until processes end."""

    Name = Param(
        "string[]",
        position=0,
        mandatory=True,
        from_pipeline_by_property_name=True,
        aliases=["ProcessName"],
        sets="Name",
    )
    Id = Param(
        "int[]", position=0, mandatory=True, from_pipeline_by_property_name=True, aliases=["PID"], sets="Id"
    )
    InputObject = Param(TYPE + "[]", position=0, mandatory=True, value_from_pipeline=True, sets="InputObject")
    Timeout = Param("int", aliases=["TimeoutSec"])

    def process(self) -> None:
        running = self.matching()
        if not running:
            return
        if "Timeout" not in self.bound:
            raise self.not_simulated("Wait-Process without -Timeout on a process that runs")
        self.context.clock.advance(float(self.bound["Timeout"]))
        for process in running:
            if self.context.host.processes.get(process.pid) is not None:
                name = f"{short_name(process)} ({process.pid})"
                self.error(
                    ErrorRecord(
                        f'This command stopped operation because process "{name}" is not stopped in the specified time-out.',
                        "ProcessNotTerminated",
                        "CloseError",
                        process_object(self.context.host, process),
                        exception_type="System.TimeoutException",
                    )
                )
