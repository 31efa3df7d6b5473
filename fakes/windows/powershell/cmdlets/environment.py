"""Get-Host, Get-Culture, Get-ExecutionPolicy, modules, Restart-Computer, Read-Host and Get-Random."""

from __future__ import annotations

import random
from typing import Any

from fakes.windows.powershell import command as table
from fakes.windows.powershell.cmdlets.support import CORE, UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord
from fakes.windows.powershell.known_commands import known_commands
from fakes.windows.powershell.values import PSObject, define_enum

POLICIES = ("Unrestricted", "RemoteSigned", "AllSigned", "Restricted", "Default", "Bypass", "Undefined")
_SCOPES = ("MachinePolicy", "UserPolicy", "Process", "CurrentUser", "LocalMachine")
_POLICY_KEY = r"HKLM\SOFTWARE\Microsoft\PowerShell\1\ShellIds\Microsoft.PowerShell"


@cmdlet("Get-Host", module=UTILITY)
class GetHost(PSCmdlet):
    """The program that hosts the session."""

    def process(self) -> None:
        self.write(self.context.get_variable("Host"))


@cmdlet("Get-Culture", module=UTILITY)
class GetCulture(PSCmdlet):
    """The culture of the session: en-US."""

    def process(self) -> None:
        self.write(culture())


@cmdlet("Get-UICulture", module=UTILITY)
class GetUICulture(PSCmdlet):
    """The language of texts: en-US."""

    def process(self) -> None:
        self.write(culture())


def culture() -> PSObject:
    """``System.Globalization.CultureInfo`` of en-US."""
    return PSObject(
        ["System.Globalization.CultureInfo", "System.Object"],
        {"LCID": 1033, "Name": "en-US", "DisplayName": "English (United States)"},
        text="en-US",
    )


POLICY = define_enum(
    "Microsoft.PowerShell.ExecutionPolicy",
    {
        "Unrestricted": 0,
        "RemoteSigned": 1,
        "AllSigned": 2,
        "Restricted": 3,
        "Default": 3,
        "Bypass": 4,
        "Undefined": 5,
    },
)
SCOPE = define_enum(
    "Microsoft.PowerShell.ExecutionPolicyScope",
    {"Process": 0, "CurrentUser": 1, "LocalMachine": 2, "UserPolicy": 3, "MachinePolicy": 4},
)


@cmdlet("Get-ExecutionPolicy", module="Microsoft.PowerShell.Security")
class GetExecutionPolicy(PSCmdlet):
    """The policy in force; a server's default is RemoteSigned."""

    Scope = Param("string", position=0, from_pipeline_by_property_name=True, validate_set=_SCOPES)
    List = Param("switch")

    def process(self) -> None:
        scopes = policies(self.context)
        if self.List:
            for name in _SCOPES:
                self.write(
                    PSObject(
                        ["System.Management.Automation.PSCustomObject", "System.Object"],
                        {"Scope": SCOPE(name), "ExecutionPolicy": POLICY(scopes[name])},
                    )
                )
        elif self.Scope:
            self.write(
                POLICY(scopes[next(name for name in _SCOPES if name.lower() == str(self.Scope).lower())])
            )
        else:
            self.write(POLICY(effective_policy(self.context)))


def policies(context: Any) -> dict[str, str]:
    """The policy of each scope."""
    registry = context.host.registry
    return {
        "MachinePolicy": registry.get(
            r"HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell", "ExecutionPolicy", "Undefined"
        ),
        "UserPolicy": "Undefined",
        "Process": context.session.env.get("PSExecutionPolicyPreference", "Undefined")
        if context.session
        else "Undefined",
        "CurrentUser": "Undefined",
        "LocalMachine": registry.get(_POLICY_KEY, "ExecutionPolicy", "RemoteSigned"),
    }


def effective_policy(context: Any) -> str:
    """The first scope that is defined decides."""
    return next((text for text in policies(context).values() if text != "Undefined"), "RemoteSigned")


@cmdlet("Set-ExecutionPolicy", module="Microsoft.PowerShell.Security", supports_should_process=True)
class SetExecutionPolicy(PSCmdlet):
    """Sets the policy of a scope."""

    ExecutionPolicy = Param("string", position=0, mandatory=True, validate_set=POLICIES)
    Scope = Param("string", position=1, validate_set=_SCOPES, default="LocalMachine")
    Force = Param("switch")

    def process(self) -> None:
        chosen = next(name for name in POLICIES if name.lower() == str(self.ExecutionPolicy).lower())
        scope = str(self.Scope or "LocalMachine").lower()
        if not self.should_process(chosen):
            return
        if scope == "process":
            self.context.session.env["PSExecutionPolicyPreference"] = chosen
        elif scope == "localmachine":
            self.context.host.registry.set(_POLICY_KEY, "ExecutionPolicy", "REG_SZ", chosen)
        else:
            raise self.not_simulated(f"Set-ExecutionPolicy -Scope {self.Scope}")


