"""The Write-* cmdlets: one stream each."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import CATEGORIES, ErrorRecord, net_exception
from fakes.windows.powershell.formatting.display import elements
from fakes.windows.powershell.values import PSObject


@cmdlet("Write-Output", aliases=["echo", "write"], module=UTILITY)
class WriteOutput(PSCmdlet):
    """Sends its input down the pipeline, arrays element by element."""

    InputObject = Param(
        "psobject[]",
        mandatory=True,
        value_from_pipeline=True,
        remaining=True,
        allow_null=True,
        allow_empty=True,
    )
    NoEnumerate = Param("switch")

    def process(self) -> None:
        given: Any = self.InputObject
        if self.NoEnumerate:
            self.write(given[0] if isinstance(given, list) and len(given) == 1 else given)
            return
        for item in given if isinstance(given, list) else [given]:
            self.write_all(item) if isinstance(item, list) else self.write(item)


@cmdlet("Write-Host", module=UTILITY)
class WriteHost(PSCmdlet):
    """Writes text to the host through the information stream (tag PSHOST)."""

    Object = Param("object", value_from_pipeline=True, remaining=True, aliases=["Msg", "Message"])
    NoNewline = Param("switch")
    Separator = Param("object", default=" ")
    ForegroundColor = Param("string")
    BackgroundColor = Param("string")

    def process(self) -> None:
        separator = self._joined(self.Separator, " ")
        message = PSObject(
            ["System.Management.Automation.HostInformationMessage", "System.Object"],
            {
                "Message": self._joined(self.Object, separator),
                "NoNewLine": bool(self.NoNewline),
                "ForegroundColor": self.ForegroundColor,
                "BackgroundColor": self.BackgroundColor,
            },
        )
        message.text = message.get("Message")
        self.information(message, ("PSHOST",))

    def _joined(self, value: Any, separator: str) -> str:
        """Collections are joined, nested ones too (``WriteHostCommand.ProcessObject``)."""
        items = elements(value)
        if items is None:
            return "" if value is None else self.text(value)
        return separator.join(self._joined(item, separator) for item in items)


@cmdlet("Write-Error", module=UTILITY, default_set="NoException")
class WriteError(PSCmdlet):
    """Reports a non-terminating error in the name of the calling script or function."""

    Message = Param(
        "string",
        aliases=["Msg"],
        allow_null=True,
        allow_empty=True,
        sets={
            "NoException": {"position": 0, "mandatory": True, "value_from_pipeline": True},
            "WithException": {},
        },
    )
    Exception = Param("object", mandatory=True, sets="WithException")
    ErrorRecord_ = Param("object", mandatory=True, sets="ErrorRecord", name="ErrorRecord")
    Category = Param("string", sets=("NoException", "WithException"), validate_set=CATEGORIES)
    ErrorId = Param("string", sets=("NoException", "WithException"))
    TargetObject = Param("object", sets=("NoException", "WithException"))
    RecommendedAction = Param("string")
    CategoryActivity = Param("string", aliases=["Activity"])
    CategoryReason = Param("string", aliases=["Reason"])
    CategoryTargetName = Param("string", aliases=["TargetName"])
    CategoryTargetType = Param("string", aliases=["TargetType"])

    def process(self) -> None:
        given = self.bound.get("ErrorRecord")
        record = given if isinstance(given, ErrorRecord) else self._record()
        info = record.category
        info.activity = self.CategoryActivity or "Write-Error"
        info.reason = self.CategoryReason or info.reason
        info.target_name = self.CategoryTargetName or info.target_name
        info.target_type = self.CategoryTargetType or info.target_type
        self.report_as_caller(record)

    def _record(self) -> ErrorRecord:
        exception: Any = self.Exception if isinstance(self.Exception, PSObject) else None
        kind = exception.type_names[0] if exception else "Microsoft.PowerShell.Commands.WriteErrorException"
        fqid = self.ErrorId or kind
        record = ErrorRecord(
            exception or net_exception(kind, str(self.Message or "")),
            fqid,
            self.Category or "NotSpecified",
            self.TargetObject,
        )
        if exception is not None and self.Message:
            record.details = str(self.Message)
        return record


@cmdlet("Write-Warning", module=UTILITY)
class WriteWarning(PSCmdlet):
    """Writes to the warning stream."""

    Message = Param(
        "string", position=0, mandatory=True, value_from_pipeline=True, aliases=["Msg"], allow_empty=True
    )

    def process(self) -> None:
        self.warning(str(self.Message))


@cmdlet("Write-Verbose", module=UTILITY)
class WriteVerbose(PSCmdlet):
    """Writes to the verbose stream."""

    Message = Param(
        "string", position=0, mandatory=True, value_from_pipeline=True, aliases=["Msg"], allow_empty=True
    )

    def process(self) -> None:
        self.verbose(str(self.Message))


@cmdlet("Write-Debug", module=UTILITY)
class WriteDebug(PSCmdlet):
    """Writes to the debug stream."""

    Message = Param(
        "string", position=0, mandatory=True, value_from_pipeline=True, aliases=["Msg"], allow_empty=True
    )

    def process(self) -> None:
        self.debug(str(self.Message))


@cmdlet("Write-Information", module=UTILITY)
class WriteInformation(PSCmdlet):
    """Writes to the information stream."""

    MessageData = Param(
        "object",
        position=0,
        mandatory=True,
        value_from_pipeline=True,
        aliases=["Msg", "Message"],
        allow_null=True,
    )
    Tags = Param("string[]", position=1)

    def process(self) -> None:
        self.information(self.MessageData, tuple(self.Tags or ()))


@cmdlet("Write-Progress", module=UTILITY)
class WriteProgress(PSCmdlet):
    """Progress has no console to show on; over WinRM it is dropped or serialized by the host program."""

    Activity = Param("string", position=0, mandatory=True)
    Status = Param("string", position=1, default="Processing")
    Id = Param("int", position=2, default=0)
    PercentComplete = Param("int", default=-1)
    SecondsRemaining = Param("int", default=-1)
    CurrentOperation = Param("string")
    ParentId = Param("int", default=-1)
    Completed = Param("switch")
    SourceId = Param("int", default=0)

    def process(self) -> None:
        record = {
            "Activity": self.Activity,
            "StatusDescription": self.Status,
            "ActivityId": self.Id,
            "PercentComplete": self.PercentComplete,
            "SecondsRemaining": self.SecondsRemaining,
            "CurrentOperation": self.CurrentOperation,
            "ParentActivityId": self.ParentId,
            "RecordType": "Completed" if self.Completed else "Processing",
        }
        names = ["System.Management.Automation.ProgressRecord", "System.Object"]
        self.context.streams.progress(PSObject(names, record))
