import pytest

from fakes.arm import ids


def test_an_id_comes_apart_and_keeps_its_casing():
    one = ids.parse(
        "/subscriptions/S/resourceGroups/RG/providers/Microsoft.Network/virtualNetworks/V/subnets/N"
    )
    assert (one.subscription, one.resource_group, one.name) == ("S", "RG", "N")
    assert one.type == "Microsoft.Network/virtualNetworks/subnets"
    assert one.full_name == "Microsoft.Network/virtualNetworks/subnets/V/N"
    assert ids.parse("/subscriptions/S").name == "S"
    assert ids.parse("/SUBSCRIPTIONS/S/resourcegroups/G").resource_group == "G"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "/",
        "subscriptions",
        "/tenants/x",
        "/subscriptions/s/providers/Microsoft.X/y",
        "/subscriptions/s/foo/b",
    ],
)
def test_what_is_no_id_is_refused(bad):
    with pytest.raises(ValueError, match="not an ARM resource id"):
        ids.parse(bad)


def test_slashes_are_collapsed():
    assert ids.canonical_path("//subscriptions///s//") == "/subscriptions/s"
    assert ids.canonical_path("///") == "/"


def test_guids_follow_from_their_parts_in_any_case():
    assert ids.stable_guid("A", "b") == ids.stable_guid("a", "B") != ids.stable_guid("a", "c")
