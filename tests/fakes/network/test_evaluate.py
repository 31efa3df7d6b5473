"""The evaluator against the documented examples, and against an independent reimplementation."""

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.network.evaluate import evaluate
from fakes.network.model import Flow, Interface, Rule, SecurityGroup
from fakes.network.service_tags import endpoint_address

STORAGE = endpoint_address("Storage", "westeurope", "disks")
GUEST = "10.0.0.4"
DEFAULTS = (
    Rule(
        "AllowVnetInBound", 65000, "Inbound", True, "*", ("VirtualNetwork",), destinations=("VirtualNetwork",)
    ),
    Rule("AllowAzureLoadBalancerInBound", 65001, "Inbound", True, "*", ("AzureLoadBalancer",)),
    Rule("DenyAllInBound", 65500, "Inbound", False),
    Rule(
        "AllowVnetOutBound",
        65000,
        "Outbound",
        True,
        "*",
        ("VirtualNetwork",),
        destinations=("VirtualNetwork",),
    ),
    Rule("AllowInternetOutBound", 65001, "Outbound", True, destinations=("Internet",)),
    Rule("DenyAllOutBound", 65500, "Outbound", False),
)


def group(name, *rules):
    return SecurityGroup(f"/nsgs/{name}", (*rules, *DEFAULTS))


def interface(nic=None, subnet=None):
    return Interface("/nic", (GUEST,), ("10.0.0.0/16",), "/subnet", nic, subnet)


def out(destination=STORAGE, port=443, protocol="Tcp"):
    return Flow("Outbound", protocol, GUEST, destination, port)


def deny(name, priority, *destinations, **more):
    return Rule(name, priority, "Outbound", False, destinations=destinations or ("*",), **more)


def allow(name, priority, *destinations, **more):
    return Rule(name, priority, "Outbound", True, destinations=destinations or ("*",), **more)


def test_without_groups_everything_passes():
    assert evaluate(interface(), out()).allow


def test_default_rules_let_out_and_keep_out():
    view = interface(group("n"))
    assert evaluate(view, out()).rule == "AllowInternetOutBound"
    assert evaluate(view, out("10.0.9.9")).rule == "AllowVnetOutBound"
    assert evaluate(view, out("192.168.1.1")).rule == "DenyAllOutBound"
    assert evaluate(view, Flow("Inbound", "Tcp", "8.8.8.8", GUEST, 22)).rule == "DenyAllInBound"
    assert evaluate(view, Flow("Inbound", "Tcp", "10.0.0.9", GUEST, 22)).rule == "AllowVnetInBound"


def test_storage_is_part_of_the_internet_and_a_higher_priority_lets_it_through():
    blocked = group("n", deny("DenyInternet", 200, "Internet"))
    assert evaluate(interface(blocked), out()).rule == "DenyInternet"
    late = group("n", deny("DenyInternet", 200, "Internet"), allow("Late", 300, "Storage"))
    assert not evaluate(interface(late), out()).allow
    cured = group("n", deny("DenyInternet", 200, "Internet"), allow("Storage", 100, "Storage.WestEurope"))
    assert evaluate(interface(cured), out()).rule == "Storage"
    elsewhere = group("n", deny("DenyInternet", 200, "Internet"), allow("Storage", 100, "Storage.EastUS"))
    assert not evaluate(interface(elsewhere), out()).allow


def test_both_groups_must_allow_and_the_interface_is_met_first_on_the_way_out():
    nic, subnet = group("nic", deny("NicDeny", 100)), group("subnet", deny("SubnetDeny", 100))
    assert evaluate(interface(nic, subnet), out()).rule == "NicDeny"
    assert evaluate(interface(group("nic"), subnet), out()).rule == "SubnetDeny"
    inbound = Flow("Inbound", "Tcp", "8.8.8.8", GUEST, 22)
    assert evaluate(interface(nic, subnet), inbound).group == "/nsgs/subnet"


@pytest.mark.parametrize("address", ["168.63.129.16", "169.254.169.254", "23.102.135.246"])
def test_the_platform_is_out_of_reach_of_ordinary_rules(address):
    view = interface(group("n", deny("DenyAll", 100)), group("s", deny("DenyAll", 100)))
    assert evaluate(view, out(address, 80)).allow
    assert evaluate(view, out(address, 53, "Udp")).allow


def test_the_platform_tags_reach_their_own_endpoint_only():
    view = interface(
        group("n", deny("NoDns", 100, "AzurePlatformDNS"), deny("NoImds", 110, "AzurePlatformIMDS"))
    )
    assert not evaluate(view, out("168.63.129.16", 53, "Udp")).allow
    assert evaluate(view, out("168.63.129.16", 80)).allow  # the agent's channel
    assert evaluate(view, out("168.63.129.16", 32526)).allow
    assert not evaluate(view, out("169.254.169.254", 80)).allow
    assert evaluate(view, out("23.102.135.246", 1688)).allow
    kms = interface(group("n", deny("NoKms", 100, "AzurePlatformLKM")))
    assert not evaluate(kms, out("23.102.135.246", 1688)).allow


