"""Fetches the storage emulator (Azurite) before a world needs it, with progress."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from lab import programs
from lab.errors import InfrastructureError
from lab.interrupts import shielded

_ENTRY = "azurite-*/node_modules/azurite/dist/src/blob/main.js"


def cache_folder() -> Path:
    """Where it is kept: ``$LAB_CACHE_DIR``, else below the user's cache folder."""
    told = os.environ.get("LAB_CACHE_DIR")
    if told:
        return Path(told)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "azure-vm-backup-lab"


def installed() -> Path | None:
    """Folder of the newest emulator, None when there is none yet."""
    found = sorted(cache_folder().glob(_ENTRY))
    return found[-1].parents[5] if found else None


def ensure(say: Callable[[str], None], command: tuple[str, ...] = programs.STORAGE_SETUP) -> Path:
    """Fetch the emulator where it is missing.

    Args:
        say: Told how far it is.
        command: The installer.

    Raises:
        InfrastructureError: It cannot be had; the message says why and what to do.
    """
    found = installed()
    if found is not None:
        return found
    with shielded():
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    last = ""
    try:
        for line in process.stderr or ():
            last = line.strip() or last
            say(last)
        process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
        output, _ = process.communicate()
    if process.returncode != 0:
        raise InfrastructureError(f"storage cannot be set up: {last.removeprefix('error: ')}")
    return Path(output.strip()) if output.strip() else cache_folder()
