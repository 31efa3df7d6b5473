from __future__ import annotations

import pytest

from fakes.windows.model.service_config import StartType
from fakes.windows.model.vss import VssError
from fakes.windows.model.vss_writers import LAST_ERRORS, WRITERS, WriterState


def states(host) -> dict[str, int]:
    return {status.writer.name: int(status.state) for status in host.vss.writers()}


@pytest.fixture
def wedged(host):
    host.inject({"vss_writer": "System Writer", "state": 8, "last_error": "Non-retryable error"})
    return host


def test_a_fresh_server_has_these_writers_all_stable(host):
    assert set(states(host).values()) == {1}
    assert list(states(host)) == [
        "Task Scheduler Writer", "VSS Metadata Store Writer", "Performance Counters Writer", "System Writer",
        "ASR Writer", "Shadow Copy Optimization Writer", "Registry Writer", "COM+ REGDB Writer", "WMI Writer",
    ]  # fmt: skip


def test_asking_starts_the_service_on_demand(host):
    assert not host.services.get("VSS").running
    host.vss.writers()
    assert host.services.get("VSS").running
    assert not host.services.get("swprv").running
    host.vss.shadows()
    assert host.services.get("swprv").running


def test_a_writer_lives_while_its_service_runs(host):
    host.services.stop("CryptSvc")
    assert "System Writer" not in states(host)
    host.services.start("CryptSvc")
    host.services.start("BITS")
    assert states(host)["System Writer"] == states(host)["BITS Writer"] == 1


def test_instance_ids_are_fixed_for_express_writers_and_new_with_each_start(host):
    before = {status.writer.name: status.instance for status in host.vss.writers()}
    for name in ("CryptSvc", "VSS"):
        host.services.stop(name)
        host.services.start(name)
    after = {status.writer.name: status.instance for status in host.vss.writers()}
    assert (
        before["Task Scheduler Writer"]
        == after["Task Scheduler Writer"]
        == "1bddd48e-5052-49db-9b07-b96f96727e6b"
    )
    assert before["System Writer"] != after["System Writer"]
    assert before["WMI Writer"] == after["WMI Writer"]


@pytest.mark.parametrize("service", ["BITS", "VSS", "Winmgmt", "swprv"])
def test_restarting_another_service_does_not_mend_a_wedged_writer(wedged, service):
    if wedged.services.get(service).running:
        for dependant in wedged.services.dependants(service, running=True):
            wedged.services.stop(dependant.name)
        wedged.services.stop(service)
    wedged.services.start(service)
    assert states(wedged)["System Writer"] == 8


def test_neither_time_nor_another_attempt_mends_it(wedged):
    wedged.clock.advance(86_400)
    assert states(wedged)["System Writer"] == 8
    for _ in range(3):
        with pytest.raises(VssError) as caught:
            wedged.vss.create(wedged.vss.volumes()[:1], "Backup")
        assert caught.value.writer == "System Writer"
    assert states(wedged)["System Writer"] == 8
    assert wedged.vss.shadows() == []


def test_restarting_its_own_service_mends_it(wedged):
    wedged.services.stop("CryptSvc")
    wedged.services.start("CryptSvc")
    assert states(wedged)["System Writer"] == 1
    assert len(wedged.vss.create(wedged.vss.volumes()[:1], "Backup")) == 1


def test_restarting_the_machine_mends_it(wedged):
    wedged.restart()
    assert set(states(wedged).values()) == {1}


def test_a_writer_inside_vss_is_mended_by_restarting_vss(host):
    host.inject({"vss_writer": "Registry Writer", "state": 9, "last_error": "Timed out"})
    assert states(host)["Registry Writer"] == 9
    host.services.stop("VSS")
    assert states(host)["Registry Writer"] == 1


def test_a_failed_writer_leaves_event_8229(wedged):
    event = wedged.event_logs.written()["Application"][-1]
    assert (event.source, event.event_id, event.level) == ("VSS", 8229, "Warning")
    assert "0x800423f4" in event.message
    assert "Writer Name: System Writer" in event.message


def test_vssadmins_kind_of_copy_calls_no_writers(wedged):
    assert len(wedged.vss.create(wedged.vss.volumes()[:1])) == 1


@pytest.mark.parametrize("name", ["VSS", "EventSystem"])
def test_a_disabled_service_fails_every_call(host, name):
    host.inject({"service": name, "state": "stopped", "start": "disabled"})
    with pytest.raises(VssError) as caught:
        host.vss.writers()
    assert caught.value.hresult == 0x80070422
    assert host.event_logs.written()["Application"][-1].event_id == 8193


def test_a_disabled_provider_fails_the_copy_but_not_the_listing(host):
    host.services.configure("swprv", start=StartType.DISABLED)
    assert states(host)
    with pytest.raises(VssError):
        host.vss.create(list(host.files.volumes.values()))


def test_copies_number_their_devices_and_share_a_set(host):
    first = host.vss.create(host.vss.volumes())
    second = host.vss.create(host.vss.volumes()[:1])
    assert first[0].set_id == first[1].set_id != second[0].set_id
    assert [copy.device[-1] for copy in (*first, *second)] == ["1", "2", "3"]
    assert host.vss.delete([first[0].id]) == 1
    assert len(host.vss.shadows()) == 2


def test_a_volume_holds_64_client_accessible_copies(host):
    volume = host.vss.volumes()[:1]
    for _ in range(64):
        host.vss.create(volume)
    with pytest.raises(VssError):
        host.vss.create(volume)


def test_state_texts():
    assert WriterState(1).text == "Stable"
    assert WriterState(5).text == "Waiting for completion"
    assert {WriterState(n).text for n in range(6, 16)} == {"Failed"}
    assert len({writer.id for writer in WRITERS}) == len(WRITERS)
    assert LAST_ERRORS["Non-retryable error"] == 0x800423F4
