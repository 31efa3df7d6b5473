"""The facts of a world that a scenario's strings may name as ``${fact}``.

``$${name}`` stands for a literal ``${name}``, for shells that use the same notation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lab.errors import UsageError
from lab.model.yamltext import Path, SourceMap
from lab.nearest import suggestion

KNOWN_FACTS: dict[str, str] = {
    "tenant": "tenant id",
    "subscription": "subscription id",
    "resource_group": "name of the resource group",
    "location": "region, such as westeurope",
    "vm_name": "name of the virtual machine",
    "vm_id": "resource id of the virtual machine",
    "computer_name": "the machine's own name",
    "nic_name": "name of the network interface",
    "nic_id": "resource id of the network interface",
    "nsg_name": "name of the network security group",
    "nsg_id": "resource id of the network security group",
    "vnet_name": "name of the virtual network",
    "vnet_id": "resource id of the virtual network",
    "subnet_name": "name of the subnet",
    "subnet_id": "resource id of the subnet",
    "storage_account": "name of the storage account",
    "storage_account_id": "resource id of the storage account",
    "storage_host": "DNS name of the blob service",
    "vault_name": "name of the Recovery Services vault",
    "vault_id": "resource id of the vault",
    "policy_name": "name of the backup policy",
    "policy_id": "resource id of the backup policy",
    "item_id": "resource id of the protected item",
    "admin_user": "the local administrator of the machine",
}

_PLACEHOLDER = re.compile(r"\$(\$?)\{([a-z][a-z0-9_]*)\}")
_PATTERN_FIELDS = {"finds", "lacks"}


def check(data: Any, source: SourceMap) -> None:
    """Refuse placeholders that name no fact.

    Raises:
        UsageError: With file, line, the name and the nearest known one.
    """
    for path, text in _strings(data, ()):
        for match in _PLACEHOLDER.finditer(text):
            escaped, name = match.groups()
            if not escaped and name not in KNOWN_FACTS:
                raise UsageError(
                    f"{source.where(path)}: ${{{name}}}: no such fact{suggestion(name, KNOWN_FACTS)} "
                    "(write $${...} for a shell's own variable)"
                )


def resolve(data: Any, facts: Mapping[str, str], source: SourceMap, *, partial: bool = False) -> Any:
    """Return a copy of a scenario's data with its placeholders replaced.

    Values that go into a regular expression (``finds``, ``lacks``) are escaped.

    Args:
        data: Plain data of the file.
        facts: Fact -> value, of the world that runs.
        source: For the messages.
        partial: Leave what ``facts`` does not hold as it is (a plan, before there is a world).

    Raises:
        UsageError: The world does not have a fact the scenario needs.
    """
    return _resolve(data, facts, source, (), partial=partial)


def _resolve(data: Any, facts: Mapping[str, str], source: SourceMap, path: Path, *, partial: bool) -> Any:
    if isinstance(data, dict):
        return {k: _resolve(v, facts, source, (*path, k), partial=partial) for k, v in data.items()}
    if isinstance(data, list):
        return [_resolve(v, facts, source, (*path, i), partial=partial) for i, v in enumerate(data)]
    if not isinstance(data, str) or "${" not in data:
        return data
    in_pattern = any(part in _PATTERN_FIELDS for part in path)

    def value(match: re.Match[str]) -> str:
        escaped, name = match.groups()
        if escaped:
            return match.group()[1:]
        if name in facts:
            return re.escape(facts[name]) if in_pattern else facts[name]
        if partial:
            return match.group()
        raise UsageError(f"{source.where(path)}: ${{{name}}}: this world has no such fact")

    return _PLACEHOLDER.sub(value, data)


def _strings(data: Any, path: Path) -> list[tuple[Path, str]]:
    if isinstance(data, dict):
        return [found for key, value in data.items() for found in _strings(value, (*path, key))]
    if isinstance(data, list):
        return [found for index, value in enumerate(data) for found in _strings(value, (*path, index))]
    return [(path, data)] if isinstance(data, str) else []
