"""Service tags and the addresses behind them.

The names are those of the published list (learn.microsoft.com, "Virtual network service
tags"). The addresses of Azure's services are **lab-assigned**: every region has one /16 out of
20.64.0.0/10, cut into one block per service. They have the form of the published ranges, and
packets to them never leave a lab. What Azure fixes for all customers (168.63.129.16,
169.254.169.254, the KMS addresses) is as published.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from fakes.network.addresses import EVERYTHING, Range, Ranges, difference, parse_prefix, prefixes, union

WIRE_SERVER = "168.63.129.16"
"""The host's virtual public address: agent protocol, DNS, DHCP, health probes."""
INSTANCE_METADATA = "169.254.169.254"
"""The Instance Metadata Service."""

REGIONS = (
    "AustraliaCentral", "AustraliaEast", "AustraliaSoutheast", "BrazilSouth", "CanadaCentral", "CanadaEast",
    "CentralIndia", "CentralUS", "EastAsia", "EastUS", "EastUS2", "FranceCentral", "GermanyWestCentral",
    "IsraelCentral", "ItalyNorth", "JapanEast", "JapanWest", "KoreaCentral", "KoreaSouth", "MexicoCentral",
    "NorthCentralUS", "NorthEurope", "NorwayEast", "PolandCentral", "QatarCentral", "SouthAfricaNorth",
    "SouthCentralUS", "SouthIndia", "SoutheastAsia", "SpainCentral", "SwedenCentral", "SwitzerlandNorth",
    "UAENorth", "UKSouth", "UKWest", "WestCentralUS", "WestEurope", "WestIndia", "WestUS", "WestUS2", "WestUS3",
)  # fmt: skip
"""Regions as tags spell them; a location is the same in lower case."""

# Service -> its block inside the region's /16 (lab-assigned).
REGIONAL_SERVICES = {
    "AzureCloud": "0.0/16",
    "Storage": "0.0/20",
    "AzureBackup": "16.0/24",
    "AzureResourceManager": "17.0/24",
    "AzureMonitor": "18.0/24",
    "AzureKeyVault": "19.0/24",
    "Sql": "20.0/22",
}
GLOBAL_SERVICES = {"AzureActiveDirectory": ("20.190.128.0/18",)}

# Tag -> the platform's endpoint: addresses and port. Rules touch these endpoints through these
# tags only (learn.microsoft.com, "Azure platform considerations" of network security groups).
PLATFORM_TAGS = {
    "AzurePlatformDNS": ((WIRE_SERVER,), 53),
    "AzurePlatformIMDS": ((INSTANCE_METADATA,), 80),
    "AzurePlatformLKM": (("20.118.99.224", "40.83.235.53", "23.102.135.246"), 1688),
}

# Published tags whose addresses the lab has not assigned: asking for one is refused loudly.
OTHER_PUBLISHED_TAGS = frozenset(
    """ActionGroup ApiManagement ApplicationInsightsAvailability AppConfiguration AppService AppServiceManagement
    AzureAdvancedThreatProtection AzureArcInfrastructure AzureAttestation AzureBotService AzureCognitiveSearch
    AzureConnectors AzureContainerRegistry AzureCosmosDB AzureDatabricks AzureDevOps AzureDigitalTwins
    AzureEventGrid AzureFrontDoor.Frontend AzureFrontDoor.Backend AzureFrontDoor.FirstParty
    AzureInformationProtection AzureIoTHub AzureLoadTestingInstanceManagement AzureMachineLearning AzureOpenDatasets
    AzureSignalR AzureSiteRecovery AzureSphere AzureStack AzureTrafficManager AzureUpdateDelivery
    AzureWebPubSub BatchNodeManagement ChaosStudio CognitiveServicesManagement DataFactory
    DataFactoryManagement Dynamics365ForMarketingEmail EventHub GatewayManager GuestAndHybridManagement HDInsight
    LogicApps LogicAppsManagement MicrosoftContainerRegistry PowerBI PowerPlatformInfra ServiceBus ServiceFabric
    SqlManagement StorageSyncService WindowsAdminCenter WindowsVirtualDesktop""".lower().split()
)

