"""Commands about the session: Invoke-Expression, Invoke-Command, Get-Command, Get-Alias, Get-Host and others."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell import command as table
from fakes.windows.powershell.cmdlets.support import CORE, UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord
from fakes.windows.powershell.script_block import create
from fakes.windows.powershell.values import EnumValue, PSObject, define_enum

COMMAND_TYPES = define_enum(
    AUTOMATION + "CommandTypes",
    {
        "Alias": 1,
        "Function": 2,
        "Filter": 4,
        "Cmdlet": 8,
        "ExternalScript": 16,
        "Application": 32,
        "Script": 64,
        "All": 383,
    },
    flags=True,
)


@cmdlet("Invoke-Expression", aliases=["iex"], module=UTILITY)
class InvokeExpression(PSCmdlet):
    """Runs text as a script in the current scope."""

    Command = Param("string", position=0, mandatory=True, value_from_pipeline=True)

    def process(self) -> None:
        self.context.run_block(create(str(self.Command)), write=self.write)


@cmdlet("Invoke-Command", aliases=["icm"], module=CORE, default_set="InProcess")
class InvokeCommand(PSCmdlet):
    """Runs a script block here; other machines do not exist in this lab."""

    ScriptBlock = Param(
        "scriptblock",
        mandatory=True,
        aliases=["Command"],
        sets={"InProcess": {"position": 0}, "ComputerName": {"position": 1}},
    )
    NoNewScope = Param("switch", sets="InProcess")
    ArgumentList = Param("object[]", aliases=["Args"])
    InputObject = Param("psobject", value_from_pipeline=True)
    ComputerName = Param("string[]", position=0, sets="ComputerName", aliases=["Cn"])
    Session = Unsimulated("object")
    Credential = Unsimulated("object")
    FilePath = Unsimulated("string")
    AsJob = Unsimulated("switch")
    HideComputerName = Unsimulated("switch")

    def begin(self) -> None:
        if self.ComputerName is not None:
            raise self.not_simulated("Invoke-Command -ComputerName")
        self._input: list[Any] = []

    def process(self) -> None:
        if "InputObject" in self.bound:
            self._input.append(self.InputObject)

    def end(self) -> None:
        args = list(self.ArgumentList or [])
        if self.NoNewScope:
            self.context.run_block(self.ScriptBlock, args=args, write=self.write)
        else:
            self.context.invoke(self.ScriptBlock, args, self._input or None, write=self.write)


def cmdlet_object(info: table.CmdletInfo) -> PSObject:
    """``CmdletInfo``."""
    verb, _, noun = info.name.partition("-")
    return PSObject(
        [AUTOMATION + "CmdletInfo", AUTOMATION + "CommandInfo", "System.Object"],
        {
            "HelpUri": "",
            "DLL": "",
            "Verb": verb,
            "Noun": noun,
            "HelpFile": "",
            "PSSnapIn": None,
            "Version": "3.1.0.0",
            "ImplementingType": info.class_name,
            "Definition": "",
            "DefaultParameterSet": info.factory.default_set or "",
            "OutputType": [],
            "Options": "ReadOnly",
            "Name": info.name,
            "CommandType": COMMAND_TYPES("Cmdlet"),
            "Source": info.module,
            "Visibility": "Public",
            "ModuleName": info.module,
            "Module": info.module,
            "RemotingCapability": "PowerShell",
            "Parameters": None,
            "ParameterSets": [],
        },
        text=info.name,
    )


@cmdlet("Get-Command", aliases=["gcm"], module=CORE, default_set="CmdletSet")
class GetCommand(PSCmdlet):
    """Commands by name: aliases, functions, cmdlets and programs."""

    Name = Param(
        "string[]",
        position=0,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        sets="AllCommandSet",
    )
    Verb = Param("string[]", sets="CmdletSet")
    Noun = Param("string[]", sets="CmdletSet")
    Module = Param("string[]", aliases=["PSSnapin"])
    CommandType = Param("string[]", aliases=["Type"], sets="AllCommandSet")
    All = Param("switch")
    TotalCount = Unsimulated("int")
    Syntax = Unsimulated("switch")
    ArgumentList = Unsimulated("object[]")
    ListImported = Unsimulated("switch")
    ParameterName = Unsimulated("string[]")

    def process(self) -> None:
        for pattern in self.Name or ["*"]:
            found = [item for item in self._matching(pattern) if self._wanted(item)]
            if not found and not has_wildcard(pattern):
                self._missing(pattern)
            self.write_all(found if self.All or has_wildcard(pattern) else found[:1])

    def _missing(self, name: str) -> None:
        """A command Windows has and we do not is no missing command."""
        from fakes.windows.powershell.known_commands import is_known_command

        if is_known_command(name):
            raise self.not_simulated(f"cmdlet {name}")
        self.error(
            ErrorRecord(
                f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the "
                "spelling of the name, or if a path was included, verify that the path is correct and try again.",
                "CommandNotFoundException",
                "ObjectNotFound",
                name,
                exception_type=AUTOMATION + "CommandNotFoundException",
            )
        )

    def _wanted(self, item: PSObject) -> bool:
        kind = item.get("CommandType")
        asked = [text.lower() for text in self.CommandType or []]
        if asked and isinstance(kind, EnumValue) and kind.name.lower() not in asked:
            return False
        if self.Module and not any(
            matches(pattern, str(item.get("Source") or "")) for pattern in self.Module
        ):
            return False
        verb, _, noun = str(item.get("Name")).partition("-")
        return (not self.Verb or any(matches(pattern, verb) for pattern in self.Verb)) and (
            not self.Noun or any(matches(pattern, noun) for pattern in self.Noun)
        )

    def _matching(self, pattern: str) -> list[PSObject]:
        rows: list[PSObject] = []
        for alias, name in sorted(all_aliases(self.context).items()):
            if matches(pattern, alias):
                rows.append(alias_object(alias, name))
        for name, block in sorted(functions(self.context).items()):
            if matches(pattern, name):
                rows.append(
                    self._info(
                        "FunctionInfo",
                        "Function",
                        name,
                        {"ScriptBlock": block, "Definition": self.text(block)},
                    )
                )
        rows.extend(cmdlet_object(info) for info in table.all_cmdlets() if matches(pattern, info.name))
        if not rows and not has_wildcard(pattern):
            rows.extend(self._program(pattern))
        return rows

    def _program(self, name: str) -> list[PSObject]:
        session = self.context.session
        path = session.search(name, session.env, str(self.context.current_location)) if session else None
        if path is None:
            return []
        shown = path.rpartition("\\")[2]
        return [
            self._info(
                "ApplicationInfo",
                "Application",
                shown,
                {
                    "Path": path,
                    "Definition": path,
                    "Source": path,
                    "Extension": "." + shown.rpartition(".")[2],
                },
            )
        ]

    def _info(self, kind: str, type_: str, name: str, more: dict[str, Any]) -> PSObject:
        properties = {
            "Name": name,
            "CommandType": COMMAND_TYPES(type_),
            "Version": None,
            "Source": "",
            **more,
        }
        return PSObject(
            [AUTOMATION + kind, AUTOMATION + "CommandInfo", "System.Object"], properties, text=name
        )


def alias_object(alias: str, name: str) -> PSObject:
    """``AliasInfo``."""
    return PSObject(
        [AUTOMATION + "AliasInfo", AUTOMATION + "CommandInfo", "System.Object"],
        {
            "DisplayName": f"{alias} -> {name}",
            "ReferencedCommand": name,
            "ResolvedCommand": name,
            "ResolvedCommandName": name,
            "Definition": name,
            "Name": alias,
            "CommandType": COMMAND_TYPES("Alias"),
            "Version": None,
            "Source": "",
        },
        text=alias,
    )


def all_aliases(context: Any) -> dict[str, str]:
    """Built-in aliases and those of the session."""
    return table.all_aliases() | dict(context.aliases)


def functions(context: Any) -> dict[str, Any]:
    """Functions visible in the current scope."""
    found: dict[str, Any] = {}
    for scope in reversed(list(context.scope.chain())):
        found.update(scope.functions)
    return found


@cmdlet("Get-Alias", aliases=["gal"], module=UTILITY)
class GetAlias(PSCmdlet):
    """Aliases."""

    Name = Param(
        "string[]", position=0, value_from_pipeline=True, from_pipeline_by_property_name=True, sets="Default"
    )
    Definition = Param("string[]", sets="Definition")
    Exclude = Unsimulated("string[]")
    Scope = Unsimulated("string")

    def process(self) -> None:
        known = all_aliases(self.context)
        for pattern in self.Name or (["*"] if not self.Definition else []):
            hits = [alias for alias in sorted(known) if matches(pattern, alias)]
            if not hits and not has_wildcard(pattern):
                self.error(
                    ErrorRecord(
                        f"This command cannot find a matching alias because an alias with the name '{pattern}' does not exist.",
                        "ItemNotFoundException",
                        "ObjectNotFound",
                        pattern,
                        exception_type=AUTOMATION + "ItemNotFoundException",
                    )
                )
            self.write_all(alias_object(alias, known[alias]) for alias in hits)
        for pattern in self.Definition or []:
            self.write_all(
                alias_object(alias, name) for alias, name in sorted(known.items()) if matches(pattern, name)
            )


class AliasWriter(PSCmdlet):
    """New-Alias and Set-Alias."""

    Name = Param("string", position=0, mandatory=True, from_pipeline_by_property_name=True)
    Value = Param("string", position=1, mandatory=True, from_pipeline_by_property_name=True)
    Force = Param("switch")
    PassThru = Param("switch")
    Scope = Param("string")
    Option = Unsimulated("string")
    Description = Param("string")

    def process(self) -> None:
        name = str(self.Name)
        if self.cmdlet_name == "New-Alias" and name.lower() in all_aliases(self.context) and not self.Force:
            self.error(
                ErrorRecord(
                    f"The alias is not allowed, because an alias with the name '{name}' already exists.",
                    "AliasAlreadyExists",
                    "ResourceExists",
                    name,
                    exception_type=AUTOMATION + "SessionStateException",
                )
            )
            return
        self.context.aliases[name.lower()] = str(self.Value)
        if self.PassThru:
            self.write(alias_object(name, str(self.Value)))


@cmdlet("Set-Alias", aliases=["sal"], module=UTILITY, supports_should_process=True)
class SetAlias(AliasWriter):
    """Defines an alias."""


@cmdlet("New-Alias", aliases=["nal"], module=UTILITY, supports_should_process=True)
class NewAlias(AliasWriter):
    """Defines an alias that must not exist."""


@cmdlet("Set-StrictMode", module=CORE)
class SetStrictMode(PSCmdlet):
    """Turns strict mode on or off for the current scope."""

    Version = Param("string", mandatory=True, sets="Version", aliases=["v"])
    Off = Param("switch", mandatory=True, sets="Off")

    def process(self) -> None:
        text = str(self.Version or "0").lower()
        self.context.scope.strict_version = (
            0.0 if self.Off else 5.1 if text == "latest" else float(".".join(text.split(".")[:2]))
        )
