"""Rules, groups, interfaces, flows and verdicts: the words the evaluator speaks.

Semantics after learn.microsoft.com, "Network security groups" and "How network security groups
filter network traffic".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["Inbound", "Outbound"]
Protocol = Literal["Tcp", "Udp", "Icmp", "Esp", "Ah"]
PROTOCOLS: tuple[Protocol, ...] = ("Tcp", "Udp", "Icmp", "Esp", "Ah")
PORTED: frozenset[Protocol] = frozenset({"Tcp", "Udp"})
"""The protocols that have ports."""

ANY: Literal["*"] = "*"
ALL_PORTS: tuple[tuple[int, int], ...] = ((0, 65535),)


@dataclass(frozen=True)
class Rule:
    """One security rule.

    Attributes:
        name: Its name.
        priority: 100 to 4096, default rules above; the lowest that matches decides.
        direction: Which packets it looks at.
        allow: Whether it lets them pass.
        protocol: A protocol, or ``*``.
        sources: Prefixes, addresses, one service tag, or ``*``.
        source_ports: Closed port ranges.
        destinations: As ``sources``.
        destination_ports: Closed port ranges.
        default: Whether Azure made it.
    """

    name: str
    priority: int
    direction: Direction
    allow: bool
    protocol: Protocol | Literal["*"] = ANY
    sources: tuple[str, ...] = (ANY,)
    source_ports: tuple[tuple[int, int], ...] = ALL_PORTS
    destinations: tuple[str, ...] = (ANY,)
    destination_ports: tuple[tuple[int, int], ...] = ALL_PORTS
    default: bool = False


@dataclass(frozen=True)
class SecurityGroup:
    """A network security group: its id, and its rules with the default rules."""

    id: str
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """The last part of the id."""
        return self.id.rsplit("/", 1)[-1]

    def ordered(self, direction: Direction) -> list[Rule]:
        """Return the rules of a direction in the order in which they are tried."""
        return sorted(
            (rule for rule in self.rules if rule.direction == direction), key=lambda one: one.priority
        )


@dataclass(frozen=True)
class Interface:
    """What decides about the packets of one network interface.

    Attributes:
        id: The interface's id.
        addresses: Its private addresses.
        virtual_network: Address prefixes of its virtual network and of what is peered with it.
        interface_group: The group associated with it, if any.
        subnet_id: Its subnet's id.
        subnet_group: The group associated with its subnet, if any.
    """

    id: str
    addresses: tuple[str, ...]
    virtual_network: tuple[str, ...]
    subnet_id: str = ""
    interface_group: SecurityGroup | None = None
    subnet_group: SecurityGroup | None = None

    def groups(self, direction: Direction) -> list[SecurityGroup]:
        """Return the groups in the order in which a packet meets them.

        Outbound packets meet the interface's group first, inbound ones the subnet's.
        """
        both = (self.interface_group, self.subnet_group)
        return [one for one in (both if direction == "Outbound" else both[::-1]) if one is not None]


@dataclass(frozen=True)
class Flow:
    """The first packet of a connection: replies need no rule, groups are stateful.

    Attributes:
        direction: Seen from the interface.
        protocol: A protocol.
        source: Address.
        destination: Address.
        destination_port: 0 for a protocol without ports.
        source_port: Likewise.
    """

    direction: Direction
    protocol: Protocol
    source: str
    destination: str
    destination_port: int = 0
    source_port: int = 49152


@dataclass(frozen=True)
class Verdict:
    """What becomes of a flow.

    Attributes:
        allow: Whether it passes.
        rule: The rule that decided: the one that denied it or, when it passes, the last
            that allowed it; ``""`` when no group looks at it.
        group: The id of that rule's group.
    """

    allow: bool
    rule: str = ""
    group: str = ""
