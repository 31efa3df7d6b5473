"""The evaluator: would this flow pass? Pure; no state, no clock, no sockets."""

from __future__ import annotations

from fakes.network.addresses import address, contains
from fakes.network.model import PORTED, Flow, Interface, Verdict
from fakes.network.resolve import PLATFORM_ADDRESSES, ResolvedRule, network_ranges, resolve_group


def evaluate(interface: Interface, flow: Flow) -> Verdict:
    """Judge the first packet of a connection.

    Every group on the way must allow it; in each, the first rule that matches decides.
    Outbound flows to the platform's own endpoints (168.63.129.16, 169.254.169.254, KMS) pass
    unless a rule that names the platform's tag denies them.

    Args:
        interface: Whose groups decide.
        flow: The packet.

    Raises:
        ValueError: An address of the flow is not IPv4, or a rule names an unknown tag.

    >>> evaluate(Interface("nic", ("10.0.0.4",), ("10.0.0.0/16",)),
    ...          Flow("Outbound", "Tcp", "10.0.0.4", "20.100.0.9", 443)).allow
    True
    """
    network = network_ranges(interface)
    platform = flow.direction == "Outbound" and contains(PLATFORM_ADDRESSES, address(flow.destination))
    verdict = Verdict(True)
    for group in interface.groups(flow.direction):
        rules = resolve_group(group, flow.direction, network)
        match = next((one for one in rules if one.platform == platform and matches(one, flow)), None)
        if match is None:
            if platform:
                continue
            return Verdict(False, "", group.id)
        verdict = Verdict(match.rule.allow, match.rule.name, group.id)
        if not verdict.allow:
            return verdict
    return verdict


def matches(rule: ResolvedRule, flow: Flow) -> bool:
    """Tell whether a rule's five-tuple covers a flow; its direction is not looked at."""
    if flow.protocol not in rule.protocols:
        return False
    if not contains(rule.sources, address(flow.source)):
        return False
    if not contains(rule.destinations, address(flow.destination)):
        return False
    if flow.protocol not in PORTED:
        return True
    return contains(rule.source_ports, flow.source_port) and contains(
        rule.destination_ports, flow.destination_port
    )
