"""azure-mgmt-recoveryservicesbackup 10.0.0 against the vault, with real page blobs on Azurite."""

import asyncio
import json
import time

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.recoveryservicesbackup import RecoveryServicesBackupClient
from azure.mgmt.recoveryservicesbackup import models as m

from fakes.backup import landscape
from fakes.backup.rest import register
from fakes.fabric.ports import AgentReport, HandlerStatus, Substatus
from fakes.storage.client import BlobClient
from fakes.storage.server import AzuriteServer

pytestmark = pytest.mark.azurite

GROUP, VAULT, FABRIC = "rg-Contoso", "vault-contoso", "Azure"
CONTAINER = "IaasVMContainer;iaasvmcontainerv2;rg-contoso;srv-web01"
ITEM = "VM;iaasvmcontainerv2;rg-contoso;srv-web01"
WHERE = (VAULT, GROUP, FABRIC, CONTAINER, ITEM)


class Guest:
    """A guest whose agent always reports and whose extension takes its snapshots at once."""

    def __init__(self, clock, storage):
        self.clock, self.storage = clock, storage
        self.alive = True
        self.error = ""
        self.sequence = -1
        self.handlers = {}

    def contacted(self, vm_id):
        return None

    def latest(self, vm_id):
        return (
            AgentReport(self.clock.now(), "2.7.41491.1", "Ready", "", "", self.handlers)
            if self.alive
            else None
        )

    def publish_extension(self, vm_id, name, version, settings, protected=None):
        self.sequence += 1
        if self.error:
            status, parts = "error", [Substatus("error", "error", 1, self.error)]
        else:
            taken = []
            for disk in settings["disks"]:
                container, blob = disk["snapshotUri"].split("?")[0].split("/", 4)[3:]
                taken.append({"lun": disk["lun"], "snapshot": self.storage.snapshot(container, blob)})
            status, parts = "success", [Substatus("snapshots", "success", 0, json.dumps(taken))]
        self.handlers = {
            name.lower(): HandlerStatus(name, version, "Ready", self.sequence, status, 0, "", tuple(parts))
        }
        return self.sequence

    def remove_extension(self, vm_id, name):
        self.handlers = {}


@pytest.fixture(scope="module")
def azurite():
    with AzuriteServer("contosodisks") as server:
        yield server


@pytest.fixture
def guest(azure, azurite, event_loop_thread):
    storage = BlobClient(azurite.endpoint())
    guest = Guest(azure.plane.clock, storage)
    azure.plane.agents = azure.plane.goal_state = guest
    engine = register(azure.plane, storage)
    landscape.build(azure.plane, {**_identity(azure), "vault": VAULT, "policy": "DailyPolicy"})
    landscape.upload_disks(azure.plane, azure.facts["vm_id"], storage)
    yield guest
    asyncio.run_coroutine_threadsafe(engine.close(), event_loop_thread).result(10)
    storage.close()


def _identity(azure):
    parts = azure.facts["vm_id"].split("/")
    return {"subscription": parts[2], "resource_group": parts[4], "location": "westeurope", "vm": parts[-1]}


@pytest.fixture
def backup(azure, guest):
    with azure.client(RecoveryServicesBackupClient) as client:
        yield client


@pytest.fixture
def conforms():
    """Refuse properties that the client's model does not know (this release keeps them apart)."""

    def unknown(model, path):
        for name in getattr(model, "additional_properties", None) or {}:
            yield f"{path}.{name}"
        for name, value in vars(model).items():
            for one in value if isinstance(value, list) else [value]:
                if hasattr(one, "_attribute_map"):
                    yield from unknown(one, f"{path}.{name}")

    def check(model):
        assert list(unknown(model, type(model).__name__)) == []
        return model

    return check


def test_the_check_itself_notices_a_property_that_does_not_exist(backup, azure, conforms):
    (policy,) = backup.backup_policies.list(VAULT, GROUP)
    with azure.plane.store.edit(policy.id) as stored:
        stored.properties["bogus"] = 1
    with pytest.raises(AssertionError, match="bogus"):
        conforms(backup.protection_policies.get(VAULT, GROUP, "DailyPolicy"))


def request():
    return m.BackupRequestResource(properties=m.IaasVMBackupRequest())


def trigger(backup):
    """Start a backup and return its job's name, as the facts of the SDK say: through the headers."""
    headers = backup.backups.trigger(*WHERE, request(), cls=lambda answer, *_: answer.http_response.headers)
    operation = headers["Azure-AsyncOperation"].partition("?")[0].rsplit("/", 1)[-1]
    status = _until(lambda: backup.protected_item_operation_statuses.get(*WHERE, operation), "Succeeded")
    assert isinstance(status.properties, m.OperationStatusJobExtendedInfo)
    return status.properties.job_id


def finished(backup, name):
    return _until(lambda: backup.job_details.get(VAULT, GROUP, name), "Completed", "Failed", "Cancelled")


def _until(get, *states):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = get()
        if getattr(found, "status", None) in states or getattr(found.properties, "status", None) in states:
            return found
        time.sleep(0.01)
    pytest.fail(f"never in {states}")


def test_the_protected_item(backup, conforms):
    items = list(
        backup.backup_protected_items.list(VAULT, GROUP, filter="backupManagementType eq 'AzureIaasVM'")
    )
    assert [item.name for item in items] == [ITEM]
    item = conforms(backup.protected_items.get(*WHERE)).properties
    assert isinstance(item, m.AzureIaaSComputeVMProtectedItem)
    assert (item.friendly_name, item.protection_state, item.health_status) == (
        "srv-Web01",
        "IRPending",
        "Passed",
    )
    assert (
        list(backup.backup_protected_items.list(VAULT, GROUP, filter="backupManagementType eq 'MAB'")) == []
    )