def test_probes_of_the_load_balancer_are_filtered_like_any_inbound_packet():
    probe = Flow("Inbound", "Tcp", "168.63.129.16", GUEST, 80)
    assert evaluate(interface(group("n")), probe).rule == "AllowAzureLoadBalancerInBound"
    closed = group("n", Rule("NoProbes", 4000, "Inbound", False))
    assert evaluate(interface(closed), probe).rule == "NoProbes"


def test_ports_matter_to_tcp_and_udp_only():
    only_web = group("n", allow("Web", 100, destination_ports=((443, 443),)), deny("Rest", 200))
    assert evaluate(interface(only_web), out(port=443)).rule == "Web"
    assert evaluate(interface(only_web), out(port=80)).rule == "Rest"
    assert evaluate(interface(only_web), out(port=0, protocol="Icmp")).rule == "Rest"


# -- against an independent reimplementation ---------------------------------------------
# Addresses: one per class that tags and prefixes tell apart.
ADDRESSES = [
    GUEST,
    "10.0.1.9",
    "10.9.0.1",
    STORAGE,
    "8.8.8.8",
    "192.168.0.9",
    "168.63.129.16",
    "169.254.169.254",
]
PREFIXES = ["*", "10.0.0.0/24", "10.0.0.0/16", "8.8.8.8", "0.0.0.0/0", "8.0.0.0/7", "VirtualNetwork", "Internet",
            "Storage", "Storage.WestEurope", "AzureCloud", "AzureLoadBalancer", "AzurePlatformDNS",
            "AzurePlatformIMDS"]  # fmt: skip
ports = st.sampled_from([((0, 65535),), ((443, 443),), ((50, 90),), ((53, 53), (443, 500))])
rules = st.builds(
    Rule,
    name=st.uuids().map(str),
    priority=st.integers(100, 110),
    direction=st.sampled_from(["Inbound", "Outbound"]),
    allow=st.booleans(),
    protocol=st.sampled_from(["*", "Tcp", "Udp", "Icmp"]),
    sources=st.tuples(st.sampled_from([one for one in PREFIXES if "Platform" not in one])),
    source_ports=ports,
    destinations=st.tuples(st.sampled_from(PREFIXES)),
    destination_ports=ports,
)
groups = st.none() | st.lists(rules, max_size=6, unique_by=lambda one: (one.priority, one.direction)).map(
    lambda some: group("g", *some)
)
flows = st.builds(
    Flow,
    st.sampled_from(["Inbound", "Outbound"]),
    st.sampled_from(["Tcp", "Udp", "Icmp"]),
    st.sampled_from(ADDRESSES),
    st.sampled_from(ADDRESSES),
    st.sampled_from([53, 80, 443, 450, 60000]),
    st.sampled_from([60, 443, 50000]),
)


def brute_in(text, address):
    """Whether an address is in a prefix or tag, said a second time and without the product's tables."""
    ip = ipaddress.ip_address(address)
    if text == "*":
        return True
    if text[0].isdigit():
        return ip in ipaddress.ip_network(text)
    vnet = ip in ipaddress.ip_network("10.0.0.0/16")
    platform = str(ip) == "168.63.129.16"
    return {
        "VirtualNetwork": vnet,
        "Internet": ip.is_global and not platform,
        "Storage": address == STORAGE,
        "Storage.WestEurope": address == STORAGE,
        "AzureCloud": address == STORAGE,
        "AzureLoadBalancer": platform,
        "AzurePlatformDNS": platform,
        "AzurePlatformIMDS": str(ip) == "169.254.169.254",
    }[text]


def brute_group(some, flow):
    """True, False, or None when no rule of the group concerns the flow."""
    endpoint = flow.direction == "Outbound" and flow.destination in {"168.63.129.16", "169.254.169.254"}
    for rule in sorted(some.rules, key=lambda one: one.priority):
        tag = rule.destinations[0]
        targets = tag.startswith("AzurePlatform")
        if rule.direction != flow.direction or targets != endpoint:
            continue
        if rule.protocol not in {"*", flow.protocol}:
            continue
        if not (brute_in(rule.sources[0], flow.source) and brute_in(tag, flow.destination)):
            continue
        fits = any(a <= flow.destination_port <= b for a, b in rule.destination_ports)
        if targets:
            fits &= flow.destination_port == (53 if tag.endswith("DNS") else 80)
        fits &= any(a <= flow.source_port <= b for a, b in rule.source_ports)
        if flow.protocol == "Icmp":
            whole = rule.source_ports == rule.destination_ports == ((0, 65535),) and not targets
            fits = whole or rule.protocol == "Icmp"
        if fits:
            return rule.allow
    return None if endpoint else False


@settings(max_examples=500, deadline=None)
@given(groups, groups, flows)
def test_it_agrees_with_a_second_implementation(nic, subnet, flow):
    expected = all(brute_group(one, flow) is not False for one in (nic, subnet) if one is not None)
    assert evaluate(interface(nic, subnet), flow).allow == expected
