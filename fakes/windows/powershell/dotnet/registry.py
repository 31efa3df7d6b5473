"""The table of .NET classes: static and instance members, constructors, conversions.

A class is declared once and its members are registered with the signatures that .NET has, so
that arguments convert and wrong calls fail as they do there. A member that exists in .NET but
not here is listed with :meth:`NetClass.exists` and refused as not simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from fakes.windows.powershell.values import PSObject

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)
Signature = tuple[str, ...]


@dataclass
class Method:
    """A method with its overloads; ``"T..."`` as the last type takes the rest as an array."""

    name: str
    overloads: list[tuple[Signature, Function]] = field(default_factory=list)


@dataclass
class NetClass:
    """A .NET class or struct.

    Attributes:
        name: full name.
        convert: makes a value of the class from any value (a cast); raises ``ValueError``.
        bases: type names after its own.
    """

    name: str
    bases: Sequence[str] = ("System.Object",)
    convert: Callable[[Any], Any] | None = None
    methods: dict[str, Method] = field(default_factory=dict)
    properties: dict[str, tuple[str, Function, Function | None]] = field(default_factory=dict)
    static_methods: dict[str, Method] = field(default_factory=dict)
    static_properties: dict[str, tuple[str, Function, Function | None]] = field(default_factory=dict)
    constructors: Method | None = None
    known: set[str] = field(default_factory=set)

    def method(self, name: str, *signatures: Signature) -> Callable[[F], F]:
        """Register an instance method: the function takes the value and the arguments."""
        return self._register(self.methods, name, signatures)

    def static(self, name: str, *signatures: Signature) -> Callable[[F], F]:
        """Register a static method."""
        return self._register(self.static_methods, name, signatures)

    def constructor(self, *signatures: Signature) -> Callable[[F], F]:
        """Register a constructor."""

        def register(function: F) -> F:
            self.constructors = self.constructors or Method(".ctor")
            self.constructors.overloads += [(one, function) for one in signatures or [()]]
            return function

        return register

    def property(self, name: str) -> Callable[[F], F]:
        """Register a readable instance property: the function takes the value."""

        def register(function: F) -> F:
            self.properties[name.lower()] = (name, function, None)
            return function

        return register

    def static_property(self, name: str, setter: Function | None = None) -> Callable[[F], F]:
        """Register a static property."""

        def register(function: F) -> F:
            self.static_properties[name.lower()] = (name, function, setter)
            return function

        return register

    def constants(self, **values: Any) -> None:
        """Register static fields."""
        for name, value in values.items():
            self.static_properties[name.lower()] = (name, lambda value=value: value, None)

    def exists(self, names: str) -> None:
        """Name members (blank-separated) that .NET has and this implementation does not."""
        self.known.update(name.lower() for name in names.split())

    @staticmethod
    def _register(table: dict[str, Method], name: str, signatures: Sequence[Signature]) -> Callable[[F], F]:
        def register(function: F) -> F:
            method = table.setdefault(name.lower(), Method(name))
            method.overloads += [(one, function) for one in signatures or [()]]
            return function

        return register


class NetError(Exception):
    """An exception that .NET code throws; a method call wraps it, as PowerShell does.

    Args:
        type_name: full name of the exception.
        message: its message.

    Attributes:
        exception: the exception's object, when it holds more than the message.
    """

    exception: PSObject | None = None

    def __init__(self, type_name: str, message: str) -> None:
        super().__init__(message)
        self.type_name = type_name
        self.message = message


_CLASSES: dict[str, NetClass] = {}


def net_class(
    name: str,
    *,
    aliases: Iterable[str] = (),
    bases: Sequence[str] = ("System.Object",),
    convert: Callable[[Any], Any] | None = None,
) -> NetClass:
    """Declare a class and its accelerators."""
    declared = NetClass(name, bases, convert)
    _CLASSES[name.lower()] = declared
    for alias in aliases:
        ACCELERATORS[alias.lower()] = name
    return declared


def find_class(name: str) -> NetClass | None:
    """The declared class of a full name, in any case."""
    load_classes()
    return _CLASSES.get(name.lower())


#: Type accelerators of 5.1 -> full names ([psobject].Assembly TypeAccelerators list).
ACCELERATORS: dict[str, str] = {
    "adsi": "System.DirectoryServices.DirectoryEntry",
    "adsisearcher": "System.DirectoryServices.DirectorySearcher",
    "alias": "System.Management.Automation.AliasAttribute",
    "allowemptycollection": "System.Management.Automation.AllowEmptyCollectionAttribute",
    "allowemptystring": "System.Management.Automation.AllowEmptyStringAttribute",
    "allownull": "System.Management.Automation.AllowNullAttribute",
    "array": "System.Array",
    "bigint": "System.Numerics.BigInteger",
    "bool": "System.Boolean",
    "byte": "System.Byte",
    "char": "System.Char",
    "ciminstance": "Microsoft.Management.Infrastructure.CimInstance",
    "cmdletbinding": "System.Management.Automation.CmdletBindingAttribute",
    "cultureinfo": "System.Globalization.CultureInfo",
    "datetime": "System.DateTime",
    "decimal": "System.Decimal",
    "double": "System.Double",
    "float": "System.Single",
    "guid": "System.Guid",
    "hashtable": "System.Collections.Hashtable",
    "initialsessionstate": "System.Management.Automation.Runspaces.InitialSessionState",
    "int": "System.Int32",
    "int16": "System.Int16",
    "int32": "System.Int32",
    "int64": "System.Int64",
    "ipaddress": "System.Net.IPAddress",
    "ipendpoint": "System.Net.IPEndPoint",
    "long": "System.Int64",
    "mailaddress": "System.Net.Mail.MailAddress",
    "nullstring": "System.Management.Automation.Language.NullString",
    "object": "System.Object",
    "ordered": "System.Collections.Specialized.OrderedDictionary",
    "outputtype": "System.Management.Automation.OutputTypeAttribute",
    "parameter": "System.Management.Automation.ParameterAttribute",
    "physicaladdress": "System.Net.NetworkInformation.PhysicalAddress",
    "powershell": "System.Management.Automation.PowerShell",
    "psaliasproperty": "System.Management.Automation.PSAliasProperty",
    "pscredential": "System.Management.Automation.PSCredential",
    "pscustomobject": "System.Management.Automation.PSCustomObject",
    "psdefaultvalue": "System.Management.Automation.PSDefaultValueAttribute",
    "pslistmodifier": "System.Management.Automation.PSListModifier",
    "psmoduleinfo": "System.Management.Automation.PSModuleInfo",
    "psnoteproperty": "System.Management.Automation.PSNoteProperty",
    "psobject": "System.Management.Automation.PSObject",
    "psprimitivedictionary": "System.Management.Automation.PSPrimitiveDictionary",
    "psscriptmethod": "System.Management.Automation.PSScriptMethod",
    "psscriptproperty": "System.Management.Automation.PSScriptProperty",
    "psvariable": "System.Management.Automation.PSVariable",
    "ref": "System.Management.Automation.PSReference",
    "regex": "System.Text.RegularExpressions.Regex",
    "runspace": "System.Management.Automation.Runspaces.Runspace",
    "runspacefactory": "System.Management.Automation.Runspaces.RunspaceFactory",
    "sbyte": "System.SByte",
    "scriptblock": "System.Management.Automation.ScriptBlock",
    "securestring": "System.Security.SecureString",
    "short": "System.Int16",
    "single": "System.Single",
    "string": "System.String",
    "supportswildcards": "System.Management.Automation.SupportsWildcardsAttribute",
    "switch": "System.Management.Automation.SwitchParameter",
    "timespan": "System.TimeSpan",
    "type": "System.Type",
    "uint": "System.UInt32",
    "uint16": "System.UInt16",
    "uint32": "System.UInt32",
    "uint64": "System.UInt64",
    "ulong": "System.UInt64",
    "uri": "System.Uri",
    "ushort": "System.UInt16",
    "validatecount": "System.Management.Automation.ValidateCountAttribute",
    "validatelength": "System.Management.Automation.ValidateLengthAttribute",
    "validatenotnull": "System.Management.Automation.ValidateNotNullAttribute",
    "validatenotnullorempty": "System.Management.Automation.ValidateNotNullOrEmptyAttribute",
    "validatepattern": "System.Management.Automation.ValidatePatternAttribute",
    "validaterange": "System.Management.Automation.ValidateRangeAttribute",
    "validatescript": "System.Management.Automation.ValidateScriptAttribute",
    "validateset": "System.Management.Automation.ValidateSetAttribute",
    "version": "System.Version",
    "void": "System.Void",
    "wildcardpattern": "System.Management.Automation.WildcardPattern",
    "wmi": "System.Management.ManagementObject",
    "wmiclass": "System.Management.ManagementClass",
    "wmisearcher": "System.Management.ManagementObjectSearcher",
    "x500distinguishedname": "System.Security.Cryptography.X509Certificates.X500DistinguishedName",
    "x509certificate": "System.Security.Cryptography.X509Certificates.X509Certificate",
    "xml": "System.Xml.XmlDocument",
}

_loaded = False


def load_classes() -> None:
    """Import the modules that declare classes, once."""
    global _loaded  # noqa: PLW0603
    if _loaded:
        return
    _loaded = True
    from fakes.windows.powershell.dotnet.library import load

    load()
