"""Microsoft.Network/virtualNetworks and their subnets."""

from __future__ import annotations

from typing import Any

from fakes.arm.errors import bad_request, invalid_resource_reference
from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.ids import stable_guid
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import (
    declare_reads,
    delete_resource,
    new_body,
    put_with_operation,
    reference,
)
from fakes.arm.providers.network.children import child_of, delete_child, given_children, put_child, with_etags
from fakes.arm.providers.network.security_rules import check_name
from fakes.arm.routing import RESOURCE, RouteTable
from fakes.arm.shapes import ANY, Each, envelope
from fakes.arm.store import Resource, ResourceStore
from fakes.network.addresses import Range, parse_prefix
from fakes.notsimulated import NotSimulated

routes = RouteTable()

TYPE = "Microsoft.Network/virtualNetworks"
NETWORK = RESOURCE + "/Microsoft.Network/virtualNetworks/{vnet}"
_KEPT = (
    "serviceEndpoints",
    "privateEndpointNetworkPolicies",
    "privateLinkServiceNetworkPolicies",
    "defaultOutboundAccess",
)
_REFUSED = ("delegations", "natGateway", "serviceEndpointPolicies", "applicationGatewayIPConfigurations")


_SUBNET_SHAPE: Json = {
    **dict.fromkeys(("id", "name", "type", "etag"), str),
    "properties": {
        "addressPrefix": str,
        "addressPrefixes": [str],
        "networkSecurityGroup": Each(ANY),  # clients may send the whole group; its id counts
        "routeTable": Each(ANY),
        "serviceEndpoints": [{"service": str, "locations": [str], "provisioningState": str}],
        **dict.fromkeys(_REFUSED, ANY),
        **dict.fromkeys(("privateEndpointNetworkPolicies", "privateLinkServiceNetworkPolicies"), str),
        **dict.fromkeys(("provisioningState", "purpose"), str),
        "defaultOutboundAccess": bool,
        "ipConfigurations": ANY,
    },
}
_SHAPE = envelope(
    {
        "addressSpace": {"addressPrefixes": [str]},
        "subnets": [_SUBNET_SHAPE],
        "virtualNetworkPeerings": [dict],
        "dhcpOptions": {"dnsServers": [str]},
        "enableDdosProtection": bool,
        **dict.fromkeys(("provisioningState", "resourceGuid"), str),
    }
)


def subnet_body(store: ResourceStore, network_id: str, name: str, sent: Json, location: str) -> Json:
    """Check a subnet and complete it.

    Raises:
        ArmError: 400, in the provider's words.
        NotSimulated: It has parts that the lab does not simulate.
    """
    check_name(name)
    subnet_id = f"{network_id}/subnets/{name}"
    for part in _REFUSED:
        if sent.get(part):
            raise NotSimulated(f"{part} of a subnet")
    prefixes = sent.get("addressPrefixes") or ([sent["addressPrefix"]] if sent.get("addressPrefix") else [])
    if len(prefixes) != 1:
        raise NotSimulated(f"a subnet with {len(prefixes)} address prefixes")
    _range(prefixes[0], subnet_id)
    properties: Json = {"addressPrefix": prefixes[0]}
    for part in ("networkSecurityGroup", "routeTable"):
        used = reference(sent.get(part), f"properties.{part}")
        if used is not None:
            if used not in store:
                raise invalid_resource_reference(used, subnet_id)
            properties[part] = {"id": used}
    properties |= {part: sent[part] for part in _KEPT if sent.get(part) is not None}
    if "serviceEndpoints" in properties:
        properties["serviceEndpoints"] = [_endpoint(one, location) for one in properties["serviceEndpoints"]]
    properties.setdefault("privateEndpointNetworkPolicies", "Disabled")
    properties.setdefault("privateLinkServiceNetworkPolicies", "Enabled")
    return {"name": name, "id": subnet_id, "type": TYPE + "/subnets", "properties": properties}


def check_ranges(network_name: str, space: list[str], subnets: list[Json], network_id: str) -> None:
    """Refuse subnets outside the network's address space, or that overlap.

    Raises:
        ArmError: 400 NetcfgInvalidSubnet or NetcfgSubnetRangesOverlap.
    """
    spaces = [_range(prefix, network_id) for prefix in space]
    taken: list[Range] = []
    for subnet in subnets:
        low, high = _range(subnet["properties"]["addressPrefix"], subnet["id"])
        if not any(first <= low and high <= last for first, last in spaces):
            raise bad_request(
                "NetcfgInvalidSubnet",
                f"Subnet '{subnet['name']}' is not valid in virtual network '{network_name}'.",
            )
        if any(low <= last and first <= high for first, last in taken):
            raise bad_request(
                "NetcfgSubnetRangesOverlap",
                f"Subnet '{subnet['name']}' is not valid because its IP address range overlaps with that of an "
                f"existing subnet in virtual network '{network_name}'.",
            )
        taken.append((low, high))


def network_properties(network_id: str, space: list[str], subnets: list[Json]) -> Json:
    """Return the properties of a network."""
    return {
        "resourceGuid": stable_guid(network_id),
        "addressSpace": {"addressPrefixes": space},
        "subnets": subnets,
        "virtualNetworkPeerings": [],
        "enableDdosProtection": False,
    }


