"""A lock file for set-up steps that parallel runs must not do twice."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


def lock_path(name: str) -> Path:
    """Return the path of a lock; each user has their own (``/tmp`` is sticky)."""
    return Path(tempfile.gettempdir(), f"azure-vm-backup-lab-{os.getuid()}-{name}.lock")


@contextlib.contextmanager
def exclusive(name: str, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock ``name`` of this user; the kernel lets go of it if the process dies.

    Args:
        name: What is locked, as part of a file name.
        waiting: Called once if somebody else holds the lock, before waiting for it.
    """
    descriptor = os.open(lock_path(name), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is not None:
                waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
