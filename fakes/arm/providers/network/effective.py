"""The evaluator's view of what the store holds: one source for packets and for the portal."""

from __future__ import annotations

from fakes.arm.http import Json
from fakes.arm.providers.network.children import find
from fakes.arm.providers.network.security_groups import to_group
from fakes.arm.store import ResourceStore
from fakes.network.addresses import prefixes
from fakes.network.model import ANY, Direction, Interface, Rule, SecurityGroup
from fakes.network.resolve import network_ranges, resolve_addresses

_PROTOCOLS = {"*": "All"}
DIRECTIONS: tuple[Direction, ...] = ("Inbound", "Outbound")


def interface_view(store: ResourceStore, interface_id: str) -> Interface:
    """Return what decides about the packets of an interface.

    Args:
        store: The resources.
        interface_id: An existing network interface.

    Raises:
        KeyError: There is no such interface.
    """
    interface = store.get(interface_id)
    if interface is None:
        raise KeyError(interface_id)
    configurations = [one["properties"] for one in interface.properties["ipConfigurations"]]
    subnet_id = configurations[0]["subnet"]["id"]
    network = store.get(subnet_id.rsplit("/", 2)[0])
    subnets = network.properties["subnets"] if network else []
    at = find(subnets, subnet_id.rpartition("/")[2])
    return Interface(
        interface.id,
        tuple(one["privateIPAddress"] for one in configurations),
        tuple(network.properties["addressSpace"]["addressPrefixes"]) if network else (),
        subnet_id,
        _group(store, interface.properties),
        _group(store, subnets[at]["properties"]) if at is not None else None,
    )


def _group(store: ResourceStore, properties: Json) -> SecurityGroup | None:
    used = properties.get("networkSecurityGroup")
    found = store.get(used["id"]) if used else None
    return to_group(found) if found else None


def effective_groups(store: ResourceStore, interface_id: str) -> Json:
    """Return the body of ``effectiveNetworkSecurityGroups``.

    Returns:
        ``{"value": [...]}`` with one entry per group on the way, each with its association
        and its rules, tags expanded (REST: EffectiveNetworkSecurityGroupListResult).
    """
    view = interface_view(store, interface_id)
    network = network_ranges(view)
    placed = (
        (view.subnet_group, {"subnet": {"id": view.subnet_id}}),
        (view.interface_group, {"networkInterface": {"id": view.id}}),
    )

    def side(rule: Rule, name: str, wanted: tuple[str, ...]) -> Json:
        whole = wanted == (ANY,)
        shown: Json = {f"{name}AddressPrefixes": ["0.0.0.0/0"] if whole else list(wanted)}
        if len(wanted) == 1:
            shown[f"{name}AddressPrefix"] = "0.0.0.0/0" if whole else wanted[0]
        if not whole and any(not text[0].isdigit() for text in wanted):
            shown[f"expanded{name.capitalize()}AddressPrefix"] = prefixes(resolve_addresses(wanted, network))
        ports = rule.source_ports if name == "source" else rule.destination_ports
        ranges = [f"{low}-{high}" for low, high in ports]
        shown[f"{name}PortRanges"] = ranges
        if len(ranges) == 1:
            shown[f"{name}PortRange"] = ranges[0]
        return shown

    def shown(rule: Rule) -> Json:
        folder = "defaultSecurityRules" if rule.default else "securityRules"
        return {
            "name": f"{folder}/{rule.name}",
            "protocol": _PROTOCOLS.get(rule.protocol, rule.protocol),
            **side(rule, "source", rule.sources),
            **side(rule, "destination", rule.destinations),
            "access": "Allow" if rule.allow else "Deny",
            "priority": rule.priority,
            "direction": rule.direction,
        }

    return {
        "value": [
            {
                "networkSecurityGroup": {"id": group.id},
                "association": association,
                "effectiveSecurityRules": [
                    shown(rule) for direction in DIRECTIONS for rule in group.ordered(direction)
                ],
            }
            for group, association in placed
            if group is not None
        ]
    }
