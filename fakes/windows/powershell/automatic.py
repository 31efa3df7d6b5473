"""The automatic and preference variables of a new session."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.containers import PSHashtable
from fakes.windows.powershell.interpreter import Interpreter
from fakes.windows.powershell.scopes import Variable
from fakes.windows.powershell.values import PSObject

PS_HOME = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0"
_AUTOMATION = "System.Management.Automation."


def _version_table(interp: Interpreter) -> PSHashtable:
    from fakes.windows.powershell.dotnet.version import Version

    build = getattr(interp.host, "build", 17763)
    revision = getattr(interp.host, "revision", 1)
    number = build if isinstance(build, int) else 17763
    patch = revision if isinstance(revision, int) else 1
    return PSHashtable(
        {
            "PSVersion": Version(5, 1, number, patch),
            "PSEdition": "Desktop",
            "PSCompatibleVersions": [
                Version(1, 0),
                Version(2, 0),
                Version(3, 0),
                Version(4, 0),
                Version(5, 0),
                Version(5, 1, number, patch),
            ],
            "BuildVersion": Version(10, 0, number, patch),
            "CLRVersion": Version(4, 0, 30319, 42000),
            "WSManStackVersion": Version(3, 0),
            "PSRemotingProtocolVersion": Version(2, 3),
            "SerializationVersion": Version(1, 1, 0, 1),
        }
    )


def _host_object(interp: Interpreter) -> PSObject:
    from fakes.windows.powershell.dotnet.version import Version

    def size(width: int, height: int) -> PSObject:
        return PSObject(
            [_AUTOMATION + "Host.Size", "System.Object"],
            {"Width": width, "Height": height},
            text=f"{width},{height}",
        )

    raw = PSObject(
        [_AUTOMATION + "Internal.Host.InternalHostRawUserInterface", "System.Object"],
        {
            "BufferSize": size(interp.width, 300),
            "WindowSize": size(interp.width, 25),
            "MaxWindowSize": size(interp.width, 25),
            "WindowTitle": "Windows PowerShell",
            "ForegroundColor": "Gray",
            "BackgroundColor": "Black",
        },
    )
    shown = PSObject(
        [_AUTOMATION + "Internal.Host.InternalHostUserInterface", "System.Object"],
        {"RawUI": raw, "SupportsVirtualTerminal": False},
        {
            "WriteLine": lambda text="": interp.active.output(str(text)),
            "WriteErrorLine": lambda text: interp.active.native_error(f"{text}\r\n"),
        },
    )
    culture = _culture()
    return PSObject(
        [_AUTOMATION + "Internal.Host.InternalHost", "System.Object"],
        {
            "Name": "ConsoleHost",
            "Version": Version(5, 1, 17763, 1),
            "InstanceId": None,
            "UI": shown,
            "CurrentCulture": culture,
            "CurrentUICulture": culture,
            "PrivateData": None,
            "IsRunspacePushed": False,
            "Runspace": None,
        },
        {"SetShouldExit": lambda code: interp.request_exit(int(code))},
    )


def _culture() -> PSObject:
    return PSObject(
        ["System.Globalization.CultureInfo", "System.Object"],
        {"LCID": 1033, "Name": "en-US", "DisplayName": "English (United States)"},
        text="en-US",
    )


def _execution_context(interp: Interpreter) -> PSObject:
    def expand(text: str) -> str:
        from fakes.windows.powershell.conversion import to_string
        from fakes.windows.powershell.string_scanner import parse_expandable

        return to_string(interp.eval(parse_expandable(text)))

    command = PSObject(
        [_AUTOMATION + "CommandInvocationIntrinsics", "System.Object"], methods={"ExpandString": expand}
    )
    language = PSObject([_AUTOMATION + "SessionState", "System.Object"], {"LanguageMode": "FullLanguage"})
    return PSObject(
        [_AUTOMATION + "EngineIntrinsics", "System.Object"],
        {"Host": None, "InvokeCommand": command, "SessionState": language},
    )


def define(interp: Interpreter) -> None:
    """Set the variables that every session starts with."""
    env: dict[str, str] = dict(interp.session.env) if interp.session is not None else {}
    home = env.get("USERPROFILE", "C:\\Users\\Administrator")
    plain: dict[str, Any] = {
        "ErrorActionPreference": "Continue",
        "WarningPreference": "Continue",
        "VerbosePreference": "SilentlyContinue",
        "DebugPreference": "SilentlyContinue",
        "InformationPreference": "SilentlyContinue",
        "ProgressPreference": "Continue",
        "ConfirmPreference": "High",
        "WhatIfPreference": False,
        "ErrorView": "NormalView",
        "FormatEnumerationLimit": 4,
        "MaximumErrorCount": 256,
        "MaximumVariableCount": 4096,
        "MaximumAliasCount": 4096,
        "MaximumDriveCount": 4096,
        "MaximumFunctionCount": 4096,
        "MaximumHistoryCount": 4096,
        "OutputEncoding": None,
        "PSDefaultParameterValues": PSHashtable(),
        "PSEmailServer": "",
        "PSModuleAutoLoadingPreference": None,
        "PSSessionApplicationName": "wsman",
        "PSSessionConfigurationName": "http://schemas.microsoft.com/powershell/Microsoft.PowerShell",
        "NestedPromptLevel": 0,
        "LASTEXITCODE": None,
        "StackTrace": "",
        "PROFILE": f"{home}\\Documents\\WindowsPowerShell\\Microsoft.PowerShell_profile.ps1",
        "PSScriptRoot": "",
        "PSCommandPath": "",
        "ConsoleFileName": "",
        "ReportErrorShowExceptionClass": 0,
        "ReportErrorShowInnerException": 0,
        "ReportErrorShowSource": 1,
        "ReportErrorShowStackTrace": 0,
        "args": [],
        "input": [],
    }
    read_only: dict[str, Any] = {
        "HOME": home,
        "PSHOME": PS_HOME,
        "PSVersionTable": _version_table(interp),
        "PID": getattr(interp, "process_id", 4321),
        "Host": _host_object(interp),
        "ExecutionContext": _execution_context(interp),
        "PSCulture": "en-US",
        "PSUICulture": "en-US",
        "ShellId": "Microsoft.PowerShell",
        "PSEdition": "Desktop",
    }
    variables = interp.global_scope.variables
    for name, value in plain.items():
        if value is not None or name not in {
            "LASTEXITCODE",
            "OutputEncoding",
            "PSModuleAutoLoadingPreference",
        }:
            variables[name.lower()] = Variable(value, name=name)
    for name, value in read_only.items():
        variables[name.lower()] = Variable(value, options="Constant", name=name)
