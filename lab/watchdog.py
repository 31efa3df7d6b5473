"""Ends a session that outlives its command when it expires: ``python -m lab.watchdog SESSION``."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

from lab import registry

LOOK_EVERY = 60.0
"""Seconds between looks at the registry: a session that is gone needs no watching."""


def start(session: str) -> int:
    """Start a watchdog that outlives this process; returns its process id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lab.watchdog", session],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )
    process.returncode = 0  # it is meant to live on; Popen would warn
    return process.pid


def watch(session: str, *, look_every: float = LOOK_EVERY) -> None:
    """Wait until a session expires, then remove it; ends early when it is gone."""
    pause = threading.Event()
    while True:
        record = next((known for known in registry.records() if known.id == session), None)
        if record is None:
            return
        left = record.expires - time.time()
        if left <= 0:
            break
        pause.wait(min(left, look_every))
    from lab.reaper import reap

    reap(only=session)


if __name__ == "__main__":
    watch(sys.argv[1])
