import asyncio
import time

import pytest

from fakes.arm.errors import ArmError
from fakes.fabric.ports import Substatus


def tasks(properties):
    return {task["taskId"]: task["status"] for task in properties["extendedInfo"]["tasksList"]}


def error_of(code, text="it went wrong"):
    return lambda settings: ("error", [Substatus("error", "error", 1, f"{code}: {text}")])


def test_a_healthy_vm_is_backed_up_in_both_tiers(world):
    properties = world.backup()
    assert properties["status"] == "Completed", world.steps()
    assert tasks(properties) == {"Take Snapshot": "Completed", "Transfer data to vault": "Completed"}
    assert "errorDetails" not in properties
    points = world.points()
    assert [tier["type"] for tier in points[0].properties["recoveryPointTierDetails"]] == [
        "InstantRP",
        "HardenedRP",
    ]
    container, blob = points[0].state["copies"]["-1"].split("/", 1)
    original = world.storage.blobs["vhds", "srv-1-osdisk.vhd"]
    assert world.storage.blobs[container, blob] == original
    assert any(original)
    item = world.item().properties
    assert (item["lastBackupStatus"], item["protectionState"], item["healthStatus"]) == (
        "Completed",
        "Protected",
        "Passed",
    )


@pytest.mark.parametrize(
    ("os", "consistency"), [("world", "AppConsistent"), ("linux", "FileSystemConsistent")]
)
def test_consistency_follows_from_who_took_the_snapshot(os, consistency, request):
    world = request.getfixturevalue(os)
    world.backup()
    assert world.points()[0].properties["recoveryPointType"] == consistency


def test_an_agent_that_is_silent_from_the_start(world):
    world.guest.beat()  # a report from before the job is no heartbeat
    world.guest.reports = False
    began = time.process_time()
    properties = world.backup()
    assert world.code(properties) == "UserErrorGuestAgentStatusUnavailable"
    assert properties["errorDetails"][0]["errorString"] == "VM Agent unable to communicate with Azure Backup"
    assert tasks(properties) == {"Take Snapshot": "Failed", "Transfer data to vault": "NotStarted"}
    assert world.guest.goals == []
    assert properties["duration"].startswith("PT10M")
    assert time.process_time() - began < 1.0, "ten virtual minutes must cost next to nothing"


def test_an_agent_that_reports_not_ready_is_no_heartbeat(world):
    world.guest.status = "NotReady"
    assert world.code(world.backup()) == "UserErrorGuestAgentStatusUnavailable"


def test_an_agent_that_falls_silent_after_the_goal_state(world):
    world.guest.silent_after_goal = True
    properties = world.backup()
    assert world.code(properties) == "GuestAgentSnapshotTaskStatusError"
    assert "no answer" in world.steps()[-1]["observed"]


def test_a_snapshot_that_never_ends(world):
    world.guest.answers = lambda settings: ("transitioning", [])
    assert world.code(world.backup()) == "GuestAgentSnapshotTaskStatusError"


def test_an_agent_that_handles_no_extensions(world):
    world.guest.show_handler = False  # as with Extensions.Enabled=n
    properties = world.backup()
    assert world.code(properties) == "GuestAgentSnapshotTaskStatusError"
    assert "nothing about the extension" in properties["extendedInfo"]["dynamicErrorMessage"]


def test_a_handler_that_cannot_start_ends_the_wait_early(world):
    world.guest.handler_state = "NotReady"
    world.guest.answers = lambda settings: ("", [])
    properties = world.backup()
    assert world.code(properties) == "ExtentionOperationFailed"
    assert properties["duration"].startswith("PT1M")


def test_a_handler_that_is_not_ready_in_passing_is_given_time(world):
    world.guest.period = 100
    reports = []

    def recover(settings):
        reports.append(settings)
        world.guest.handler_state = "NotReady" if len(reports) <= 2 else "Ready"
        return ("", []) if len(reports) <= 2 else world.guest.snapshot(settings)

    world.guest.answers = recover
    assert world.backup()["status"] == "Completed", world.steps()


def test_an_answer_to_an_earlier_goal_state_is_no_answer(world):
    world.guest.behind = 1
    world.guest.answers = error_of("ExtensionFailedVssWriterInBadState")
    assert world.code(world.backup()) == "GuestAgentSnapshotTaskStatusError"


@pytest.mark.parametrize(
    "code",
    ["ExtensionFailedVssWriterInBadState", "ExtensionSnapshotFailedNoNetwork", "UserErrorFsFreezeFailed"],
)
def test_the_extensions_code_is_the_jobs_code(world, code):
    world.guest.answers = error_of(code)
    properties = world.backup()
    assert (properties["status"], world.code(properties)) == ("Failed", code)
    assert properties["extendedInfo"]["dynamicErrorMessage"] == "it went wrong"
    assert properties["extendedInfo"]["propertyBag"]["Error Number"] == "lab-assigned"
    item = world.item().properties
    assert (item["lastBackupStatus"], item["healthStatus"]) == ("Failed", "ActionRequired")


