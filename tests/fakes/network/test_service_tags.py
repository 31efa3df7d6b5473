import ipaddress
import itertools

import pytest

from fakes.network.addresses import address, contains, parse_prefix, union
from fakes.network.service_tags import (
    REGIONAL_SERVICES,
    REGIONS,
    UnassignedTag,
    UnknownTag,
    addresses_of,
    canonical,
    endpoint_address,
    regional_block,
)

VNET = union([parse_prefix("10.0.0.0/16")])


def test_every_region_has_its_own_blocks_inside_its_cloud():
    taken = []
    for region in REGIONS:
        cloud = addresses_of(f"AzureCloud.{region}", VNET)
        taken.extend(cloud)
        for service in REGIONAL_SERVICES:
            low, high = regional_block(service, region)
            assert contains(cloud, low)
            assert contains(cloud, high)
    assert len(union(taken)) <= len(taken) == len(REGIONS)
    blocks = sorted(regional_block(s, r) for s in REGIONAL_SERVICES if s != "AzureCloud" for r in REGIONS)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(blocks))


def test_a_service_is_the_sum_of_its_regions_and_part_of_the_internet():
    storage = addresses_of("Storage", VNET)
    internet = addresses_of("Internet", VNET)
    for region in REGIONS:
        low, high = regional_block("Storage", region)
        assert contains(storage, low)
        assert contains(internet, low)
        assert contains(internet, high)


@pytest.mark.parametrize(
    "private", ["10.0.0.4", "10.77.0.1", "172.16.0.1", "192.168.1.1", "168.63.129.16", "169.254.169.254"]
)
def test_the_internet_leaves_out_what_is_private(private):
    assert not contains(addresses_of("Internet", VNET), address(private))


def test_a_network_with_public_space_is_not_the_internet():
    public = union([parse_prefix("20.100.0.0/20")])
    assert not contains(addresses_of("Internet", public), address("20.100.1.1"))
    assert addresses_of("VirtualNetwork", public) == public


def test_an_endpoint_has_one_public_address_of_its_region():
    one = endpoint_address("Storage", "WestEurope", "Disks")
    assert one == endpoint_address("Storage", "westeurope", "disks")
    assert one != endpoint_address("Storage", "westeurope", "other")
    assert contains(addresses_of("storage.westeurope", VNET), address(one))
    assert ipaddress.ip_address(one).is_global


def test_names_are_found_in_any_case_and_shown_in_their_own():
    assert canonical("STORAGE.westEUROPE") == "Storage.WestEurope"
    assert canonical("internet") == "Internet"


def test_unknown_and_unassigned_tags_are_told_apart():
    with pytest.raises(UnassignedTag):
        canonical("AppService.WestEurope")
    with pytest.raises(UnknownTag) as unknown:
        canonical("Storage.Atlantis")
    assert not isinstance(unknown.value, UnassignedTag)
    with pytest.raises(ValueError, match="regions: australiacentral"):
        regional_block("Storage", "atlantis")
