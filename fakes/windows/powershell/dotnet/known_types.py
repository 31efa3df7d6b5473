"""Which type names exist in .NET Framework or Windows PowerShell 5.1, implemented here or not.

A name in a Microsoft namespace is taken to exist: the honest answer to it is "not simulated".
Only names outside of them, and short names that are not in ``System``, are unknown.
"""

from __future__ import annotations

_NAMESPACES = ("system.", "microsoft.", "windows.", "interop.", "mscorlib.")

#: Types of the namespace System that scripts may name without it.
# fmt: off
_SYSTEM = frozenset(
    [
        "action", "activator", "appdomain", "argumentexception", "attribute", "bitconverter", "buffer",
        "console", "consolecolor", "consolekey", "consolekeyinfo", "datetimekind", "datetimeoffset",
        "dayofweek", "dbnull", "delegate", "environment", "environmentvariabletarget", "eventargs",
        "eventhandler", "func", "gc", "int", "intptr", "lazy", "math", "midpointrounding", "nullable",
        "operatingsystem", "platformid", "progress", "random", "stringcomparer", "stringcomparison",
        "stringsplitoptions", "timezone", "timezoneinfo", "tuple", "typecode", "uintptr", "uribuilder",
        "urikind", "valuetuple", "version", "weakreference", "predicate", "comparison", "converter",
        "iformatprovider", "idisposable", "icomparable", "reflection.assembly", "io.file", "io.path",
        "io.directory", "io.fileinfo", "io.directoryinfo", "io.streamreader", "io.streamwriter",
        "io.memorystream", "io.filestream", "io.stringreader", "io.stringwriter", "io.driveinfo",
        "text.encoding", "text.stringbuilder", "text.regularexpressions.regex", "net.webclient", "net.dns",
        "net.sockets.tcpclient", "net.servicepointmanager", "net.securityprotocoltype",
        "diagnostics.process", "diagnostics.stopwatch", "diagnostics.eventlog", "threading.thread",
        "collections.arraylist", "collections.generic.list`1", "collections.generic.dictionary`2",
        "collections.generic.hashset`1", "collections.generic.queue`1", "collections.generic.stack`1",
        "serviceprocess.servicecontroller", "security.principal.windowsidentity",
        "security.principal.windowsprincipal", "security.principal.windowsbuiltinrole",
        "security.accesscontrol.filesystemaccessrule", "management.automation.psobject",
        "runtime.interopservices.marshal", "globalization.cultureinfo",
    ]
)
# fmt: on


def exists_in_dotnet(name: str) -> bool:
    """Whether .NET Framework, as 5.1 loads it, (probably) has a type of that name."""
    lower = name.lower().partition("[")[0]
    return lower.startswith(_NAMESPACES) or lower in _SYSTEM or ("." in lower and _known_part(lower))


def _known_part(lower: str) -> bool:
    """Names given without ``System.``: ``Management.Automation.X``, ``IO.X``, ``Net.X``."""
    return lower.startswith(
        (
            "io.",
            "net.",
            "text.",
            "diagnostics.",
            "management.",
            "reflection.",
            "runtime.",
            "security.",
            "threading.",
            "collections.",
            "globalization.",
            "serviceprocess.",
            "directoryservices.",
            "componentmodel.",
            "configuration.",
            "data.",
            "drawing.",
            "windows.",
            "xml.",
            "web.",
            "timers.",
            "linq.",
        )
    )
