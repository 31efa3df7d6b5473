"""Security rules: what the network provider accepts, what it refuses and in which words."""

from __future__ import annotations

import re
from typing import Any

from fakes.arm.errors import ArmError, bad_request
from fakes.arm.http import Json
from fakes.arm.ids import parse
from fakes.network.addresses import parse_prefix
from fakes.network.model import PROTOCOLS, Rule
from fakes.network.service_tags import UnassignedTag, UnknownTag, canonical
from fakes.notsimulated import NotSimulated

TYPE = "Microsoft.Network/networkSecurityGroups/securityRules"

_NAME = re.compile(r"\w(?:[\w.-]{0,78}\w)?", re.ASCII)
_PORT = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_ENUMS = {
    "protocol": ("SecurityRuleProtocol", (*PROTOCOLS, "*")),
    "access": ("SecurityRuleAccess", ("Allow", "Deny")),
    "direction": ("SecurityRuleDirection", ("Inbound", "Outbound")),
}
_SIDES = ("source", "destination")
_TEXTS = ("description", "protocol", "access", "direction", "provisioningState")
RULE_SHAPE = {
    **dict.fromkeys(("id", "name", "type", "etag"), str),
    "properties": {
        **dict.fromkeys(_TEXTS, str),
        "priority": int,
        **{f"{side}{part}": str for side in _SIDES for part in ("AddressPrefix", "PortRange")},
        **{f"{side}{part}": [str] for side in _SIDES for part in ("AddressPrefixes", "PortRanges")},
        **{f"{side}ApplicationSecurityGroups": [dict] for side in _SIDES},
    },
}
"""The shape of a rule's body."""


def check_name(name: str) -> None:
    """Refuse a name that the network provider refuses.

    Raises:
        ArmError: 400 InvalidResourceName.
    """
    if not _NAME.fullmatch(name):
        raise bad_request(
            "InvalidResourceName",
            f"Resource name {name} is invalid. The name can be up to 80 characters long. It must begin with a word "
            "character, and it must end with a word character or with '_'. The name may contain word characters or "
            "'.', '-', '_'.",
        )


def rule_body(rule_id: str, sent: Json) -> Json:
    """Check a rule and complete it.

    Args:
        rule_id: Its id.
        sent: The ``properties`` of the request.

    Returns:
        The rule's wire body.

    Raises:
        ArmError: 400, in the provider's words.
        NotSimulated: It names application security groups, IPv6, or a tag the lab has no
            addresses for.
    """
    name = parse(rule_id).name
    check_name(name)
    properties: Json = {"provisioningState": "Succeeded"}
    if sent.get("description"):
        properties["description"] = _text(sent["description"], "description", limit=140)
    for field, (type_name, values) in _ENUMS.items():
        properties[field] = _enum(sent.get(field), field, type_name, values)
    properties["priority"] = _priority(sent.get("priority"))
    for side in _SIDES:
        if sent.get(f"{side}ApplicationSecurityGroups"):
            raise NotSimulated(f"application security groups ({side} of rule {name})")
        properties |= _ports(sent, side, rule_id)
        properties |= _addresses(sent, side, rule_id)
    return {"name": name, "id": rule_id, "type": TYPE, "properties": properties}


def check_conflicts(rules: list[Json]) -> None:
    """Refuse two rules of the same priority and direction.

    Raises:
        ArmError: 400 SecurityRuleConflict.
    """
    seen: dict[tuple[str, int], str] = {}
    for rule in rules:
        slot = (rule["properties"]["direction"], rule["properties"]["priority"])
        if slot in seen:
            raise bad_request(
                "SecurityRuleConflict",
                f"Security rule {seen[slot]} conflicts with rule {rule['name']}. Rules cannot have the same Priority "
                "and Direction. To learn more, see aka.ms/nsgrules.",
            )
        seen[slot] = rule["name"]


def to_model(rule: Json, *, default: bool = False) -> Rule:
    """Return the evaluator's form of a stored rule."""
    shown = rule["properties"]
    return Rule(
        rule["name"],
        shown["priority"],
        shown["direction"],
        shown["access"] == "Allow",
        shown["protocol"],
        _many(shown, "sourceAddressPrefix", "sourceAddressPrefixes"),
        tuple(map(port_range, _many(shown, "sourcePortRange", "sourcePortRanges"))),
        _many(shown, "destinationAddressPrefix", "destinationAddressPrefixes"),
        tuple(map(port_range, _many(shown, "destinationPortRange", "destinationPortRanges"))),
        default,
    )


