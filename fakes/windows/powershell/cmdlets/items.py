"""Items behind paths: what exists, what it contains, and the objects that stand for it.

One place for the four providers our drives use; cmdlets ask here and never look at a provider's name.
"""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets import files_provider, registry_provider, session_providers
from fakes.windows.powershell.cmdlets.paths import (
    ENVIRONMENT,
    FILE_SYSTEM,
    REGISTRY,
    VARIABLE,
    PathError,
    Place,
    drives,
    locate,
    path_not_found,
)
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches
from fakes.windows.powershell.values import PSObject

_BACKENDS: dict[str, Any] = {
    FILE_SYSTEM: files_provider,
    REGISTRY: registry_provider,
    ENVIRONMENT: session_providers.Environment,
    VARIABLE: session_providers.Variables,
}


def backend(context: Any, place: Place) -> Any:
    """The functions of a place's provider.

    Raises:
        NotSimulated: a provider we do not have (Certificate, WSMan, Alias, Function).
    """
    found = _BACKENDS.get(place.provider)
    if found is None:
        raise context.refuse(f"PowerShell provider {place.provider}")
    return found


def exists(context: Any, place: Place) -> bool:
    """Whether there is an item."""
    return bool(backend(context, place).exists(context, place))


def is_container(context: Any, place: Place) -> bool:
    """Whether the item can have children."""
    return bool(backend(context, place).is_container(context, place))


def children(context: Any, place: Place) -> list[Place]:
    """The places directly below, in the provider's order."""
    found: list[Place] = backend(context, place).children(context, place)
    return found


def item(context: Any, place: Place, *, full_text: bool = True) -> PSObject:
    """The object that stands for an existing item, with the PS* note properties."""
    value: PSObject = backend(context, place).item(context, place, full_text)
    return decorate(context, place, value)


def decorate(context: Any, place: Place, value: PSObject, *, container: bool = True) -> PSObject:
    """Adds PSPath, PSParentPath, PSChildName, PSDrive and PSProvider."""
    parent = place.parent
    value.add("PSPath", place.qualified)
    value.add("PSParentPath", parent.qualified if parent else "")
    value.add("PSChildName", place.name)
    drive = place.drive or _drive_of(context, place)
    if drive is not None:
        value.add(
            "PSDrive",
            PSObject(
                ["System.Management.Automation.PSDriveInfo", "System.Object"],
                {"Name": drive.name, "Root": drive.root},
                text=drive.name,
            ),
        )
    value.add(
        "PSProvider",
        PSObject(
            ["System.Management.Automation.ProviderInfo", "System.Object"],
            {"Name": place.provider},
            text=f"Microsoft.PowerShell.Core\\{place.provider}",
        ),
    )
    if container and not value.has("PSIsContainer"):
        value.add("PSIsContainer", is_container(context, place))
    return value


def _drive_of(context: Any, place: Place) -> Any:
    if place.provider == FILE_SYSTEM and place.path[1:2] == ":":
        return drives(context).get(place.path[:1].lower())
    return None


def expand(context: Any, path: str, *, literal: bool = False) -> list[Place]:
    """The places a path with wildcards stands for; a path without is one place, existing or not.

    Raises:
        PathError: the drive or provider does not exist.
    """
    if literal or not has_wildcard(path):
        return [locate(context, path if literal else path.replace("`", ""))]
    head, tail = _split_at_wildcard(path)
    places = [locate(context, head or ".")]
    for part in tail:
        below = [
            child
            for place in places
            if is_container_safe(context, place)
            for child in children(context, place)
        ]
        if has_wildcard(part):
            places = [child for child in below if matches(part, child.name)]
        else:
            places = [child for child in below if child.name.lower() == part.lower()]
    return places


def is_container_safe(context: Any, place: Place) -> bool:
    """Whether the place exists and can have children."""
    return exists(context, place) and is_container(context, place)


def _split_at_wildcard(path: str) -> tuple[str, list[str]]:
    text = path.replace("/", "\\")
    parts = text.split("\\")
    first = next(index for index, part in enumerate(parts) if has_wildcard(part))
    head = "\\".join(parts[:first])
    if first == 0 and ":" in parts[0]:
        drive, _, rest = parts[0].partition(":")
        return drive + ":", [rest, *parts[1:]]
    if head.endswith(":") or (not head and text.startswith("\\")):
        head += "\\"
    return head, [part for part in parts[first:] if part]


def required(context: Any, path: str, *, literal: bool = False) -> list[Place]:
    """As :func:`expand`, but every place exists.

    Raises:
        PathError: the drive does not exist, or a path without wildcards has no item.
    """
    places = expand(context, path, literal=literal)
    if (literal or not has_wildcard(path)) and not exists(context, places[0]):
        raise PathError(path_not_found(places[0].shown))
    return places
