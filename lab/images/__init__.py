"""Images of the lab's containers: what they are made of, building, listing and pruning."""

from __future__ import annotations

from lab.images.build import ensure, ensure_all
from lab.images.definition import DEFINITIONS, Definition
from lab.images.store import ImageInfo, list_images, prune

__all__ = ["DEFINITIONS", "Definition", "ImageInfo", "ensure", "ensure_all", "list_images", "prune"]
