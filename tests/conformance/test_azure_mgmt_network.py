"""azure-mgmt-network against the control plane, over TLS."""

import pytest
import requests
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.network import models as m

from fakes.arm.providers.network.effective import interface_view
from fakes.network.evaluate import evaluate
from fakes.network.model import Flow
from fakes.network.service_tags import endpoint_address

GROUP, NSG, NIC = "rg-Contoso", "srv-Web01-nsg", "srv-Web01-nic"


@pytest.fixture
def network(azure):
    with azure.client(NetworkManagementClient) as client:
        yield client


def rule(**changes):
    given = {
        "priority": 200,
        "direction": "Outbound",
        "access": "Deny",
        "protocol": "*",
        "source_address_prefix": "*",
        "source_port_range": "*",
        "destination_address_prefix": "Internet",
        "destination_port_range": "*",
    }
    return m.SecurityRule(properties=m.SecurityRulePropertiesFormat(**(given | changes)))


def put_rule(network, name, **changes):
    return network.security_rules.begin_create_or_update(GROUP, NSG, name, rule(**changes))


def test_the_landscape_reads_as_the_models_describe_it(network, conforms):
    group = conforms(network.network_security_groups.get(GROUP, NSG))
    assert [one.properties.priority for one in group.properties.default_security_rules] == [
        65000, 65001, 65500, 65000, 65001, 65500,
    ]  # fmt: skip
    assert group.properties.network_interfaces[0].id.endswith(f"/networkInterfaces/{NIC}")
    vnet = conforms(network.virtual_networks.get(GROUP, "vnet-contoso"))
    assert vnet.properties.subnets[0].properties.network_security_group.id == group.id
    conforms(network.subnets.get(GROUP, "vnet-contoso", "default"))
    nic = conforms(network.network_interfaces.get(GROUP, NIC))
    assert nic.properties.ip_configurations[0].properties.private_ip_address == "10.0.0.4"
    assert nic.properties.virtual_machine.id.endswith("/virtualMachines/srv-Web01")
    for listing in (
        network.network_security_groups.list_all(),
        network.network_security_groups.list(GROUP),
        network.virtual_networks.list_all(),
        network.network_interfaces.list(GROUP),
    ):
        assert [conforms(one).location for one in listing] == ["westeurope"]


def test_a_rule_is_created_as_a_long_running_operation(azure, network, conforms):
    poller = put_rule(network, "DenyInternet")
    assert poller.polling_method()._initial_response.http_response.status_code == 201
    made = conforms(poller.result())
    assert made.properties.provisioning_state == "Succeeded"
    assert made.id == f"{azure.facts['nsg_id']}/securityRules/DenyInternet"
    again = put_rule(network, "denyinternet", priority=300)
    assert again.polling_method()._initial_response.http_response.status_code == 200
    assert again.result().name == "DenyInternet"
    assert [one.properties.priority for one in network.security_rules.list(GROUP, NSG)] == [300]


def test_a_rule_can_be_deleted_and_is_then_not_found(network):
    put_rule(network, "DenyInternet").result()
    network.security_rules.begin_delete(GROUP, NSG, "DenyInternet").result()
    network.security_rules.begin_delete(GROUP, NSG, "DenyInternet").result()  # 204
    with pytest.raises(ResourceNotFoundError) as missing:
        network.security_rules.get(GROUP, NSG, "DenyInternet")
    assert missing.value.error.code == "NotFound"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"priority": 99}, "SecurityRuleInvalidPriority"),
        ({"priority": 4097}, "SecurityRuleInvalidPriority"),
        ({"destination_address_prefix": "50.206.209.68/27"}, "SecurityRuleInvalidAddressPrefix"),
        ({"destination_address_prefix": "Intranet"}, "SecurityRuleInvalidAddressPrefix"),
        ({"destination_port_range": "443,80"}, "SecurityRuleInvalidPortRange"),
        ({"destination_port_range": "80-70"}, "SecurityRuleInvalidPortRange"),
        ({"protocol": "Sctp"}, "InvalidRequestFormat"),
        ({"priority": 100}, "SecurityRuleConflict"),
    ],
)
def test_a_bad_rule_is_refused_and_changes_nothing(azure, network, changes, code):
    put_rule(network, "First", priority=100).result()
    before = azure.plane.store.dump()
    with pytest.raises(HttpResponseError) as refused:
        put_rule(network, "Second", **changes)
    assert (refused.value.status_code, refused.value.error.code) == (400, code)
    assert azure.plane.store.dump() == before


def test_effective_rules_show_both_groups_with_tags_expanded(azure, network, conforms):
    put_rule(network, "AllowStorage", priority=110, access="Allow", protocol="Tcp",
             destination_address_prefix="Storage.WestEurope", destination_port_range="443").result()  # fmt: skip
    groups = network.network_interfaces.begin_list_effective_network_security_groups(GROUP, NIC).result()
    conforms(groups)
    subnet, interface = groups.value
    assert subnet.association.subnet.id == azure.facts["subnet_id"]
    assert interface.association.network_interface.id == azure.facts["nic_id"]
    own = next(one for one in interface.effective_security_rules if one.name == "securityRules/AllowStorage")
    assert own.destination_port_range == "443-443"
    assert own.expanded_destination_address_prefix == ["20.100.0.0/20"]
    assert len(interface.effective_security_rules) == 7