def port_range(text: str) -> tuple[int, int]:
    """Return a port or range of ports as a closed range.

    >>> port_range("*"), port_range("443")
    ((0, 65535), (443, 443))

    Raises:
        ValueError: It is none.
    """
    if text == "*":
        return 0, 65535
    match = _PORT.fullmatch(text)
    if not match:
        raise ValueError(text)
    low, high = int(match[1]), int(match[2] or match[1])
    if not low <= high <= 65535:
        raise ValueError(text)
    return low, high


# -- parts of a rule -------------------------------------------------------------
def _many(shown: Json, singular: str, plural: str) -> tuple[str, ...]:
    return tuple(shown.get(plural) or [shown[singular]])


def _enum(value: Any, field: str, type_name: str, values: tuple[str, ...]) -> str:
    if isinstance(value, str):
        for known in values:
            if known.lower() == value.lower():
                return known
    if value is None:
        text = f"Required property '{field}' not found in JSON. Path 'properties'."
    else:
        text = f"Error converting value \"{value}\" to type '{type_name}'. Path 'properties.{field}'."
    raise _unreadable(text)


def _unreadable(text: str) -> ArmError:
    return ArmError(
        400,
        "InvalidRequestFormat",
        "Cannot parse the request.",
        details=[{"code": "InvalidJson", "message": text}],
    )


def _text(value: str, field: str, *, limit: int) -> str:
    if len(value) > limit:
        raise _unreadable(f"'properties.{field}' must be text of at most {limit} characters.")
    return value


def _priority(value: Any) -> int:
    number = int(value or 0)
    if not 100 <= number <= 4096:
        raise bad_request(
            "SecurityRuleInvalidPriority",
            f"Security rule has invalid Priority. Value provided: {number} Allowed range 100-4096.",
        )
    return number


def _one_or_list(sent: Json, singular: str, plural: str, rule_id: str) -> tuple[str | None, list[str]]:
    one, many = sent.get(singular) or None, sent.get(plural) or []
    capital = singular[0].upper() + singular[1:], plural[0].upper() + plural[1:]
    if one is None and not many:
        raise bad_request(
            "SecurityRuleMissingParameter",  # code: lab-assigned
            f"Required security rule parameters are missing for security rule with Id: {rule_id}. Security rule must "
            f"specify {capital[0]} or {capital[1]}.",
        )
    if one is not None and many:
        raise bad_request(
            "SecurityRuleParameterConflict",  # code and text: lab-assigned
            f"Security rule with Id {rule_id} cannot specify both {capital[0]} and {capital[1]}.",
        )
    return one, many


def _ports(sent: Json, side: str, rule_id: str) -> Json:
    one, many = _one_or_list(sent, f"{side}PortRange", f"{side}PortRanges", rule_id)
    for text in many or [one or ""]:
        try:
            port_range(text)
        except ValueError:
            raise bad_request(
                "SecurityRuleInvalidPortRange",
                f"Security rule has invalid Port range. Value provided: {text}. Value should be an integer OR integer "
                "range with '-' delimiter. Valid range 0-65535.",
            ) from None
    shown: Json = {f"{side}PortRanges": many}
    return shown if one is None else {f"{side}PortRange": one, **shown}


def _addresses(sent: Json, side: str, rule_id: str) -> Json:
    one, many = _one_or_list(sent, f"{side}AddressPrefix", f"{side}AddressPrefixes", rule_id)
    if one is not None:
        return {f"{side}AddressPrefix": _prefix(one, rule_id), f"{side}AddressPrefixes": []}
    shown = [_prefix(text, rule_id) for text in many]
    named = [text for text in shown if not text[0].isdigit()]
    if len(many) > 1 and named:
        raise bad_request(
            "SecurityRuleParameterContainsUnsupportedValue",
            f"Security rule parameter {side.capitalize()}AddressPrefix for rule with Id {rule_id} cannot specify "
            "existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: "
            f"{named[0]}.",
        )
    return {f"{side}AddressPrefixes": shown}


def _prefix(text: str, rule_id: str) -> str:
    """Return a prefix, a tag in its own casing, or ``*``."""
    if text == "*":
        return text
    try:
        if text[:1].isdigit() and ":" not in text:
            parse_prefix(text)
            return text
        if ":" in text:
            raise NotSimulated(f"IPv6 prefix {text} in a security rule")
        return canonical(text)
    except UnassignedTag as missing:
        raise NotSimulated(str(missing)) from None
    except (UnknownTag, ValueError):
        raise bad_request(
            "SecurityRuleInvalidAddressPrefix",
            f"Security rule {rule_id} has invalid Address prefix. Value provided: {text}",
        ) from None