def test_containers_and_policies(backup, conforms):
    (container,) = backup.backup_protection_containers.list(
        VAULT, GROUP, filter="backupManagementType eq 'AzureIaasVM'"
    )
    assert conforms(container).properties.virtual_machine_id.endswith("srv-Web01")
    (policy,) = backup.backup_policies.list(VAULT, GROUP)
    assert conforms(policy).name == "DailyPolicy"
    shown = conforms(backup.protection_policies.get(VAULT, GROUP, "DailyPolicy")).properties
    assert isinstance(shown, m.AzureIaaSVMProtectionPolicy)
    assert (shown.instant_rp_retention_range_in_days, shown.protected_items_count) == (2, 1)


def test_backup_now_ends_in_a_recovery_point_of_two_tiers(backup, conforms):
    job = conforms(finished(backup, trigger(backup)))
    assert isinstance(job.properties, m.AzureIaaSVMJob)
    assert job.properties.status == "Completed"
    tasks = [(task.task_id, task.status) for task in job.properties.extended_info.tasks_list]
    assert tasks == [("Take Snapshot", "Completed"), ("Transfer data to vault", "Completed")]
    (point,) = backup.recovery_points.list(*WHERE)
    shown = conforms(backup.recovery_points.get(*WHERE, point.name)).properties
    assert [(tier.type, tier.status) for tier in shown.recovery_point_tier_details] == [
        ("InstantRP", "Valid"),
        ("HardenedRP", "Valid"),
    ]
    item = backup.protected_items.get(*WHERE).properties
    assert (item.protection_state, item.last_backup_status) == ("Protected", "Completed")
    assert item.last_recovery_point is not None


def test_a_failed_job_carries_the_number_and_the_code(backup, guest, conforms):
    guest.error = "ExtensionFailedVssWriterInBadState: System Writer [8] Failed"
    job = conforms(finished(backup, trigger(backup))).properties
    assert job.status == "Failed"
    (detail,) = job.error_details
    assert detail.error_string == "Snapshot operation failed because VSS writers were in a bad state."
    assert 990001 <= detail.error_code <= 990999
    assert job.extended_info.property_bag["Error Code"] == "ExtensionFailedVssWriterInBadState"
    item = conforms(backup.protected_items.get(*WHERE)).properties
    assert (item.last_backup_status, item.health_status) == ("Failed", "ActionRequired")
    failed = backup.backup_jobs.list(VAULT, GROUP, filter="status eq 'Failed' and operation eq 'Backup'")
    assert [one.properties.status for one in failed] == ["Failed"]
    assert list(backup.backup_jobs.list(VAULT, GROUP, filter="status eq 'Completed'")) == []


def test_a_second_backup_is_refused_and_a_finished_job_not_cancelled(backup, azure, guest):
    guest.alive = False
    rate, azure.plane.clock._rate = azure.plane.clock._rate, 1.0  # let the job wait for real
    name = trigger(backup)
    with pytest.raises(HttpResponseError) as refused:
        backup.backups.trigger(*WHERE, request())
    assert refused.value.error.code == "UserErrorBackupOperationInProgress"
    backup.job_cancellations.trigger(VAULT, GROUP, name)
    with pytest.raises(HttpResponseError, match="Backup failed to cancel the job"):
        backup.job_cancellations.trigger(VAULT, GROUP, name)
    azure.plane.clock._rate = rate
    azure.plane.clock.advance(5)
    assert finished(backup, name).properties.status == "Cancelled"
    with pytest.raises(HttpResponseError) as refused:
        backup.job_cancellations.trigger(VAULT, GROUP, name)
    assert refused.value.status_code == 400
    assert "it isn't in progress" in refused.value.message


def test_protection_is_stopped_and_taken_up_again(backup, azure):
    stop = m.AzureIaaSComputeVMProtectedItem(
        source_resource_id=azure.facts["vm_id"], protection_state="ProtectionStopped"
    )
    backup.protected_items.create_or_update(*WHERE, m.ProtectedItemResource(properties=stop))
    _settle(lambda: backup.protected_items.get(*WHERE).properties.protection_state == "ProtectionStopped")
    with pytest.raises(HttpResponseError) as refused:
        backup.backups.trigger(*WHERE, request())
    assert refused.value.error.code == "UserErrorBcmDatasourceNotPresent"
    policy = backup.protection_policies.get(VAULT, GROUP, "DailyPolicy").id
    again = m.AzureIaaSComputeVMProtectedItem(source_resource_id=azure.facts["vm_id"], policy_id=policy)
    backup.protected_items.create_or_update(*WHERE, m.ProtectedItemResource(properties=again))
    _settle(lambda: backup.protected_items.get(*WHERE).properties.protection_state == "IRPending")


def _settle(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_is_not_there(backup):
    with pytest.raises(ResourceNotFoundError):
        backup.job_details.get(VAULT, GROUP, "00000000-0000-0000-0000-000000000000")
    with pytest.raises(ResourceNotFoundError):
        backup.protected_items.get(VAULT, GROUP, FABRIC, CONTAINER, "VM;iaasvmcontainerv2;rg-contoso;other")
    with pytest.raises(ResourceNotFoundError):
        backup.recovery_points.get(*WHERE, "1")
    with pytest.raises(ResourceNotFoundError):
        backup.protection_policies.get(VAULT, GROUP, "NoPolicy")
    with pytest.raises(ResourceNotFoundError):
        backup.backup_policies.list("no-vault", GROUP).next()


def test_names_in_any_case(backup):
    shown = backup.protected_items.get(VAULT.upper(), GROUP.upper(), "azure", CONTAINER.upper(), ITEM.upper())
    assert shown.name == ITEM
