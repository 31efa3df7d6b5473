from fakes.arm import ids
from fakes.backup import names

VM = ids.resource_id("s", "RG-Lab", "Microsoft.Compute", "virtualMachines", "Srv-1")
VAULT = ids.resource_id("s", "RG-Lab", "Microsoft.RecoveryServices", "vaults", "v")


def test_container_and_item_names():
    assert names.container_name("RG-Lab", "Srv-1") == "IaasVMContainer;iaasvmcontainerv2;rg-lab;srv-1"
    assert names.item_id(VAULT, "RG-Lab", "Srv-1").endswith(
        "/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg-lab;srv-1"
        "/protectedItems/VM;iaasvmcontainerv2;rg-lab;srv-1"
    )
    assert ids.parse(names.item_id(VAULT, "g", "m")).type == names.ITEM_TYPE
    assert names.vault_of(names.item_id(VAULT, "g", "m")) == VAULT


def test_a_collection_keeps_its_name():
    found = ids.parse(names.collection_id(VM))
    assert found.type == names.COLLECTION_TYPE
    assert found.name.startswith("AzureBackup_Srv-1_")
    assert names.collection_id(VM) == names.collection_id(VM)
    assert names.collection_id(VM) != names.collection_id(VM + "2")
