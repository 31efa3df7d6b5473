"""Public members that .NET gives the objects cmdlets hand out, whether they are implemented here or not.

An object's own table says what works; a name listed here that is not in it exists on Windows and is
refused as not simulated, so that no script goes on with a silent ``$null``. Names: the .NET Framework
API reference (dotnet/dotnet-api-docs), public instance members of each class.
"""

from __future__ import annotations

from functools import cache

from fakes.notsimulated import NotSimulated

_COMPONENT = "CreateObjRef Dispose Disposed GetLifetimeService InitializeLifetimeService Site Container"
_FILE_SYSTEM = (
    "Attributes CreateObjRef CreationTime CreationTimeUtc Delete Exists Extension FullName GetLifetimeService GetObjectData "
    "InitializeLifetimeService LastAccessTime LastAccessTimeUtc LastWriteTime LastWriteTimeUtc Name Refresh GetAccessControl "
    "SetAccessControl MoveTo Create"
)
_MEMBERS = {
    "System.ServiceProcess.ServiceController": f"{_COMPONENT} Close Continue ExecuteCommand Pause Refresh Start Stop "
    "WaitForStatus CanPauseAndContinue CanShutdown CanStop DependentServices DisplayName MachineName ServiceHandle ServiceName "
    "ServicesDependedOn ServiceType StartType Status",
    "System.Diagnostics.Eventing.Reader.EventLogRecord": "ActivityId Bookmark ContainerLog Dispose FormatDescription "
    "GetPropertyValues Id Keywords KeywordsDisplayNames Level LevelDisplayName LogName MachineName MatchedQueryIds Opcode "
    "OpcodeDisplayName ProcessId Properties ProviderId ProviderName Qualifiers RecordId RelatedActivityId Task "
    "TaskDisplayName ThreadId TimeCreated ToXml UserId Version",
    "System.Diagnostics.EventLogEntry": f"{_COMPONENT} Category CategoryNumber Data EntryType EventID Index InstanceId "
    "MachineName Message ReplacementStrings Source TimeGenerated TimeWritten UserName",
    "System.Diagnostics.Process": f"{_COMPONENT} BasePriority BeginErrorReadLine BeginOutputReadLine CancelErrorRead "
    "CancelOutputRead Close CloseMainWindow EnableRaisingEvents ExitCode ExitTime Handle HandleCount HasExited Id Kill "
    "MachineName MainModule MainWindowHandle MainWindowTitle MaxWorkingSet MinWorkingSet Modules NonpagedSystemMemorySize "
    "NonpagedSystemMemorySize64 PagedMemorySize PagedMemorySize64 PagedSystemMemorySize PagedSystemMemorySize64 "
    "PeakPagedMemorySize PeakPagedMemorySize64 PeakVirtualMemorySize PeakVirtualMemorySize64 PeakWorkingSet "
    "PeakWorkingSet64 PriorityBoostEnabled PriorityClass PrivateMemorySize PrivateMemorySize64 PrivilegedProcessorTime "
    "ProcessName ProcessorAffinity Refresh Responding SafeHandle SessionId StandardError StandardInput StandardOutput Start "
    "StartInfo StartTime SynchronizingObject Threads TotalProcessorTime UserProcessorTime VirtualMemorySize "
    "VirtualMemorySize64 WaitForExit WaitForInputIdle WorkingSet WorkingSet64 Company CPU Description FileVersion Path "
    "Product ProductVersion",
    "System.Net.Sockets.TcpClient": "Available BeginConnect Client Close Connect ConnectAsync Connected Dispose EndConnect "
    "ExclusiveAddressUse GetStream LingerState NoDelay ReceiveBufferSize ReceiveTimeout SendBufferSize SendTimeout",
    "System.IO.FileInfo": f"{_FILE_SYSTEM} AppendText CopyTo CreateText Decrypt Directory DirectoryName Encrypt IsReadOnly "
    "Length Open OpenRead OpenText OpenWrite Replace VersionInfo BaseName Target LinkType Mode",
    "System.IO.DirectoryInfo": f"{_FILE_SYSTEM} CreateSubdirectory EnumerateDirectories EnumerateFiles "
    "EnumerateFileSystemInfos GetDirectories GetFiles GetFileSystemInfos Parent Root BaseName Target LinkType Mode",
    "Microsoft.Win32.RegistryKey": "Close CreateSubKey DeleteSubKey DeleteSubKeyTree DeleteValue Dispose Flush "
    "GetAccessControl GetSubKeyNames GetValue GetValueKind GetValueNames Handle Name OpenSubKey SetAccessControl SetValue "
    "SubKeyCount ValueCount View CreateObjRef GetLifetimeService InitializeLifetimeService",
}


@cache
def _members(type_name: str) -> frozenset[str]:
    return frozenset(_MEMBERS.get(type_name, "").lower().split())


def refuse_property(type_name: str, name: str) -> None:
    """Refuse a property of an object that Windows has and the object here has not.

    Raises:
        NotSimulated: the class has a member of that name.
    """
    if name.lower() in _members(type_name):
        raise NotSimulated(f".NET member [{type_name}].{name}")


def refuse_method(type_name: str, name: str) -> None:
    """Refuse a method that the class has, or may have: only listed classes are known in full.

    Raises:
        NotSimulated: the class has a member of that name, or nobody listed its members.
    """
    known = type_name in _MEMBERS or not type_name.startswith(("System.", "Microsoft."))
    custom = type_name == "System.Management.Automation.PSCustomObject"
    if name.lower() in _members(type_name) or not (known or custom):
        raise NotSimulated(f".NET member [{type_name}].{name}")
