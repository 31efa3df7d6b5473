"""Network namespaces, addresses and the wire between the gateway and the cloud side."""

from __future__ import annotations

import ctypes
import os
import subprocess

CLONE_NEWNET = 0x40000000

PLATFORM_ADDRESSES = ("168.63.129.16", "169.254.169.254")
GATEWAY_END = "100.64.0.1"
CLOUD_END = "100.64.0.2"
VIRTUAL_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""Where guests live: the address space that Azure allows a virtual network (RFC 1918)."""


def ip(*arguments: str) -> None:
    """Run ``ip``; a failure ends the gateway with ip's own words."""
    result = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"ip {' '.join(arguments)}: {result.stderr.strip()}")


def unshare_network() -> None:
    """Move this process into a new, empty network namespace (needs CAP_SYS_ADMIN)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"unshare(CLONE_NEWNET): {os.strerror(error)}")


def set_up_gateway(cloud_pid: int) -> None:
    """Give the gateway the platform's addresses and a wire to the cloud's namespace."""
    ip("link", "set", "lo", "up")
    for address in PLATFORM_ADDRESSES:
        ip("addr", "add", f"{address}/32", "dev", "lo")
    ip("link", "add", "cloud0", "type", "veth", "peer", "name", "eth0", "netns", str(cloud_pid))
    ip("addr", "add", f"{GATEWAY_END}/30", "dev", "cloud0")
    ip("link", "set", "cloud0", "up")
    ip("route", "add", "default", "via", CLOUD_END)


def set_up_cloud() -> None:
    """Configure the cloud's end of that wire; runs in the cloud's namespace."""
    ip("link", "set", "lo", "up")
    ip("addr", "add", f"{CLOUD_END}/30", "dev", "eth0")
    ip("link", "set", "eth0", "up")
    for prefix in VIRTUAL_NETWORKS:
        ip("route", "add", prefix, "via", GATEWAY_END)
    # An address that nobody serves stays silent, as the Internet would, and a packet to it
    # must not travel back and forth between the two namespaces.
    ip("route", "add", "blackhole", "default")
