"""Add-Type for assemblies, New-Guid, Clear-Host and Resolve-DnsName."""

from __future__ import annotations

import uuid
from typing import Any

from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.values import PSObject, define_enum

_LOADED = (
    "system.serviceprocess",
    "system.web",
    "system.net.http",
    "system.io.compression",
    "system.io.compression.filesystem",
    "system.core",
    "system.xml",
    "system.management",
    "system.security",
    "microsoft.visualbasic",
    "system.windows.forms",
)
_RECORD_TYPE = define_enum("Microsoft.DnsClient.Commands.RecordType", {"A": 1, "CNAME": 5, "AAAA": 28})


@cmdlet("Add-Type", module=UTILITY, default_set="FromSource")
class AddType(PSCmdlet):
    """Loads an assembly of the framework; types are there or not simulated. C# source is not compiled."""

    AssemblyName = Param("string[]", mandatory=True, aliases=["AN"], sets="FromAssemblyName")
    TypeDefinition = Unsimulated("string", position=0, sets="FromSource")
    MemberDefinition = Unsimulated("string[]", sets="FromMember")
    Name = Unsimulated("string", sets="FromMember")
    Path = Unsimulated("string[]", sets="FromPath")
    LiteralPath = Unsimulated("string[]", sets="FromLiteralPath")
    Namespace = Unsimulated("string")
    Language = Unsimulated("string")
    ReferencedAssemblies = Unsimulated("string[]")
    PassThru = Unsimulated("switch")

    def process(self) -> None:
        for name in self.AssemblyName or []:
            if name.partition(",")[0].lower() not in _LOADED:
                raise self.not_simulated(f"assembly {name}")


@cmdlet("New-Guid", module=UTILITY, class_name="New-Guid")
class NewGuid(PSCmdlet):
    """A GUID; the host's seed decides it."""

    def process(self) -> None:
        self.write(uuid.UUID(self.context.host.new_guid()))


@cmdlet("Clear-Host", aliases=["cls", "clear"], module="")
class ClearHost(PSCmdlet):
    """Clears a screen that nobody has."""


@cmdlet("Resolve-DnsName", module="DnsClient", class_name="Microsoft.DnsClient.Commands.ResolveDnsName")
class ResolveDnsName(PSCmdlet):
    """Asks the host's DNS for an address."""

    Name = Param(
        "string", position=0, mandatory=True, value_from_pipeline=True, from_pipeline_by_property_name=True
    )
    Type = Param("string", position=1, default="A_AAAA")
    QuickTimeout = Param("switch")
    DnsOnly = Param("switch")
    NoHostsFile = Param("switch")
    Server = Unsimulated("string[]", aliases=["ServerAddresses"])

    def process(self) -> None:
        if str(self.Type).upper() not in {"A", "A_AAAA", "UNKNOWN"}:
            raise self.not_simulated(f"Resolve-DnsName -Type {self.Type}")
        name = str(self.Name)
        address: str | None = self.context.host.network.resolve(name)
        if address is None:
            self.error(
                ErrorRecord(
                    f"{name} : DNS name does not exist",
                    "DNS_ERROR_RCODE_NAME_ERROR",
                    "ResourceUnavailable",
                    name,
                    exception_type="System.ComponentModel.Win32Exception",
                )
            )
            return
        properties: dict[str, Any] = {
            "Name": name,
            "Type": _RECORD_TYPE("A"),
            "TTL": 60,
            "DataLength": 4,
            "Section": "Answer",
            "IPAddress": address,
        }
        self.write(
            PSObject(
                [
                    "Microsoft.DnsClient.Commands.DnsRecord_A",
                    "Microsoft.DnsClient.Commands.DnsRecord",
                    "System.Object",
                ],
                properties,
            )
        )
