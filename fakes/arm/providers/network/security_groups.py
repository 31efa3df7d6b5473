"""Microsoft.Network/networkSecurityGroups, their rules and their default rules."""

from __future__ import annotations

from collections.abc import Iterator

from fakes.arm.errors import bad_request, not_found
from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.ids import stable_guid
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import declare_reads, delete_resource, new_body, put_with_operation
from fakes.arm.providers.network.children import (
    child_of,
    delete_child,
    find,
    given_children,
    put_child,
    with_etags,
)
from fakes.arm.providers.network.security_rules import (
    RULE_SHAPE,
    check_conflicts,
    check_name,
    rule_body,
    to_model,
)
from fakes.arm.routing import RESOURCE, RouteTable
from fakes.arm.shapes import ANY, envelope
from fakes.arm.store import Resource, ResourceStore
from fakes.network.model import SecurityGroup

routes = RouteTable()

TYPE = "Microsoft.Network/networkSecurityGroups"
GROUP = RESOURCE + "/Microsoft.Network/networkSecurityGroups/{nsg}"
_DEFAULT_TYPE = TYPE + "/defaultSecurityRules"

# learn.microsoft.com, "Network security groups": default security rules.
_DEFAULTS = (
    ("AllowVnetInBound", "Allow inbound traffic from all VMs in VNET", 65000, "Inbound", "Allow",
     "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", "Allow inbound traffic from azure load balancer", 65001, "Inbound", "Allow",
     "AzureLoadBalancer", "*"),
    ("DenyAllInBound", "Deny all inbound traffic", 65500, "Inbound", "Deny", "*", "*"),
    ("AllowVnetOutBound", "Allow outbound traffic from all VMs to all VMs in VNET", 65000, "Outbound", "Allow",
     "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", "Allow outbound traffic from all VMs to Internet", 65001, "Outbound", "Allow",
     "*", "Internet"),
    ("DenyAllOutBound", "Deny all outbound traffic", 65500, "Outbound", "Deny", "*", "*"),
)  # fmt: skip


_SHAPE = envelope(
    {
        "securityRules": [RULE_SHAPE],
        **dict.fromkeys(("defaultSecurityRules", "networkInterfaces", "subnets"), ANY),
        **dict.fromkeys(("provisioningState", "resourceGuid"), str),
    }
)


def default_rules(group_id: str) -> list[Json]:
    """Return the rules that every group has and nobody can remove."""
    return [
        {
            "name": name,
            "id": f"{group_id}/defaultSecurityRules/{name}",
            "type": _DEFAULT_TYPE,
            "properties": {
                "provisioningState": "Succeeded",
                "description": description,
                "protocol": "*",
                "sourcePortRange": "*",
                "destinationPortRange": "*",
                "sourceAddressPrefix": source,
                "destinationAddressPrefix": destination,
                "access": access,
                "priority": priority,
                "direction": direction,
                "sourcePortRanges": [],
                "destinationPortRanges": [],
                "sourceAddressPrefixes": [],
                "destinationAddressPrefixes": [],
            },
        }
        for name, description, priority, direction, access, source, destination in _DEFAULTS
    ]


def group_properties(group_id: str, rules: list[Json]) -> Json:
    """Return the properties of a group with these rules."""
    return {
        "resourceGuid": stable_guid(group_id),
        "securityRules": rules,
        "defaultSecurityRules": default_rules(group_id),
    }


def to_group(resource: Resource) -> SecurityGroup:
    """Return the evaluator's form of a stored group."""
    own = [to_model(rule) for rule in resource.properties["securityRules"]]
    defaults = [to_model(rule, default=True) for rule in resource.properties["defaultSecurityRules"]]
    return SecurityGroup(resource.id, (*own, *defaults))


def users_of(store: ResourceStore, group_id: str) -> tuple[list[str], list[str]]:
    """Return the ids of the interfaces and of the subnets with which a group is associated."""
    wanted = group_id.lower()
    root = "/".join(group_id.split("/")[:3])

    def uses(body: Json) -> bool:
        return str((body["properties"].get("networkSecurityGroup") or {}).get("id", "")).lower() == wanted

    interfaces = store.list(root, "Microsoft.Network/networkInterfaces")
    networks = store.list(root, "Microsoft.Network/virtualNetworks")
    subnets: Iterator[Json] = (one for network in networks for one in network.properties["subnets"])
    return [one.id for one in interfaces if uses(one.body)], [one["id"] for one in subnets if uses(one)]


