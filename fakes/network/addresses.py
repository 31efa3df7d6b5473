"""IPv4 address sets: parsing prefixes, and sets as sorted ranges of integers."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Range = tuple[int, int]
Ranges = tuple[Range, ...]
"""Disjoint closed ranges in ascending order."""

EVERYTHING: Ranges = ((0, 2**32 - 1),)


def parse_prefix(text: str) -> Range:
    """Return the range of ``a.b.c.d`` or ``a.b.c.d/n``.

    >>> parse_prefix("10.0.0.0/30") == (0x0A000000, 0x0A000003)
    True

    Raises:
        ValueError: It is neither, or has bits set beyond its length (Azure refuses
            ``50.206.209.68/27`` too: Azure/azure-powershell#4557).
    """
    network = ipaddress.IPv4Network(text)
    return int(network.network_address), int(network.broadcast_address)


def address(text: str) -> int:
    """Return an address as an integer.

    Raises:
        ValueError: It is no IPv4 address.
    """
    return int(ipaddress.IPv4Address(text))


def union(ranges: Iterable[Range]) -> Ranges:
    """Return the union of ranges, merged where they touch.

    >>> union([(5, 9), (1, 4), (20, 30)])
    ((1, 9), (20, 30))
    """
    merged: list[Range] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def difference(left: Ranges, right: Ranges) -> Ranges:
    """Return what is in ``left`` and not in ``right``.

    >>> difference(((0, 10),), ((3, 4), (9, 20)))
    ((0, 2), (5, 8))
    """
    kept: list[Range] = []
    for low, high in left:
        for cut_low, cut_high in right:
            if cut_high < low or cut_low > high:
                continue
            if cut_low > low:
                kept.append((low, cut_low - 1))
            low = cut_high + 1
            if low > high:
                break
        if low <= high:
            kept.append((low, high))
    return tuple(kept)


def contains(ranges: Ranges, value: int) -> bool:
    """Tell whether a value lies in the set."""
    return any(low <= value <= high for low, high in ranges)


def prefixes(ranges: Ranges) -> list[str]:
    """Return the set as the fewest CIDR prefixes.

    >>> prefixes(((0, 2**32 - 1),))
    ['0.0.0.0/0']
    """
    return [
        str(network)
        for low, high in ranges
        for network in ipaddress.summarize_address_range(
            ipaddress.IPv4Address(low), ipaddress.IPv4Address(high)
        )
    ]
