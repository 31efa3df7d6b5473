"""Build the Windows handler's zip package, the same bytes from the same files."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

NAME = "Microsoft.Azure.RecoveryServices.VMSnapshot"
SCRIPT = "vmsnapshot.ps1"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold


def manifest(version: str) -> str:
    """Return ``HandlerManifest.json``; only ``enable`` does something."""
    commands: dict[str, str | bool] = {
        f"{name}Command": "" for name in ("install", "disable", "update", "uninstall")
    }
    commands |= {"enableCommand": SCRIPT, "rebootAfterInstall": False, "reportHeartbeat": False}
    document = [{"name": NAME.rsplit(".", 1)[-1], "version": version, "handlerManifest": commands}]
    return json.dumps(document, indent=2) + "\n"


@functools.cache
def build(version: str) -> bytes:
    """Return the package of one version."""
    files = {
        "HandlerManifest.json": manifest(version).encode(),
        SCRIPT: Path(__file__).with_name(SCRIPT).read_bytes(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def packages(*versions: str) -> dict[str, dict[str, Callable[[], bytes]]]:
    """Return the packages as the wire server takes them: name -> version -> builder."""
    return {NAME: {version: functools.partial(build, version) for version in versions}}
