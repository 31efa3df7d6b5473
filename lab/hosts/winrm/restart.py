"""Restarting a Windows host by its own means, and knowing that it did."""

from __future__ import annotations

import threading
import time

from lab.errors import HostUnreachable, InfrastructureError, StartTimeout

from . import staging
from .client import Finished, WinRmClient

# Planned, operating system, reconfiguration: what a repair's restart is.
COMMAND = "shutdown /r /t 0 /f /d p:2:4"
_BOOT_TIME = "(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc()"


def restart(client: WinRmClient, timeout: float, poll: float) -> None:
    """Restart the host and return when it takes commands again.

    That it did restart is told by the time of its last start, not by a gap in its answers,
    which may be too short to see or have other reasons.

    Args:
        client: Connection to the host.
        timeout: Seconds for all of it.
        poll: Seconds between attempts to reach it.

    Raises:
        InfrastructureError: It refused to restart.
        StartTimeout: It was not back in time.
    """
    deadline = time.monotonic() + timeout
    before = boot_time(client)
    _shut_down(client)
    client.abandon()
    pause = threading.Event()
    while time.monotonic() < deadline:
        pause.wait(poll)
        try:
            client.ping()
            if boot_time(client) != before:
                return
        except InfrastructureError:
            # Going down, away, or coming up: WinRM answers with all kinds of errors.
            client.abandon()
    raise StartTimeout(f"{client.name}: not back {timeout:g} s after its restart")


def boot_time(client: WinRmClient) -> str:
    """Return when the host last started, as a FILETIME."""
    answer = client.run(
        staging.encoded(_BOOT_TIME), timeout=60, label="the query for the time of the last start"
    )
    told = answer.stdout.decode("ascii", "replace").strip()
    if answer.exit_code != 0 or not told.isdigit():
        raise InfrastructureError(f"{client.name}: cannot read when it last started: {_said(answer)}")
    return told


def _shut_down(client: WinRmClient) -> None:
    try:
        answer = client.run(COMMAND, timeout=60)
    except HostUnreachable:
        # It went down faster than its answer came. If it did not, the boot time will tell.
        return
    if answer.exit_code != 0:
        raise InfrastructureError(f"{client.name}: did not restart: {_said(answer)}")


def _said(answer: Finished) -> str:
    return (answer.stdout + answer.stderr).decode("utf-8", "replace").strip()[:200]
