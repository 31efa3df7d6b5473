"""The backup extension as the control plane sees it: VMSnapshot or VMSnapshotLinux on a VM."""

from __future__ import annotations

from fakes.arm.plane import ControlPlane
from fakes.arm.providers.compute.extensions import record_extension
from fakes.arm.providers.compute.instance_view import extensions_of
from fakes.arm.store import Resource
from fakes.backup.target import Target

PUBLISHER = "Microsoft.Azure.RecoveryServices"
TYPES = {"Windows": "VMSnapshot", "Linux": "VMSnapshotLinux"}
VERSIONS = {"Windows": "1.0.111.0", "Linux": "1.0.9196.0"}


def handler_name(os: str) -> str:
    """Return publisher and type, the name under which the agent reports.

    >>> handler_name("Linux")
    'Microsoft.Azure.RecoveryServices.VMSnapshotLinux'
    """
    return f"{PUBLISHER}.{TYPES[os]}"


def find(plane: ControlPlane, target: Target) -> Resource | None:
    """Return the VM's backup extension, or ``None``; it is known by publisher and type, not by name."""
    for found in extensions_of(plane, target.vm_id):
        properties = found.properties
        if (properties.get("publisher"), properties.get("type")) == (PUBLISHER, TYPES[target.os]):
            return found
    return None


def is_installed(plane: ControlPlane, target: Target) -> bool:
    """Tell whether the VM has the backup extension."""
    return find(plane, target) is not None


def record(plane: ControlPlane, target: Target, state: str, sequence: int) -> None:
    """Show the extension on the VM with a provisioning state, adding it where it is missing.

    Args:
        plane: The control plane.
        target: The VM.
        state: ``Succeeded`` or ``Failed``.
        sequence: Number of the settings under which its handler reported.
    """
    found = find(plane, target)
    kind = TYPES[target.os]
    record_extension(
        plane,
        found.id if found else f"{target.vm_id}/extensions/{kind}",
        location=plane.require(target.vm_id).body["location"],
        publisher=PUBLISHER,
        kind=kind,
        version=".".join(VERSIONS[target.os].split(".")[:2]),
        sequence=sequence,
        provisioning_state=state,
    )