def test_an_undocumented_code_of_the_extension_is_its_failure(world):
    world.guest.answers = error_of("SomethingOfTheirs")
    assert world.code(world.backup()) == "ExtentionOperationFailed"


def test_a_snapshot_that_is_only_claimed_is_not_believed(world):
    claim = Substatus("snapshots", "success", 0, '[{"lun": -1, "snapshot": "2018-06-25T00:00:00.0000000Z"}]')
    world.guest.answers = lambda settings: ("success", [claim])
    properties = world.backup()
    assert world.code(properties) == "ExtentionOperationFailed"
    assert "not there, or not new" in world.steps()[-1]["observed"]


def test_an_old_snapshot_is_not_taken_for_a_new_one(world):
    stamp = world.storage.snapshot("vhds", "srv-1-osdisk.vhd")
    claim = Substatus("snapshots", "success", 0, f'[{{"lun": -1, "snapshot": "{stamp}"}}]')
    world.guest.answers = lambda settings: ("success", [claim])
    assert world.code(world.backup()) == "ExtentionOperationFailed"


def test_an_unreadable_snapshot_list(world):
    world.guest.answers = lambda settings: ("success", [Substatus("snapshots", "success", 0, "no json")])
    assert world.code(world.backup()) == "ExtentionOperationFailed"


def test_the_goal_state_carries_one_writable_sas_per_disk(world):
    world.backup()
    name, _, settings = world.guest.goals[0]
    assert name == "Microsoft.Azure.RecoveryServices.VMSnapshot"
    assert [disk["lun"] for disk in settings["disks"]] == [-1]
    assert "sp=rw" in settings["disks"][0]["snapshotUri"]
    assert len(settings["commandStartTimeUTCTicks"]) == 18


def test_a_deleted_vm(world):
    world.plane.store.delete(world.item().properties["virtualMachineId"])
    properties = world.backup()
    assert world.code(properties) == "BCMV2VMNotFound"
    assert properties["errorDetails"][0]["errorCode"] == 400094
    assert properties["extendedInfo"]["propertyBag"]["Error Number"] == "published"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"provisioningState": "Failed"}, "UserErrorVmNotInDesirableState"),
        ({"provisioningState": "Updating"}, "VmNotInDesirableState"),
        ({"power": "stopping"}, "VmNotInDesirableState"),
        ({"power": "deallocated"}, "AzureVmOffline"),
    ],
)
def test_states_in_which_a_vm_cannot_be_backed_up(world, change, code):
    world.edit_vm(**change)
    assert world.code(world.backup()) == code


def test_a_stopped_vm_with_the_extension_gets_a_crash_consistent_point(world):
    world.backup()
    world.edit_vm(power="deallocated")
    world.guest.reports = False
    assert world.backup()["status"] == "Completed"
    kinds = {point.properties["recoveryPointType"] for point in world.points()}
    assert kinds == {"AppConsistent", "CrashConsistent"}


def test_an_extension_stuck_in_deletion(world):
    world.backup()
    with world.plane.store.edit(
        f"{world.item().properties['virtualMachineId']}/extensions/VMSnapshot"
    ) as extension:
        extension.properties["provisioningState"] = "Deleting"
    assert world.code(world.backup()) == "ExtensionStuckInDeletionState"


def test_the_nineteenth_restore_point(world):
    for _ in range(18):
        assert world.backup()["status"] == "Completed"
    properties = world.backup()
    assert world.code(properties) == "BackUpOperationFailed"
    assert "18 restore points" in properties["extendedInfo"]["dynamicErrorMessage"]


def test_old_restore_points_make_room_and_their_snapshots_go(world):
    for _ in range(17):
        world.backup()
    assert len(world.disk_snapshots()) == 17
    world.clock.advance(3 * 86400)
    world.backup()
    assert world.backup()["status"] == "Completed"
    assert len(world.disk_snapshots()) == 2


def test_a_backup_that_fails_after_its_snapshot_takes_it_back(world):
    def deny(request, route):
        raise ArmError(403, "RequestDisallowedByPolicy", "Resource was disallowed by policy.")

    world.plane.gates.append(deny)
    assert world.backup()["status"] == "Failed"
    assert world.disk_snapshots() == []
    assert world.steps()[-1]["observed"] == "deleted"


def test_a_failed_transfer_keeps_the_snapshot_of_its_restore_point(world):
    world.storage.refuse["create_page_blob"] = 99
    world.backup()
    assert len(world.disk_snapshots()) == 1


def test_a_lock_keeps_the_old_restore_points(world):
    for _ in range(18):
        world.backup()
    world.clock.advance(3 * 86400)

    def lock(request, route):
        if request.method == "DELETE":
            raise ArmError(409, "ScopeLocked", "The scope cannot perform delete operation")

    world.plane.gates.append(lock)
    assert world.code(world.backup()) == "BackUpOperationFailed"
    assert any("ScopeLocked" in step["observed"] for step in world.steps())
    world.plane.gates.remove(lock)
    assert world.backup()["status"] == "Completed"


