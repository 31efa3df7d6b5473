import copy

import pytest

from fakes.arm.landscape import build
from fakes.arm.plane import ControlPlane
from fakes.clock import Clock

IDENTITY = {
    "subscription": "s", "resource_group": "g", "location": "westeurope", "vm": "vm1", "computer_name": "VM1",
    "nic": "n", "nsg": "sg", "vnet": "v", "subnet": "sn", "storage_account": "sa", "admin_user": "u",
    "admin_password": "topsecret",
}  # fmt: skip


@pytest.mark.parametrize(
    ("os", "shown", "profile"),
    [("windows", "Windows", "windowsConfiguration"), ("linux", "Linux", "linuxConfiguration")],
)
def test_the_machine_is_of_its_hosts_system(os, shown, profile):
    plane = ControlPlane(Clock())
    facts = build(plane, IDENTITY, {"vm": {"os": os, "address": "10.0.0.7"}})
    machine = plane.require(facts["vm_id"])
    assert machine.properties["storageProfile"]["osDisk"]["osType"] == shown
    assert machine.properties["storageProfile"]["osDisk"]["vhd"]["uri"] == facts["os_disk_uri"]
    assert facts["os_disk_uri"] == "https://sa.blob.core.windows.net/vhds/vm1-osdisk.vhd"
    assert profile in machine.properties["osProfile"]
    assert facts["guest_address"] == "10.0.0.7"
    nic = plane.require(facts["nic_id"])
    assert nic.properties["ipConfigurations"][0]["properties"]["privateIPAddress"] == "10.0.0.7"
    assert nic.properties["virtualMachine"]["id"] == facts["vm_id"]
    assert all(value.startswith("/subscriptions/s") for name, value in facts.items() if name.endswith("_id"))


def test_no_secret_is_in_the_dump_but_the_account_keys():
    plane = ControlPlane(Clock())
    facts = build(plane, IDENTITY | {"storage_key": "a2V5"}, {"vm": {"os": "windows"}})
    assert "topsecret" not in str(plane.store.dump())
    assert plane.require(facts["storage_account_id"]).state["keys"]["key1"] == "a2V5"


def test_labs_share_a_plane():
    plane = ControlPlane(Clock())
    build(plane, IDENTITY, {"vm": {"os": "windows"}})
    before = copy.deepcopy(plane.store.dump())
    build(plane, IDENTITY | {"subscription": "t"}, {"vm": {"os": "linux"}})
    assert {k: v for k, v in plane.store.dump().items() if "/s/" in k + "/"} == before


def test_exactly_one_host():
    with pytest.raises(ValueError, match="exactly one host, not 2: a, b"):
        build(ControlPlane(Clock()), IDENTITY, {"a": {"os": "linux"}, "b": {"os": "linux"}})
