"""ARM's errors: one exception, and the texts of the errors many handlers raise.

The wire form is the Resource Provider RPC's
``{"error": {"code", "message", "target", "details", "additionalInfo"}}``.
`fakes.arm.text_sources` says of each text in which public report Azure is quoted with it, or
that the wording is this project's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fakes.arm.ids import parse
from fakes.arm.text_sources import source


class ArmError(Exception):
    """A refusal by the control plane.

    Args:
        status: HTTP status.
        code: ARM's error code, ``ResourceNotFound``.
        message: The text a user sees.
        target: What the error is about.
        details: Inner errors, as wire dictionaries.
        additional_info: ``[{"type": ..., "info": {...}}]``.
        headers: Further HTTP headers.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: Sequence[dict[str, Any]] | None = None,
        additional_info: Sequence[dict[str, Any]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = details
        self.additional_info = additional_info
        self.headers = headers or {}

    @property
    def source(self) -> str:
        """Where the text is from; see `fakes.arm.text_sources`."""
        return source(self.code, self.message)

    def error(self) -> dict[str, Any]:
        """Return the inner error object."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        if self.details is not None:
            error["details"] = list(self.details)
        if self.additional_info:
            error["additionalInfo"] = list(self.additional_info)
        return error

    def body(self) -> dict[str, Any]:
        """Return the HTTP body."""
        return {"error": self.error()}


def bad_request(code: str, message: str, target: str | None = None) -> ArmError:
    """Return a 400 with an empty ``details`` list, as the network and compute providers send it."""
    return ArmError(400, code, message, target=target, details=[])


def resource_not_found(resource_id: str) -> ArmError:
    """Return ARM's 404 for a top-level resource (aka.ms/ARMResourceNotFoundFix)."""
    found = parse(resource_id)
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{found.full_name}' under resource group '{found.resource_group}' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def parent_not_found(resource_id: str) -> ArmError:
    """Return ARM's 404 for a write below a resource that does not exist."""
    inner = parse(resource_id)
    return ArmError(
        404,
        "ParentResourceNotFound",
        f"Failed to perform 'write' on resource(s) of type '{'/'.join(inner.types)}', because the parent resource "
        f"'{inner.namespace}/{inner.types[0]}/{inner.names[0]}' could not be found.",
    )


def not_found(resource_id: str) -> ArmError:
    """Return the network provider's 404 for a child resource such as a rule or a subnet."""
    return ArmError(404, "NotFound", f"Resource {resource_id} not found.", details=[])


def resource_group_not_found(name: str) -> ArmError:
    """Return ARM's 404 for a missing resource group."""
    return ArmError(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def subscription_not_found(subscription: str) -> ArmError:
    """Return ARM's 404 for a subscription that does not exist."""
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def invalid_resource_reference(referenced: str, by: str) -> ArmError:
    """Return the network provider's 400 for a dangling reference."""
    return bad_request(
        "InvalidResourceReference",
        f"Resource {referenced} referenced by resource {by} was not found. Please make sure that the referenced "
        "resource exists, and that both resources are in the same region.",
    )


def invalid_content(reason: str) -> ArmError:
    """Return ARM's 400 for a body that cannot be read."""
    return ArmError(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
    )


def invalid_location_change(resource_id: str, existing: str, wanted: str) -> ArmError:
    """Return ARM's 409 for a PUT that would move a resource to another region."""
    found = parse(resource_id)
    return ArmError(
        409,
        "InvalidResourceLocation",
        f"The resource '{found.name}' already exists in location '{existing}' in resource group "
        f"'{found.resource_group}'. A resource with the same name cannot be created in location '{wanted}'. "
        "Please select a new resource name.",
    )


def not_simulated(construct: str) -> ArmError:
    """Return the lab's own 501 for an operation it does not implement."""
    return ArmError(501, "NotSimulated", f"NOT SIMULATED: {construct}")
