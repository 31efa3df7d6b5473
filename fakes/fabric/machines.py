"""Adds one machine to a fabric: its agent's services and, on Windows, the host itself."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fakes.fabric.config import HostConfig
from fakes.fabric.guestwire import GuestWire
from fakes.fabric.serving import serving, tcp_socket, unix_socket
from fakes.network.service_tags import INSTANCE_METADATA, WIRE_SERVER
from fakes.wireserver.app import wire_app
from fakes.wireserver.blobs import StatusBlobs
from fakes.wireserver.hostga import hostga_app
from fakes.wireserver.imds import imds_app

if TYPE_CHECKING:
    from fakes.fabric.fabric import Fabric

WIRE_PORT, HOSTGA_PORT, METADATA_PORT, HTTPS_PORT = 80, 32526, 80, 443


@dataclass(frozen=True)
class GuestPlace:
    """Where a machine is put: the fabric, and what machines share in it.

    Attributes:
        fabric: Whose machine it becomes.
        stack: What is to be undone at the end.
        facts: Ids of the landscape.
        blobs: The status blobs.
        names: Host name -> address, as the virtual network's name server tells them.
        storage: The storage endpoint's address in Azure, and Azurite's port on loopback.
    """

    fabric: Fabric
    stack: AsyncExitStack
    facts: dict[str, str]
    blobs: StatusBlobs
    names: dict[str, str]
    storage: tuple[str, int]

    def agent_apps(self, os: str) -> dict[str, Any]:
        """Return wire server, HostGAPlugin and metadata service of the VM, by socket name."""
        from fakes.extension.packages import packages

        fabric, vm_id = self.fabric, self.facts["vm_id"]
        goal_state = fabric.goal_states.add(vm_id, self.blobs.uri(vm_id))

        async def fetch(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
            return await self.blobs.fetch(vm_id, method, url, headers, body)

        def received(document: bytes) -> Any:
            return self.blobs.received(vm_id, document)

        compute, network = metadata(fabric, self.facts)
        return {
            "wire": wire_app(
                goal_state, packages(os), fabric.not_simulated, lambda: fabric.monitor.contact(vm_id)
            ),
            "hostga": hostga_app(vm_id, fetch, received, fabric.not_simulated),
            "imds": imds_app(compute, network, fabric.not_simulated),
        }


async def add_windows(place: GuestPlace, name: str, config: HostConfig) -> dict[str, Any]:
    """Start a simulated Windows host (or take a real one) and its courier.

    Returns:
        How the harness reaches it: ``http``, ``https``, ``user``, ``password``.
    """
    fabric, stack = place.fabric, place.stack
    urls = {}
    for key, app in place.agent_apps(config.os).items():
        urls[key] = await stack.enter_async_context(serving(app, tcp_socket()))
    if config.kind == "real":
        reached = {"http": config.url, "https": "", "user": config.user, "password": config.password}
        fabric.parts[f"{name} (Windows)"] = "real: a host reached over WinRM"
    else:
        reached = await asyncio.to_thread(_simulate, place, name, urls)
        fabric.parts[f"{name} (Windows)"] = (
            "emulated: real WinRM and NTLM in front of a model of Windows Server 2019"
        )
    _send_courier(place, config, reached, urls)
    fabric.parts["guest agent"] = "emulated: a courier that acts while the host's agent service runs"
    fabric.parts["backup extension"] = "emulated: a PowerShell script run over WinRM"
    return reached


def _simulate(place: GuestPlace, name: str, urls: dict[str, str]) -> dict[str, Any]:
    from fakes.fabric.hostnet import HostWire
    from fakes.fabric.listeners import listen
    from fakes.windows.model.host import Host

    fabric, identity = place.fabric, place.fabric.config.identity
    address, azurite = place.storage
    services = {
        (WIRE_SERVER, WIRE_PORT): _endpoint(urls["wire"]),
        (WIRE_SERVER, HOSTGA_PORT): _endpoint(urls["hostga"]),
        (INSTANCE_METADATA, METADATA_PORT): _endpoint(urls["imds"]),
        (address, HTTPS_PORT): ("127.0.0.1", azurite),
    }
    wire = HostWire(
        fabric.plane.store,
        place.facts["nic_id"],
        place.names,
        services,
        fabric.authority.client_context(),
        fabric.clock,
    )
    host = Host.server_2019(
        identity.computer_name,
        clock=fabric.clock,
        not_simulated=fabric.not_simulated,
        network=wire,
        seed=fabric.config.seed,
    )
    host.users.add(identity.admin_user, identity.admin_password, groups=["Administrators"])
    host.mark_baseline()
    fabric.machines[name] = host
    listener, listens_on = listen(host, fabric.authority)
    place.stack.callback(listener.stop)
    return {
        "http": listener.http_url,
        "https": listener.https_url,
        "address": listens_on,
        "user": identity.admin_user,
        "password": identity.admin_password,
    }


def _send_courier(
    place: GuestPlace, config: HostConfig, reached: dict[str, Any], urls: dict[str, str]
) -> None:
    from fakes.courier import Courier

    fabric = place.fabric
    courier = Courier(
        url=reached["http"],
        user=reached["user"],
        password=reached["password"],
        wire=urls["wire"],
        hostga=urls["hostga"],
        clock=fabric.clock,
        path="registry" if config.kind == "real" else "network",  # off Azure no way leads to 168.63.129.16
        not_simulated=fabric.not_simulated,
    )
    fabric.background(place.stack, courier.run())


async def add_linux(place: GuestPlace, name: str, config: HostConfig) -> dict[str, Any]:
    """Open the folder of sockets through which a guest's gateway reaches this fabric.

    Returns:
        ``folder`` and ``address``; the harness starts the containers.
    """
    fabric, stack = place.fabric, place.stack
    wire = GuestWire(fabric.sockets / config.address, fabric.plane.store, place.facts["nic_id"], place.names)
    for key, app in place.agent_apps(config.os).items():
        await stack.enter_async_context(serving(app, unix_socket(wire.folder / f"{key}.sock")))
    await stack.enter_async_context(wire.relaying("storage.sock", "127.0.0.1", place.storage[1]))
    fabric.background(stack, place.blobs.watch(place.facts["vm_id"]))
    fabric.parts[f"{name} (Linux)"] = "real: systemd and the distribution's waagent in a container"
    fabric.parts["network"] = "real: nftables compiled from the effective security rules"
    fabric.parts["backup extension"] = "emulated: a handler of ours, installed by the real agent"
    return {"folder": str(wire.folder), "address": config.address}


def metadata(fabric: Fabric, facts: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the instance metadata service says of the VM: compute, network."""
    vm = fabric.plane.require(facts["vm_id"])
    profile, identity = vm.properties["storageProfile"], fabric.config.identity
    compute = {
        "azEnvironment": "AzurePublicCloud",
        "location": vm.body["location"],
        "name": vm.body["name"],
        "offer": profile["imageReference"]["offer"],
        "osType": profile["osDisk"]["osType"],
        "publisher": profile["imageReference"]["publisher"],
        "resourceGroupName": identity.resource_group,
        "resourceId": vm.id,
        "sku": profile["imageReference"]["sku"],
        "subscriptionId": identity.subscription,
        "vmId": vm.properties["vmId"],
        "vmSize": vm.properties["hardwareProfile"]["vmSize"],
        "zone": "",
    }
    address = {"privateIpAddress": facts["guest_address"], "publicIpAddress": ""}
    subnet = {"address": "10.0.0.0", "prefix": "24"}
    network = {
        "interface": [{"ipv4": {"ipAddress": [address], "subnet": [subnet]}, "ipv6": {"ipAddress": []}}]
    }
    return compute, network


def _endpoint(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").partition(":")
    return host, int(port)
