"""Lay the one wire of a guest: a veth pair between its namespace and its gateway's.

Docker's own networks would give the guest a route out of the machine, drop DHCP
broadcasts and let one lab only own 168.63.129.16. So both containers start with no network
and a short-lived helper container creates the pair right inside their two namespaces: it
never exists in the host's own, needs no root of the lab's process, and works whatever the
host's bridge and firewall settings are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.errors import InfrastructureError

if TYPE_CHECKING:
    from docker import APIClient

HELPER_CAPABILITIES = ["NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"]

SCRIPT = """
set -eu
gateway=$1 guest=$2 guest_address=$3 gateway_address=$4 prefix=$5 mac=$6
nsenter -t "$gateway" -n ip link del guest0 2>/dev/null || true
ip link add name guest0 netns "$gateway" type veth peer name eth0 netns "$guest"
nsenter -t "$gateway" -n ip addr add "$gateway_address/$prefix" dev guest0
nsenter -t "$gateway" -n ip link set guest0 up
nsenter -t "$guest" -n sh -eu -c '
  ip link set lo up
  if [ -n "$4" ]; then ip link set eth0 address "$4"; fi
  ip addr add "$1/$3" dev eth0
  ip link set eth0 up
  ip route add 168.63.129.16/32 via "$2"
  ip route add 169.254.169.254/32 via "$2"
  ip route add default via "$2"
' wire "$guest_address" "$gateway_address" "$prefix" "$mac"
"""
"""Run by the helper. Azure's DHCP gives these two host routes (option 121), and the agent
looks for the first one to find its wire server. The guest's init waits for the default
route, which therefore comes last."""


@dataclass(frozen=True)
class Wire:
    """Addresses at both ends of a guest's wire.

    Attributes:
        guest: The guest's IPv4 address, on ``eth0``.
        gateway: The subnet's first address, which Azure keeps for its gateway.
        prefix: Length of the subnet's prefix.
        mac: The network interface's address (``00:0d:3a:...``), or ``""`` for any.
    """

    guest: str = "10.0.0.4"
    gateway: str = "10.0.0.1"
    prefix: int = 24
    mac: str = ""


def running_pid(api: APIClient, container: str) -> int:
    """Return the process id, in the engine's pid namespace, of a container's PID 1.

    Raises:
        InfrastructureError: The container is not running.
    """
    state: dict[str, Any] = api.inspect_container(container)["State"]
    pid = int(state.get("Pid") or 0)
    if not pid:
        raise InfrastructureError(
            f"container {container} is not running: {state.get('Status')}, exit code {state.get('ExitCode')}"
        )
    return pid


def helper_name(gateway: str) -> str:
    """Name of the helper container that lays the wire of a gateway."""
    return f"{gateway}-plumber"


def lay(api: APIClient, *, image: str, gateway: str, guest: str, wire: Wire, labels: dict[str, str]) -> None:
    """Create and configure the wire; an old one of the same gateway goes first.

    Args:
        api: Low-level client of the engine.
        image: Image that has ``ip`` and ``nsenter``: the gateway's.
        gateway: Id or name of the running gateway container.
        guest: Id or name of the running guest container.
        wire: Addresses of both ends.
        labels: Labels of the helper container, so that a reaper finds it. Its name is
            `helper_name`, so that whoever takes the guest down removes it too.

    Raises:
        InfrastructureError: A container is not running, or the helper failed.
    """
    arguments = [
        str(running_pid(api, gateway)),
        str(running_pid(api, guest)),
        wire.guest,
        wire.gateway,
        str(wire.prefix),
        wire.mac,
    ]
    helper = helper_name(gateway)
    api.create_container(
        image,
        name=helper,
        entrypoint=["/bin/sh", "-c", SCRIPT, "lay"],
        command=arguments,
        labels={**labels, "lab.role": "plumber"},
        network_disabled=True,
        host_config=api.create_host_config(
            network_mode="none",
            pid_mode="host",
            cap_drop=["ALL"],
            cap_add=HELPER_CAPABILITIES,
            security_opt=["seccomp=unconfined", "apparmor=unconfined"],
        ),
    )
    try:
        api.start(helper)
        code = int(api.wait(helper)["StatusCode"])
        if code:
            words = api.logs(helper).decode(errors="replace").strip()
            raise InfrastructureError(
                f"the wire between {gateway} and {guest} could not be laid (exit code {code})",
                detail=words,
            )
    finally:
        api.remove_container(helper, force=True, v=True)
