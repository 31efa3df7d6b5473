"""From names to numbers: a rule whose prefixes and tags have become address ranges.

The evaluator, the nftables compiler and the effective rules all read this one form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fakes.network.addresses import EVERYTHING, Ranges, parse_prefix, union
from fakes.network.model import ANY, PORTED, PROTOCOLS, Interface, Protocol, Rule, SecurityGroup
from fakes.network.service_tags import PLATFORM_TAGS, addresses_of, canonical

_PLATFORM_NAMES = frozenset(PLATFORM_TAGS)

PLATFORM_ADDRESSES: Ranges = union(
    parse_prefix(host) for host in ("168.63.129.16", "169.254.169.254", *PLATFORM_TAGS["AzurePlatformLKM"][0])
)


@dataclass(frozen=True)
class ResolvedRule:
    """A rule in numbers.

    Attributes:
        rule: The rule as it was written.
        protocols: The protocols it matches.
        sources: Addresses.
        source_ports: Ports, looked at for Tcp and Udp only.
        destinations: Addresses.
        destination_ports: Ports.
        platform: Whether it names a platform tag: it then decides about the platform's
            endpoints, and about nothing else.
    """

    rule: Rule
    protocols: frozenset[Protocol]
    sources: Ranges
    source_ports: Ranges
    destinations: Ranges
    destination_ports: Ranges
    platform: bool


def is_platform_tag(text: str) -> bool:
    """Tell whether a rule's destination is one of the platform's tags."""
    return text.lower() in {name.lower() for name in _PLATFORM_NAMES}


def resolve_rule(rule: Rule, virtual_network: Ranges) -> ResolvedRule:
    """Put a rule into numbers.

    Raises:
        UnknownTag: A tag is not known or has no addresses.
    """
    ports = union(rule.destination_ports)
    platform = [canonical(one) for one in rule.destinations if is_platform_tag(one)]
    if platform:
        # The tag is the endpoint: DNS on 168.63.129.16 is port 53, the agent's port 80 is not.
        wanted = union((port, port) for port in (PLATFORM_TAGS[name][1] for name in platform))
        ports = tuple((low, high) for low, high in wanted if any(a <= low and high <= b for a, b in ports))
    source_ports = union(rule.source_ports)
    return ResolvedRule(
        rule,
        _protocols(rule, source_ports == union(((0, 65535),)) and ports == union(((0, 65535),))),
        resolve_addresses(rule.sources, virtual_network),
        source_ports,
        resolve_addresses(platform or rule.destinations, virtual_network),
        ports,
        bool(platform),
    )


def resolve_addresses(texts: Iterable[str], virtual_network: Ranges) -> Ranges:
    """Return the addresses of prefixes, tags and ``*``."""
    found: list[tuple[int, int]] = []
    for text in texts:
        if text == ANY:
            return EVERYTHING
        found.extend([parse_prefix(text)] if text[:1].isdigit() else addresses_of(text, virtual_network))
    return union(found)


def resolve_group(group: SecurityGroup, direction: str, virtual_network: Ranges) -> list[ResolvedRule]:
    """Return the rules of a group in the order of trial."""
    assert direction in {"Inbound", "Outbound"}
    ordered = group.ordered("Inbound" if direction == "Inbound" else "Outbound")
    return [resolve_rule(rule, virtual_network) for rule in ordered]


def network_ranges(interface: Interface) -> Ranges:
    """Return the address space behind the tag VirtualNetwork for an interface."""
    return union(parse_prefix(prefix) for prefix in interface.virtual_network)


def _protocols(rule: Rule, all_ports: bool) -> frozenset[Protocol]:
    """Return what a rule matches: any protocol with particular ports can only mean those with ports."""
    if rule.protocol == "*":
        return frozenset(PROTOCOLS) if all_ports else PORTED
    return frozenset({rule.protocol})
