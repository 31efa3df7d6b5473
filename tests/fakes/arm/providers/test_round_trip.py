"""What was read can be sent back, as scripts do that change one thing, and nothing else changes."""

import pytest

from fakes.arm.store import diff


@pytest.mark.parametrize("name", ["nsg_id", "vnet_id", "subnet_id", "nic_id", "vm_id", "resource_group_id"])
def test_a_body_that_was_read_can_be_put_back(lab, name):
    before = lab.plane.store.dump()
    read = lab.call("GET", lab.facts[name]).body
    answer = lab.call("PUT", lab.facts[name], read)
    assert answer.status == 200, answer
    if "azure-asyncoperation" in answer.headers:
        assert lab.wait(answer).body["status"] == "Succeeded"
    assert diff(before, lab.plane.store.dump()) == {}
    assert lab.call("GET", lab.facts[name]).body == read


def test_a_rule_and_its_group_can_be_put_back(lab):
    rule = {
        "priority": 100, "direction": "Inbound", "access": "allow", "protocol": "TCP", "sourcePortRange": "*",
        "destinationPortRanges": ["22", "80-90"], "sourceAddressPrefixes": ["10.0.0.0/24", "8.8.8.8"],
        "destinationAddressPrefix": "virtualnetwork",
    }  # fmt: skip
    path = lab.facts["nsg_id"] + "/securityRules/Web"
    lab.wait(lab.call("PUT", path, {"properties": rule}))
    before = lab.plane.store.dump()
    for one in (path, lab.facts["nsg_id"]):
        read = lab.call("GET", one).body
        lab.wait(lab.call("PUT", one, read))
        assert diff(before, lab.plane.store.dump()) == {}
        assert lab.call("GET", one).body == read
    shown = lab.call("GET", path).body["properties"]
    assert (shown["protocol"], shown["access"]) == ("Tcp", "Allow")
    assert shown["destinationAddressPrefix"] == "VirtualNetwork"


def test_making_and_deleting_a_rule_leaves_the_state_as_it_was(lab):
    before, etag = lab.plane.store.dump(), lab.call("GET", lab.facts["nsg_id"]).body["etag"]
    path = lab.facts["nsg_id"] + "/securityRules/Deny"
    lab.wait(lab.call("PUT", path, {"properties": {
        "priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "*", "sourcePortRange": "*",
        "destinationPortRange": "*", "sourceAddressPrefix": "*", "destinationAddressPrefix": "Internet",
    }}))  # fmt: skip
    assert lab.call("GET", lab.facts["nsg_id"]).body["etag"] != etag
    lab.wait(lab.call("DELETE", path))
    assert diff(before, lab.plane.store.dump()) == {}
    assert lab.call("GET", lab.facts["nsg_id"]).body["etag"] == etag
