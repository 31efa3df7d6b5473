"""The ruleset: its text, nft's opinion of it, and what the kernel does with real packets."""

import contextlib
import ctypes
import itertools
import os
import random
import select
import socket
import subprocess
import threading
import uuid
from pathlib import Path

import pytest

from fakes.network.evaluate import evaluate
from fakes.network.model import Flow, Interface, Rule, SecurityGroup
from fakes.network.nft import compile_ruleset
from fakes.network.service_tags import endpoint_address

GUEST, STORAGE = "10.0.0.4", endpoint_address("Storage", "westeurope", "disks")
DEFAULTS = (
    Rule(
        "AllowVnetInBound", 65000, "Inbound", True, "*", ("VirtualNetwork",), destinations=("VirtualNetwork",)
    ),
    Rule("DenyAllInBound", 65500, "Inbound", False),
    Rule("AllowInternetOutBound", 65001, "Outbound", True, destinations=("Internet",)),
    Rule("DenyAllOutBound", 65500, "Outbound", False),
)


def view(*nic_rules, subnet=()):
    def group(name, rules):
        return SecurityGroup(f"/nsgs/{name}", (*rules, *DEFAULTS))

    return Interface(
        "/nic", (GUEST,), ("10.0.0.0/16",), "/sub", group("nic", nic_rules), group("sub", subnet)
    )


def nft(text, *arguments, prefix=()):
    return subprocess.run(
        [*prefix, "nft", *arguments, "-f", "-"], input=text, text=True, capture_output=True, check=False
    )


def test_the_text_replaces_one_table_and_names_every_rule():
    text = compile_ruleset(
        view(Rule("Storage", 100, "Outbound", True, "Tcp", destinations=("Storage.WestEurope",)))
    )
    assert text.startswith("table inet azure_nsg {\n}\ndelete table inet azure_nsg\ntable inet azure_nsg {")
    assert 'meta l4proto tcp ip daddr { 20.100.0.0/20 } counter return comment "100 Storage"' in text
    assert text.count('comment "65500 DenyAllOutBound"') == 2  # one chain per group
    assert "chain fwd" not in text


def test_a_rule_that_can_match_nothing_is_left_out():
    blind = Rule(
        "NoDns", 100, "Outbound", False, destinations=("AzurePlatformDNS",), destination_ports=((80, 80),)
    )
    assert "NoDns" not in compile_ruleset(view(blind))


HARD = [
    view(),
    Interface("/nic", (GUEST,), ("10.0.0.0/16",)),
    view(Rule('odd "name"\\', 100, "Outbound", False, destinations=("Internet",)), subnet=[
        Rule("x" * 80, 4096, "Inbound", True, "Udp", ("10.0.0.0/8", "10.1.0.0/16", "8.8.8.8"), ((1, 5), (3, 9)),
             destination_ports=((0, 0), (65535, 65535))),
        Rule("esp", 100, "Outbound", True, "Esp"), Rule("ah", 101, "Outbound", True, "Ah"),
        Rule("icmp", 102, "Outbound", False, "Icmp", destinations=("AzureCloud",)),
        Rule("dns", 103, "Outbound", False, destinations=("AzurePlatformDNS",)),
        Rule("kms", 104, "Outbound", False, "Tcp", destinations=("AzurePlatformLKM",)),
    ]),
]  # fmt: skip


@pytest.mark.kernel
@pytest.mark.parametrize("interface", HARD, ids=["defaults", "no groups", "everything"])
def test_nft_accepts_the_text(interface):
    checked = nft(compile_ruleset(interface), "-c")
    assert (checked.returncode, checked.stderr) == (0, "")


# -- real packets --------------------------------------------------------------------------
_libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000


