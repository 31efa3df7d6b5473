import pytest


def nic(lab, **configuration):
    properties = {"subnet": {"id": lab.facts["subnet_id"]}, **configuration}
    return {
        "location": "westeurope",
        "properties": {"ipConfigurations": [{"name": "ip", "properties": properties}]},
    }


def test_addresses_are_given_in_order_and_kept(lab):
    made = []
    for name in ("2", "3"):
        path = lab.facts["nic_id"] + name
        lab.wait(lab.call("PUT", path, nic(lab)))
        made.append(
            lab.call("GET", path).body["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"]
        )
    assert made == ["10.0.0.5", "10.0.0.6"]
    lab.wait(lab.call("DELETE", lab.facts["nic_id"] + "2"))
    again = lab.call("PUT", lab.facts["nic_id"] + "3", nic(lab)).body
    assert again["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"] == "10.0.0.6"


@pytest.mark.parametrize(
    ("address", "code"),
    [("10.0.0.4", "PrivateIPAddressIsAllocated"), ("10.0.0.3", "PrivateIPAddressNotInSubnet"),
     ("10.0.0.255", "PrivateIPAddressNotInSubnet"), ("10.0.1.4", "PrivateIPAddressNotInSubnet"),
     ("ten", "InvalidIPAddressFormat")],
)  # fmt: skip
def test_a_bad_static_address_is_refused(lab, address, code):
    body = nic(lab, privateIPAllocationMethod="Static", privateIPAddress=address)
    answer = lab.call("PUT", lab.facts["nic_id"] + "2", body)
    assert (answer.status, answer.code) == (400, code)


def test_a_missing_subnet_is_named(lab):
    answer = lab.call("PUT", lab.facts["nic_id"] + "2", nic(lab, subnet={"id": lab.facts["subnet_id"] + "x"}))
    assert answer.code == "InvalidResourceReference"
    assert answer.message.startswith(f"Resource {lab.facts['subnet_id']}x referenced by resource")


def test_effective_rules_need_a_running_machine(lab):
    path = lab.facts["nic_id"] + "/effectiveNetworkSecurityGroups"
    assert lab.call("POST", path).status == 202
    lab.wait(lab.call("POST", lab.facts["vm_id"] + "/deallocate"))
    assert lab.call("POST", path).code == "NicMustBeAttachedToRunningVm"
