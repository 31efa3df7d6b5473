"""Methods of WMI classes: services' own, and Win32_ShadowCopy.Create.

Return values: the reference of ``Win32_Service`` and ``Win32_ShadowCopy`` (MicrosoftDocs/win32,
desktop-src/CIMWin32Prov and VSSProv).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fakes.windows.model.service_config import StartType
from fakes.windows.model.vss import E_INSUFFICIENT_STORAGE, VssError
from fakes.windows.model.win32 import Win32Error
from fakes.windows.powershell.values import PSObject, UInt32

_SERVICE_CODES = {
    5: 2,
    1051: 3,
    1052: 2,
    1053: 7,
    1056: 10,
    1058: 14,
    1060: 4,
    1062: 5,
    1068: 17,
    1069: 15,
    1075: 6,
}
"""Win32 error of a service call -> ReturnValue of the Win32_Service method."""
_MODES = {
    "boot": StartType.BOOT,
    "system": StartType.SYSTEM,
    "automatic": StartType.AUTO,
    "manual": StartType.DEMAND,
    "disabled": StartType.DISABLED,
}
_INVALID_PARAMETER = 21
_SHADOW_CODES = {E_INSUFFICIENT_STORAGE: 6, 0x80042317: 8}
Results = dict[str, Any]


def service_method(host: Any, name: str, method: str, arguments: Mapping[str, Any]) -> Results | None:
    """Run a method of one Win32_Service.

    Args:
        host: The host.
        name: The service's key name.
        method: The method, in any case.
        arguments: By parameter name, in lower case.

    Returns:
        Its out parameters, or None for a method that is not implemented.
    """
    services = host.services
    if method.lower() == "changestartmode":
        mode = _MODES.get(str(arguments.get("startmode")).lower())
        if mode is None:
            return {"ReturnValue": UInt32(_INVALID_PARAMETER)}
        return _coded(lambda: services.configure(name, start=mode))
    actions: dict[str, Callable[[str], None]] = {
        "startservice": services.start,
        "stopservice": services.stop,
        "pauseservice": services.pause,
        "resumeservice": services.resume,
    }
    action = actions.get(method.lower())
    return None if action is None else _coded(lambda: action(name))


def _coded(work: Callable[[], None]) -> Results:
    try:
        work()
    except Win32Error as error:
        return {"ReturnValue": UInt32(_SERVICE_CODES.get(error.code, 8))}
    return {"ReturnValue": UInt32(0)}


def create_shadow(host: Any, arguments: Mapping[str, Any]) -> Results:
    r"""``Win32_ShadowCopy.Create(Volume, Context)``.

    Args:
        host: The host.
        arguments: ``volume``, such as ``C:\``, and ``context``.

    Returns:
        ReturnValue, and ShadowID after success.
    """
    text, context = str(arguments.get("volume") or ""), str(arguments.get("context") or "ClientAccessible")
    volume = next(
        (
            one
            for one in host.files.volumes.values()
            if text.lower() in {f"{one.letter}\\".lower(), one.device.lower()}
        ),
        None,
    )
    if volume is None:
        return {"ReturnValue": UInt32(3 if text.endswith("\\") else 2), "ShadowID": None}
    if context.lower() != "clientaccessible":
        return {"ReturnValue": UInt32(5), "ShadowID": None}
    try:
        made = host.vss.create([volume])[0]
    except VssError as error:
        return {"ReturnValue": UInt32(_SHADOW_CODES.get(error.hresult, 13)), "ShadowID": None}
    return {"ReturnValue": UInt32(0), "ShadowID": f"{{{made.id.upper()}}}"}


def wmi_result(results: Results) -> PSObject:
    """The ``__PARAMETERS`` object that a method called through Get-WmiObject returns."""
    names = [
        "System.Management.ManagementBaseObject#\\__PARAMETERS",
        "System.Management.ManagementBaseObject",
        "System.ComponentModel.Component",
        "System.MarshalByRefObject",
        "System.Object",
    ]
    head = {
        "__GENUS": 2, "__CLASS": "__PARAMETERS", "__SUPERCLASS": None, "__DYNASTY": "__PARAMETERS", "__RELPATH": None,
        "__PROPERTY_COUNT": len(results), "__DERIVATION": [], "__SERVER": None, "__NAMESPACE": None, "__PATH": None,
    }  # fmt: skip
    return PSObject(names, {**head, **results, "PSComputerName": None})


def cim_result(class_name: str, results: Results) -> PSObject:
    """The object that Invoke-CimMethod returns."""
    kind = "Microsoft.Management.Infrastructure.CimMethodResult"
    return PSObject([f"{kind}#{class_name}", kind, "System.Object"], {**results, "PSComputerName": None})