def _view(plane: ControlPlane, resource: Resource, request: ArmRequest) -> Json:
    del request
    interfaces, subnets = users_of(plane.store, resource.id)
    shown = with_etags(resource.body)
    if interfaces:
        shown["properties"]["networkInterfaces"] = [{"id": one} for one in interfaces]
    if subnets:
        shown["properties"]["subnets"] = [{"id": one} for one in subnets]
    return shown


declare_reads(routes, TYPE, "nsg", _view)


@routes.operation("PUT", GROUP)
def put_group(request: ArmRequest) -> ArmResponse:
    """Create or replace a group; the rules it lists replace those it had."""
    check_name(request.params["nsg"])
    sent = request.resource(_SHAPE)
    old = request.plane.store.get(request.path)
    group_id = old.id if old else request.path
    rules = [
        rule_body(f"{group_id}/securityRules/{one['name']}", one.get("properties") or {})
        for one in given_children(request, sent, "securityRules")
    ]
    check_conflicts(rules)
    return put_with_operation(request, new_body(request, TYPE, group_properties(group_id, rules)))


@routes.operation("DELETE", GROUP)
def delete_group(request: ArmRequest) -> ArmResponse:
    """Delete a group that nothing uses (text: DataBiosphere/terra-workspace-manager#502)."""
    used = [one for users in users_of(request.plane.store, request.path) for one in users]
    if used:
        raise bad_request(
            "InUseNetworkSecurityGroupCannotBeDeleted",
            f"Network security group {request.path} cannot be deleted because it is in use by the following "
            f"resources: {', '.join(used)}. In order to delete the Network security group, remove the association "
            "with the resource(s). To learn how to do this, see aka.ms/deletensg.",
        )
    return delete_resource(request, "Microsoft.Network")


@routes.operation("GET", GROUP + "/securityRules")
def list_rules(request: ArmRequest) -> ArmResponse:
    """List a group's own rules."""
    group = request.plane.require(request.path.rpartition("/")[0])
    return listing([with_etags(rule) for rule in group.properties["securityRules"]])


@routes.operation("GET", GROUP + "/securityRules/{rule}")
def get_rule(request: ArmRequest) -> ArmResponse:
    """Show a rule."""
    return ArmResponse(200, with_etags(child_of(request, "securityRules", request.params["rule"])))


@routes.operation("PUT", GROUP + "/securityRules/{rule}")
def put_rule(request: ArmRequest) -> ArmResponse:
    """Create or replace a rule."""
    sent = request.resource(RULE_SHAPE).get("properties") or {}

    def build(group: Resource, others: list[Json], old: Json | None) -> Json:
        rule_id = old["id"] if old else f"{group.id}/securityRules/{request.params['rule']}"
        rule = rule_body(rule_id, sent)
        check_conflicts([*others, rule])
        return rule

    return put_child(request, "securityRules", request.params["rule"], build)


@routes.operation("DELETE", GROUP + "/securityRules/{rule}")
def delete_rule(request: ArmRequest) -> ArmResponse:
    """Delete a rule."""
    return delete_child(request, "securityRules", request.params["rule"])


@routes.operation("GET", GROUP + "/defaultSecurityRules")
def list_default_rules(request: ArmRequest) -> ArmResponse:
    """List the default rules."""
    group = request.plane.require(request.path.rpartition("/")[0])
    return listing([with_etags(rule) for rule in group.properties["defaultSecurityRules"]])


@routes.operation("GET", GROUP + "/defaultSecurityRules/{rule}")
def get_default_rule(request: ArmRequest) -> ArmResponse:
    """Show a default rule."""
    rules = request.plane.require(request.path.rsplit("/", 2)[0]).properties["defaultSecurityRules"]
    at = find(rules, request.params["rule"])
    if at is None:
        raise not_found(request.path)
    return ArmResponse(200, with_etags(rules[at]))
