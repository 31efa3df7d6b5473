from __future__ import annotations

import pytest

from lab.engine.diff import covers
from lab.engine.volatile import VOLATILE

NSG = "azure/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n"
VM = "azure/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm"


@pytest.mark.parametrize(
    "path",
    [
        "vm/services/VSS/state",
        "vm/services/VSS/start_type",
        "vm/registry/HKLM/SOFTWARE/Policies/DisableSnapshot/value",
        "vm/files/C:/Windows/System32/drivers/etc/hosts/sha256",
        "vm/vss/writers/System Writer/state",
        "vm/packages/walinuxagent",
        "vm/firewall",
        f"{NSG}/securityRules/DenyInternet/properties/priority",
        f"{VM}/tags/owner",
        f"{VM}/properties/osProfile/allowExtensionOperations",
        f"{VM}/extensions/CustomScript/body/properties/provisioningState",
        "azure/subscriptions/s/.../protectedItems/x/properties/policyId",
        "azure/subscriptions/s/.../protectedItems/x/properties/protectionState",
    ],
)
def test_what_a_cure_can_leave_behind_is_not_volatile(path):
    assert [pattern for pattern in VOLATILE if covers(pattern, path)] == []


@pytest.mark.parametrize(
    "path",
    [
        "vm/event_logs/System/12",
        "vm/processes/1044/name",
        "vm/services/VSS/pid",
        f"{VM}/instanceView/vmAgent/statuses",
        f"{VM}/extensions/VMSnapshot/state/sequence",
        f"{VM}/extensions/VMSnapshotLinux/body/properties/provisioningState",
        "azure/subscriptions/s/.../backupJobs/1/properties/status",
        "azure/subscriptions/s/.../protectedItems/x/properties/lastBackupTime",
        "azure/subscriptions/s/.../protectedItems/x/properties/healthStatus",
    ],
)
def test_what_moves_by_itself_is_volatile(path):
    assert [pattern for pattern in VOLATILE if covers(pattern, path)]
