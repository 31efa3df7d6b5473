"""``$MyInvocation`` and ``$PSCmdlet`` of functions and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.windows.powershell.containers import PSHashtable
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord, PowerShellError
from fakes.windows.powershell.position import Extent
from fakes.windows.powershell.values import PSObject

if TYPE_CHECKING:
    from fakes.windows.powershell.functions import FunctionProcessor


def my_invocation(stage: FunctionProcessor) -> PSObject:
    """The InvocationInfo of a running function or script."""
    node = stage.node
    extent = Extent(stage.caller_source, node.start, node.end) if node is not None else None
    path = stage.script_file or None
    command = PSObject(
        [
            AUTOMATION + ("ExternalScriptInfo" if path else "FunctionInfo"),
            AUTOMATION + "CommandInfo",
            "System.Object",
        ],
        {
            "Name": path.rpartition("\\")[2] if path else stage.name,
            "CommandType": "ExternalScript" if path else "Function",
            "Definition": path or stage.block.ast.text,
            "Path": path,
            "ScriptBlock": stage.block,
        },
        text=path.rpartition("\\")[2] if path else stage.name,
    )
    return PSObject(
        [AUTOMATION + "InvocationInfo", "System.Object"],
        {
            "MyCommand": command,
            "BoundParameters": PSHashtable(stage.binder.bound),
            "UnboundArguments": list(stage.binder.extra_arguments),
            "ScriptLineNumber": extent.line if extent else 0,
            "OffsetInLine": extent.column if extent else 0,
            "ScriptName": stage.caller_source.file or None,
            "Line": extent.line_text if extent else "",
            "PositionMessage": extent.message() if extent else "",
            "PSScriptRoot": stage.caller_source.file.rpartition("\\")[0],
            "PSCommandPath": stage.caller_source.file or None,
            "InvocationName": stage.invoked_as,
            "PipelineLength": 1,
            "PipelinePosition": 1,
            "ExpectingInput": stage.expecting_input,
        },
    )


def pscmdlet(stage: FunctionProcessor) -> PSObject:
    """``$PSCmdlet`` of an advanced function."""
    runtime = stage.runtime

    def should_process(*arguments: Any) -> bool:
        target = to_string(arguments[0]) if arguments else ""
        action = to_string(arguments[1]) if len(arguments) > 1 else stage.name
        return runtime.should_process(target, action)

    def throw(record: Any) -> None:
        runtime.locate(record)
        raise PowerShellError(record)

    def write_error(record: ErrorRecord) -> None:
        runtime.error(record)

    def information(message: Any, tags: Any = None) -> None:
        runtime.information(message, tags or [])

    def write_object(value: Any, enumerate_it: Any = False) -> None:
        for one in value if enumerate_it and isinstance(value, list) else [value]:
            runtime.write(one)

    return PSObject(
        [AUTOMATION + "PSScriptCmdlet", AUTOMATION + "PSCmdlet", "System.Object"],
        {
            "ParameterSetName": stage.parameter_set or "__AllParameterSets",
            "MyInvocation": my_invocation(stage),
        },
        {
            "ShouldProcess": should_process,
            "ShouldContinue": lambda *_: _refuse(stage, "$PSCmdlet.ShouldContinue"),
            "ThrowTerminatingError": throw,
            "WriteError": write_error,
            "WriteObject": write_object,
            "WriteVerbose": runtime.verbose,
            "WriteWarning": runtime.warning,
            "WriteDebug": runtime.debug,
            "WriteInformation": information,
        },
    )


def _refuse(stage: FunctionProcessor, construct: str) -> None:
    raise stage.interp.refuse(construct)
