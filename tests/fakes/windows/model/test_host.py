from __future__ import annotations

import json
import time
import tracemalloc

import pytest

from fakes.clock import Clock
from fakes.windows.model.host import Host


def disturb(host: Host) -> None:
    host.inject({"vss_writer": "System Writer", "state": 8})
    host.inject({"service": "Spooler", "state": "stopped", "start": "disabled"})
    host.inject({"registry": r"HKLM\SOFTWARE\New", "name": "a", "data": 1})
    host.inject({"registry": r"HKLM\SOFTWARE\New", "name": "b", "type": "REG_BINARY", "data": "00ff"})
    host.inject({"file": r"C:\New\x.txt", "text": "hello", "attributes": "R"})
    host.inject({"user": "labadmin", "enabled": False})
    host.inject({"process": "stress.exe"})
    host.inject(
        {"event": "Application", "source": "App", "id": 1000, "level": "Error", "message": "Faulting"}
    )
    host.vss.create(host.vss.volumes())


def test_reset_goes_back_to_the_baseline(host):
    before = host.dump()
    disturb(host)
    assert host.dump() != before
    host.reset()
    assert host.dump() == before


def test_dump_is_json_and_load_restores_all_of_it(host):
    disturb(host)
    state = json.loads(json.dumps(host.dump()))
    host.reset()
    host.load(state)
    assert json.loads(json.dumps(host.dump())) == state
    with pytest.raises(ValueError, match="no state of a host"):
        host.load({"format": 7})


def test_two_hosts_share_nothing_that_changes(host):
    other = Host.server_2019("SRV2", clock=host.clock, seed=7)
    before = other.dump()
    disturb(host)
    host.files.delete(r"C:\Windows\System32\vssadmin.exe")
    host.restart()
    assert other.dump() == before


def test_equal_seeds_give_equal_hosts_and_names_tell_them_apart():
    def make(name: str, seed: int) -> Host:
        return Host.server_2019(name, clock=Clock(), seed=seed)

    one, same, other = make("A", 1), make("A", 1), make("B", 1)
    assert one.files.volumes == same.files.volumes
    assert one.files.volumes != other.files.volumes
    assert one.users.machine_sid == same.users.machine_sid != other.users.machine_sid
    assert [e.message for e in one.event_logs.read("System")] == [
        e.message for e in same.event_logs.read("System")
    ]


def test_a_name_must_be_a_computer_name():
    with pytest.raises(ValueError, match="computer name"):
        Host.server_2019("a name that is much too long", clock=Clock())


def test_the_name_stands_where_windows_keeps_it(host):
    assert (
        host.registry.get(r"HKLM\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName", "ComputerName")
        == "SRV1"
    )
    assert host.environment["COMPUTERNAME"] == "SRV1"
    assert host.expand(r"%SystemRoot%\x %windir% %nope%") == r"C:\Windows\x C:\Windows %nope%"


def test_restart_writes_its_events_and_tells_who_listens(host):
    told: list[int] = []
    host.restarted.append(lambda: told.append(host.restarts))
    host.clock.advance(60)
    host.restart()
    assert told == [1]
    assert [event.event_id for event in host.event_logs.written()["System"]][-5:] == [
        6006,
        12,
        6009,
        6005,
        6013,
    ]
    assert host.boot_time <= host.clock.now()


def test_sleep_moves_the_virtual_clock_only(host):
    before, real = host.clock.now(), time.monotonic()
    host.sleep(3600)
    assert (host.clock.now() - before).total_seconds() >= 3600
    assert time.monotonic() - real < 1


def test_a_host_is_cheap():
    clock = Clock()
    Host.server_2019("WARM", clock=clock)
    took: list[float] = []
    for i in range(60):
        start = time.thread_time()  # not the wall's time: other tests share the processor
        Host.server_2019(f"H{i}", clock=clock, seed=i)
        took.append(time.thread_time() - start)
    assert sorted(took)[30] < 0.002
    tracemalloc.start()
    more = [Host.server_2019(f"M{i}", clock=clock, seed=i) for i in range(50)]
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / 50 < 200_000
    assert len({host.users.machine_sid for host in more}) == 50


def test_a_new_account_gets_profile_hive_and_the_first_administrator_rid_500(host):
    user = host.users.get(r".\LABADMIN")
    assert user.sid.endswith("-500")
    assert host.files.is_dir(r"C:\Users\labadmin\AppData\Local\Temp")
    assert host.registry.exists(rf"HKU\{user.sid}\Software")
    assert host.users.check(r"SRV1\labadmin", "Pa55w.rd-for-the-lab")
    assert not host.users.check("labadmin", "wrong")
    assert not host.users.check(r"OTHER\labadmin", "Pa55w.rd-for-the-lab")