# Not reachable by the public internet, so not in the tag Internet (RFC 1122, 1918, 3927, 5771, 6598).
_NOT_INTERNET = union(
    parse_prefix(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.168.0.0/16", "224.0.0.0/3", WIRE_SERVER,
    )
)  # fmt: skip


class UnknownTag(ValueError):
    """A name that is no service tag."""


class UnassignedTag(UnknownTag):
    """A published tag to which the lab has assigned no addresses."""


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, Ranges]]:
    """Return canonical name and addresses of every tag that does not depend on a virtual network."""
    named: dict[str, Ranges] = {}
    for service, block in REGIONAL_SERVICES.items():
        regional = {region: parse_prefix(f"20.{64 + i}.{block}") for i, region in enumerate(REGIONS)}
        named[service] = union(regional.values())
        named |= {f"{service}.{region}": (one,) for region, one in regional.items()}
    named |= {name: union(map(parse_prefix, blocks)) for name, blocks in GLOBAL_SERVICES.items()}
    named |= {name: union(map(parse_prefix, hosts)) for name, (hosts, _) in PLATFORM_TAGS.items()}
    named["AzureLoadBalancer"] = (parse_prefix(WIRE_SERVER),)
    return {name.lower(): (name, ranges) for name, ranges in named.items()}


def canonical(tag: str) -> str:
    """Return a tag in its published casing.

    >>> canonical("storage.westeurope")
    'Storage.WestEurope'

    Raises:
        UnassignedTag: It is published, but the lab has no addresses for it.
        UnknownTag: There is no such tag.
    """
    lowered = tag.lower()
    if lowered in {"virtualnetwork", "internet"}:
        return {"virtualnetwork": "VirtualNetwork", "internet": "Internet"}[lowered]
    if lowered in _table():
        return _table()[lowered][0]
    if lowered in OTHER_PUBLISHED_TAGS or lowered.partition(".")[0] in OTHER_PUBLISHED_TAGS:
        raise UnassignedTag(f"service tag {tag}")
    raise UnknownTag(f"no service tag: {tag!r}")


def addresses_of(tag: str, virtual_network: Ranges) -> Ranges:
    """Return the addresses behind a tag.

    Args:
        tag: A tag's name in any case.
        virtual_network: The address space of the network (and what is peered with it) whose
            rule it is: the tag VirtualNetwork, and what the tag Internet leaves out.

    Raises:
        UnknownTag: As :func:`canonical` does.
    """
    name = canonical(tag)
    if name == "VirtualNetwork":
        return virtual_network
    if name == "Internet":  # includes Azure's public ranges, hence Storage
        return difference(EVERYTHING, union([*_NOT_INTERNET, *virtual_network]))
    return _table()[name.lower()][1]


def regional_block(service: str, location: str) -> Range:
    """Return the block of a service in a location.

    Raises:
        ValueError: The location is no region, or the service has no regional blocks.
    """
    found = _table().get(f"{service}.{location}".lower())
    if found is None:
        raise ValueError(f"no addresses for {service} in {location!r}; regions: {', '.join(REGIONS).lower()}")
    return found[1][0]


def endpoint_address(service: str, location: str, name: str) -> str:
    """Return the public address that the lab gives to an endpoint, always the same for a name.

    >>> endpoint_address("Storage", "westeurope", "vmdisks").startswith("20.100.")
    True

    Raises:
        ValueError: As :func:`regional_block` does.
    """
    low, high = regional_block(service, location)
    digest = hashlib.sha256(f"{service}/{location}/{name}".lower().encode()).digest()
    value = low + 1 + int.from_bytes(digest[:4], "big") % (high - low - 1)
    return prefixes(((value, value),))[0].removesuffix("/32")
