"""Operations of Recovery Services that the management client's own tests do not reach."""

import pytest

from fakes.arm.app import create_app
from fakes.arm.inprocess import InProcessClient


@pytest.fixture
def call(world):
    client = InProcessClient(create_app(world.plane), world.plane.tokens.issue("test"))
    yield client.call
    client.loop.run_until_complete(world.engine.close())
    client.loop.run_until_complete(world.plane.operations.close())
    client.close()


PROTECTED = {"protectedItemType": "Microsoft.Compute/virtualMachines"}


def test_vault_configuration(world, call):
    for part in (
        "backupconfig/vaultconfig",
        "backupstorageconfig/vaultstorageconfig",
        "backupEncryptionConfigs/backupResourceEncryptionConfig",
    ):
        answer = call("GET", f"{world.vault_id}/{part}")
        assert (answer.status, answer.body["name"]) == (200, part.split("/")[-1])
    assert call("GET", f"{world.vault_id}/backupResourceGuardProxies").body == {"value": []}


def test_a_vault_is_made_changed_and_deleted(world, call):
    new = world.vault_id + "2"
    assert call("PUT", new, {"location": "westeurope", "properties": {}}).status == 201
    assert call("PATCH", new, {"tags": {"a": "b"}}).body["tags"] == {"a": "b"}
    assert call("DELETE", new).status == 200
    assert call("DELETE", new).status == 204
    refused = call("DELETE", world.vault_id)
    assert (refused.status, refused.code) == (400, "ServiceResourceNotEmptyWithBackendMessage")


def test_policies_are_judged_and_kept_while_in_use(world, call):
    policy = f"{world.vault_id}/backupPolicies/Weekly"
    assert call("PUT", policy, {"properties": {}}).code == "BMSUserErrorInvalidPolicyInput"
    good = {"backupManagementType": "AzureIaasVM", "schedulePolicy": {}, "retentionPolicy": {}}
    assert call("PUT", policy, {"properties": good}).body["name"] == "Weekly"
    assert call("DELETE", policy).status == 200
    assert call("DELETE", world.item().properties["policyId"]).code == "BMSUserErrorPolicyInUse"


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({}, "BMSUserErrorInvalidInput"),
        ({"protectedItemType": "AzureIaaSVMProtectedItem"}, "BMSUserErrorInvalidInput"),
        ({**PROTECTED, "sourceResourceId": "nonsense"}, "BMSUserErrorVmNotFound"),
        ({**PROTECTED, "policyId": "nonsense"}, "BMSUserErrorInvalidPolicyInput"),
        ({**PROTECTED, "policyId": 5}, "BMSUserErrorInvalidPolicyInput"),
    ],
)
def test_bad_protection_requests(world, call, properties, code):
    refused = call("PUT", world.item_id, {"properties": properties})
    assert (refused.status, refused.code) == (400, code)


def test_an_item_must_be_named_after_its_vm(world, call):
    item = world.item_id.replace("srv-1", "srv-2")
    body = {**PROTECTED, "sourceResourceId": world.vm_id, "policyId": world.item().properties["policyId"]}
    assert call("PUT", item, {"properties": body}).code == "BMSUserErrorInvalidInput"


def test_protection_with_deletion_of_data_and_anew(world, call):
    policy = world.item().properties["policyId"]
    removed = call("DELETE", world.item_id)
    assert removed.status == 202
    assert call("GET", world.item_id).status == 404
    assert call("DELETE", world.item_id).status == 204
    body = {**PROTECTED, "sourceResourceId": world.vm_id, "policyId": policy}
    assert call("PUT", world.item_id, {"properties": body}).status == 202
    assert call("GET", world.item_id).body["properties"]["protectionState"] == "IRPending"


def test_operations_are_polled_by_item_and_by_vault(world, call):
    started = call("POST", f"{world.item_id}/backup", {"properties": {"objectType": "IaasVMBackupRequest"}})
    assert started.status == 202
    status = call("GET", started.headers["azure-asyncoperation"])
    assert status.body["status"] in {"InProgress", "Succeeded"}
    done = call("GET", started.headers["azure-asyncoperation"])
    assert done.body["properties"]["jobId"]
    assert call("GET", started.headers["location"]).status == 200
    name = done.body["name"]
    assert (
        call("GET", f"{world.vault_id}/backupOperations/{name}").body["properties"] == done.body["properties"]
    )
    assert call("GET", f"{world.vault_id}/backupOperationResults/{name}").status == 204
    assert call("GET", f"{world.item_id}/operationsStatus/nonsense").status == 404


def test_a_backup_request_must_be_one(world, call):
    assert call("POST", f"{world.item_id}/backup", {"properties": {}}).code == "BMSUserErrorInvalidInput"
    assert call("POST", f"{world.item_id}/backup", [1]).status == 400
    assert call("POST", f"{world.item_id}/backup").status == 400


def test_a_filter_by_something_else_is_not_simulated(world, call):
    answer = call("GET", f"{world.vault_id}/backupJobs?$filter=colour%20eq%20'red'")
    assert answer.status == 501
    assert "colour" in world.plane.not_simulated.entries()[0]["construct"]


def test_an_operation_we_lack_is_refused_loudly(world, call):
    answer = call("POST", f"{world.item_id}/recoveryPoints/1/restore", {})
    assert (answer.status, answer.code) == (501, "NotSimulated")
