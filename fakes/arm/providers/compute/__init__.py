"""Microsoft.Compute: virtual machines and what belongs to them."""

from __future__ import annotations

from fakes.arm.routing import RouteTable


def tables() -> list[RouteTable]:
    """Return the provider's route tables."""
    from fakes.arm.providers.compute import disks, extensions, power, restore_points, virtual_machines

    return [virtual_machines.routes, power.routes, extensions.routes, disks.routes, restore_points.routes]
