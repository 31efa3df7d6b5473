"""Base classes of the .NET exceptions that PowerShell scripts meet.

The hierarchy is what makes ``catch [System.IO.IOException]`` catch a FileNotFoundException.
Source: the API reference of .NET Framework and of the PowerShell SDK.
"""

from __future__ import annotations

_AUTOMATION = "System.Management.Automation."

#: type -> its base class; ``System.SystemException`` and ``RuntimeException`` chains included.
_BASES: dict[str, str] = {
    "System.SystemException": "System.Exception",
    "System.ApplicationException": "System.Exception",
    "System.ArithmeticException": "System.SystemException",
    "System.DivideByZeroException": "System.ArithmeticException",
    "System.OverflowException": "System.ArithmeticException",
    "System.ArgumentException": "System.SystemException",
    "System.ArgumentNullException": "System.ArgumentException",
    "System.ArgumentOutOfRangeException": "System.ArgumentException",
    "System.FormatException": "System.SystemException",
    "System.IndexOutOfRangeException": "System.SystemException",
    "System.InvalidCastException": "System.SystemException",
    "System.InvalidOperationException": "System.SystemException",
    "System.NotImplementedException": "System.SystemException",
    "System.NotSupportedException": "System.SystemException",
    "System.PlatformNotSupportedException": "System.NotSupportedException",
    "System.NullReferenceException": "System.SystemException",
    "System.OutOfMemoryException": "System.SystemException",
    "System.RankException": "System.SystemException",
    "System.TimeoutException": "System.SystemException",
    "System.UnauthorizedAccessException": "System.SystemException",
    "System.UriFormatException": "System.FormatException",
    "System.MissingMethodException": "System.MissingMemberException",
    "System.MissingMemberException": "System.MemberAccessException",
    "System.MemberAccessException": "System.SystemException",
    "System.TypeLoadException": "System.SystemException",
    "System.Collections.Generic.KeyNotFoundException": "System.SystemException",
    "System.IO.IOException": "System.SystemException",
    "System.IO.FileNotFoundException": "System.IO.IOException",
    "System.IO.DirectoryNotFoundException": "System.IO.IOException",
    "System.IO.PathTooLongException": "System.IO.IOException",
    "System.IO.EndOfStreamException": "System.IO.IOException",
    "System.Security.SecurityException": "System.SystemException",
    "System.Security.Principal.IdentityNotMappedException": "System.SystemException",
    "System.Security.Cryptography.CryptographicException": "System.SystemException",
    "System.Net.WebException": "System.InvalidOperationException",
    "System.Net.Sockets.SocketException": "System.ComponentModel.Win32Exception",
    "System.ComponentModel.Win32Exception": "System.Runtime.InteropServices.ExternalException",
    "System.Runtime.InteropServices.ExternalException": "System.SystemException",
    "System.Runtime.InteropServices.COMException": "System.Runtime.InteropServices.ExternalException",
    "System.ServiceProcess.TimeoutException": "System.SystemException",
    "System.Management.ManagementException": "System.SystemException",
    "System.Xml.XmlException": "System.SystemException",
    "Microsoft.PowerShell.Commands.ServiceCommandException": "System.SystemException",
    "Microsoft.PowerShell.Commands.ProcessCommandException": "System.SystemException",
    "Microsoft.PowerShell.Commands.WriteErrorException": "System.SystemException",
    "Microsoft.Management.Infrastructure.CimException": "System.SystemException",
    _AUTOMATION + "RuntimeException": "System.SystemException",
    _AUTOMATION + "ActionPreferenceStopException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "ArgumentTransformationMetadataException": _AUTOMATION + "MetadataException",
    _AUTOMATION + "CmdletInvocationException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "CommandNotFoundException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "DriveNotFoundException": _AUTOMATION + "SessionStateException",
    _AUTOMATION + "ExtendedTypeSystemException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "GetValueException": _AUTOMATION + "ExtendedTypeSystemException",
    _AUTOMATION + "GetValueInvocationException": _AUTOMATION + "GetValueException",
    _AUTOMATION + "IncompleteParseException": _AUTOMATION + "ParseException",
    _AUTOMATION + "ItemNotFoundException": _AUTOMATION + "SessionStateException",
    _AUTOMATION + "MetadataException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "MethodException": _AUTOMATION + "ExtendedTypeSystemException",
    _AUTOMATION + "MethodInvocationException": _AUTOMATION + "MethodException",
    _AUTOMATION + "ParameterBindingException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "ParameterBindingValidationException": _AUTOMATION + "ParameterBindingException",
    _AUTOMATION + "ParseException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "PipelineStoppedException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "ProviderNotFoundException": _AUTOMATION + "SessionStateException",
    _AUTOMATION + "PSArgumentException": "System.ArgumentException",
    _AUTOMATION + "PSArgumentNullException": "System.ArgumentNullException",
    _AUTOMATION + "PSArgumentOutOfRangeException": "System.ArgumentOutOfRangeException",
    _AUTOMATION + "PSInvalidCastException": "System.InvalidCastException",
    _AUTOMATION + "PSInvalidOperationException": "System.InvalidOperationException",
    _AUTOMATION + "PSNotSupportedException": "System.NotSupportedException",
    _AUTOMATION + "PSSecurityException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "RemoteException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "ScriptRequiresException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "SessionStateException": _AUTOMATION + "RuntimeException",
    _AUTOMATION + "SessionStateUnauthorizedAccessException": _AUTOMATION + "SessionStateException",
    _AUTOMATION + "SetValueException": _AUTOMATION + "ExtendedTypeSystemException",
    _AUTOMATION + "SetValueInvocationException": _AUTOMATION + "SetValueException",
    _AUTOMATION + "ValidationMetadataException": _AUTOMATION + "MetadataException",
}


def exception_bases(type_name: str) -> list[str]:
    """The type and its base classes, most derived first, down to ``System.Object``."""
    chain = [type_name]
    while chain[-1] != "System.Exception":
        chain.append(_BASES.get(chain[-1], "System.Exception"))
    return [*chain, "System.Object"]


def known_exception(name: str) -> str | None:
    """The full name of a known exception type, given in any case, with or without ``System.``."""
    for candidate in (name.lower(), "system." + name.lower()):
        found = _BY_LOWER.get(candidate)
        if found:
            return found
    return None


_BY_LOWER = {name.lower(): name for name in (*_BASES, "System.Exception")}
