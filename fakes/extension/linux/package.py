"""Build the handler's zip package, the same bytes from the same files.

What such a package must be is WALinuxAgent's (``azurelinuxagent/ga/exthandlers.py``): a
zip with ``HandlerManifest.json`` at its root, whose commands the agent runs as root.
"""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"
COMMANDS = ("install", "enable", "disable", "update", "uninstall")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
HANDLER = Path(__file__).with_name("handler")


def manifest(version: str) -> str:
    """Return ``HandlerManifest.json``.

    ``reportHeartbeat`` is false, as in the published extension: the agent then judges the
    handler by its commands and its status file alone.
    """
    commands: dict[str, str | bool] = {f"{name}Command": f"handle.sh {name}" for name in COMMANDS}
    commands |= {"rebootAfterInstall": False, "reportHeartbeat": False}
    document = [{"name": NAME.rsplit(".", 1)[-1], "version": version, "handlerManifest": commands}]
    return json.dumps(document, indent=2) + "\n"


@functools.cache
def build(version: str) -> bytes:
    """Return the package of one version.

    Args:
        version: Four numbers, ``1.0.9196.0``.
    """
    files = {"HandlerManifest.json": manifest(version).encode()}
    for path in HANDLER.rglob("*"):
        if path.suffix in {".py", ".sh"}:
            files[path.relative_to(HANDLER).as_posix()] = path.read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 3  # Unix: the upper half of the attributes is a mode
            info.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def packages(*versions: str) -> dict[str, dict[str, Callable[[], bytes]]]:
    """Return the packages as the wire server takes them: name -> version -> builder."""
    return {NAME: {version: functools.partial(build, version) for version in versions}}
