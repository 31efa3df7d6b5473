"""Microsoft.Network: security groups, virtual networks, interfaces, route tables."""

from __future__ import annotations

from fakes.arm.routing import RouteTable


def tables() -> list[RouteTable]:
    """Return the provider's route tables."""
    return []
