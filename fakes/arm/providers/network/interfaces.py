"""Microsoft.Network/networkInterfaces, and the rules that take effect on them."""

from __future__ import annotations

import hashlib
from typing import Any

from fakes.arm.errors import ArmError, bad_request, invalid_resource_reference
from fakes.arm.http import ArmRequest, ArmResponse, Json
from fakes.arm.ids import parent, stable_guid
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import (
    declare_reads,
    delete_resource,
    new_body,
    put_with_operation,
    reference,
)
from fakes.arm.providers.network.children import find, with_etags
from fakes.arm.providers.network.effective import effective_groups
from fakes.arm.providers.network.security_rules import check_name
from fakes.arm.routing import RESOURCE, RouteTable
from fakes.arm.shapes import ANY, REFERENCE, Each, envelope
from fakes.arm.store import Resource, ResourceStore
from fakes.network.addresses import address, parse_prefix, prefixes
from fakes.notsimulated import NotSimulated

routes = RouteTable()

TYPE = "Microsoft.Network/networkInterfaces"
INTERFACE = RESOURCE + "/Microsoft.Network/networkInterfaces/{nic}"
_RESERVED = 4  # the first four addresses of a subnet and its last are Azure's own
_REFUSED = (
    "publicIPAddress", "loadBalancerBackendAddressPools", "applicationSecurityGroups",
    "applicationGatewayBackendAddressPools", "loadBalancerInboundNatRules",
)  # fmt: skip


_CONFIGURATION: Json = {
    **dict.fromkeys(("id", "name", "type", "etag"), str),
    "properties": {
        "subnet": Each(ANY),  # clients may send the whole subnet; its id counts
        **dict.fromkeys(("privateIPAddress", "privateIPAllocationMethod", "privateIPAddressVersion"), str),
        "primary": bool,
        "provisioningState": str,
        **dict.fromkeys(_REFUSED, ANY),
    },
}
_SHAPE = envelope(
    {
        "ipConfigurations": [_CONFIGURATION],
        "networkSecurityGroup": Each(ANY),
        "virtualMachine": REFERENCE,
        "dnsSettings": {"dnsServers": [str], "appliedDnsServers": [str], "internalDomainNameSuffix": str},
        **dict.fromkeys(("macAddress", "nicType", "provisioningState", "resourceGuid"), str),
        **dict.fromkeys(("enableAcceleratedNetworking", "enableIPForwarding", "primary"), bool),
        **dict.fromkeys(("vnetEncryptionSupported", "disableTcpStateTracking"), bool),
        **dict.fromkeys(("tapConfigurations", "hostedWorkloads", "auxiliaryMode", "auxiliarySku"), ANY),
    }
)


def subnet_of(store: ResourceStore, subnet_id: str) -> Json | None:
    """Return a subnet's body by its id, or ``None``."""
    network = store.get(parent(subnet_id))
    subnets = network.properties.get("subnets", []) if network else []
    at = find(subnets, subnet_id.rpartition("/")[2])
    return None if at is None else subnets[at]


def interface_properties(store: ResourceStore, interface_id: str, sent: Json, old: Json | None) -> Json:
    """Check an interface and complete it.

    Raises:
        ArmError: 400, in the provider's words.
        NotSimulated: It has parts that the lab does not simulate.
    """
    given = sent.get("ipConfigurations")
    if not given:
        raise bad_request(
            "NetworkInterfaceMustHaveOneIpConfiguration",
            f"Network interface {interface_id} must have at least one IP configuration.",
        )
    known = {one["name"].lower(): one for one in (old or {}).get("ipConfigurations", [])}
    properties: Json = {
        "resourceGuid": stable_guid(interface_id),
        "ipConfigurations": [
            _configuration(store, interface_id, one, known.get(str(one.get("name")).lower()), primary=i == 0)
            for i, one in enumerate(given)
        ],
        "dnsSettings": {"dnsServers": _dns_servers(sent), "appliedDnsServers": []},
        "macAddress": _mac(interface_id),
        "enableAcceleratedNetworking": bool(sent.get("enableAcceleratedNetworking", False)),
        "enableIPForwarding": bool(sent.get("enableIPForwarding", False)),
        "primary": True,
        "nicType": "Standard",
    }
    group = reference(sent.get("networkSecurityGroup"), "properties.networkSecurityGroup")
    if group is not None:
        if group not in store:
            raise invalid_resource_reference(group, interface_id)
        properties["networkSecurityGroup"] = {"id": group}
    if old and "virtualMachine" in old:  # attached and detached by the VM, not by the interface
        properties["virtualMachine"] = old["virtualMachine"]
    return properties


