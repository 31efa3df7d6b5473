"""Microsoft.Network: security groups, virtual networks, interfaces, route tables."""

from __future__ import annotations

from fakes.arm.routing import RouteTable


def tables() -> list[RouteTable]:
    """Return the provider's route tables."""
    from fakes.arm.providers.network import (
        interfaces,
        route_tables,
        security_groups,
        virtual_networks,
    )

    return [security_groups.routes, virtual_networks.routes, interfaces.routes, route_tables.routes]
