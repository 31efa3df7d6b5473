"""Freezing in a real guest: only the lab's devices, and never for ever."""

from __future__ import annotations

import base64
import time

import pytest

from fakes.extension.linux import build
from lab.errors import CommandTimeout
from tests.lab.hosts.linux.fabric import VERSION

pytestmark = [pytest.mark.engine, pytest.mark.slow]

DISK = """
for i in $(seq 0 63); do [ -e /dev/loop$i ] || mknod /dev/loop$i b 7 $i; done
truncate -s 16M /tmp/disk && mkfs.ext4 -q /tmp/disk && mkdir -p /data && mount -o loop /tmp/disk /data
"""

UNPACK = "mkdir -p /opt/handler && base64 -d > /tmp/h.zip && python3 -m zipfile -e /tmp/h.zip /opt/handler"

HOLD = """
import sys, time
sys.path.insert(0, "/opt/handler")
from pathlib import Path
from vmsnapshot.freeze import Frozen, FreezeTooLong
try:
    with Frozen(sys.argv[2:], Path("/tmp/frozen.json"), limit=float(sys.argv[1])):
        print("frozen", flush=True)
        time.sleep(60 if float(sys.argv[1]) > 5 else 3)
except FreezeTooLong as error:
    print("too long:", error)
"""


@pytest.fixture
def guest(labs):
    """A guest with a disk of its own on /data and the handler unpacked."""
    _, guest = labs(loop_devices=True)
    made = guest.run(DISK, "bash")
    assert made.ok, made.output
    package = base64.b64encode(build(VERSION)).decode()
    assert guest.run(UNPACK, "bash", stdin=package).ok
    guest.run("cat > /root/hold.py", "bash", stdin=HOLD)
    return guest


def thaws_within(guest, seconds: float) -> bool:
    """Write to the file system; the write waits in the kernel while it is frozen."""
    try:
        return guest.run("touch /data/written && sync -f /data", "bash", timeout=seconds).ok
    except CommandTimeout:
        return False


def hold_in_background(guest) -> None:
    guest.run("setsid python3 /root/hold.py 30 /data > /tmp/held 2>&1 < /dev/null &", "bash")
    assert guest.run("until grep -q frozen /tmp/held; do sleep 0.05; done", "bash", timeout=10).ok
    assert not thaws_within(guest, 1), "it is not frozen, so this test proves nothing"


def test_devices_that_are_not_the_labs_are_refused(guest):
    guest.run("mkdir -p /bound && mount --bind /root /bound", "bash")
    for point in ("/", "/tmp", "/run", "/bound", "/proc"):
        result = guest.run(f"python3 /root/hold.py 30 {point}", "bash")
        assert result.exit_code == 1, point
        assert f"NotLabDevice: {point} is on device" in result.stderr
    mixed = guest.run("python3 /root/hold.py 30 /data /", "bash")
    assert "NotLabDevice" in mixed.stderr
    assert thaws_within(guest, 3), "the lab's own disk must not stay frozen either"


def test_the_watchdog_thaws_when_the_time_is_up(guest):
    guest.run("setsid python3 /root/hold.py 1 /data > /tmp/held 2>&1 < /dev/null &", "bash")
    assert guest.run("until grep -q frozen /tmp/held; do sleep 0.02; done", "bash", timeout=10).ok
    started = time.monotonic()
    assert thaws_within(guest, 5)
    assert 0.2 < time.monotonic() - started < 3
    told = guest.run(
        "until grep -q 'too long' /tmp/held; do sleep 0.05; done; cat /tmp/held", "bash", timeout=10
    )
    assert "thawed before the snapshots were taken" in told.stdout


def test_the_watchdog_thaws_when_the_extension_is_killed(guest):
    hold_in_background(guest)
    # The watchdog is the child; only its parent is killed.
    guest.run("kill -KILL $(pgrep -of hold.py)", "bash")
    assert thaws_within(guest, 5)


def test_stopping_everything_politely_thaws(guest):
    hold_in_background(guest)
    guest.run("pkill -TERM -f hold.py", "bash")
    assert thaws_within(guest, 5)


def test_the_next_start_thaws_what_a_kill_left_frozen(guest):
    hold_in_background(guest)
    guest.run("pkill -KILL -f hold.py; true", "bash")
    assert not thaws_within(guest, 1)
    thaw = (
        "import sys; sys.path.insert(0, '/opt/handler'); from pathlib import Path; "
        "from vmsnapshot.freeze import thaw_left_over as t; print(t(Path('/tmp/frozen.json')))"
    )
    assert guest.run(f'python3 -c "{thaw}"', "bash").stdout == "['/data']\n"
    assert thaws_within(guest, 5)


def test_an_aborted_file_system_fails_the_backup_until_it_is_repaired(labs):
    fabric, guest = labs(loop_devices=True)
    assert guest.run(DISK, "bash").ok
    healthy = fabric.ask_for_snapshot()
    assert (healthy.status, healthy.message) == ("success", "snapshots taken: 1, file systems frozen: 1")
    guest.run("mount -o remount,abort /data", "bash")
    broken = fabric.ask_for_snapshot()
    assert broken.code == 121
    assert broken.substatus[0].message.startswith(
        "UserErrorFsFreezeFailed: /data cannot be frozen: Read-only"
    )
    assert len(fabric.storage.asked) == 1, "no snapshot without a freeze"
    device = guest.run("findmnt -no SOURCE /data", "bash").stdout.strip()
    cure = f"umount /data; fsck.ext4 -fy /tmp/disk >/dev/null; mount -o loop /tmp/disk /data # was {device}"
    assert guest.run(cure, "bash").ok
    assert fabric.ask_for_snapshot().status == "success"


def test_stopping_the_agent_in_mid_freeze_thaws_and_its_start_completes_the_task(labs):
    fabric, guest = labs(loop_devices=True)
    assert guest.run(DISK, "bash").ok
    fabric.ask_for_snapshot()
    with pytest.raises(AssertionError, match="no such report"):
        fabric.ask_for_snapshot("slow.vhd?sig=ok", timeout=6)
    assert fabric.storage.asked_slowly.is_set()
    assert not thaws_within(guest, 1), "storage does not answer, so it is frozen now"
    guest.run("systemctl stop walinuxagent", "bash")
    assert thaws_within(guest, 5)
    fabric.storage.release.set()
    guest.run("systemctl start walinuxagent", "bash")
    report = fabric.wait_report(lambda r: next(iter(r.handlers.values())).status == "success", 30)
    assert next(iter(report.handlers.values())).sequence == 1
