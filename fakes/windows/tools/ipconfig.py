"""ipconfig.exe: the short form and /all, from the registry's adapters."""

from __future__ import annotations

from datetime import timedelta

from fakes.windows.model.adapters import Adapter, adapters
from fakes.windows.shell.session import ProgramContext


def main(context: ProgramContext) -> int:
    """Run ``ipconfig`` or ``ipconfig /all``."""
    words = [word.lower() for word in context.argv[1:]]
    if words not in ([], ["/all"]):
        known = {
            "/release",
            "/renew",
            "/flushdns",
            "/displaydns",
            "/registerdns",
            "/showclassid",
            "/setclassid",
            "/?",
        }
        if set(words) & (known | {"/all", "/release6", "/renew6", "/allcompartments"}):
            raise context.refuse(f"ipconfig {' '.join(words)}")
        context.out("\nError: unrecognized or incomplete command line.\n")
        return 1
    context.out("\nWindows IP Configuration\n\n")
    cards = adapters(context.host)
    if words:
        context.out("".join(_line(name, value) for name, value in _general(context, cards)))
    for card in cards:
        context.out(f"\nEthernet adapter {card.name}:\n\n")
        context.out(
            "".join(_line(name, value) for name, value in _card(context, card, everything=bool(words)))
        )
    return 0


def _line(name: str, value: str) -> str:
    r"""Return a line with its leader of dots; further values stand below the first.

    >>> _line("IPv4 Address", "10.0.0.4")
    '   IPv4 Address. . . . . . . . . . . : 10.0.0.4\n'
    """
    dots = "".join("." if i % 2 == 0 else " " for i in range(33))
    leader = (
        (name + dots[len(name) % 2 :][: 33 - len(name)])
        if len(name) % 2 == 0
        else name + " " + dots[: 32 - len(name)]
    )
    return f"   {leader} : " + value.replace("\n", "\n" + " " * 39) + "\n"


def _general(context: ProgramContext, cards: list[Adapter]) -> list[tuple[str, str]]:
    suffix = cards[0].suffix if cards else ""
    return [
        ("Host Name", context.host.name), ("Primary Dns Suffix ", ""), ("Node Type", "Hybrid"),
        ("IP Routing Enabled", "No"), ("WINS Proxy Enabled", "No"),
        *([("DNS Suffix Search List", suffix)] if suffix else []),
    ]  # fmt: skip


def _card(context: ProgramContext, card: Adapter, *, everything: bool) -> list[tuple[str, str]]:
    lines = [("Connection-specific DNS Suffix ", card.suffix)]
    if everything:
        lines += [
            ("Description", card.description), ("Physical Address", card.mac),
            ("DHCP Enabled", "Yes" if card.dhcp else "No"), ("Autoconfiguration Enabled ", "Yes"),
        ]  # fmt: skip
    preferred = "(Preferred) " if everything else ""
    lines.append(("Link-local IPv6 Address ", f"{card.link_local}%5{preferred}"))
    if card.address:
        lines += [("IPv4 Address", f"{card.address}{preferred}"), ("Subnet Mask ", card.mask)]
    if everything and card.dhcp and card.address:
        start = context.host.boot_time
        for name, time in (("Lease Obtained", start), ("Lease Expires ", start + timedelta(days=136 * 365))):
            lines.append(
                (name, f"{time:%A}, {time:%B} {time.day}, {time.year} {time.hour % 12 or 12}:{time:%M:%S %p}")
            )
    lines.append(("Default Gateway ", card.gateway))
    if everything:
        if card.dhcp_server:
            lines.append(("DHCP Server ", card.dhcp_server))
        lines += [("DNS Servers ", "\n".join(card.dns)), ("NetBIOS over Tcpip", "Enabled")]
    return lines