def test_a_policy_that_denies_the_collection(world):
    def deny(request, route):
        raise ArmError(403, "RequestDisallowedByPolicy", "Resource was disallowed by policy.")

    world.plane.gates.append(deny)
    assert world.code(world.backup()) == "UserErrorRequestDisallowedByPolicy"


def test_a_storage_error_that_passes_is_survived(world):
    world.storage.refuse["create_page_blob"] = 2
    assert world.backup()["status"] == "Completed"
    assert [s["observed"] for s in world.steps() if s["stage"] == "transfer"][-1] == "65536 bytes"


def test_a_storage_error_that_stays_fails_the_transfer(world):
    world.storage.refuse["create_page_blob"] = 99
    properties = world.backup()
    assert world.code(properties) == "CopyingVHDsFromBackUpVaultTakingLongTime"
    assert tasks(properties) == {"Take Snapshot": "Completed", "Transfer data to vault": "Failed"}


def test_disks_that_cannot_be_read_are_an_internal_error(world):
    world.storage.refuse["snapshots"] = 99
    assert world.code(world.backup()) == "BackUpOperationFailed"


def test_one_backup_at_a_time(world):
    async def second(job):
        with pytest.raises(ArmError) as refused:
            world.engine.start(world.item())
        assert refused.value.code == "UserErrorBackupOperationInProgress"

    assert world.backup(meanwhile=second)["status"] == "Completed"


def test_an_item_whose_protection_was_stopped_is_not_backed_up(world):
    with world.plane.store.edit(world.item_id) as item:
        item.properties["protectionState"] = "ProtectionStopped"
    with pytest.raises(ArmError) as refused:
        world.engine.start(world.item())
    assert refused.value.code == "UserErrorBcmDatasourceNotPresent"


def test_a_job_is_cancelled_while_it_waits(world):
    world.guest.reports = False

    async def cancel(job):
        await world.clock.sleep(30)
        world.engine.cancel(job.id)

    properties = world.backup(meanwhile=cancel)
    assert properties["status"] == "Cancelled"
    assert tasks(properties) == {"Take Snapshot": "Cancelled", "Transfer data to vault": "Cancelled"}
    world.guest.reports = True
    assert world.backup()["status"] == "Completed"


def test_refusals_to_cancel(world):
    world.backup()
    with pytest.raises(ArmError, match="it isn't in progress: Cancellation is supported only") as refused:
        world.engine.cancel(world.job_id)
    assert (refused.value.status, refused.value.code) == (400, "LabCancelNotInProgress")
    with world.plane.store.edit(world.job_id) as job:
        job.properties.update(status="InProgress", actionsInfo=[])
    with pytest.raises(ArmError, match="cancelable state: Wait"):
        world.engine.cancel(world.job_id)
    with world.plane.store.edit(world.job_id) as job:
        job.properties.update(operation="ConfigureBackup")
    with pytest.raises(ArmError, match="isn't supported for this job type: Wait"):
        world.engine.cancel(world.job_id)


def test_a_failed_job_names_every_step_it_took(world):
    world.guest.answers = error_of("ExtensionFailedVssWriterInBadState", "System Writer [8] Failed")
    world.backup()
    assert [step["stage"] for step in world.steps()] == ["vm state", "guest agent", "goal state", "extension"]
    assert "System Writer [8] Failed" in world.steps()[-1]["observed"]


def test_a_defect_of_the_lab_makes_the_run_inconclusive(world, caplog):
    def defect(settings):
        message = "a bug"
        raise RuntimeError(message)

    world.storage.sas_url = lambda *args: defect(args)
    properties = world.backup()
    assert properties["status"] == "Failed"
    assert "defect of the lab" in world.plane.not_simulated.entries()[0]["construct"]


def test_a_real_guest_is_given_real_time(world):
    world.engine._patience = 0.4
    world.guest.answers = lambda settings: ("transitioning", [])
    began = time.monotonic()
    assert world.code(world.backup()) == "GuestAgentSnapshotTaskStatusError"
    assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(("asks", "code"), [(True, None), (False, "UserErrorGuestAgentStatusUnavailable")])
def test_an_agent_that_asks_for_its_goal_state_is_given_real_time_to_report(world, asks, code):
    world.engine._patience = 30
    world.guest.reports = False
    world.guest.asks = asks

    async def report_late(job):
        await asyncio.sleep(0.3)  # of real time, in which all the virtual time is long over
        world.guest.reports = True

    began = time.monotonic()
    properties = world.backup(meanwhile=report_late)
    assert properties["status"] == ("Failed" if code else "Completed"), world.steps()
    if code:
        assert world.code(properties) == code
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("what", "code"), [("vm_id", "ResourceNotFound"), ("item_id", "UserErrorBcmDatasourceNotPresent")]
)
def test_what_is_removed_under_a_running_job(world, what, code):
    async def remove(job):
        await world.clock.sleep(5)
        world.plane.store.delete(getattr(world, what))

    properties = world.backup(meanwhile=remove)
    assert world.code(properties) == code
    assert world.plane.not_simulated.entries() == []
    assert world.disk_snapshots() == []