def configurations_in(store: ResourceStore, subnet_id: str) -> list[str]:
    """Return the ids of the IP configurations that have an address in a subnet."""
    root = "/".join(subnet_id.split("/")[:3])
    return [
        configuration["id"]
        for interface in store.list(root, "Microsoft.Network/networkInterfaces")
        for configuration in interface.properties["ipConfigurations"]
        if configuration["properties"]["subnet"]["id"].lower() == subnet_id.lower()
    ]


def _view_subnet(store: ResourceStore, subnet: Json) -> Json:
    shown = with_etags(subnet)
    used = configurations_in(store, subnet["id"])
    if used:
        shown["properties"]["ipConfigurations"] = [{"id": one} for one in used]
    return shown


def _view(plane: ControlPlane, resource: Resource, request: ArmRequest) -> Json:
    del request
    shown = with_etags(resource.body)
    shown["properties"]["subnets"] = [
        _view_subnet(plane.store, one) for one in resource.properties["subnets"]
    ]
    return shown


declare_reads(routes, TYPE, "vnet", _view)


@routes.operation("PUT", NETWORK)
def put_network(request: ArmRequest) -> ArmResponse:
    """Create or replace a network; the subnets it lists replace those it had."""
    check_name(request.params["vnet"])
    given = request.resource(_SHAPE)
    sent = given.get("properties") or {}
    old = request.plane.store.get(request.path)
    network_id = old.id if old else request.path
    for part in ("virtualNetworkPeerings", "enableDdosProtection"):
        if sent.get(part):
            raise NotSimulated(f"{part} of a virtual network")
    if (sent.get("dhcpOptions") or {}).get("dnsServers"):
        raise NotSimulated("DNS servers of a virtual network")
    space = (sent.get("addressSpace") or {}).get("addressPrefixes")
    if not space:
        raise bad_request(
            "InvalidRequestFormat",
            f"Virtual network {network_id} must have an address space.",  # text: lab-assigned
        )
    body = new_body(request, TYPE, {})
    subnets = [
        subnet_body(
            request.plane.store, network_id, one["name"], one.get("properties") or {}, body["location"]
        )
        for one in given_children(request, given, "subnets")
    ]
    check_ranges(body["name"], space, subnets, network_id)
    for gone in _ids(old) - {one["id"].lower() for one in subnets}:
        _check_unused(request.plane.store, gone)
    for one in subnets:
        one["properties"]["provisioningState"] = "Succeeded"
    body["properties"] = network_properties(network_id, space, subnets)
    return put_with_operation(request, body)


@routes.operation("DELETE", NETWORK)
def delete_network(request: ArmRequest) -> ArmResponse:
    """Delete a network without addresses in use."""
    for subnet_id in _ids(request.plane.store.get(request.path)):
        _check_unused(request.plane.store, subnet_id)
    return delete_resource(request, "Microsoft.Network")


@routes.operation("GET", NETWORK + "/subnets")
def list_subnets(request: ArmRequest) -> ArmResponse:
    """List subnets."""
    network = request.plane.require(request.path.rpartition("/")[0])
    return listing([_view_subnet(request.plane.store, one) for one in network.properties["subnets"]])


@routes.operation("GET", NETWORK + "/subnets/{subnet}")
def get_subnet(request: ArmRequest) -> ArmResponse:
    """Show a subnet."""
    found = child_of(request, "subnets", request.params["subnet"])
    return ArmResponse(200, _view_subnet(request.plane.store, found))


@routes.operation("PUT", NETWORK + "/subnets/{subnet}")
def put_subnet(request: ArmRequest) -> ArmResponse:
    """Create or replace a subnet."""
    sent = request.resource(_SUBNET_SHAPE).get("properties") or {}
    store = request.plane.store

    def build(network: Resource, others: list[Json], old: Json | None) -> Json:
        name = old["name"] if old else request.params["subnet"]
        subnet = subnet_body(store, network.id, name, sent, network.body["location"])
        space = network.properties["addressSpace"]["addressPrefixes"]
        check_ranges(network.body["name"], space, [*others, subnet], network.id)
        return subnet

    return put_child(request, "subnets", request.params["subnet"], build)


@routes.operation("DELETE", NETWORK + "/subnets/{subnet}")
def delete_subnet(request: ArmRequest) -> ArmResponse:
    """Delete a subnet without addresses in use."""
    _check_unused(request.plane.store, request.path)
    return delete_child(request, "subnets", request.params["subnet"])


def _check_unused(store: ResourceStore, subnet_id: str) -> None:
    """Refuse to delete a subnet in use (text: kubernetes-sigs/cluster-api-provider-azure#172)."""
    used = configurations_in(store, subnet_id)
    if used:
        raise bad_request(
            "InUseSubnetCannotBeDeleted",
            f"Subnet {subnet_id.rpartition('/')[2]} is in use by {', '.join(used)} and cannot be deleted. In order to "
            "delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
        )


def _ids(network: Resource | None) -> set[str]:
    return {one["id"].lower() for one in network.properties["subnets"]} if network else set()


def _range(prefix: Any, owner: str) -> Range:
    try:
        return parse_prefix(prefix)
    except ValueError:
        raise bad_request(
            "InvalidCIDRNotation",
            f"The address prefix {prefix} in resource {owner} has an invalid CIDR notation.",
        ) from None


def _endpoint(sent: Json, location: str) -> Json:
    return {
        "provisioningState": "Succeeded",
        "service": sent.get("service"),
        "locations": sent.get("locations") or [location],
    }
