"""The VM to back up, as the control plane shows it: state, system, disks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fakes.arm.plane import ControlPlane
from fakes.arm.providers.compute.instance_view import power_state


@dataclass(frozen=True)
class Disk:
    """One disk of the VM and the page blob behind it.

    Attributes:
        lun: Logical unit; -1 for the disk of the operating system.
        name: Its name.
        container: Container of the page blob.
        blob: Name of the page blob.
    """

    lun: int
    name: str
    container: str
    blob: str


@dataclass(frozen=True)
class Target:
    """A VM that was found.

    Attributes:
        vm_id: Its id.
        os: ``Windows`` or ``Linux``.
        provisioning: ``Succeeded``, ``Failed``, ``Updating``...
        power: ``running``, ``stopped``, ``deallocated``, ``stopping``...
        managed: Whether its disks are managed disks.
        disks: Disk of the operating system first.
    """

    vm_id: str = ""
    os: str = ""
    provisioning: str = ""
    power: str = ""
    managed: bool = True
    disks: tuple[Disk, ...] = ()


def find_target(plane: ControlPlane, vm_id: str) -> Target | None:
    """Return the VM as it is now, or ``None`` when there is none."""
    vm = plane.store.get(vm_id)
    if vm is None:
        return None
    profile = vm.properties["storageProfile"]
    os_disk = profile["osDisk"]
    described = [(-1, os_disk), *((int(disk["lun"]), disk) for disk in profile.get("dataDisks") or [])]
    return Target(
        vm_id=vm.id,
        os=str(os_disk["osType"]),
        provisioning=str(vm.properties.get("provisioningState", "")),
        power=power_state(vm),
        managed="managedDisk" in os_disk,
        disks=tuple(_disk(plane, lun, one) for lun, one in described),
    )


def _disk(plane: ControlPlane, lun: int, described: dict[str, Any]) -> Disk:
    name = str(described["name"])
    if "managedDisk" not in described:
        _, container, blob = urlsplit(described["vhd"]["uri"]).path.split("/", 2)
        return Disk(lun, name, container, blob)
    managed = plane.require(described["managedDisk"]["id"])
    container, blob = managed.state["blob"].split("/", 1)
    return Disk(lun, name, container, blob)
