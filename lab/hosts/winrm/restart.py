"""Restarting a Windows host by its own means, and knowing that it did."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from lab.errors import HostUnreachable, InfrastructureError, StartTimeout

from . import staging
from .client import Finished, WinRmClient

# Planned, operating system, reconfiguration: what a repair's restart is.
COMMAND = "shutdown /r /t 0 /f /d p:2:4"
_BOOT_TIME = "(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc()"
# Event 1074 of User32: somebody has announced a restart or a shutdown.
_PULSE = (
    "$e = Get-WinEvent -FilterHashtable @{LogName='System';Id=1074} -MaxEvents 1 -ErrorAction SilentlyContinue;"
    f"'{{0}} {{1}}' -f {_BOOT_TIME},$e.RecordId"
)


class Pulse(NamedTuple):
    """When a host last started, and the record number of the last restart that was announced."""

    booted: str
    announced: str


def pulse(client: WinRmClient) -> Pulse:
    """Read a host's pulse.

    Raises:
        InfrastructureError: It does not tell.
    """
    answer = client.run(staging.encoded(_PULSE), timeout=60, label="the query for announced restarts")
    booted, _, announced = answer.stdout.decode("ascii", "replace").strip().partition(" ")
    if answer.exit_code != 0 or not booted.isdigit():
        raise InfrastructureError(f"{client.name}: cannot read when it last started: {_said(answer)}")
    return Pulse(booted, announced)


def settle(
    client: WinRmClient, before: Pulse | None, timeout: float, poll: float, hopeless: Callable[[], bool]
) -> None:
    """Return when the host takes commands and no restart is under way.

    ``shutdown /r`` ends before the machine goes down, so that a host which still answers may be
    about to go: an announcement that is new since ``before`` is waited for.

    Raises:
        InfrastructureError: It did not answer in time, or ``hopeless`` said that it will not.
    """
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while True:
        late = deadline <= time.monotonic()
        try:
            now = pulse(client)
        except InfrastructureError:
            # Going down, away, or coming up: WinRM answers with all kinds of errors.
            client.abandon()
            if late or hopeless():
                raise
        else:
            if late or before is None or now.booted != before.booted or now.announced == before.announced:
                return
        pause.wait(poll)


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
