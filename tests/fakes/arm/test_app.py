"""The order in which a request is treated, and that no body makes the control plane fall over."""

import asyncio
import itertools
from types import SimpleNamespace

import pytest

from fakes.arm.errors import ArmError

SUB = "/subscriptions/11111111-1111-4111-8111-111111111111"


def test_a_request_without_a_token_is_401_before_all_else(lab):
    lab.client.token = ""
    answer = lab.call("GET", "/nowhere?api-version=", headers={})
    assert (answer.status, answer.code) == (401, "AuthenticationFailed")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    for header, code in (
        ("Basic x", "AuthenticationFailedInvalidHeader"),
        ("Bearer x", "InvalidAuthenticationToken"),
    ):
        assert lab.call("GET", SUB, headers={"authorization": header}).code == code
    assert lab.plane.not_simulated.entries() == []


def test_then_the_api_version_is_required_and_only_logged(lab):
    lab.client.api_version = ""
    answer = lab.call("GET", "/nowhere")
    assert (answer.status, answer.code) == (400, "MissingApiVersionParameter")
    for version in ("2017-03-30", "2026-04-01", "anything"):
        assert lab.call("GET", f"{SUB}?API-Version={version}").status == 200
    assert [one.api_version for one in lab.plane.requests] == ["", "2017-03-30", "2026-04-01", "anything"]


def test_then_the_subscription_must_exist_then_the_operation(lab):
    assert lab.call("GET", "/subscriptions/other/nothing").code == "SubscriptionNotFound"
    answer = lab.call(
        "POST", f"{SUB}/resourceGroups/nogroup/providers/Microsoft.Compute/virtualMachines/srv1/capture"
    )
    assert (answer.status, answer.code) == (501, "NotSimulated")
    assert lab.plane.not_simulated.entries()[0]["construct"].endswith("/virtualMachines/srv1/capture")
    assert lab.call("PURGE", SUB).status == 501


def test_then_the_provider_must_be_registered_then_the_group_exists(lab):
    nowhere = f"{SUB}/resourceGroups/nogroup/providers/Microsoft.Compute/virtualMachines/srv1"
    assert lab.call("POST", f"{SUB}/providers/Microsoft.Compute/unregister").status == 200
    answer = lab.call("GET", nowhere)
    assert (answer.status, answer.code) == (409, "MissingSubscriptionRegistration")
    lab.call("POST", f"{SUB}/providers/Microsoft.Compute/register")
    answer = lab.call("GET", nowhere)
    assert answer.message == "Resource group 'nogroup' could not be found."


def test_then_the_gates_then_the_handler(lab):
    def gate(request, route):
        assert "{vm}" in route.template
        if request.method == "DELETE":
            raise ArmError(409, "ScopeLocked", "locked")

    lab.plane.gates.append(gate)
    assert lab.call("GET", lab.facts["vm_id"]).status == 200
    assert lab.call("DELETE", lab.facts["vm_id"]).code == "ScopeLocked"
    assert lab.facts["vm_id"] in lab.plane.store


def test_paths_are_read_in_any_case_with_any_slashes(lab):
    path = lab.facts["vm_id"].upper().replace("/PROVIDERS/", "//providers///") + "/"
    assert lab.call("GET", path).body["name"] == "srv1"


def test_a_bug_of_ours_is_a_500_with_a_traceback_in_the_log(lab, caplog):
    lab.plane.gates.append(lambda _request, _route: 1 / 0)
    assert lab.call("GET", lab.facts["vm_id"]).code == "InternalServerError"
    assert "ZeroDivisionError" in caplog.text


def test_polling_urls_are_absolute_and_carry_the_callers_api_version(lab):
    answer = lab.call(
        "POST", lab.facts["vm_id"] + "/restart?api-version=2017-03-30", headers={"host": "h:8443"}
    )
    assert answer.status == 202
    for name in ("azure-asyncoperation", "location"):
        assert answer.headers[name].startswith("https://h:8443/subscriptions/")
        assert answer.headers[name].endswith("?api-version=2017-03-30")
    assert lab.wait(answer).body["status"] == "Succeeded"
    assert lab.call("GET", answer.headers["location"]).status == 204


def test_many_writers_at_once_lose_no_update(lab):
    def rule(i):
        return {"properties": {
            "priority": 100 + i, "direction": "Outbound", "access": "Deny", "protocol": "*", "sourcePortRange": "*",
            "destinationPortRange": "*", "sourceAddressPrefix": "*", "destinationAddressPrefix": "*",
        }}  # fmt: skip

    async def all_at_once():
        return await asyncio.gather(
            *(lab.client.send("PUT", f"{lab.facts['nsg_id']}/securityRules/r{i}", rule(i)) for i in range(50))
        )

    answers = lab.client.loop.run_until_complete(all_at_once())
    assert {one.status for one in answers} == {201}
    for one in answers:
        assert lab.wait(one).body["status"] == "Succeeded"
    properties = lab.call("GET", lab.facts["nsg_id"]).body["properties"]
    assert len(properties["securityRules"]) == 50
    assert {one["properties"]["provisioningState"] for one in properties["securityRules"]} == {"Succeeded"}