def _configuration(
    store: ResourceStore, interface_id: str, sent: Json, old: Json | None, *, primary: bool
) -> Json:
    name = sent.get("name")
    if not name:
        raise bad_request(
            "InvalidRequestFormat", "Cannot parse the request: an IP configuration has no name."
        )
    wanted = sent.get("properties") or {}
    for part in _REFUSED:
        if wanted.get(part):
            raise NotSimulated(f"{part} of an IP configuration")
    subnet_id = reference(wanted.get("subnet"), "properties.ipConfigurations.properties.subnet")
    subnet = subnet_of(store, subnet_id) if subnet_id else None
    if subnet_id is None or subnet is None:
        raise invalid_resource_reference(subnet_id or "(none)", interface_id)
    method = str(wanted.get("privateIPAllocationMethod") or "Dynamic").capitalize()
    asked = wanted.get("privateIPAddress") if method == "Static" else None
    kept = (
        old["properties"] if old and old["properties"]["subnet"]["id"].lower() == subnet_id.lower() else None
    )
    own_id = f"{interface_id}/ipConfigurations/{name}"
    chosen = asked or (kept["privateIPAddress"] if kept else _free_address(store, subnet))
    _check_address(store, chosen, subnet, own_id)
    return {
        "name": name,
        "id": own_id,
        "type": TYPE + "/ipConfigurations",
        "properties": {
            "provisioningState": "Succeeded",
            "privateIPAddress": chosen,
            "privateIPAllocationMethod": method,
            "subnet": {"id": subnet["id"]},
            "primary": bool(wanted.get("primary", primary)),
            "privateIPAddressVersion": "IPv4",
        },
    }


def _taken(store: ResourceStore, subnet: Json) -> dict[str, str]:
    """Return the addresses in use in a subnet, each with its IP configuration's id."""
    root = "/".join(subnet["id"].split("/")[:3])
    return {
        configuration["properties"]["privateIPAddress"]: configuration["id"]
        for interface in store.list(root, TYPE)
        for configuration in interface.properties["ipConfigurations"]
        if configuration["properties"]["subnet"]["id"].lower() == subnet["id"].lower()
    }


def _free_address(store: ResourceStore, subnet: Json) -> str:
    low, high = parse_prefix(subnet["properties"]["addressPrefix"])
    used = {address(one) for one in _taken(store, subnet)}
    for value in range(low + _RESERVED, high):
        if value not in used:
            return prefixes(((value, value),))[0].removesuffix("/32")
    raise bad_request(
        "SubnetIsFull",
        f"Subnet {subnet['name']} with address prefix {subnet['properties']['addressPrefix']} does not have enough "
        "capacity for 1 IP addresses.",
    )


def _check_address(store: ResourceStore, text: Any, subnet: Json, own_id: str) -> None:
    low, high = parse_prefix(subnet["properties"]["addressPrefix"])
    try:
        value = address(text)
    except ValueError:
        raise bad_request(
            "InvalidIPAddressFormat", f"Private IP address {text} has invalid format."
        ) from None
    if not low + _RESERVED <= value < high:
        raise bad_request(
            "PrivateIPAddressNotInSubnet",
            f"Private static IP address {text} does not belong to the range of subnet prefix "
            f"{subnet['properties']['addressPrefix']}.",
        )
    holder = _taken(store, subnet).get(text, own_id)
    if holder.lower() != own_id.lower():
        raise bad_request(
            "PrivateIPAddressIsAllocated", f"IP configuration {own_id} is using the private IP address {text} which is "
            f"already allocated to resource {holder}.",
        )  # fmt: skip


def _dns_servers(sent: Json) -> list[str]:
    return list((sent.get("dnsSettings") or {}).get("dnsServers") or [])


def _mac(interface_id: str) -> str:
    """Return an address in Azure's own block (00-0D-3A is registered to Microsoft)."""
    digest = hashlib.sha256(interface_id.lower().encode()).digest()
    return "-".join(("00", "0D", "3A", *(f"{byte:02X}" for byte in digest[:3])))


def _view(plane: ControlPlane, resource: Resource, request: ArmRequest) -> Json:
    del plane, request
    return with_etags(resource.body)


declare_reads(routes, TYPE, "nic", _view)


@routes.operation("PUT", INTERFACE)
def put_interface(request: ArmRequest) -> ArmResponse:
    """Create or replace an interface."""
    check_name(request.params["nic"])
    store = request.plane.store
    old = store.get(request.path)
    body = request.resource(_SHAPE)
    sent = body.get("properties") or {}
    interface_id = old.id if old else request.path
    properties = interface_properties(store, interface_id, sent, old.properties if old else None)
    return put_with_operation(request, new_body(request, TYPE, properties))


@routes.operation("DELETE", INTERFACE)
def delete_interface(request: ArmRequest) -> ArmResponse:
    """Delete an interface that no VM holds."""
    found = request.plane.store.get(request.path)
    if found and "virtualMachine" in found.properties:
        raise bad_request(
            "NicInUse",
            f"Network Interface {found.id} is used by existing resource {found.properties['virtualMachine']['id']}. In "
            "order to delete the network interface, it must be dissociated from the resource. To learn more, see "
            "aka.ms/deletenic.",
        )
    return delete_resource(request, "Microsoft.Network")


@routes.operation("POST", INTERFACE + "/effectiveNetworkSecurityGroups")
def list_effective_groups(request: ArmRequest) -> ArmResponse:
    """Work out the rules in effect; the answer comes from ``Location``."""
    plane = request.plane
    interface = plane.require(request.path.rpartition("/")[0])
    machine = (interface.properties.get("virtualMachine") or {}).get("id", "")
    found = plane.store.get(machine) if machine else None
    if found is None or found.state.get("power") != "running":
        raise ArmError(
            400,
            "NicMustBeAttachedToRunningVm",
            f"Network interface {interface.id} must be attached to a running virtual machine to get the effective "
            "network security groups.",  # code and text: lab-assigned
            details=[],
        )
    operation = plane.operations.start(
        request.subscription,
        "Microsoft.Network",
        interface.body["location"],
        lambda: effective_groups(plane.store, interface.id),
    )
    return plane.operations.accepted(request, operation)