def test_the_documented_fix_of_2018_lets_storage_through_again(azure, network):
    def passes():
        storage = endpoint_address("Storage", "westeurope", "contosodisks")
        view = interface_view(azure.plane.store, azure.facts["nic_id"])
        return evaluate(view, Flow("Outbound", "Tcp", "10.0.0.4", storage, 443)).allow

    assert passes()
    put_rule(network, "DenyInternet", priority=200).result()
    assert not passes()
    put_rule(network, "AllowStorageTooLate", priority=300, access="Allow",
             destination_address_prefix="Storage").result()  # fmt: skip
    assert not passes()
    put_rule(
        network, "AllowStorage", priority=100, access="Allow", destination_address_prefix="Storage"
    ).result()
    assert passes()


def test_a_group_and_a_subnet_in_use_cannot_be_deleted(network):
    with pytest.raises(HttpResponseError) as group:
        network.network_security_groups.begin_delete(GROUP, NSG)
    assert group.value.error.code == "InUseNetworkSecurityGroupCannotBeDeleted"
    with pytest.raises(HttpResponseError) as subnet:
        network.subnets.begin_delete(GROUP, "vnet-contoso", "default")
    assert subnet.value.error.code == "InUseSubnetCannotBeDeleted"
    with pytest.raises(HttpResponseError) as nic:
        network.network_interfaces.begin_delete(GROUP, NIC)
    assert nic.value.error.code == "NicInUse"


def test_a_whole_network_is_built_and_taken_down(network, conforms):
    network.network_security_groups.begin_create_or_update(
        GROUP, "nsg2", m.NetworkSecurityGroup(location="West Europe")
    ).result()
    vnet = m.VirtualNetwork(
        location="westeurope",
        properties=m.VirtualNetworkPropertiesFormat(
            address_space=m.AddressSpace(address_prefixes=["10.9.0.0/16"]),
            subnets=[m.Subnet(name="a", properties=m.SubnetPropertiesFormat(address_prefix="10.9.1.0/24"))],
        ),
    )
    made = conforms(network.virtual_networks.begin_create_or_update(GROUP, "vnet2", vnet).result())
    subnet = m.Subnet(
        properties=m.SubnetPropertiesFormat(
            address_prefix="10.9.2.0/24",
            service_endpoints=[m.ServiceEndpointPropertiesFormat(service="Microsoft.Storage")],
        )
    )
    second = conforms(network.subnets.begin_create_or_update(GROUP, "vnet2", "b", subnet).result())
    assert second.properties.service_endpoints[0].locations == ["westeurope"]
    nic = m.NetworkInterface(
        location="westeurope",
        properties=m.NetworkInterfacePropertiesFormat(
            ip_configurations=[
                m.NetworkInterfaceIPConfiguration(
                    name="ip",
                    properties=m.NetworkInterfaceIPConfigurationPropertiesFormat(
                        subnet=m.Subnet(id=made.properties.subnets[0].id)
                    ),
                )
            ]
        ),
    )
    put = conforms(network.network_interfaces.begin_create_or_update(GROUP, "nic2", nic).result())
    assert put.properties.ip_configurations[0].properties.private_ip_address == "10.9.1.4"
    network.network_interfaces.begin_delete(GROUP, "nic2").result()
    network.virtual_networks.begin_delete(GROUP, "vnet2").result()
    network.network_security_groups.begin_delete(GROUP, "nsg2").result()
    assert [one.name for one in network.virtual_networks.list(GROUP)] == ["vnet-contoso"]


def test_a_missing_resource_is_404(network):
    with pytest.raises(ResourceNotFoundError) as missing:
        network.network_security_groups.get(GROUP, "nowhere")
    assert missing.value.error.code == "ResourceNotFound"
    with pytest.raises(ResourceNotFoundError) as group:
        network.network_security_groups.get("nogroup", NSG)
    assert group.value.error.code == "ResourceGroupNotFound"


def test_a_move_to_another_region_is_409(network):
    with pytest.raises(HttpResponseError) as moved:
        network.network_security_groups.begin_create_or_update(
            GROUP, NSG, m.NetworkSecurityGroup(location="eastus")
        )
    assert (moved.value.status_code, moved.value.error.code) == (409, "InvalidResourceLocation")


def test_what_is_not_simulated_is_501_and_on_record(azure, network):
    with pytest.raises(HttpResponseError) as refused:
        network.load_balancers.get(GROUP, "lb")
    assert (refused.value.status_code, refused.value.error.code) == (501, "NotSimulated")
    with pytest.raises(HttpResponseError) as tag:
        put_rule(network, "Sb", destination_address_prefix="ServiceBus")
    assert tag.value.error.code == "NotSimulated"
    constructs = [one["construct"] for one in azure.plane.not_simulated.entries()]
    assert constructs[0].endswith("/Microsoft.Network/loadBalancers/lb")
    assert constructs[1] == "service tag ServiceBus"


def test_without_a_token_nobody_is_let_in(azure):
    azure.plane.tokens.revoke(azure.token)
    with azure.client(NetworkManagementClient) as client, pytest.raises(ClientAuthenticationError) as refused:
        client.network_security_groups.get(GROUP, NSG)
    assert refused.value.error.code == "InvalidAuthenticationToken"
    answer = requests.get(f"{azure.url}/subscriptions?api-version=2022-12-01", verify=azure.ca, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer authorization_uri=")


def test_the_check_itself_refuses_unknown_properties_and_values(conforms):
    conforms(m.SecurityRule({"name": "x", "properties": {"protocol": "Tcp", "sourcePortRanges": ["1"]}}))
    for wrong in ({"colour": 1}, {"protocol": "TCP"}, {"sourcePortRanges": [1]}, {"priority": "100"}):
        with pytest.raises(AssertionError):
            conforms(m.SecurityRule({"name": "x", "properties": wrong}))
