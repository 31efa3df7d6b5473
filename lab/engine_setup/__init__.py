"""The Docker engine that Linux guests run on: find it, or install and start one."""

from __future__ import annotations

from lab.engine_setup.find import Engine, EngineMissing, find
from lab.engine_setup.install import ensure

__all__ = ["Engine", "EngineMissing", "ensure", "find"]