def modules() -> dict[str, list[str]]:
    """Modules that cmdlets here belong to, with their commands."""
    found: dict[str, list[str]] = {}
    for info in table.all_cmdlets():
        found.setdefault(info.module, []).append(info.name)
    return found


def module_object(name: str, commands: list[str]) -> PSObject:
    """``PSModuleInfo``."""
    return PSObject(
        [AUTOMATION + "PSModuleInfo", "System.Object"],
        {"ModuleType": "Manifest", "Version": "3.1.0.0", "Name": name, "ExportedCommands": sorted(commands)},
        text=name,
    )


@cmdlet("Get-Module", aliases=["gmo"], module=CORE)
class GetModule(PSCmdlet):
    """Modules of the cmdlets we have."""

    Name = Param("string[]", position=0, value_from_pipeline=True)
    ListAvailable = Param("switch")
    All = Param("switch")
    FullyQualifiedName = Unsimulated("object[]")
    Refresh = Unsimulated("switch")

    def process(self) -> None:
        for name, commands in sorted(modules().items()):
            if name not in {CORE, ""} and (
                not self.Name or any(matches(pattern, name) for pattern in self.Name)
            ):
                self.write(module_object(name, commands))


@cmdlet("Import-Module", aliases=["ipmo"], module=CORE)
class ImportModule(PSCmdlet):
    """Loads a module of Windows; each command of it that is not implemented refuses by itself."""

    Name = Param("string[]", position=0, mandatory=True, value_from_pipeline=True)
    Force = Param("switch")
    PassThru = Param("switch")
    Global = Param("switch")
    DisableNameChecking = Param("switch")
    MinimumVersion = Param("string", aliases=["Version"])
    Scope = Param("string")
    Prefix = Unsimulated("string")
    Function = Unsimulated("string[]")
    Cmdlet = Unsimulated("string[]")

    def process(self) -> None:
        known = modules()
        present = {module.lower(): module for _, module in known_commands().values() if module}
        present |= {module.lower(): module for module in known}
        for name in self.Name or []:
            if "\\" in name or "/" in name or name.lower().endswith((".psm1", ".psd1", ".dll")):
                raise self.not_simulated(f"module file {name}")
            full = present.get(name.lower())
            if full is None:
                self.error(_module_not_found(name))
            elif self.PassThru:
                self.write(module_object(full, known.get(full, [])))


def _module_not_found(name: str) -> ErrorRecord:
    return ErrorRecord(
        f"The specified module '{name}' was not loaded because no valid module file was found in any module directory.",
        "Modules_ModuleNotFound",
        "ResourceUnavailable",
        name,
        exception_type="System.IO.FileNotFoundException",
    )


@cmdlet("Restart-Computer", default_set="DefaultSet", supports_should_process=True)
class RestartComputer(PSCmdlet):
    """Restarts the host."""

    Force = Param("switch")
    ComputerName = Param("string[]", position=0, aliases=["Cn"])
    Wait = Unsimulated("switch")
    Timeout = Unsimulated("int")
    Delay = Unsimulated("int")
    For = Unsimulated("string")
    Credential = Unsimulated("object")

    def process(self) -> None:
        host = self.context.host
        names = {"localhost", ".", host.name.lower()}
        if any(name.lower() not in names for name in self.ComputerName or []):
            raise self.not_simulated("Restart-Computer -ComputerName of another machine")
        if self.should_process(f"localhost ({host.name})"):
            host.restart()


@cmdlet("Read-Host", module=UTILITY)
class ReadHost(PSCmdlet):
    """Reads a line; without a console that is an error."""

    Prompt = Param("object", remaining=True)
    AsSecureString = Param("switch")

    def process(self) -> None:
        raise self.throw(
            ErrorRecord(
                "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
                "InvalidOperation",
                "InvalidOperation",
                exception_type=AUTOMATION + "PSInvalidOperationException",
            )
        )


@cmdlet("Get-Random", module=UTILITY, default_set="RandomNumberParameterSet")
class GetRandom(PSCmdlet):
    """Random numbers, or elements of the input."""

    SetSeed = Param("int")
    Maximum = Param("object", position=0, sets="RandomNumberParameterSet")
    Minimum = Param("object", sets="RandomNumberParameterSet")
    InputObject = Param(
        "object[]", position=0, mandatory=True, value_from_pipeline=True, sets="RandomListItemParameterSet"
    )
    Count = Param("int", sets="RandomListItemParameterSet", default=1)

    def begin(self) -> None:
        self._random = random.Random(self.SetSeed) if self.SetSeed is not None else random.Random()  # noqa: S311
        self._items: list[Any] = []

    def process(self) -> None:
        if self.InputObject is not None:
            self._items.extend(self.InputObject)

    def end(self) -> None:
        if self._items:
            self.write_all(self._random.sample(self._items, min(int(self.Count or 1), len(self._items))))
            return
        low, high = (
            self.Minimum if self.Minimum is not None else 0,
            self.Maximum if self.Maximum is not None else 2**31 - 1,
        )
        if isinstance(low, float) or isinstance(high, float):
            self.write(self._random.uniform(float(low), float(high)))
        else:
            self.write(self._random.randrange(int(low), int(high)))
