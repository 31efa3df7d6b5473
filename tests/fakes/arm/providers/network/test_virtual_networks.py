import pytest


def vnet(*subnets, space="10.9.0.0/16"):
    listed = [{"name": name, "properties": {"addressPrefix": prefix}} for name, prefix in subnets]
    return {
        "location": "westeurope",
        "properties": {"addressSpace": {"addressPrefixes": [space]}, "subnets": listed},
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (vnet(("a", "10.8.0.0/24")), "NetcfgInvalidSubnet"),
        (vnet(("a", "10.9.0.0/24"), ("b", "10.9.0.128/25")), "NetcfgSubnetRangesOverlap"),
        (vnet(("a", "10.9.0.1/24")), "InvalidCIDRNotation"),
        (vnet(("a", "10.9.0.0/24"), ("A", "10.9.1.0/24")), "InvalidRequestFormat"),
        (vnet(("-a", "10.9.0.0/24")), "InvalidResourceName"),
        ({"location": "westeurope", "properties": {}}, "InvalidRequestFormat"),
    ],
)
def test_a_bad_network_is_refused(lab, body, code):
    answer = lab.call("PUT", lab.facts["vnet_id"] + "2", body)
    assert (answer.status, answer.code) == (400, code)


def test_a_subnet_in_use_cannot_be_left_out(lab):
    answer = lab.call("PUT", lab.facts["vnet_id"], vnet(space="10.0.0.0/16"))
    assert answer.code == "InUseSubnetCannotBeDeleted"
    assert "/networkInterfaces/nic1/ipConfigurations/ipconfig1" in answer.message


def test_a_subnet_may_not_refer_to_what_is_missing(lab):
    body = {
        "properties": {
            "addressPrefix": "10.0.7.0/24",
            "networkSecurityGroup": {"id": lab.facts["nsg_id"] + "x"},
        }
    }
    answer = lab.call("PUT", lab.facts["vnet_id"] + "/subnets/b", body)
    assert answer.code == "InvalidResourceReference"
    assert "Please make sure that the referenced resource exists" in answer.message
    body["properties"]["networkSecurityGroup"]["id"] = "nsg1"
    assert lab.call("PUT", lab.facts["vnet_id"] + "/subnets/b", body).code == "LinkedInvalidPropertyId"


def test_a_child_of_nothing_is_refused(lab):
    answer = lab.call(
        "PUT", lab.facts["vnet_id"] + "x/subnets/b", {"properties": {"addressPrefix": "10.0.7.0/24"}}
    )
    assert (answer.status, answer.code) == (404, "ParentResourceNotFound")
