from fakes.backup import landscape


def test_disks_follow_from_their_names():
    assert landscape.content_of("srv-1-osdisk") == landscape.content_of("srv-1-osdisk")
    assert landscape.content_of("srv-1-osdisk") != landscape.content_of("srv-2-osdisk")
    assert len(landscape.content_of("x")) % 512 == 0


def test_the_vm_is_protected_by_the_policy(world):
    item = world.item().properties
    assert item["protectionState"] == "IRPending"
    assert item["policyId"].endswith("/backupPolicies/DailyPolicy")
    assert item["virtualMachineId"] == world.vm_id
    assert ("vhds", "srv-1-osdisk.vhd") in world.storage.blobs


def test_a_managed_disk_is_found_through_its_resource(world):
    disk = f"{world.vm_id.rsplit('/', 2)[0]}/disks/data".replace("virtualMachines", "disks")
    world.plane.store.put(
        disk, {"id": disk, "name": "data", "type": "Microsoft.Compute/disks", "properties": {}}
    )
    with world.plane.store.edit(world.vm_id) as vm:
        vm.properties["storageProfile"]["dataDisks"] = [
            {"lun": 0, "name": "data", "managedDisk": {"id": disk}}
        ]
    landscape._point_disks_at_blobs(world.plane, world.vm_id)
    landscape.upload_disks(world.plane, world.vm_id, world.storage)
    properties = world.backup()
    assert properties["status"] == "Completed", world.steps()
    assert sorted(world.points()[0].state["copies"]) == ["-1", "0"]
