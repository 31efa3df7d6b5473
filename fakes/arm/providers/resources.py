"""Microsoft.Resources: subscriptions, resource groups, providers, and polling of operations."""

from __future__ import annotations

from fakes.arm.errors import ArmError, resource_group_not_found
from fakes.arm.http import ArmRequest, ArmResponse, Json, listing
from fakes.arm.operations import Operation
from fakes.arm.plane import ControlPlane
from fakes.arm.providers.common import normal_location
from fakes.arm.routing import GROUP, SUBSCRIPTION, RouteTable
from fakes.arm.shapes import ENVELOPE

routes = RouteTable()

GROUP_TYPE = "Microsoft.Resources/resourceGroups"
PROVIDERS = (
    "Microsoft.Authorization",
    "Microsoft.Compute",
    "Microsoft.Network",
    "Microsoft.RecoveryServices",
    "Microsoft.Resources",
    "Microsoft.Storage",
)


def add_subscription(plane: ControlPlane, subscription: str, display_name: str) -> None:
    """Put a subscription with its registered providers into the store."""
    root = f"/subscriptions/{subscription}"
    body: Json = {
        "id": root,
        "subscriptionId": subscription,
        "tenantId": plane.tokens.tenant,
        "displayName": display_name,
        "state": "Enabled",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }
    plane.store.put(root, body)
    for namespace in PROVIDERS:
        plane.store.put(
            f"{root}/providers/{namespace}",
            {
                "id": f"{root}/providers/{namespace}",
                "namespace": namespace,
                "registrationPolicy": "RegistrationRequired",
                "registrationState": "Registered",
                "resourceTypes": [],
            },
        )


def add_group(plane: ControlPlane, group_id: str, location: str, tags: Json | None = None) -> Json:
    """Put a resource group into the store and return its body."""
    old = plane.store.get(group_id)
    body: Json = {
        "id": old.id if old else group_id,
        "name": (old.id if old else group_id).rsplit("/", 1)[1],
        "type": GROUP_TYPE,
        "location": location,
    }
    if tags:
        body["tags"] = tags
    body["properties"] = {"provisioningState": "Succeeded"}
    plane.store.put(body["id"], body)
    return body


@routes.operation("GET", "/subscriptions")
def list_subscriptions(request: ArmRequest) -> ArmResponse:
    """List subscriptions."""
    found = request.plane.store.list("/subscriptions")
    return listing([one.body for one in found if one.id.count("/") == 2])


@routes.operation("GET", SUBSCRIPTION)
def get_subscription(request: ArmRequest) -> ArmResponse:
    """Show a subscription; that it exists has been checked."""
    return ArmResponse(200, request.plane.require(request.path).body)


@routes.operation("GET", SUBSCRIPTION + "/providers")
def list_providers(request: ArmRequest) -> ArmResponse:
    """List the providers and whether they are registered."""
    found = request.plane.store.list(request.path)
    return listing([one.body for one in found if one.id.count("/") == 4])


@routes.operation("GET", SUBSCRIPTION + "/providers/{namespace}")
def get_provider(request: ArmRequest) -> ArmResponse:
    """Show one provider."""
    return ArmResponse(200, _provider(request.plane, request.path, request.params["namespace"]))


@routes.operation("POST", SUBSCRIPTION + "/providers/{namespace}/register")
@routes.operation("POST", SUBSCRIPTION + "/providers/{namespace}/unregister")
def change_registration(request: ArmRequest) -> ArmResponse:
    """Register or unregister a provider."""
    provider_id, _, verb = request.path.rpartition("/")
    body = dict(_provider(request.plane, provider_id, request.params["namespace"]))
    body["registrationState"] = "Registered" if verb.lower() == "register" else "NotRegistered"
    request.plane.store.put(provider_id, body)
    return ArmResponse(200, body)


def _provider(plane: ControlPlane, provider_id: str, namespace: str) -> Json:
    found = plane.store.get(provider_id)
    if found is None:
        raise ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")
    return found.body


@routes.operation("GET", SUBSCRIPTION + "/resourceGroups")
def list_groups(request: ArmRequest) -> ArmResponse:
    """List resource groups."""
    root = f"/subscriptions/{request.subscription}"
    return listing([one.body for one in request.plane.store.list(root, GROUP_TYPE)])


@routes.operation("GET", GROUP)
def get_group(request: ArmRequest) -> ArmResponse:
    """Show a resource group."""
    found = request.plane.store.get(request.path)
    if found is None:
        raise resource_group_not_found(request.params["group"])
    return ArmResponse(200, found.body)


@routes.operation("HEAD", GROUP)
def head_group(request: ArmRequest) -> ArmResponse:
    """Tell whether a resource group exists: 204 or 404."""
    return ArmResponse(204 if request.path in request.plane.store else 404)


@routes.operation("PUT", GROUP)
def put_group(request: ArmRequest) -> ArmResponse:
    """Create or update a resource group."""
    body = request.resource({**ENVELOPE, "managedBy": str, "properties": {"provisioningState": str}})
    location = normal_location(body.get("location"), GROUP_TYPE)
    old = request.plane.store.get(request.path)
    if old and old.body["location"] != location:
        raise ArmError(
            409,
            "InvalidResourceGroupLocation",
            f"Invalid resource group location '{location}'. The Resource group already exists in location "
            f"'{old.body['location']}'.",
        )
    return ArmResponse(
        200 if old else 201, add_group(request.plane, request.path, location, body.get("tags"))
    )


@routes.operation("GET", SUBSCRIPTION + "/providers/{namespace}/locations/{location}/operations/{operation}")
def get_operation(request: ArmRequest) -> ArmResponse:
    """Show the status of a long-running operation."""
    operation = _operation(request)
    running = operation.status == "InProgress"
    return ArmResponse(200, operation.body(), request.plane.operations.wait_headers() if running else {})


@routes.operation(
    "GET", SUBSCRIPTION + "/providers/{namespace}/locations/{location}/operationResults/{operation}"
)
def get_operation_result(request: ArmRequest) -> ArmResponse:
    """Show the result of a long-running operation: 202 until it has ended."""
    operation, operations = _operation(request), request.plane.operations
    if operation.status == "InProgress":
        headers = {"Location": request.url(operation.result_path), **operations.wait_headers()}
        return ArmResponse(202, None, headers)
    if operation.error:
        return ArmResponse(operation.error_status, {"error": operation.error})
    return ArmResponse(204) if operation.result is None else ArmResponse(200, operation.result)


def _operation(request: ArmRequest) -> Operation:
    found = request.plane.operations.get(request.params["operation"])
    if found is None:
        raise ArmError(
            404,
            "NotFound",
            f"The entity was not found. Operation {request.params['operation']} does not exist.",
        )
    return found
