"""The world at the start: one subscription with one VM, its network, disk and storage account."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from fakes.arm import ids
from fakes.arm.http import Json
from fakes.arm.operations import timestamp
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.compute.virtual_machines import TYPE as MACHINE_TYPE
from fakes.arm.providers.compute.virtual_machines import attach, machine_properties
from fakes.arm.providers.network import interfaces, security_groups, virtual_networks
from fakes.arm.providers.resources import add_group, add_subscription
from fakes.arm.providers.storage import add_account

ADDRESS_SPACE = "10.0.0.0/16"
SUBNET = "10.0.0.0/24"
GUEST_ADDRESS = "10.0.0.4"
"""The first address of a subnet that Azure gives to a guest."""

_VM_SIZE = "Standard_DS1_v2"
_OS_DISK_GB = {"windows": 127, "linux": 30}
_IMAGES = {
    "windows": {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2019-Datacenter"},
    "linux": {"publisher": "debian", "offer": "debian-12", "sku": "12"},
}


def build(
    plane: ControlPlane, identity: Mapping[str, str], hosts: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """Create the resources of a lab.

    Args:
        plane: An empty control plane, or one with other subscriptions.
        identity: The names of the lab: ``subscription``, ``resource_group``, ``location``,
            ``vm``, ``computer_name``, ``nic``, ``nsg``, ``vnet``, ``subnet``,
            ``storage_account``, ``admin_user``, ``admin_password``; optionally
            ``storage_key`` (base64).
        hosts: By host name, ``{"os": "windows" | "linux", "address": "10.0.0.4"}``. The
            first is the VM.

    Returns:
        ``vm_id``, ``nic_id``, ``nsg_id``, ``vnet_id``, ``subnet_id``, ``storage_account_id``,
        ``resource_group_id``, ``subscription_id``, ``location``, ``os_disk_uri``,
        ``guest_address``.

    Raises:
        ValueError: There is not exactly one host.
        KeyError: The identity lacks a name.
    """
    if len(hosts) != 1:
        raise ValueError(f"a lab has exactly one host, not {len(hosts)}: {', '.join(hosts)}")
    host = next(iter(hosts.values()))
    subscription, group = identity["subscription"], identity["resource_group"]
    location = identity["location"]
    add_subscription(plane, subscription, "Lab")
    group_id = ids.group_id(subscription, group)
    add_group(plane, group_id, location)

    def id_of(kind: str, name: str) -> str:
        namespace, _, resource_type = kind.partition("/")
        return ids.resource_id(subscription, group, namespace, resource_type, name)

    nsg_id = id_of("Microsoft.Network/networkSecurityGroups", identity["nsg"])
    vnet_id = id_of("Microsoft.Network/virtualNetworks", identity["vnet"])
    nic_id = id_of("Microsoft.Network/networkInterfaces", identity["nic"])
    account_id = id_of("Microsoft.Storage/storageAccounts", identity["storage_account"])
    vm_id = id_of("Microsoft.Compute/virtualMachines", identity["vm"])
    subnet_id = f"{vnet_id}/subnets/{identity['subnet']}"

    def put(resource_id: str, resource_type: str, properties: Json, state: Json | None = None) -> None:
        body: Json = {
            "id": resource_id,
            "name": ids.parse(resource_id).name,
            "type": resource_type,
            "location": location,
            "properties": {**properties, "provisioningState": "Succeeded"},
        }
        plane.store.put(resource_id, body, state)

    put(nsg_id, security_groups.TYPE, security_groups.group_properties(nsg_id, []))
    subnet = virtual_networks.subnet_body(
        plane.store,
        vnet_id,
        identity["subnet"],
        {"addressPrefix": SUBNET, "networkSecurityGroup": {"id": nsg_id}},
        location,
    )
    subnet["properties"]["provisioningState"] = "Succeeded"
    put(
        vnet_id,
        virtual_networks.TYPE,
        virtual_networks.network_properties(vnet_id, [ADDRESS_SPACE], [subnet]),
    )
    address = str(host.get("address") or GUEST_ADDRESS)
    configuration = {
        "name": "ipconfig1",
        "properties": {
            "subnet": {"id": subnet_id},
            "privateIPAddress": address,
            "privateIPAllocationMethod": "Static",
        },
    }
    nic = {"ipConfigurations": [configuration], "networkSecurityGroup": {"id": nsg_id}}
    put(nic_id, interfaces.TYPE, interfaces.interface_properties(plane.store, nic_id, nic, None))
    add_account(
        plane,
        account_id,
        location,
        sku="Standard_LRS",
        created=timestamp(plane.clock.now()),
        key=identity.get("storage_key") or _key(account_id),
    )
    disk_uri = f"https://{identity['storage_account']}.blob.core.windows.net/vhds/{identity['vm']}-osdisk.vhd"
    machine = _machine(identity, str(host["os"]), nic_id, disk_uri)
    properties = machine_properties(vm_id, machine, created=timestamp(plane.clock.now()))
    put(vm_id, MACHINE_TYPE, properties, {"power": "running"})
    attach(plane.store, vm_id, [nic_id])
    return {
        "vm_id": vm_id,
        "nic_id": nic_id,
        "nsg_id": nsg_id,
        "vnet_id": vnet_id,
        "subnet_id": subnet_id,
        "storage_account_id": account_id,
        "resource_group_id": group_id,
        "subscription_id": f"/subscriptions/{subscription}",
        "location": location,
        "os_disk_uri": disk_uri,
        "guest_address": address,
    }


def _machine(identity: Mapping[str, str], operating_system: str, nic_id: str, disk_uri: str) -> Json:
    """Return the properties of the VM, with an unmanaged OS disk: a page blob the lab really has."""
    windows = operating_system == "windows"
    if windows:
        configuration: Json = {
            "windowsConfiguration": {"provisionVMAgent": True, "enableAutomaticUpdates": True}
        }
    else:
        configuration = {
            "linuxConfiguration": {"disablePasswordAuthentication": False, "provisionVMAgent": True}
        }
    return {
        "hardwareProfile": {"vmSize": _VM_SIZE},
        "storageProfile": {
            "imageReference": {**_IMAGES[operating_system], "version": "latest"},
            "osDisk": {
                "osType": "Windows" if windows else "Linux",
                "name": f"{identity['vm']}-osdisk",
                "createOption": "FromImage",
                "vhd": {"uri": disk_uri},
                "caching": "ReadWrite",
                "diskSizeGB": _OS_DISK_GB[operating_system],
            },
            "dataDisks": [],
        },
        "osProfile": {
            "computerName": identity["computer_name"],
            "adminUsername": identity["admin_user"],
            **configuration,
            "secrets": [],
            "allowExtensionOperations": True,
        },
        "networkProfile": {"networkInterfaces": [{"id": nic_id, "properties": {"primary": True}}]},
    }


def _key(account_id: str) -> str:
    """Return an account key made up from the id: 64 bytes, as Azure's are."""
    return base64.b64encode(hashlib.sha512(account_id.lower().encode()).digest()).decode()
