"""The registry of a fresh Windows Server 2019 on Azure, as far as anybody reads it."""

from __future__ import annotations

from functools import cache

from fakes.windows.model import adapters, service_config
from fakes.windows.model.registry import Data, Key, Registry
from fakes.windows.model.service_config import Fixture

_NT = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_CURRENT = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion"
_CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control"
_NET4 = (
    ("CBS", "REG_DWORD", 1),
    ("Install", "REG_DWORD", 1),
    ("InstallPath", "REG_SZ", "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"),
    ("Release", "REG_DWORD", 461814),
    ("Servicing", "REG_DWORD", 0),
    ("TargetVersion", "REG_SZ", "4.0.0"),
    ("Version", "REG_SZ", "4.7.03190"),
)
# key -> values (name, type, data). Build 17763: Windows Server, version 1809.
VALUES: dict[str, tuple[tuple[str, str, Data], ...]] = {
    _NT: (
        ("SystemRoot", "REG_SZ", r"C:\Windows"),
        ("BuildBranch", "REG_SZ", "rs5_release"),
        ("BuildGUID", "REG_SZ", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ("BuildLab", "REG_SZ", "17763.rs5_release.180914-1434"),
        ("BuildLabEx", "REG_SZ", "17763.1.amd64fre.rs5_release.180914-1434"),
        ("CompositionEditionID", "REG_SZ", "ServerDatacenter"),
        ("CurrentBuild", "REG_SZ", "17763"),
        ("CurrentBuildNumber", "REG_SZ", "17763"),
        ("CurrentMajorVersionNumber", "REG_DWORD", 10),
        ("CurrentMinorVersionNumber", "REG_DWORD", 0),
        ("CurrentType", "REG_SZ", "Multiprocessor Free"),
        ("CurrentVersion", "REG_SZ", "6.3"),
        ("EditionID", "REG_SZ", "ServerDatacenter"),
        ("EditionSubVersion", "REG_SZ", ""),
        ("InstallationType", "REG_SZ", "Server"),
        ("ProductId", "REG_SZ", "00430-00000-00000-AA602"),
        ("ProductName", "REG_SZ", "Windows Server 2019 Datacenter"),
        ("ReleaseId", "REG_SZ", "1809"),
        ("SoftwareType", "REG_SZ", "System"),
        ("UBR", "REG_DWORD", 4252),
        ("InstallDate", "REG_DWORD", 1_541_000_409),
        ("PathName", "REG_SZ", r"C:\Windows"),
        ("RegisteredOwner", "REG_SZ", ""),
        ("RegisteredOrganization", "REG_SZ", ""),
    ),
    _NT + r"\ProfileList": (
        ("Default", "REG_EXPAND_SZ", r"%SystemDrive%\Users\Default"),
        ("ProfilesDirectory", "REG_EXPAND_SZ", r"%SystemDrive%\Users"),
        ("ProgramData", "REG_EXPAND_SZ", r"%SystemDrive%\ProgramData"),
        ("Public", "REG_EXPAND_SZ", r"%SystemDrive%\Users\Public"),
    ),
    _CURRENT: (
        ("ProgramFilesDir", "REG_SZ", r"C:\Program Files"),
        ("CommonFilesDir", "REG_SZ", r"C:\Program Files\Common Files"),
        ("ProgramFilesDir (x86)", "REG_SZ", r"C:\Program Files (x86)"),
        ("ProgramFilesPath", "REG_EXPAND_SZ", "%ProgramFiles%"),
    ),
    _CURRENT + r"\Run": (("SecurityHealth", "REG_EXPAND_SZ", r"%windir%\system32\SecurityHealthSystray.exe"),),
    _CURRENT + r"\RunOnce": (),
    _CURRENT + r"\Policies\System": (
        ("ConsentPromptBehaviorAdmin", "REG_DWORD", 5),
        ("EnableLUA", "REG_DWORD", 1),
        ("PromptOnSecureDesktop", "REG_DWORD", 1),
        ("legalnoticecaption", "REG_SZ", ""),
        ("legalnoticetext", "REG_SZ", ""),
    ),
    _CURRENT + r"\Uninstall\AddressBook": (),
    **{
        rf"{_CURRENT}\Component Based Servicing\Packages\Package_for_{name}~31bf3856ad364e35~amd64~~{version}": (
            ("CurrentState", "REG_DWORD", 112), ("InstallUser", "REG_SZ", "S-1-5-18"),
        )
        for name, version in (("KB4486553", "10.0.4.3770"), ("KB4589208", "10.0.2.1"), ("KB5023789", "17763.4120.1.0"))
    },
    r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Client": _NET4,
    r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full": _NET4,
    r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full\1033": (
        ("Install", "REG_DWORD", 1), ("Release", "REG_DWORD", 461814), ("Version", "REG_SZ", "4.7.03190"),
    ),
    r"HKLM\SOFTWARE\Microsoft\.NETFramework": (
        ("InstallRoot", "REG_SZ", "C:\\Windows\\Microsoft.NET\\Framework64\\"),
        ("Enable64Bit", "REG_DWORD", 1),
    ),
    r"HKLM\SOFTWARE\Microsoft\.NETFramework\v2.0.50727": (),
    r"HKLM\SOFTWARE\Microsoft\.NETFramework\v4.0.30319": (("SchUseStrongCrypto", "REG_DWORD", 1),),
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\.NETFramework": (
        ("InstallRoot", "REG_SZ", "C:\\Windows\\Microsoft.NET\\Framework\\"),
    ),
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v2.0.50727": (),
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319": (("SchUseStrongCrypto", "REG_DWORD", 1),),
    r"HKLM\SOFTWARE\Microsoft\PowerShell\3\PowerShellEngine": (
        ("PowerShellVersion", "REG_SZ", "5.1.17763.1"), ("RuntimeVersion", "REG_SZ", "v4.0.30319"),
    ),
    r"HKLM\SOFTWARE\Microsoft\PowerShell\1\ShellIds\Microsoft.PowerShell": (
        ("Path", "REG_SZ", r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"),
        ("ExecutionPolicy", "REG_SZ", "RemoteSigned"),
    ),
    r"HKLM\SOFTWARE\Microsoft\GuestAgent": (
        ("GuestAgentVersion", "REG_SZ", "2.7.41491.901"), ("HeartbeatLastStatusUpdateTime", "REG_SZ", ""),
    ),
    r"HKLM\SOFTWARE\Microsoft\Windows Azure": (),
    r"HKLM\SOFTWARE\Microsoft\Virtual Machine\Guest\Parameters": (
        ("VirtualMachineName", "REG_SZ", ""), ("HostName", "REG_SZ", ""),
    ),
    r"HKLM\SOFTWARE\Classes\.txt": (("", "REG_SZ", "txtfile"), ("Content Type", "REG_SZ", "text/plain")),
    r"HKLM\SOFTWARE\Classes\txtfile": (("", "REG_SZ", "Text Document"),),
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows": (),
    _CONTROL + r"\Session Manager\Environment": (
        ("ComSpec", "REG_EXPAND_SZ", r"%SystemRoot%\system32\cmd.exe"),
        ("DriverData", "REG_SZ", r"C:\Windows\System32\Drivers\DriverData"),
        ("OS", "REG_SZ", "Windows_NT"),
        (
            "Path", "REG_EXPAND_SZ",
            (r"%SystemRoot%\system32;%SystemRoot%;%SystemRoot%\System32\Wbem;%SYSTEMROOT%\System32\WindowsPowerShell\v1.0"
            "\\;%SYSTEMROOT%\\System32\\OpenSSH\\"),
        ),
        ("PATHEXT", "REG_SZ", ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC"),
        ("PROCESSOR_ARCHITECTURE", "REG_SZ", "AMD64"),
        ("PSModulePath", "REG_EXPAND_SZ",
         r"%ProgramFiles%\WindowsPowerShell\Modules;%SystemRoot%\system32\WindowsPowerShell\v1.0\Modules"),
        ("TEMP", "REG_EXPAND_SZ", r"%SystemRoot%\TEMP"),
        ("TMP", "REG_EXPAND_SZ", r"%SystemRoot%\TEMP"),
        ("USERNAME", "REG_SZ", "SYSTEM"),
        ("windir", "REG_EXPAND_SZ", "%SystemRoot%"),
        ("NUMBER_OF_PROCESSORS", "REG_SZ", "2"),
        ("PROCESSOR_LEVEL", "REG_SZ", "6"),
        ("PROCESSOR_IDENTIFIER", "REG_SZ", "Intel64 Family 6 Model 85 Stepping 4, GenuineIntel"),
        ("PROCESSOR_REVISION", "REG_SZ", "5504"),
    ),
    _CONTROL + r"\Session Manager": (("ProtectionMode", "REG_DWORD", 1),),
    _CONTROL + r"\ComputerName\ComputerName": (("ComputerName", "REG_SZ", ""),),
    _CONTROL + r"\ComputerName\ActiveComputerName": (("ComputerName", "REG_SZ", ""),),
    _CONTROL + r"\Lsa": (("LimitBlankPasswordUse", "REG_DWORD", 1),),
    _CONTROL + r"\TimeZoneInformation": (("TimeZoneKeyName", "REG_SZ", "UTC"), ("Bias", "REG_DWORD", 0)),
    _CONTROL + r"\Terminal Server": (
        ("fDenyTSConnections", "REG_DWORD", 0), ("TSUserEnabled", "REG_DWORD", 0),
    ),
    _CONTROL + r"\Terminal Server\WinStations\RDP-Tcp": (
        ("fEnableWinStation", "REG_DWORD", 1), ("MinEncryptionLevel", "REG_DWORD", 2),
        ("PortNumber", "REG_DWORD", 3389), ("SecurityLayer", "REG_DWORD", 2), ("UserAuthentication", "REG_DWORD", 1),
        ("LanAdapter", "REG_DWORD", 0), ("MaxInstanceCount", "REG_DWORD", 0xFFFFFFFF),
    ),
    _CONTROL + r"\SecurityProviders\SCHANNEL\Protocols": (),
    r"HKLM\SYSTEM\Setup": (("SystemSetupInProgress", "REG_DWORD", 0), ("OOBEInProgress", "REG_DWORD", 0)),
    service_config.ROOT + r"\Tcpip\Parameters": (
        ("Hostname", "REG_SZ", ""), ("NV Hostname", "REG_SZ", ""), ("Domain", "REG_SZ", ""),
        ("DataBasePath", "REG_EXPAND_SZ", r"%SystemRoot%\System32\drivers\etc"),
    ),
    rf"{adapters.INTERFACES}\{adapters.GUID}": (
        ("EnableDHCP", "REG_DWORD", 1), ("Domain", "REG_SZ", ""), ("NameServer", "REG_SZ", ""),
        ("DhcpIPAddress", "REG_SZ", "10.0.0.4"), ("DhcpSubnetMask", "REG_SZ", "255.255.255.0"),
        ("DhcpServer", "REG_SZ", adapters.WIRE_SERVER), ("Lease", "REG_DWORD", 0xFFFFFFFF),
        ("DhcpDefaultGateway", "REG_MULTI_SZ", ("10.0.0.1",)), ("DhcpNameServer", "REG_SZ", adapters.WIRE_SERVER),
        ("DhcpDomain", "REG_SZ", "reddog.microsoft.com"),
    ),
    rf"{adapters.CONNECTIONS}\{adapters.GUID}\Connection": (("Name", "REG_SZ", "Ethernet"),),
    service_config.ROOT + r"\VSS\Providers\{74600e39-7dc5-4567-a03b-f091d6c7b092}": (
        ("", "REG_SZ", "Hyper-V IC Software Shadow Copy Provider"),
        ("Type", "REG_DWORD", 2), ("Version", "REG_SZ", "1.0.0.0"),
        ("VersionId", "REG_SZ", "{65d43f1d-0a53-4b84-bf63-6ea7a9b7d2a1}"),
    ),
    service_config.ROOT + r"\VSS\Providers\{89300202-3cec-4981-9171-19f59559e0f2}": (
        ("", "REG_SZ", "Microsoft File Share Shadow Copy provider"),
        ("Type", "REG_DWORD", 4), ("Version", "REG_SZ", "1.0.0.1"),
        ("VersionId", "REG_SZ", "{00000001-0000-0000-0001-000000000001}"),
    ),
    service_config.ROOT + r"\VSS\Providers\{b5946137-7b9f-4925-af80-51abd60b20d5}": (
        ("", "REG_SZ", "Microsoft Software Shadow Copy provider 1.0"),
        ("Type", "REG_DWORD", 1), ("Version", "REG_SZ", "1.0.0.7"),
        ("VersionId", "REG_SZ", "{00000001-0000-0000-0007-000000000001}"),
    ),
    **{
        service_config.ROOT + rf"\EventLog\{log}\{source}": ()
        for log, sources in {
            "Application": ("Application Error", "ESENT", "MsiInstaller", "VSS", "Windows Error Reporting", "WSH"),
            "System": ("EventLog", "Service Control Manager", "USER32", "volsnap"),
        }.items()
        for source in sources
    },
    service_config.ROOT + r"\VSS\Settings": (),
    service_config.ROOT + r"\VSS\Diag": (),
    r"HKU\S-1-5-18\Software": (),
    r"HKU\S-1-5-19\Software": (),
    r"HKU\S-1-5-20\Software": (),
    r"HKU\.DEFAULT\Software": (),
}  # fmt: skip


@cache
def template() -> tuple[Key, dict[str, Fixture]]:
    """Return the tree every host starts from, and the services' fixtures; shared, never changed."""
    registry = Registry(Key(""))
    services, fixtures = service_config.load()
    registry.create(r"HKLM\SYSTEM\CurrentControlSet")
    current = registry.open(r"HKLM\SYSTEM\CurrentControlSet")
    current.children["services"] = Key("Services", children=services)
    for path, values in VALUES.items():
        registry.create(path)
        for name, type_, data in values:
            registry.set(path, name, type_, data)
    return registry.root, fixtures
