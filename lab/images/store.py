"""List and prune the lab's images on an engine."""

from __future__ import annotations

from dataclasses import dataclass

from lab.engine_setup import Engine
from lab.images.base import BOOTSTRAPPED
from lab.images.definition import DEFINITIONS


@dataclass(frozen=True)
class ImageInfo:
    """One image of the lab on an engine.

    Attributes:
        name: ``guest``, ``gateway`` or ``base``.
        tag: Full image name, or the id of one that has lost its name.
        megabytes: Its size.
        created: Time of its making, ISO 8601.
        current: It is what this version of the lab would build.
    """

    name: str
    tag: str
    megabytes: int
    created: str
    current: bool


def list_images(engine: Engine) -> list[ImageInfo]:
    """Return the lab's images on this engine, by name and newest first."""
    wanted = {definition.tag for definition in DEFINITIONS.values()}
    found = []
    for image in engine.client.images.list(filters={"label": "lab.image"}):
        name = image.labels["lab.image"]
        for tag in image.tags or [image.id or ""]:
            size = int(image.attrs["Size"]) // 1_000_000
            current = tag in wanted or tag == BOOTSTRAPPED
            found.append(ImageInfo(name, tag, size, str(image.attrs["Created"]), current))
    found.sort(key=lambda info: info.created, reverse=True)
    return sorted(found, key=lambda info: info.name)


def prune(engine: Engine, *, everything: bool = False) -> list[ImageInfo]:
    """Remove images that no longer match their build inputs; return those removed.

    An image that a container uses stays.

    Args:
        engine: Where to prune.
        everything: Remove the current ones and the base, too.
    """
    from docker.errors import APIError

    removed = []
    for info in list_images(engine):
        if info.current and not everything:
            continue
        try:
            engine.client.images.remove(info.tag)
        except APIError as error:
            if error.status_code != 409:
                raise
            continue
        removed.append(info)
    return removed
