"""Compile an interface's groups to an nftables ruleset, for the lab's gateway.

The gateway forwards between the guest (interface ``guest0``) and everything else (``cloud0``)
and loads the text with ``nft -f``. The text replaces one table in one transaction, so there is
no moment without rules; connection tracking survives it, so as in Azure a change of rules
touches new connections only.

One chain per group and direction: an allowing rule returns to the caller (the next group must
agree too), a denying one drops without an answer, as Azure does. The platform's endpoints
terminate on the gateway itself, hence the ``input`` chain; everything that no platform rule
denies is left to the gateway's own policy there.

Rules carry a counter and their priority and name as comment: ``nft -j list table inet
azure_nsg`` tells which rule a packet met.
"""

from __future__ import annotations

import json

from fakes.network.addresses import EVERYTHING, Ranges, prefixes
from fakes.network.model import PORTED, PROTOCOLS, Direction, Interface, Protocol, SecurityGroup
from fakes.network.resolve import PLATFORM_ADDRESSES, ResolvedRule, network_ranges, resolve_group

TABLE = "azure_nsg"
GUEST = "guest0"
CLOUD = "cloud0"

_L4: dict[Protocol, str] = {"Tcp": "tcp", "Udp": "udp", "Icmp": "icmp", "Esp": "esp", "Ah": "ah"}
_DIRECTIONS: tuple[Direction, ...] = ("Outbound", "Inbound")


def compile_ruleset(interface: Interface, *, guest: str = GUEST, cloud: str = CLOUD) -> str:
    """Return the ruleset as text for ``nft -f``.

    Args:
        interface: Whose groups to compile.
        guest: The gateway's network interface towards the guest.
        cloud: Its interface towards everything else.

    Raises:
        UnknownTag: A rule names a tag without addresses.
    """
    chains: list[str] = []
    platform: list[str] = []
    jumps: dict[Direction, list[str]] = {"Outbound": [], "Inbound": []}
    for direction in _DIRECTIONS:
        for place, group in _placed(interface, direction):
            rules = resolve_group(group, direction, network_ranges(interface))
            name = f"{direction.lower()}_{place}"
            chains.append(
                _chain(name, group, [one for one in rules if not one.platform], last="counter drop")
            )
            jumps[direction].append(f"jump {name}")
            if direction == "Outbound":
                targeted = [one for one in rules if one.platform]
                chains.append(_chain(f"platform_{place}", group, targeted, last="return"))
                platform.append(f"jump platform_{place}")
    exempt = f"ip daddr {_addresses(PLATFORM_ADDRESSES)}"
    forward = [
        "type filter hook forward priority filter; policy drop;",
        "meta nfproto ipv6 counter drop",
        "ct state established,related counter accept",
        f'iifname "{guest}" oifname "{cloud}" {exempt} goto platform',
        f'iifname "{guest}" oifname "{cloud}" goto outbound',
        f'iifname "{cloud}" oifname "{guest}" goto inbound',
    ]
    gateway = [
        "type filter hook input priority filter; policy accept;",
        "ct state established,related accept",
        f'iifname "{guest}" {exempt} goto platform',
    ]
    body = [
        *chains,
        _block("platform", [*platform, "accept"]),
        _block("outbound", [*jumps["Outbound"], "accept"]),
        _block("inbound", [*jumps["Inbound"], "accept"]),
        _block("forward", forward),
        _block("input", gateway),
    ]
    # An empty table is made first, so that deleting it succeeds the first time too.
    head = f"table inet {TABLE} {{\n}}\ndelete table inet {TABLE}\n"
    return f"{head}table inet {TABLE} {{\n" + "\n".join(body) + "}\n"


def _placed(interface: Interface, direction: Direction) -> list[tuple[str, SecurityGroup]]:
    """Return the groups in the order of the direction, each with where it is associated."""
    both = (("interface", interface.interface_group), ("subnet", interface.subnet_group))
    ordered = both if direction == "Outbound" else both[::-1]
    return [(place, group) for place, group in ordered if group is not None]


def _chain(name: str, group: SecurityGroup, rules: list[ResolvedRule], *, last: str) -> str:
    statements = [f"comment {_quoted(group.name)}"]
    for one in rules:
        verdict = "return" if one.rule.allow else "drop"
        note = _quoted(f"{one.rule.priority} {one.rule.name}")
        statements.extend(f"{match}counter {verdict} comment {note}" for match in _matches(one))
    return _block(name, [*statements, last])


def _matches(one: ResolvedRule) -> list[str]:
    """Return the match expressions of a rule: one at most, none when it can match nothing."""
    if not (one.sources and one.destinations and one.destination_ports and one.source_ports):
        return []
    parts: list[str] = []
    if one.protocols != frozenset(PROTOCOLS):
        names = sorted(_L4[protocol] for protocol in one.protocols)
        parts.append(f"meta l4proto {names[0] if len(names) == 1 else '{ ' + ', '.join(names) + ' }'}")
    if one.sources != EVERYTHING:
        parts.append(f"ip saddr {_addresses(one.sources)}")
    if one.destinations != EVERYTHING:
        parts.append(f"ip daddr {_addresses(one.destinations)}")
    if one.protocols <= PORTED:  # without ports in play the ranges say nothing
        parts.extend(
            f"th {side} {_ports(ports)}"
            for side, ports in (("sport", one.source_ports), ("dport", one.destination_ports))
            if ports != ((0, 65535),)
        )
    return ["".join(f"{part} " for part in parts)]


def _addresses(ranges: Ranges) -> str:
    return "{ " + ", ".join(prefixes(ranges)) + " }"


def _ports(ranges: Ranges) -> str:
    return "{ " + ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges) + " }"


def _quoted(text: str) -> str:
    """Return a comment; nft takes at most 127 bytes and has no escapes."""
    return json.dumps(text.replace('"', "'").replace("\\", "/")[:120])


def _block(name: str, statements: list[str]) -> str:
    return f"  chain {name} {{\n" + "".join(f"    {one}\n" for one in statements) + "  }\n"
