"""ARM resource ids: taking them apart and putting them together.

An id alternates type and name after its provider namespace:
``/subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}/{type}/{name}``.
ARM compares ids without regard to case and keeps the casing it was given.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

_SLASHES = re.compile("/{2,}")


def canonical_path(path: str) -> str:
    """Collapse repeated slashes and drop the last one; clients such as az send both.

    >>> canonical_path("/subscriptions//s/")
    '/subscriptions/s'
    """
    return _SLASHES.sub("/", path).rstrip("/") or "/"


def key(resource_id: str) -> str:
    """Return the form of an id under which it is stored and compared."""
    return resource_id.lower()


@dataclass(frozen=True)
class ResourceId:
    """An id taken apart.

    Attributes:
        subscription: Subscription id, or ``""``.
        resource_group: Resource group name, or ``""``.
        namespace: Provider namespace, ``Microsoft.Compute``, or ``""``.
        types: Resource types from the outermost in, ``("virtualMachines", "extensions")``.
        names: Their names, as many as there are types.
    """

    subscription: str = ""
    resource_group: str = ""
    namespace: str = ""
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """The resource type as ARM writes it, ``Microsoft.Compute/virtualMachines``."""
        return "/".join((self.namespace, *self.types))

    @property
    def name(self) -> str:
        """The innermost name."""
        return self.names[-1] if self.names else self.resource_group or self.subscription

    @property
    def full_name(self) -> str:
        """Type and names as ARM's ResourceNotFound writes them, ``Microsoft.X/a/b/name/inner``."""
        return "/".join((self.type, *self.names))


def parse(resource_id: str) -> ResourceId:
    """Take an id apart.

    >>> parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n").type
    'Microsoft.Network/virtualNetworks/subnets'

    Raises:
        ValueError: The text is not an ARM id.
    """
    parts = canonical_path(resource_id).split("/")[1:]
    lowered = [part.lower() for part in parts]
    if len(parts) < 2 or lowered[0] != "subscriptions":
        raise ValueError(f"not an ARM resource id: {resource_id!r}")
    group = parts[3] if len(parts) > 3 and lowered[2] == "resourcegroups" else ""
    start = 4 if group else 2
    rest = parts[start:]
    if not rest:
        return ResourceId(parts[1], group)
    if lowered[start] != "providers" or len(rest) < 2 or len(rest) % 2:
        raise ValueError(f"not an ARM resource id: {resource_id!r}")
    return ResourceId(parts[1], group, rest[1], tuple(rest[2::2]), tuple(rest[3::2]))


def group_id(subscription: str, resource_group: str) -> str:
    """Return the id of a resource group."""
    return f"/subscriptions/{subscription}/resourceGroups/{resource_group}"


def resource_id(subscription: str, resource_group: str, namespace: str, *segments: str) -> str:
    """Return the id of a resource; ``segments`` alternate type and name.

    >>> resource_id("s", "g", "Microsoft.Compute", "disks", "d")
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d'
    """
    return "/".join((group_id(subscription, resource_group), "providers", namespace, *segments))


def parent(resource_id: str) -> str:
    """Return the id without its innermost type and name."""
    return resource_id.rsplit("/", 2)[0]


def stable_guid(*parts: str) -> str:
    """Return a guid that follows from its parts, so that a run can be repeated."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(parts).lower()))
