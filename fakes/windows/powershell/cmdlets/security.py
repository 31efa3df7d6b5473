"""Get-Acl and Get-FileHash."""

from __future__ import annotations

import hashlib
from typing import Any

from fakes.windows.powershell.cmdlets.path_cmdlet import PathCmdlet, literal_path_param
from fakes.windows.powershell.cmdlets.paths import FILE_SYSTEM, Place
from fakes.windows.powershell.cmdlets.support import UTILITY, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.values import PropertyGetter, PSObject

_ALGORITHMS = ("SHA1", "SHA256", "SHA384", "SHA512", "MD5")


@cmdlet("Get-Acl", module="Microsoft.PowerShell.Security", default_set="ByPath")
class GetAcl(PathCmdlet):
    """The security descriptor of files and directories."""

    Path = Param(
        "string[]", position=0, value_from_pipeline=True, from_pipeline_by_property_name=True, sets="ByPath"
    )
    LiteralPath = Param(
        "string[]", from_pipeline_by_property_name=True, aliases=["PSPath"], sets="ByLiteralPath"
    )
    Audit = Unsimulated("switch")
    AllCentralAccessPolicies = Unsimulated("switch")
    Filter = Unsimulated("string")
    Include = Param("string[]")
    Exclude = Param("string[]")
    InputObject = Unsimulated("psobject")

    def process(self) -> None:
        if not self.given_paths():
            self.bound["Path"] = ["."]
        for place in self.places():
            if place.provider != FILE_SYSTEM:
                raise self.not_simulated(f"Get-Acl in provider {place.provider}")
            self.write(self._descriptor(place))

    def _descriptor(self, place: Place) -> PSObject:
        kind = "DirectorySecurity" if self.context.host.files.is_dir(place.path) else "FileSecurity"
        base = "System.Security.AccessControl."
        names = [
            base + kind,
            base + "FileSystemSecurity",
            base + "NativeObjectSecurity",
            base + "CommonObjectSecurity",
            base + "ObjectSecurity",
            "System.Object",
        ]

        def refuse(_: Any) -> Any:
            raise self.not_simulated(f"{kind}: access rules as objects (use Sddl)")

        sddl = self.context.host.files.sddl(place.path)
        return PSObject(
            names,
            {
                "Path": place.qualified,
                "Owner": PropertyGetter(refuse, kind="CodeProperty"),
                "Group": PropertyGetter(refuse, kind="CodeProperty"),
                "Access": PropertyGetter(refuse, kind="CodeProperty"),
                "Sddl": sddl,
                "AccessToString": PropertyGetter(refuse, kind="ScriptProperty"),
            },
            {"GetSecurityDescriptorSddlForm": lambda *_: sddl},
        )


@cmdlet("Get-FileHash", module=UTILITY, default_set="Path", class_name="Get-FileHash")
class GetFileHash(PathCmdlet):
    """A hash of each file's content."""

    Path = Param("string[]", position=0, mandatory=True, sets="Path")
    LiteralPath = literal_path_param()
    InputStream = Unsimulated("object", sets="Stream")
    Algorithm = Param("string", validate_set=[*_ALGORITHMS, "MACTripleDES", "RIPEMD160"], default="SHA256")

    def process(self) -> None:
        name = str(self.Algorithm).upper()
        if name not in _ALGORITHMS:
            raise self.not_simulated(f"Get-FileHash -Algorithm {name}")
        for place in self.places():
            if self.context.host.files.is_dir(place.path):
                self.error(
                    ErrorRecord(
                        f"Access to the path '{place.path}' is denied.",
                        "UnauthorizedAccessError",
                        "PermissionDenied",
                        place.path,
                        exception_type="System.UnauthorizedAccessException",
                    )
                )
                continue
            digest = hashlib.new(
                name.lower(), self.context.host.files.read(place.path), usedforsecurity=False
            )
            self.write(
                PSObject(
                    ["Microsoft.Powershell.Utility.FileHash", "System.Object"],
                    {"Algorithm": name, "Hash": digest.hexdigest().upper(), "Path": place.path},
                )
            )
