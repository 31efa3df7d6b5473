"""systeminfo.exe: what the registry and the model say of the machine, in its list form."""

from __future__ import annotations

import re
from datetime import datetime

from fakes.windows.model.adapters import adapters
from fakes.windows.model.host import Host
from fakes.windows.shell.session import ProgramContext

_NT = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_INDENT = " " * 27


def main(context: ProgramContext) -> int:
    """Run ``systeminfo``; other forms and remote machines are not simulated."""
    if context.argv[1:]:
        raise context.refuse(f"systeminfo {' '.join(context.argv[1:])}")
    lines = [f"{name + ':':<27}{value}" for name, value in facts(context.host)]
    context.out("\n" + "\n".join(lines) + "\n")
    return 0


def stamp(time: datetime) -> str:
    """Return a time as systeminfo prints it: ``6/25/2018, 2:05:09 PM``."""
    return f"{time.month}/{time.day}/{time.year}, {time.hour % 12 or 12}:{time:%M:%S %p}"


def facts(host: Host) -> list[tuple[str, str]]:
    """Return the lines as name and value."""
    key = host.registry.open(_NT)
    build = str(key.get("CurrentBuild"))
    environment = host.environment
    identifier = environment.get("PROCESSOR_IDENTIFIER", "").replace(",", "")
    installed = datetime.fromtimestamp(key.get("InstallDate", 0), tz=host.boot_time.tzinfo)
    used = sum(process.memory for process in host.processes) // 1024
    total, page = 8_191, 1_280
    return [
        ("Host Name", host.name),
        ("OS Name", f"Microsoft {key.get('ProductName')}"),
        ("OS Version", f"10.0.{build} N/A Build {build}"),
        ("OS Manufacturer", "Microsoft Corporation"),
        ("OS Configuration", "Standalone Server"),
        ("OS Build Type", str(key.get("CurrentType"))),
        ("Registered Owner", key.get("RegisteredOwner") or "N/A"),
        ("Registered Organization", key.get("RegisteredOrganization") or "N/A"),
        ("Product ID", str(key.get("ProductId"))),
        ("Original Install Date", stamp(installed)),
        ("System Boot Time", stamp(host.boot_time)),
        ("System Manufacturer", "Microsoft Corporation"),
        ("System Model", "Virtual Machine"),
        ("System Type", "x64-based PC"),
        ("Processor(s)", f"1 Processor(s) Installed.\n{_INDENT}[01]: {identifier} ~2095 Mhz"),
        ("BIOS Version", "American Megatrends Inc. 090007 , 5/18/2018"),
        ("Windows Directory", environment["SystemRoot"]),
        ("System Directory", f"{environment['SystemRoot']}\\system32"),
        ("Boot Device", "\\Device\\HarddiskVolume1"),
        ("System Locale", "en-us;English (United States)"),
        ("Input Locale", "en-us;English (United States)"),
        ("Time Zone", "(UTC) Coordinated Universal Time"),
        ("Total Physical Memory", f"{total:,} MB"),
        ("Available Physical Memory", f"{total - used - 900:,} MB"),
        ("Virtual Memory: Max Size", f"{total + page:,} MB"),
        ("Virtual Memory: Available", f"{total + page - used - 950:,} MB"),
        ("Virtual Memory: In Use", f"{used + 950:,} MB"),
        ("Page File Location(s)", "D:\\pagefile.sys"),
        ("Domain", "WORKGROUP"),
        ("Logon Server", "N/A"),
        ("Hotfix(s)", _numbered([f"{name}" for name in hotfixes(host)], "Hotfix(s) Installed.")),
        ("Network Card(s)", _cards(host)),
        (
            "Hyper-V Requirements",
            "A hypervisor has been detected. Features required for Hyper-V will not be displayed.",
        ),
    ]


def hotfixes(host: Host) -> list[str]:
    """Return the numbers of the installed updates, as Component Based Servicing has them."""
    root = host.registry.find(
        r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages"
    )
    found = {part for key in (root.subkeys() if root else []) for part in re.findall(r"KB\d+", key.name)}
    return sorted(found)


def _numbered(items: list[str], words: str) -> str:
    if not items:
        return "N/A"
    return "\n".join(
        [f"{len(items)} {words}", *(f"{_INDENT}[{i:02}]: {item}" for i, item in enumerate(items, 1))]
    )


def _cards(host: Host) -> str:
    blocks = []
    for card in adapters(host):
        deeper = _INDENT + " " * 6
        lines = [
            card.description,
            f"{deeper}Connection Name: {card.name}",
            f"{deeper}DHCP Enabled:    {'Yes' if card.dhcp else 'No'}",
        ]
        if card.dhcp:
            lines.append(f"{deeper}DHCP Server:     {card.dhcp_server or '255.255.255.255'}")
        addresses = [address for address in (card.address, card.link_local) if address]
        lines.append(f"{deeper}IP address(es)")
        lines += [f"{deeper}[{i:02}]: {address}" for i, address in enumerate(addresses, 1)]
        blocks.append("\n".join(lines))
    return _numbered(blocks, "NIC(s) Installed.")
