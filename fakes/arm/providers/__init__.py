"""The resource providers of the control plane, one module per resource type."""

from __future__ import annotations

from fakes.arm.routing import RouteTable


def tables() -> list[RouteTable]:
    """Return the route tables of all providers of this package."""
    from fakes.arm.providers import resources, storage
    from fakes.arm.providers.compute import tables as compute
    from fakes.arm.providers.network import tables as network

    return [resources.routes, storage.routes, *compute(), *network()]
