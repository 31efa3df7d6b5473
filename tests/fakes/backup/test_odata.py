import pytest

from fakes.arm.errors import ArmError
from fakes.backup.odata import parse_filter


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", {}),
        ("  ", {}),
        ("status eq 'Failed'", {"status": "Failed"}),
        (
            "backupManagementType eq 'AzureIaasVM' AND itemType eq 'VM'",
            {"backupmanagementtype": "AzureIaasVM", "itemtype": "VM"},
        ),
        ("friendlyName eq 'it''s'", {"friendlyname": "it's"}),
    ],
)
def test_what_clients_send(text, wanted):
    assert parse_filter(text) == wanted


@pytest.mark.parametrize(
    "text", ["status", "status eq Failed", "a eq 'x' or b eq 'y'", "a eq 'x' and", "a eq 'x' b eq 'y'"]
)
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(ArmError, match="cannot be read at character") as refused:
        parse_filter(text)
    assert refused.value.status == 400
