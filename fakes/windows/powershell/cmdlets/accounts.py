"""Get-LocalUser, Get-LocalGroup and Get-LocalGroupMember over the host's account database."""

from __future__ import annotations

from typing import Any

from fakes.windows.model.users import BUILT_IN_GROUPS, User
from fakes.windows.powershell.cmdlets.support import PSCmdlet
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.values import PSObject

_MODULE = "Microsoft.PowerShell.LocalAccounts"
_PREFIX = "Microsoft.PowerShell.Commands."


def sid_object(sid: str) -> PSObject:
    """``System.Security.Principal.SecurityIdentifier``."""
    return PSObject(
        ["System.Security.Principal.SecurityIdentifier", "System.Object"],
        {"Value": sid, "AccountDomainSid": sid.rpartition("-")[0], "BinaryLength": 28},
        text=sid,
    )


def _principal(kind: str, name: str, sid: str, more: dict[str, Any]) -> PSObject:
    names = [_PREFIX + kind, _PREFIX + "LocalPrincipal", "System.Object"]
    properties = {
        **more,
        "Name": name,
        "SID": sid_object(sid),
        "PrincipalSource": "Local",
        "ObjectClass": "Group" if kind == "LocalGroup" else "User",
    }
    return PSObject(names, properties, text=name)


class AccountCmdlet(PSCmdlet):
    """Finds accounts by name pattern or SID."""

    kind = "User"

    def found(self, known: dict[str, str]) -> list[str]:
        """Names that are asked for (`known`: name to SID); an error for each that does not exist."""
        if self.bound.get("SID") is not None:
            wanted = set(self.texts(self.bound["SID"]))
            return [name for name, sid in known.items() if sid in wanted]
        result: list[str] = []
        for pattern in self.bound.get("Name") or ["*"]:
            hits = [name for name in known if matches(pattern, name)]
            result.extend(name for name in hits if name not in result)
            if not hits and not has_wildcard(pattern):
                self.error(
                    ErrorRecord(
                        f"{self.kind} {pattern} was not found.",
                        f"{self.kind}NotFound",
                        "ObjectNotFound",
                        pattern,
                        exception_type=f"{_PREFIX}{self.kind}NotFoundException",
                    )
                )
        return result


@cmdlet(
    "Get-LocalUser",
    aliases=["glu"],
    module=_MODULE,
    default_set="Default",
    class_name=_PREFIX + "GetLocalUserCommand",
)
class GetLocalUser(AccountCmdlet):
    """Local accounts."""

    Name = Param(
        "string[]", position=0, value_from_pipeline=True, from_pipeline_by_property_name=True, sets="Default"
    )
    SID = Param("object[]", position=0, sets="SecurityIdentifier")

    def process(self) -> None:
        users: dict[str, User] = {user.name: user for user in self.context.host.users.all()}
        for name in self.found({user.name: user.sid for user in users.values()}):
            user = users[name]
            self.write(
                _principal(
                    "LocalUser",
                    name,
                    user.sid,
                    {
                        "AccountExpires": None,
                        "Description": user.description,
                        "Enabled": user.enabled,
                        "FullName": "",
                        "PasswordRequired": True,
                        "UserMayChangePassword": True,
                    },
                )
            )


@cmdlet(
    "Get-LocalGroup",
    aliases=["glg"],
    module=_MODULE,
    default_set="Default",
    class_name=_PREFIX + "GetLocalGroupCommand",
)
class GetLocalGroup(AccountCmdlet):
    """Local groups."""

    Name = Param(
        "string[]", position=0, value_from_pipeline=True, from_pipeline_by_property_name=True, sets="Default"
    )
    SID = Param("object[]", position=0, sets="SecurityIdentifier")
    kind = "Group"

    def process(self) -> None:
        for name in self.found({name: sid for name, (sid, _) in BUILT_IN_GROUPS.items()}):
            sid, description = BUILT_IN_GROUPS[name]
            self.write(_principal("LocalGroup", name, sid, {"Description": description}))


@cmdlet(
    "Get-LocalGroupMember",
    aliases=["glgm"],
    module=_MODULE,
    default_set="Default",
    class_name=_PREFIX + "GetLocalGroupMemberCommand",
)
class GetLocalGroupMember(AccountCmdlet):
    """Members of a local group."""

    Group = Param(
        "object",
        position=0,
        mandatory=True,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        sets="Group",
    )
    Name = Param("string", position=0, mandatory=True, sets="Default")
    SID = Param("object", position=0, mandatory=True, sets="SecurityIdentifier")
    Member = Param("string", position=1)
    kind = "Group"

    def process(self) -> None:
        if self.SID is not None:
            known = {sid: name for name, (sid, _) in BUILT_IN_GROUPS.items()}
            name = known.get(self.text(self.SID), self.text(self.SID))
        else:
            name = self.text(self.Group if self.Group is not None else self.Name)
        if name.lower() not in {known.lower() for known in BUILT_IN_GROUPS}:
            self.error(
                ErrorRecord(
                    f"Group {name} was not found.",
                    "GroupNotFound",
                    "ObjectNotFound",
                    name,
                    exception_type=f"{_PREFIX}GroupNotFoundException",
                )
            )
            return
        host = self.context.host
        for user in host.users.members(name):
            shown = f"{host.name}\\{user.name}"
            if (
                self.Member is None
                or matches(str(self.Member), shown)
                or matches(str(self.Member), user.name)
            ):
                self.write(_principal("LocalPrincipal", shown, user.sid, {}))
