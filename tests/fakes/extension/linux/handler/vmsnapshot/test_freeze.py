"""What may be frozen; that it thaws is proven in a real guest (test_freeze_in_guest.py)."""

from __future__ import annotations

import json

import pytest

from fakes.extension.linux.handler.vmsnapshot import freeze
from fakes.extension.linux.handler.vmsnapshot.freeze import Mount

MOUNTINFO = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 7:0 / /data rw,relatime shared:1 - ext4 /dev/loop0 rw
31 30 7:3 / /data/my\\040disk rw,relatime - ext4 /dev/loop3 rw
32 22 7:0 /sub /again rw,relatime - ext4 /dev/loop0 rw
33 22 0:40 / /proc rw - proc proc rw
"""


def test_mounts_are_read_in_order_with_their_devices(tmp_path):
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTINFO)
    assert freeze.read_mounts(table) == [
        Mount("/", (254, 0)),
        Mount("/data", (7, 0)),
        Mount("/data/my disk", (7, 3)),
        Mount("/again", (7, 0)),
        Mount("/proc", (0, 40)),
    ]


def test_lab_devices_are_frozen_once_each_and_the_innermost_first(tmp_path, monkeypatch):
    monkeypatch.setattr(freeze, "is_lab_device", lambda device: device[0] == 7)
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTINFO)
    chosen = freeze.to_freeze(freeze.read_mounts(table))
    assert [mount.point for mount in chosen] == ["/again", "/data/my disk"]


def test_this_machines_own_file_systems_are_never_chosen():
    points = {mount.point for mount in freeze.to_freeze(freeze.read_mounts())}
    assert not points & {"/", "/boot", "/home", "/tmp", "/var"}


def test_a_device_must_be_loop_or_zram_by_number_and_by_name(monkeypatch):
    monkeypatch.setattr(freeze, "device_name", lambda _: "vda")
    assert not freeze.is_lab_device((7, 0))
    monkeypatch.setattr(freeze, "device_name", lambda _: "loop0")
    assert not freeze.is_lab_device((254, 0))
    monkeypatch.setattr(freeze, "device_name", lambda _: "")
    assert not freeze.is_lab_device((7, 0))


def test_the_host_is_refused_before_any_freeze(tmp_path, monkeypatch):
    def ioctl(*_):
        raise AssertionError("an ioctl was made")

    monkeypatch.setattr(freeze.fcntl, "ioctl", ioctl)
    state = tmp_path / "frozen.json"
    with pytest.raises(freeze.NotLabDevice, match=" is on device "), freeze.Frozen(["/"], state):
        pass
    with pytest.raises(freeze.FreezeFailed, match="cannot be opened"), freeze.Frozen(["/nowhere"], state):
        pass
    state.write_text(json.dumps(["/", "/nowhere"]))
    assert freeze.thaw_left_over(state) == []
    assert not state.exists()


def test_nothing_to_freeze_is_fine(tmp_path):
    with freeze.Frozen([], tmp_path / "frozen.json"):
        assert list(tmp_path.iterdir()) == []
    assert freeze.thaw_left_over(tmp_path / "frozen.json") == []