@pytest.mark.parametrize("raw", [b"{", b"[" * 100_000, b"nope", b"\xff\xfe", b'{"a": NaN}'])
def test_a_body_that_is_no_json_is_400(lab, raw):
    answer = lab.call("PUT", lab.facts["nsg_id"], raw)
    assert (answer.status, answer.code) == (400, "InvalidRequestContent")


# -- whatever is sent, the answer is ARM's and not a crash ---------------------------------
GROUP = f"{SUB}/resourceGroups/rg-Lab/providers"
RULE = {
    "priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "*", "description": "d",
    "sourcePortRange": "*", "destinationPortRanges": ["443"], "sourceAddressPrefix": "*",
    "destinationAddressPrefixes": ["10.0.0.0/24"], "sourceApplicationSecurityGroups": [],
}  # fmt: skip
SUBNET = {
    "addressPrefix": "10.0.7.0/24", "networkSecurityGroup": {"id": f"{GROUP}/Microsoft.Network/networkSecurityGroups/nsg1"},
    "serviceEndpoints": [{"service": "Microsoft.Storage", "locations": ["westeurope"]}], "delegations": [],
}  # fmt: skip
CONFIGURATION = {
    "subnet": {"id": f"{GROUP}/Microsoft.Network/virtualNetworks/vnet1/subnets/default"},
    "privateIPAllocationMethod": "Static", "privateIPAddress": "10.0.0.9", "primary": True,
}  # fmt: skip
MACHINE = {
    "hardwareProfile": {"vmSize": "Standard_DS1_v2"}, "osProfile": {"computerName": "NEW", "adminPassword": "x"},
    "storageProfile": {"osDisk": {"name": "os", "osType": "Linux"}, "dataDisks": [{"name": "d", "lun": 0}]},
    "networkProfile": {"networkInterfaces": []},
}  # fmt: skip
NETWORK, COMPUTE = f"{GROUP}/Microsoft.Network", f"{GROUP}/Microsoft.Compute"
GOOD = {
    f"{NETWORK}/networkSecurityGroups/nsg1": {"securityRules": [{"name": "a", "properties": RULE}]},
    f"{NETWORK}/networkSecurityGroups/nsg1/securityRules/r": RULE,
    f"{NETWORK}/virtualNetworks/new": {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}, "virtualNetworkPeerings": [],
        "subnets": [{"name": "a", "properties": SUBNET}],
    },
    f"{NETWORK}/virtualNetworks/vnet1/subnets/s": SUBNET,
    f"{NETWORK}/networkInterfaces/new": {
        "ipConfigurations": [{"name": "ip", "properties": CONFIGURATION}], "dnsSettings": {"dnsServers": ["10.0.0.1"]},
    },
    f"{NETWORK}/routeTables/new": {"disableBgpRoutePropagation": True, "routes": []},
    f"{COMPUTE}/disks/d": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 4},
    f"{COMPUTE}/virtualMachines/new": MACHINE,
    f"{COMPUTE}/virtualMachines/srv1": {"osProfile": {"computerName": "SRV1"}, **MACHINE},
    f"{COMPUTE}/virtualMachines/srv1/extensions/e": {
        "publisher": "P", "type": "T", "typeHandlerVersion": "1.0", "settings": {}, "protectedSettings": {},
    },
    f"{COMPUTE}/restorePointCollections/c": {"source": {"id": f"{COMPUTE}/virtualMachines/srv1"}},
}  # fmt: skip
ODD = [
    None,
    True,
    0,
    -1,
    70000,
    "",
    "*",
    "x",
    "10.0.0.0/33",
    "\ud800",
    [],
    [1],
    [None],
    {},
    {"id": 1},
    {"id": "x"},
    {"name": "n"},
]


def places(value, path=()):
    """Yield the path of everything inside a body."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from places(one, (*path, name))


def replaced(value, path, odd):
    if not path:
        return odd
    copied = value.copy()
    copied[path[0]] = replaced(value[path[0]], path[1:], odd)
    return copied


def whole(path):
    body = {"properties": GOOD[path]}
    if "Rules/" not in path and "subnets/" not in path:
        body |= {"location": "westeurope", "tags": {"a": "b"}}
    if "/disks/" in path:
        body["sku"] = {"name": "Standard_LRS"}
    return body


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.removeprefix(GROUP + "/"))
def test_no_body_makes_it_fall_over(lab, path):
    lab.plane.goal_state = SimpleNamespace(publish_extension=lambda *_: 1)
    good, before = whole(path), lab.plane.store.dump()
    assert lab.call("PUT", path, good).status in {200, 201, 202, 409}  # 409: srv1 keeps its name
    lab.plane.store.load(before)
    for place, odd in itertools.product(places(good), ODD):
        answer = lab.call("PUT", path, replaced(good, place, odd))
        assert answer.status in {200, 201, 202, 400, 404, 409, 501}, (place, odd, answer)
        if answer.status >= 400:
            assert lab.plane.store.dump() == before, (place, odd)
        assert lab.call("GET", path).status in {200, 404}, (place, odd)
        assert lab.call("GET", path.rpartition("/")[0]).status == 200, (place, odd)
        lab.plane.store.load(before)