def in_namespace(name, work):
    """Run work() in a thread that is in a network namespace; its sockets stay there."""
    results, errors = [], []

    def run():
        try:
            with Path("/run/netns", name).open("rb") as handle:
                assert _libc.setns(handle.fileno(), CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the test's thread
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def world():
    """guest (10.0.0.4) - gateway (forwards) - cloud, which owns every other address."""
    tag = uuid.uuid4().hex[:6]
    guest, gateway, cloud = (f"lab{tag}{part}" for part in "abc")
    with contextlib.ExitStack() as stack:
        for one in (guest, gateway, cloud):
            ip("netns", "add", one)
            stack.callback(ip, "netns", "del", one)
            ip("-n", one, "link", "set", "lo", "up")
        ip("link", "add", "eth0", "netns", guest, "type", "veth", "peer", "name", "guest0", "netns", gateway)
        ip("link", "add", "cloud0", "netns", gateway, "type", "veth", "peer", "name", "eth0", "netns", cloud)
        for space, link, address in (
            (guest, "eth0", f"{GUEST}/24"), (gateway, "guest0", "10.0.0.1/24"),
            (gateway, "cloud0", "100.64.0.1/30"), (cloud, "eth0", "100.64.0.2/30"),
        ):  # fmt: skip
            ip("-n", space, "addr", "add", address, "dev", link)
            ip("-n", space, "link", "set", link, "up")
        ip("-n", guest, "route", "add", "default", "via", "10.0.0.1")
        ip("-n", gateway, "route", "add", "default", "via", "100.64.0.2")
        ip("-n", cloud, "route", "add", "10.0.0.0/24", "via", "100.64.0.1")
        ip("-n", cloud, "route", "add", "local", "0.0.0.0/0", "dev", "lo")
        subprocess.run(["ip", "netns", "exec", gateway, "sysctl", "-qw", "net.ipv4.ip_forward=1",
                        "net.ipv4.conf.all.rp_filter=0"], check=True)  # fmt: skip
        yield guest, gateway, cloud


def udp(address, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return sock


def drain(sock, quiet):
    seen = set()
    while select.select([sock], [], [], quiet)[0]:
        seen.add(sock.recv(100))
    return seen


REMOTE = [STORAGE, "8.8.8.8", "10.0.7.7", "192.168.5.5", "23.102.135.246"]
PORTS = [53, 443, 1688, 8080]


def random_rules(rng):
    prefixes = ["*", "Internet", "Storage", "Storage.EastUS", "VirtualNetwork", "8.8.8.8", "192.168.0.0/16",
                "AzurePlatformLKM", "8.0.0.0/7"]  # fmt: skip
    some = []
    for priority in rng.sample(range(100, 120), 5):
        direction = rng.choice(["Outbound", "Outbound", "Inbound"])
        inbound = direction == "Inbound"
        far, near = (rng.choice(prefixes[: -2 if inbound else None]),), rng.choice([("*",), (f"{GUEST}/32",)])
        if far == ("AzurePlatformLKM",) and inbound:
            far = ("*",)
        some.append(
            Rule(f"r{priority}", priority, direction, rng.random() < 0.5, rng.choice(["*", "Udp", "Tcp"]),
                 far if inbound else near, ((0, 65535),), near if inbound else far,
                 rng.choice([((0, 65535),), ((443, 443),), ((50, 500), (1688, 1688))]))
        )  # fmt: skip
    return some


@pytest.mark.kernel
@pytest.mark.parametrize("seed", range(12))
def test_the_kernel_agrees_with_the_evaluator(world, seed):
    guest, gateway, cloud = world
    rng = random.Random(seed)
    interface = view(*random_rules(rng), subnet=random_rules(rng))
    loaded = nft(compile_ruleset(interface), prefix=["ip", "netns", "exec", gateway])
    assert loaded.stderr == ""
    subprocess.run(
        ["ip", "netns", "exec", gateway, "nft", "reset", "counters"], check=False, capture_output=True
    )
    with contextlib.ExitStack() as stack:
        sender = stack.enter_context(in_namespace(guest, lambda: udp(GUEST, 20000 + seed)))
        listeners = [
            stack.enter_context(in_namespace(cloud, lambda port=port: udp("0.0.0.0", port))) for port in PORTS
        ]
        for destination, port in itertools.product(REMOTE, PORTS):
            sender.sendto(f"{destination} {port}".encode(), (destination, port))
        arrived = set().union(*(drain(one, 0.05) for one in listeners))
        inbound = [
            stack.enter_context(in_namespace(guest, lambda port=port: udp(GUEST, port))) for port in PORTS
        ]
        far = [
            stack.enter_context(in_namespace(cloud, lambda address=address: udp(address, 30000 + seed)))
            for address in REMOTE
        ]
        for sock, port in itertools.product(far, PORTS):
            sock.sendto(f"{sock.getsockname()[0]} {port} in".encode(), (GUEST, port))
        entered = set().union(*(drain(one, 0.05) for one in inbound))
    for remote, port in itertools.product(REMOTE, PORTS):
        out = Flow("Outbound", "Udp", GUEST, remote, port, 20000 + seed)
        assert (f"{remote} {port}".encode() in arrived) == evaluate(interface, out).allow, out
        back = Flow("Inbound", "Udp", remote, GUEST, port, 30000 + seed)
        assert (f"{remote} {port} in".encode() in entered) == evaluate(interface, back).allow, back


@pytest.mark.kernel
def test_a_group_without_a_rule_for_a_packet_lets_nothing_through(world):
    guest, gateway, cloud = world
    only = (Rule("AllowWeb", 100, "Outbound", True, "Udp", destination_ports=((443, 443),)),)
    bare = Interface("/nic", (GUEST,), ("10.0.0.0/16",), "/sub", SecurityGroup("/nsgs/bare", only))
    assert nft(compile_ruleset(bare), prefix=["ip", "netns", "exec", gateway]).stderr == ""
    with contextlib.ExitStack() as stack:
        sender = stack.enter_context(in_namespace(guest, lambda: udp(GUEST, 0)))
        listeners = [
            stack.enter_context(in_namespace(cloud, lambda port=port: udp("0.0.0.0", port))) for port in PORTS
        ]
        for port in PORTS:
            sender.sendto(str(port).encode(), (STORAGE, port))
        assert set().union(*(drain(one, 0.05) for one in listeners)) == {b"443"}
    for port in PORTS:
        assert evaluate(bare, Flow("Outbound", "Udp", GUEST, STORAGE, port)).allow is (port == 443)


def test_ipv6_is_dropped_before_anything_else_is_looked_at():
    text = compile_ruleset(Interface("/nic", (GUEST,), ("10.0.0.0/16",)))
    forward = text[text.index("chain forward") :].split("}")[0].splitlines()
    assert forward[2].strip() == "meta nfproto ipv6 counter drop"


@pytest.mark.kernel
def test_a_change_of_rules_touches_new_connections_only(world):
    guest, gateway, cloud = world
    deny = Rule("DenyInternet", 100, "Outbound", False, destinations=("Internet",))

    def load(interface):
        assert nft(compile_ruleset(interface), prefix=["ip", "netns", "exec", gateway]).stderr == ""

    load(view())
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(in_namespace(cloud, lambda: socket.create_server(("0.0.0.0", 443))))
        old = stack.enter_context(
            in_namespace(guest, lambda: socket.create_connection((STORAGE, 443), timeout=5))
        )
        accepted = stack.enter_context(server.accept()[0])
        load(view(deny))
        old.sendall(b"still here")
        accepted.settimeout(5)
        assert accepted.recv(100) == b"still here"
        with pytest.raises(TimeoutError):
            in_namespace(guest, lambda: socket.create_connection((STORAGE, 443), timeout=0.3))
        load(view(deny, Rule("AllowStorage", 90, "Outbound", True, "Tcp", destinations=("Storage",))))
        in_namespace(guest, lambda: socket.create_connection((STORAGE, 443), timeout=5)).close()


@pytest.mark.kernel
def test_the_platform_on_the_gateway_is_closed_by_its_own_tag_only(world):
    guest, gateway, _ = world
    subprocess.run(["ip", "-n", gateway, "addr", "replace", "168.63.129.16/32", "dev", "lo"], check=True)
    everything = Rule("DenyAll", 100, "Outbound", False)
    dns = Rule("NoDns", 100, "Outbound", False, destinations=("AzurePlatformDNS",))
    with contextlib.ExitStack() as stack:
        wire, resolver = (
            stack.enter_context(in_namespace(gateway, lambda port=port: udp("168.63.129.16", port)))
            for port in (80, 53)
        )
        for rule, open_ports in ((everything, {80, 53}), (dns, {80})):
            loaded = nft(compile_ruleset(view(rule)), prefix=["ip", "netns", "exec", gateway])
            assert loaded.stderr == ""
            with in_namespace(guest, lambda: udp(GUEST, 0)) as sender:
                for port in (80, 53):
                    sender.sendto(b"x", ("168.63.129.16", port))
            reached = {port for port, sock in ((80, wire), (53, resolver)) if drain(sock, 0.05)}
            assert reached == open_ports
