import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.network.addresses import contains, difference, parse_prefix, prefixes, union

small = st.tuples(st.integers(0, 60), st.integers(0, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))
sets = st.lists(small, max_size=6).map(union)


def members(ranges):
    return {value for low, high in ranges for value in range(low, high + 1)}


@given(st.lists(small, max_size=6))
def test_union_holds_the_same_members_in_disjoint_ascending_ranges(ranges):
    merged = union(ranges)
    assert members(merged) == members(ranges)
    assert all(a[1] + 1 < b[0] for a, b in itertools.pairwise(merged))


@given(sets, sets)
def test_difference_is_set_difference(left, right):
    assert members(difference(left, right)) == members(left) - members(right)


@given(sets)
def test_prefixes_cover_exactly_the_set(ranges):
    networks = [ipaddress.ip_network(one) for one in prefixes(ranges)]
    assert {int(address) for one in networks for address in one} == members(ranges)


@given(sets, st.integers(0, 80))
def test_contains_agrees_with_membership(ranges, value):
    assert contains(ranges, value) == (value in members(ranges))


@pytest.mark.parametrize(
    "text", ["50.206.209.68/27", "192.168.0.0/34", "10.0.0/0/16", "::/0", "", "VirtualNetwork"]
)
def test_what_is_no_prefix_is_refused(text):
    with pytest.raises(ValueError):
        parse_prefix(text)
