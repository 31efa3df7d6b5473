"""The WMI classes that the model can answer, as property tables in the order WMI lists them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fakes.windows.model.service_config import StartType
from fakes.windows.model.services import Service, ServiceState
from fakes.windows.powershell.cmdlets.files_provider import local
from fakes.windows.powershell.values import UInt16, UInt32, UInt64

Instance = Mapping[str, Any]
_MODES = {
    StartType.BOOT: "Boot",
    StartType.SYSTEM: "System",
    StartType.AUTO: "Auto",
    StartType.DEMAND: "Manual",
    StartType.DISABLED: "Disabled",
}
_STATES = {
    ServiceState.STOPPED: "Stopped",
    ServiceState.START_PENDING: "Start Pending",
    ServiceState.STOP_PENDING: "Stop Pending",
    ServiceState.RUNNING: "Running",
    ServiceState.CONTINUE_PENDING: "Continue Pending",
    ServiceState.PAUSE_PENDING: "Pause Pending",
    ServiceState.PAUSED: "Paused",
}
_ERROR_CONTROL = ("Ignore", "Normal", "Severe", "Critical")


Field = Callable[[Any, Service], Any]
_SERVICE: dict[str, Field] = {
    "Name": lambda _, s: s.config.name,
    "Status": lambda _, __: "OK",
    "ExitCode": lambda _, s: UInt32(s.status.exit_code),
    "DesktopInteract": lambda _, __: False,
    "ErrorControl": lambda _, s: _ERROR_CONTROL[min(s.config.error_control, 3)],
    "PathName": lambda host, s: host.expand(s.config.image_path),
    "ServiceType": lambda _, s: "Own Process" if s.config.type & 0x10 else "Share Process",
    "StartMode": lambda _, s: _MODES[s.config.start],
    "Caption": lambda _, s: s.config.display_name,
    "Description": lambda _, s: s.config.description or None,
    "InstallDate": lambda _, __: None,
    "CreationClassName": lambda _, __: "Win32_Service",
    "Started": lambda _, s: s.state is not ServiceState.STOPPED,
    "SystemCreationClassName": lambda _, __: "Win32_ComputerSystem",
    "SystemName": lambda host, _: host.name,
    "AcceptPause": lambda _, s: s.can_pause,
    "AcceptStop": lambda _, s: s.can_stop,
    "DisplayName": lambda _, s: s.config.display_name,
    "ServiceSpecificExitCode": lambda _, s: UInt32(s.status.specific_code),
    "StartName": lambda _, s: s.config.account or None,
    "State": lambda _, s: _STATES[s.state],
    "TagId": lambda _, __: UInt32(0),
    "CheckPoint": lambda _, __: UInt32(0),
    "DelayedAutoStart": lambda _, s: s.config.delayed,
    "ProcessId": lambda _, s: UInt32(s.status.pid),
    "WaitHint": lambda _, __: UInt32(0),
}
_DRIVER_NAMES = (
    "Name",
    "Status",
    "Caption",
    "Description",
    "InstallDate",
    "Started",
    "State",
    "AcceptPause",
    "AcceptStop",
    "DisplayName",
    "ErrorControl",
    "ExitCode",
    "PathName",
    "ServiceSpecificExitCode",
    "ServiceType",
    "StartMode",
    "StartName",
    "SystemName",
    "TagId",
)
_DRIVER: dict[str, Field] = {
    **{name: _SERVICE[name] for name in _DRIVER_NAMES},
    "ServiceType": lambda _, s: "File System Driver" if s.config.type & 2 else "Kernel Driver",
}


class ServiceInstance(Mapping[str, Any]):
    """A service as WMI shows it; a property is worked out when it is read, so that filters are cheap."""

    def __init__(self, fields: dict[str, Field], host: Any, service: Service) -> None:
        self._fields, self._host, self._service = fields, host, service

    def __getitem__(self, name: str) -> Any:
        return self._fields[name](self._host, self._service)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def _services(host: Any) -> list[Instance]:
    return [ServiceInstance(_SERVICE, host, service) for service in host.services.all()]


def _drivers(host: Any) -> list[Instance]:
    every = host.services.all(drivers=True)
    return [ServiceInstance(_DRIVER, host, service) for service in every if service.config.is_driver]


def _version(host: Any) -> dict[str, Any]:
    key = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    return {
        name: host.registry.get(key, name)
        for name in (
            "ProductName",
            "CurrentBuildNumber",
            "RegisteredOwner",
            "RegisteredOrganization",
            "ProductId",
        )
    }


def _operating_system(host: Any) -> list[Instance]:
    facts = _version(host)
    build = str(facts["CurrentBuildNumber"] or "17763")
    caption = f"Microsoft {facts['ProductName'] or 'Windows Server 2019 Datacenter'}"
    used = sum(process.memory for process in host.processes)
    total = 8_388_148
    return [
        {
            "SystemDirectory": r"C:\Windows\system32",
            "Organization": facts["RegisteredOrganization"] or "",
            "BuildNumber": build,
            "RegisteredUser": facts["RegisteredOwner"] or "",
            "SerialNumber": facts["ProductId"] or "",
            "Version": f"10.0.{build}",
            "Status": "OK",
            "Name": f"{caption}|C:\\Windows|\\Device\\Harddisk0\\Partition2",
            "Caption": caption,
            "CSName": host.name,
            "CreationClassName": "Win32_OperatingSystem",
            "CurrentTimeZone": 0,
            "FreePhysicalMemory": UInt64(max(total - used, 262_144)),
            "LastBootUpTime": local(host.boot_time),
            "LocalDateTime": local(host.now()),
            "NumberOfProcesses": UInt32(len(list(host.processes))),
            "OSArchitecture": "64-bit",
            "OSLanguage": UInt32(1033),
            "OSType": UInt16(18),
            "ProductType": UInt32(3),
            "OperatingSystemSKU": UInt32(8),
            "TotalVisibleMemorySize": UInt64(total),
            "WindowsDirectory": r"C:\Windows",
            "SystemDrive": "C:",
            "Locale": "0409",
            "CountryCode": "1",
            "CodeSet": "1252",
            "ServicePackMajorVersion": UInt16(0),
            "BootDevice": r"\Device\HarddiskVolume1",
        }
    ]


def _computer_system(host: Any) -> list[Instance]:
    facts = _version(host)
    return [
        {
            "Name": host.name,
            "PrimaryOwnerName": facts["RegisteredOwner"] or None,
            "Domain": "WORKGROUP",
            "TotalPhysicalMemory": UInt64(8_589_463_552),
            "Model": "Virtual Machine",
            "Manufacturer": "Microsoft Corporation",
            "Caption": host.name,
            "Status": "OK",
            "DNSHostName": host.name.lower(),
            "DomainRole": UInt16(2),
            "PartOfDomain": False,
            "NumberOfProcessors": UInt32(1),
            "NumberOfLogicalProcessors": UInt32(2),
            "SystemType": "x64-based PC",
            "UserName": None,
            "Workgroup": "WORKGROUP",
            "HypervisorPresent": True,
        }
    ]


def _processes(host: Any) -> list[Instance]:
    return [
        {
            "ProcessId": UInt32(process.pid),
            "Name": process.name,
            "HandleCount": UInt32(40 + process.pid % 97 + process.memory // 64),
            "WorkingSetSize": UInt64(process.memory * 1024),
            "VirtualSize": UInt64(process.memory * 1024 + 2_199_000_000_000),
            "Caption": process.name,
            "CommandLine": process.command_line or None,
            "CreationDate": local(process.started),
            "ParentProcessId": UInt32(process.parent),
            "SessionId": UInt32(process.session),
            "CSName": host.name,
        }
        for process in host.processes
    ]


def _logical_disks(host: Any) -> list[Instance]:
    return [
        {
            "DeviceID": volume.letter,
            "DriveType": UInt32(3),
            "ProviderName": None,
            "VolumeName": volume.label,
            "Size": UInt64(volume.size),
            "FreeSpace": UInt64(volume.free),
            "Caption": volume.letter,
            "Name": volume.letter,
            "FileSystem": "NTFS",
            "VolumeSerialNumber": volume.serial.replace("-", ""),
            "SystemName": host.name,
        }
        for volume in host.files.volumes.values()
    ]


def _volumes(host: Any) -> list[Instance]:
    return [
        {
            "DeviceID": volume.device,
            "DriveLetter": volume.letter,
            "Label": volume.label or None,
            "Capacity": UInt64(volume.size),
            "FreeSpace": UInt64(volume.free),
            "FileSystem": "NTFS",
            "Name": volume.letter + "\\",
            "Caption": volume.letter + "\\",
            "BootVolume": volume.letter.upper() == "C:",
            "SystemVolume": volume.letter.upper() == "C:",
            "DriveType": UInt32(3),
            "SystemName": host.name,
        }
        for volume in host.files.volumes.values()
    ]


def _shadow_copies(host: Any) -> list[Instance]:
    """Win32_ShadowCopy; ids in braces and upper case, as WMI prints them."""
    return [
        {
            "ID": f"{{{copy.id.upper()}}}",
            "SetID": f"{{{copy.set_id.upper()}}}",
            "ProviderID": f"{{{copy.provider.upper()}}}",
            "VolumeName": copy.volume.device,
            "DeviceObject": copy.device,
            "InstallDate": local(copy.created),
            "Count": UInt32(1),
            "State": UInt32(12),
            "OriginatingMachine": host.name,
            "ServiceMachine": host.name,
            "ClientAccessible": True,
            "Differential": True,
            "Persistent": True,
            "NoAutoRelease": True,
            "NoWriters": True,
            "Plex": False,
            "Imported": False,
            "HardwareAssisted": False,
            "ExposedLocally": False,
            "ExposedRemotely": False,
            "Transportable": False,
        }
        for copy in host.vss.shadows()
    ]


CLASSES: dict[str, tuple[str, Callable[[Any], list[Instance]]]] = {
    name.lower(): (name, function)
    for name, function in (
        ("Win32_Service", _services),
        ("Win32_SystemDriver", _drivers),
        ("Win32_OperatingSystem", _operating_system),
        ("Win32_ComputerSystem", _computer_system),
        ("Win32_Process", _processes),
        ("Win32_LogicalDisk", _logical_disks),
        ("Win32_Volume", _volumes),
        ("Win32_ShadowCopy", _shadow_copies),
    )
}


def known_to_windows(name: str) -> bool:
    """Whether a class name looks like one that a real host has."""
    return re.match(r"(win32|cim|msft|mspower|rsop|__)_?\w+$", name, re.IGNORECASE) is not None
