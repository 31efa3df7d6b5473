r"""What the registry says of a service: the one source of its configuration.

``sc qc``, ``Get-Service``, ``reg query`` and ``Set-ItemProperty`` all meet in
HKLM\SYSTEM\CurrentControlSet\Services\NAME, as on Windows (MicrosoftDocs/win32,
"Database of Installed Services"). Unlike the real service control manager, which reads
a Start value written behind its back only at start-up, ours heeds it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from fakes.windows.model.registry import Key, Value
from fakes.windows.model.service_table import DRIVERS, SERVICES

ROOT = r"HKLM\SYSTEM\CurrentControlSet\Services"
KERNEL_DRIVER, OWN_PROCESS, SHARE_PROCESS, WIN32 = 0x1, 0x10, 0x20, 0x30
LOCAL_SYSTEM = "LocalSystem"
_ACCOUNTS = {
    "S": LOCAL_SYSTEM,
    "L": r"NT AUTHORITY\LocalService",
    "N": r"NT AUTHORITY\NetworkService",
}


class StartType(IntEnum):
    """dwStartType of CreateService."""

    BOOT = 0
    SYSTEM = 1
    AUTO = 2
    DEMAND = 3
    DISABLED = 4


_STARTS = {
    "B": StartType.BOOT,
    "S": StartType.SYSTEM,
    "A": StartType.AUTO,
    "D": StartType.AUTO,
    "M": StartType.DEMAND,
    "X": StartType.DISABLED,
}


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    r"""A service's configuration, as QueryServiceConfig returns it.

    Attributes:
        name: Its key's name, with its case.
        display_name: As ``net`` and services.msc show it; the name when there is none.
        description: May be empty.
        start: The Start value.
        delayed: Automatic (delayed start).
        account: ObjectName, for example ``NT AUTHORITY\NetworkService``.
        image_path: The command line of its process, unexpanded.
        type: The Type value; :data:`WIN32` masks the services from the drivers.
        dependencies: Names as written, a group's with its leading ``+``.
        error_control: 0 ignore to 3 critical.
        group: The load order group; may be empty.
        triggered: Triggers can start it.
    """

    name: str
    display_name: str
    description: str
    start: StartType
    delayed: bool
    account: str
    image_path: str
    type: int
    dependencies: tuple[str, ...]
    error_control: int
    group: str
    triggered: bool

    @property
    def is_driver(self) -> bool:
        """Whether it is a driver, which ``net start`` and ``Get-Service`` do not list."""
        return not self.type & WIN32


def read(key: Key) -> ServiceConfig | None:
    """Return the configuration in a service's key; None when it holds no service."""
    if key.derived is None:
        key.derived = _parse(key) or False
    found: ServiceConfig | bool = key.derived
    return found if isinstance(found, ServiceConfig) else None


def _parse(key: Key) -> ServiceConfig | None:
    kind, start = key.get("Type"), key.get("Start")
    if not isinstance(kind, int) or not isinstance(start, int) or start > StartType.DISABLED:
        return None
    depends = key.get("DependOnService", ())
    return ServiceConfig(
        name=key.name,
        display_name=str(key.get("DisplayName", key.name)),
        description=str(key.get("Description", "")),
        start=StartType(start),
        delayed=start == StartType.AUTO and key.get("DelayedAutostart", 0) == 1,
        account=str(key.get("ObjectName", "")),
        image_path=str(key.get("ImagePath", "")),
        type=kind,
        dependencies=tuple(depends) if isinstance(depends, tuple) else (),
        error_control=int(key.get("ErrorControl", 1)),
        group=str(key.get("Group", "")),
        triggered="triggerinfo" in key.children,
    )


@dataclass(frozen=True, slots=True)
class Fixture:
    """What the table says of a service beyond the registry.

    Attributes:
        running: It runs once the start-up sequence is over, even when it is a demand start.
        shared: It lives in the svchost.exe that its group shares.
        control: The flags of the table's last column.
    """

    running: bool
    shared: bool
    control: str


def load() -> tuple[dict[str, Key], dict[str, Fixture]]:
    """Return the Services key's children and the fixtures, both by lower-case name."""
    from fakes.windows.model.service_descriptions import DESCRIPTIONS

    keys: dict[str, Key] = {}
    fixtures: dict[str, Fixture] = {}
    for line in (DRIVERS + SERVICES).splitlines():
        name, display, start, state, account, process, depends, control = line.split("|")
        image, kind, group = _process(process)
        values = [
            Value("DisplayName", "REG_SZ", display),
            Value("ErrorControl", "REG_DWORD", 1),
            Value("ImagePath", "REG_EXPAND_SZ", image),
            Value("Start", "REG_DWORD", int(_STARTS[start[0]])),
            Value("Type", "REG_DWORD", kind),
        ]
        if account:
            values.append(Value("ObjectName", "REG_SZ", _ACCOUNTS[account]))
        if name in DESCRIPTIONS:
            values.append(Value("Description", "REG_SZ", DESCRIPTIONS[name]))
        if depends:
            values.append(Value("DependOnService", "REG_MULTI_SZ", tuple(depends.split(","))))
        if start[0] == "D":
            values.append(Value("DelayedAutostart", "REG_DWORD", 1))
        triggers = {"triggerinfo": Key("TriggerInfo")} if start.endswith("t") else {}
        keys[name.lower()] = Key(name, {v.name.lower(): v for v in values}, triggers)
        fixtures[name.lower()] = Fixture(state == "R", process.endswith("*") or group == "lsass", control)
    return keys, fixtures


def _process(process: str) -> tuple[str, int, str]:
    """Return (image path, type, service group) of the table's process column."""
    if process.startswith("d:"):
        return f"system32\\drivers\\{process[2:]}", KERNEL_DRIVER, ""
    if process.startswith("k:"):
        group = process[2:].rstrip("*")
        return f"%SystemRoot%\\system32\\svchost.exe -k {group}", SHARE_PROCESS, group
    image = process.replace("~", "%SystemRoot%\\system32\\")
    if image.endswith("lsass.exe"):
        return image, SHARE_PROCESS, "lsass"
    return image, OWN_PROCESS, ""
