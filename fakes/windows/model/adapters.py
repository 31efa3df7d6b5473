r"""Network adapters, as the registry configures them.

One key per adapter below HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces,
which ipconfig, systeminfo and the network cmdlets read (MicrosoftDocs, "TCP/IP and NBT
configuration parameters for Windows").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.windows.model.registry import Key

if TYPE_CHECKING:
    from fakes.windows.model.host import Host

INTERFACES = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces"
CONNECTIONS = r"HKLM\SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}"
GUID = "{7c4f2a52-9d44-4b19-8f0c-1d3a5be0c2a7}"  # the template's one adapter
WIRE_SERVER = "168.63.129.16"  # Azure's DHCP and DNS server


@dataclass(frozen=True, slots=True)
class Adapter:
    """One adapter.

    Attributes:
        guid: With braces.
        name: The connection's name, for example ``Ethernet``.
        description: The device.
        mac: Six pairs with dashes.
        dhcp: Whether it takes its address from a DHCP server.
        address: IPv4 address; empty when it has none.
        mask: Subnet mask.
        gateway: Default gateway; may be empty.
        dns: DNS servers.
        dhcp_server: Where the lease came from; empty for a static address.
        suffix: Connection-specific DNS suffix; may be empty.
        link_local: IPv6 link-local address without a zone.
    """

    guid: str
    name: str
    description: str
    mac: str
    dhcp: bool
    address: str
    mask: str
    gateway: str
    dns: tuple[str, ...]
    dhcp_server: str
    suffix: str
    link_local: str


def adapters(host: Host) -> list[Adapter]:
    """Return the adapters as the registry has them now."""
    root = host.registry.find(INTERFACES)
    found = []
    for key in root.subkeys() if root else []:
        dhcp = key.get("EnableDHCP", 0) == 1
        static = (_first(key, "IPAddress"), _first(key, "SubnetMask"), _first(key, "DefaultGateway"))
        leased = (
            str(key.get("DhcpIPAddress", "")),
            str(key.get("DhcpSubnetMask", "")),
            _first(key, "DhcpDefaultGateway"),
        )
        up = host.services.get("Dhcp").running if dhcp else True
        address, mask, gateway = (leased if up else ("", "", "")) if dhcp else static
        servers = str(key.get("NameServer", "") or (key.get("DhcpNameServer", "") if dhcp else ""))
        mac = _mac(host)
        found.append(Adapter(
            key.name, str(host.registry.get(rf"{CONNECTIONS}\{key.name}\Connection", "Name", "Ethernet")),
            "Microsoft Hyper-V Network Adapter", mac, dhcp, address, mask, gateway,
            tuple(servers.replace(",", " ").split()), WIRE_SERVER if dhcp and address else "",
            str(key.get("DhcpDomain", "")) if dhcp else str(key.get("Domain", "")), _link_local(mac),
        ))  # fmt: skip
    return found


def _first(key: Key, name: str) -> str:
    """Return the first string of a REG_MULTI_SZ value, or nothing."""
    return next(iter(key.get(name, ())), "")


def _mac(host: Host) -> str:
    """Return the address in the range that Azure gives virtual machines (00-0D-3A)."""
    tail = hash_of(f"{host.seed}:{host.name}") % 2**24
    return f"00-0D-3A-{tail >> 16:02X}-{tail >> 8 & 255:02X}-{tail & 255:02X}"


def hash_of(text: str) -> int:
    """Return a number that is the same in every process, unlike ``hash``."""
    value = 2166136261
    for char in text.encode():
        value = (value ^ char) * 16777619 % 2**32
    return value


def _link_local(mac: str) -> str:
    pairs = [int(part, 16) for part in mac.split("-")]
    return f"fe80::{pairs[0] ^ 2:x}{pairs[1]:02x}:{pairs[2]:x}ff:fe{pairs[3]:02x}:{pairs[4]:x}{pairs[5]:02x}"
