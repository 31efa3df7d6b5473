import pytest

from fakes.arm.errors import ArmError
from fakes.arm.providers.network.security_rules import check_conflicts, port_range, rule_body, to_model
from fakes.network.model import Rule
from fakes.notsimulated import NotSimulated

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n/securityRules/R"
GOOD = {
    "priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "*", "sourcePortRange": "*",
    "destinationPortRange": "443", "sourceAddressPrefix": "*", "destinationAddressPrefix": "Internet",
}  # fmt: skip


def without(*names, **changes):
    return {name: value for name, value in GOOD.items() if name not in names} | changes


def test_a_rule_becomes_what_the_evaluator_reads():
    assert to_model(rule_body(ID, GOOD)) == Rule(
        "R", 100, "Outbound", False, "*", destinations=("Internet",), destination_ports=((443, 443),)
    )


@pytest.mark.parametrize(
    ("sent", "code", "text"),
    [
        (without("priority"), "SecurityRuleInvalidPriority",
         "Security rule has invalid Priority. Value provided: 0 Allowed range 100-4096."),
        (GOOD | {"destinationPortRange": "636, 389"}, "SecurityRuleInvalidPortRange",
         ("Security rule has invalid Port range. Value provided: 636, 389. Value should be an integer OR integer range "
         "with '-' delimiter. Valid range 0-65535.")),
        (GOOD | {"destinationAddressPrefix": "50.206.209.68/27"}, "SecurityRuleInvalidAddressPrefix",
         f"Security rule {ID} has invalid Address prefix. Value provided: 50.206.209.68/27"),
        (without("destinationAddressPrefix", destinationAddressPrefixes=["Storage", "Sql"]),
         "SecurityRuleParameterContainsUnsupportedValue",
         (f"Security rule parameter DestinationAddressPrefix for rule with Id {ID} cannot specify existing "
         "VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: Storage.")),
        (without("sourcePortRange"), "SecurityRuleMissingParameter",
         (f"Required security rule parameters are missing for security rule with Id: {ID}. Security rule must specify "
         "SourcePortRange or SourcePortRanges.")),
        (GOOD | {"sourcePortRanges": ["1"]}, "SecurityRuleParameterConflict", None),
        (without("access"), "InvalidRequestFormat", "Cannot parse the request."),
        (GOOD | {"description": "x" * 141}, "InvalidRequestFormat", None),
    ],
)  # fmt: skip
def test_a_bad_rule_is_refused_in_azures_words(sent, code, text):
    with pytest.raises(ArmError) as refused:
        rule_body(ID, sent)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert text is None or refused.value.message == text


@pytest.mark.parametrize("name", ["_a", "a_", "a", "a.b-c", "x" * 80])
def test_good_names_pass(name):
    assert rule_body(ID[:-1] + name, GOOD)["name"] == name


@pytest.mark.parametrize("name", ["-a", "a-", "a b", "x" * 81, ".a", "ä"])
def test_bad_names_are_refused(name):
    with pytest.raises(ArmError) as refused:
        rule_body(ID[:-1] + name, GOOD)
    assert refused.value.code == "InvalidResourceName"


@pytest.mark.parametrize(
    "sent",
    [
        GOOD | {"destinationAddressPrefix": "2001:db8::/32"},
        GOOD | {"sourceApplicationSecurityGroups": [{"id": "x"}]},
    ],
)
def test_what_the_lab_cannot_follow_is_not_simulated(sent):
    with pytest.raises(NotSimulated):
        rule_body(ID, sent)


def test_the_same_priority_may_be_used_in_the_other_direction_only():
    rules = [rule_body(ID[:-1] + "A", GOOD), rule_body(ID[:-1] + "B", GOOD | {"direction": "Inbound"})]
    check_conflicts(rules)
    with pytest.raises(ArmError) as refused:
        check_conflicts([*rules, rule_body(ID[:-1] + "C", GOOD)])
    assert refused.value.message == (
        "Security rule A conflicts with rule C. Rules cannot have the same Priority and Direction. To learn more, see "
        "aka.ms/nsgrules."
    )


@pytest.mark.parametrize("bad", ["", "-1", "65536", "5-", "80-70", "a", "1-2-3", "80 ", "٣"])
def test_bad_ports_are_refused(bad):
    with pytest.raises(ValueError):
        port_range(bad)
