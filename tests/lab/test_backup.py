from __future__ import annotations

import pytest

from lab.backup import API_VERSION, take_backup
from lab.errors import InfrastructureError
from lab.fabric_client import ArmClient

VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
ITEM = f"{VAULT}/backupFabrics/Azure/protectionContainers/c/protectedItems/i"
TRIGGER = f"POST {ITEM}/backup?api-version={API_VERSION}"
JOB = f"GET {VAULT}/backupJobs/j1?api-version={API_VERSION}"


@pytest.fixture
def arm(server):
    client = ArmClient(server.url, "t", "/no/ca.pem")
    server.answer(TRIGGER, (202, {}, {"Azure-AsyncOperation": f"{server.url}/op?api-version=1"}))
    server.answer("GET /op?api-version=1", (200, {"status": "Succeeded", "properties": {"jobId": "j1"}}))
    yield client
    client.close()


def job(status, **more):
    tasks = [{"taskId": "Take Snapshot", "status": status}]
    extended = {"tasksList": tasks, "propertyBag": more.pop("bag", {}), **more.pop("extended", {})}
    return 200, {
        "id": f"{VAULT}/backupJobs/j1",
        "properties": {"status": status, "extendedInfo": extended, **more},
    }


def test_the_job_is_polled_to_its_end(arm, server):
    server.answer(JOB, job("InProgress"), job("Completed"))
    result = take_backup(arm, ITEM, 5)
    assert (result.status, result.error, result.tasks) == ("Completed", None, {"Take Snapshot": "Completed"})
    assert server.asked[0][1] == {"properties": {"objectType": "IaasVMBackupRequest"}}


def test_a_failed_job_tells_its_string_code_and_all_its_texts(arm, server):
    details = [{"errorCode": 990001, "errorTitle": "Title", "errorString": "Text"}]
    server.answer(JOB, job("Failed", bag={"Error Code": "SomeError"}, errorDetails=details,
                           extended={"dynamicErrorMessage": "seen"}))  # fmt: skip
    result = take_backup(arm, ITEM, 5)
    assert (result.status, result.error, result.message) == ("Failed", "SomeError", "Title\nText\nseen")
    assert str(result) == "backup Failed with SomeError (Take Snapshot Failed)"


def test_a_request_that_is_refused_is_a_failed_backup(arm, server):
    server.answer(TRIGGER, (400, {"error": {"code": "UserErrorVmNotFound", "message": "gone"}}))
    result = take_backup(arm, ITEM, 5)
    assert (result.status, result.error, result.message, result.job_id) == (
        "Failed",
        "UserErrorVmNotFound",
        "gone",
        "",
    )


def test_a_job_without_end_is_a_lab_error(arm, server):
    server.answer(JOB, job("InProgress"))
    with pytest.raises(InfrastructureError, match=r"did not end in time; its tasks:.*Take Snapshot"):
        take_backup(arm, ITEM, 0.2)


def test_a_job_that_cannot_be_read_is_a_lab_error(arm, server):
    server.answer(JOB, (500, {"error": "boom"}))
    with pytest.raises(InfrastructureError, match="cannot be read: HTTP 500"):
        take_backup(arm, ITEM, 5)
