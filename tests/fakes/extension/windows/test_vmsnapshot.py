import pytest

from fakes.tls import Authority

pytestmark = pytest.mark.azurite


def test_a_healthy_host_gets_a_snapshot_of_its_disk_and_keeps_no_shadow_copy(machine):
    before = machine.host.dump()["vss"]
    result = machine.snapshot()
    assert result["status"] == "success", result
    (taken,) = machine.taken()
    assert machine.snapshots_of(result) == [{"lun": -1, "snapshot": taken.snapshot}]
    assert taken.metadata == {"taskid": "task-1"}
    assert machine.host.dump()["vss"] == before


def test_two_disks(machine):
    machine.storage.create_page_blob(machine.container, "data.vhd", 1024)
    settings = machine.settings()
    data = machine.storage.sas_url(machine.container, "data.vhd", "rw")
    settings["disks"].append({"lun": 0, "snapshotUri": data})
    found = machine.snapshots_of(machine.snapshot(settings))
    assert [one["lun"] for one in found] == [-1, 0]
    assert len(machine.storage.snapshots(machine.container, "data.vhd")) == 1


def test_a_writer_that_is_not_stable(machine):
    machine.host.inject({"vss_writer": "System Writer", "state": 8, "last_error": "Non-retryable error"})
    result = machine.snapshot()
    (part,) = result["substatus"]
    assert part["message"].startswith("ExtensionFailedVssWriterInBadState: ")
    assert "System Writer [8] Failed" in part["message"]
    assert machine.taken() == []


def test_a_disabled_vss_service(machine):
    machine.shell.powershell("Set-Service -Name VSS -StartupType Disabled")
    (part,) = machine.snapshot()["substatus"]
    assert part["message"] == "ExtensionFailedVssServiceInBadState: the service VSS is disabled"


def test_a_closed_way_to_storage(machine):
    machine.wire.open = False
    assert machine.code() == "ExtensionSnapshotFailedNoNetwork"


def test_a_name_that_does_not_resolve(machine):
    machine.wire.known = False
    assert machine.code() == "ExtensionSnapshotFailedNoNetwork"


def test_no_shadow_copy_stays_after_a_failure(machine):
    before = machine.host.dump()["vss"]
    machine.wire.open = False
    machine.code()
    assert machine.host.dump()["vss"] == before


def test_a_certificate_that_the_host_does_not_trust(machine, tmp_path):
    machine.wire.authority = Authority(tmp_path)
    assert machine.code() == "ExtensionSnapshotFailedNoSecureNetwork"


def test_a_signature_that_does_not_allow_it(machine):
    result = machine.snapshot(machine.settings("r"))
    assert result["substatus"][0]["message"].startswith("ExtentionOperationFailed: storage answered 403")
    assert "sig=" not in result["substatus"][0]["message"], "a signature must not get into reports"


@pytest.mark.parametrize("settings", [{"taskId": "t", "disks": []}, {"disks": [{"lun": -1}]}, {"x": 1}])
def test_settings_that_cannot_be_read(machine, settings):
    assert machine.code(settings) == "ExtensionConfigParsingFailure"


def test_it_may_run_again(machine):
    machine.snapshot()
    machine.snapshot()
    assert len(machine.taken()) == 2
