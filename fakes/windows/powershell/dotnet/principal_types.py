"""Who the script runs as: WindowsIdentity and WindowsPrincipal."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet.registry import net_class
from fakes.windows.powershell.values import EnumValue, PSObject

identity_class = net_class("System.Security.Principal.WindowsIdentity")
principal_class = net_class("System.Security.Principal.WindowsPrincipal")


@identity_class.static("GetCurrent", ())
def _current_identity() -> PSObject:
    interpreter = required_interpreter("[Security.Principal.WindowsIdentity]::GetCurrent")
    session = interpreter.session
    name = f"{interpreter.host.name}\\{session.user}"
    sid = PSObject(
        ["System.Security.Principal.SecurityIdentifier", "System.Object"],
        {"Value": session.sid},
        text=session.sid,
    )
    return PSObject(
        ["System.Security.Principal.WindowsIdentity", "System.Security.Claims.ClaimsIdentity", "System.Object"],
        {"AuthenticationType": "NTLM", "ImpersonationLevel": "None", "IsAuthenticated": True, "IsGuest": False, "IsSystem": session.sid == "S-1-5-18",
         "IsAnonymous": False, "Name": name, "Owner": sid, "User": sid},
        text="System.Security.Principal.WindowsIdentity",
    )  # fmt: skip


@principal_class.constructor(("object",))
def _principal(identity: PSObject) -> PSObject:
    session = required_interpreter("[Security.Principal.WindowsPrincipal]").session

    def is_in_role(role: Any) -> bool:
        wanted = role.name if isinstance(role, EnumValue) else to_string(role).rpartition("\\")[2]
        if wanted.lower() in {"administrator", "administrators", "544", "s-1-5-32-544"}:
            return bool(session.elevated)
        account = session.host.users.find(session.user)
        return account is not None and any(
            group.lower() in {wanted.lower(), f"{wanted.lower()}s"} for group in account.groups
        )

    return PSObject(
        ["System.Security.Principal.WindowsPrincipal", "System.Object"],
        {"Identity": identity},
        {"IsInRole": is_in_role},
    )


principal_class.convert = lambda value: (
    _principal(value) if isinstance(value, PSObject) and value.has("IsSystem") else value
)
