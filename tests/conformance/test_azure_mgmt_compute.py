"""azure-mgmt-compute against the control plane, over TLS."""

from datetime import timedelta

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.compute import models as m

from fakes.arm.providers.compute.extensions import record_extension
from fakes.arm.providers.compute.restore_points import create_collection, create_point
from fakes.fabric.ports import AgentReport, HandlerStatus, Substatus

GROUP, VM = "rg-Contoso", "srv-Web01"
PUBLISHER, KIND = "Microsoft.Azure.RecoveryServices", "VMSnapshot"
HANDLER = f"{PUBLISHER}.{KIND}"


@pytest.fixture
def compute(azure):
    with azure.client(ComputeManagementClient) as client:
        yield client


def report(azure, *, age=0.0, **handler):
    handlers = {HANDLER.lower(): HandlerStatus(HANDLER, "1.0.4.0", "Ready", **handler)} if handler else {}
    azure.agents.reports[azure.facts["vm_id"].lower()] = AgentReport(
        azure.plane.clock.now() - timedelta(seconds=age),
        "2.7.41491.1",
        "Ready",
        "GuestAgent is running and processing the extensions.",
        "Microsoft Windows Server 2019 Datacenter",
        handlers,
    )


class Publisher:
    """A goal state whose handler answers at once with the result it was made with."""

    def __init__(self, azure, status, message):
        self.azure, self.status, self.message = azure, status, message
        self.removed = []

    def publish_extension(self, vm_id, name, version, settings, protected=None):
        self.asked = (vm_id, name, version, settings, protected)
        report(self.azure, sequence=7, status=self.status, code=1, message=self.message)
        return 7

    def remove_extension(self, vm_id, name):
        self.removed.append(name)
        report(self.azure)


def extension(**changes):
    given = {"publisher": PUBLISHER, "type": KIND, "type_handler_version": "1.0"}
    return m.VirtualMachineExtension(
        location="westeurope",
        properties=m.VirtualMachineExtensionProperties(**(given | changes)),
    )


def test_the_machine_reads_as_the_models_describe_it(compute, conforms):
    machine = conforms(compute.virtual_machines.get(GROUP, VM, expand="instanceView"))
    assert machine.properties.os_profile.computer_name == "SRVWEB01"
    assert machine.properties.storage_profile.os_disk.os_type == "Windows"
    assert [one.code for one in machine.properties.instance_view.statuses] == [
        "ProvisioningState/succeeded",
        "PowerState/running",
    ]
    assert [conforms(one).name for one in compute.virtual_machines.list(GROUP)] == [VM]
    assert [conforms(one).name for one in compute.virtual_machines.list_all()] == [VM]


def test_the_agents_state_follows_its_heartbeat(azure, compute, conforms):
    def agent():
        view = conforms(compute.virtual_machines.instance_view(GROUP, VM)).vm_agent
        status = view.statuses[0]
        return view.vm_agent_version, status.code, status.display_status, status.message

    unavailable = "ProvisioningState/Unavailable", "Not Ready"
    assert agent() == ("Unknown", *unavailable, "VM status blob is found but not yet populated.")
    report(azure)
    running = "GuestAgent is running and processing the extensions."
    assert agent() == ("2.7.41491.1", "ProvisioningState/succeeded", "Ready", running)
    azure.plane.clock.advance(299)
    assert agent()[2] == "Ready"
    azure.plane.clock.advance(10)
    assert agent() == ("Unknown", *unavailable, "VM Agent is unresponsive.")


def test_power_actions_change_the_power_state_and_the_guest_is_told(azure, compute):
    told = []

    async def switch(vm_id, action):
        told.append((vm_id, action))

    azure.plane.power_switch = switch

    def state():
        return compute.virtual_machines.instance_view(GROUP, VM).statuses[1].display_status

    for action, reached in (
        (compute.virtual_machines.begin_power_off, "VM stopped"),
        (compute.virtual_machines.begin_start, "VM running"),
        (compute.virtual_machines.begin_restart, "VM running"),
        (compute.virtual_machines.begin_deallocate, "VM deallocated"),
    ):
        action(GROUP, VM).result()
        assert state() == reached
    assert told == [(azure.facts["vm_id"], one) for one in ("powerOff", "start", "restart", "deallocate")]
    with pytest.raises(ResourceExistsError) as refused:  # azure-core's name for a 409
        compute.virtual_machines.begin_restart(GROUP, VM)
    assert refused.value.error.code == "OperationNotAllowed"


def test_an_extension_is_provisioned_when_its_handler_reports_success(azure, compute, conforms):
    goal_state = azure.plane.goal_state = Publisher(azure, "success", "done")
    settings = {"commandToExecute": "snapshot"}
    wanted = extension(settings=settings, protected_settings={"key": "hidden"})
    made = compute.virtual_machine_extensions.begin_create_or_update(GROUP, VM, "Snap", wanted).result()
    assert conforms(made).properties.provisioning_state == "Succeeded"
    assert goal_state.asked == (azure.facts["vm_id"], HANDLER, "1.0", settings, {"key": "hidden"})
    assert "hidden" not in str(azure.plane.store.dump())
    shown = conforms(compute.virtual_machine_extensions.get(GROUP, VM, "snap", expand="instanceView"))
    assert shown.properties.instance_view.statuses[0].code == "ProvisioningState/succeeded"
    assert [one.name for one in compute.virtual_machine_extensions.list(GROUP, VM).value] == ["Snap"]
    machine = conforms(compute.virtual_machines.get(GROUP, VM, expand="instanceView"))
    assert machine.properties.instance_view.vm_agent.extension_handlers[0].type == HANDLER
    compute.virtual_machine_extensions.begin_delete(GROUP, VM, "Snap").result()
    assert goal_state.removed == [HANDLER]
    with pytest.raises(ResourceNotFoundError):
        compute.virtual_machine_extensions.get(GROUP, VM, "Snap")


def test_an_extension_whose_handler_fails_fails_with_the_handlers_words(azure, compute):
    azure.plane.goal_state = Publisher(azure, "error", "VSS is in a bad state")
    poller = compute.virtual_machine_extensions.begin_create_or_update(GROUP, VM, "Snap", extension())
    with pytest.raises(HttpResponseError) as failed:
        poller.result()
    assert failed.value.error.code == "VMExtensionProvisioningError"
    assert "Error message: 'VSS is in a bad state'" in failed.value.message
    assert compute.virtual_machine_extensions.get(GROUP, VM, "Snap").properties.provisioning_state == "Failed"


def test_an_extension_of_a_silent_agent_times_out(azure, compute):
    class Ignored(Publisher):
        def publish_extension(self, *_):
            return 1

    azure.plane.goal_state = Ignored(azure, "", "")
    before = azure.plane.clock.now()
    poller = compute.virtual_machine_extensions.begin_create_or_update(GROUP, VM, "Snap", extension())
    with pytest.raises(HttpResponseError) as failed:
        poller.result()
    assert failed.value.error.code == "VMExtensionProvisioningTimeout"
    assert azure.plane.clock.now() - before >= timedelta(minutes=90)


def test_no_extension_on_a_machine_that_is_off(azure, compute):
    azure.plane.goal_state = Publisher(azure, "success", "")
    compute.virtual_machines.begin_deallocate(GROUP, VM).result()
    with pytest.raises(ResourceExistsError) as refused:
        compute.virtual_machine_extensions.begin_create_or_update(GROUP, VM, "Snap", extension())
    assert refused.value.error.message == "Cannot modify extensions in the VM when the VM is not running."


def test_what_a_handler_reported_in_parts_is_shown(azure, compute, conforms):
    record_extension(
        azure.plane, azure.facts["vm_id"] + "/extensions/VMSnapshot",
        location="westeurope", publisher=PUBLISHER, kind=KIND, version="1.0", sequence=3,
    )  # fmt: skip
    parts = (Substatus("error", "error", 4, "ExtensionFailedVssWriterInBadState: writer"),)
    report(azure, sequence=3, status="error", code=4, message="failed", substatus=parts)
    view = conforms(compute.virtual_machines.instance_view(GROUP, VM)).extensions[0]
    assert view.statuses[0].code == "ProvisioningState/failed/4"
    assert view.substatuses[0].code == "ComponentStatus/error/error"
    assert view.substatuses[0].message.startswith("ExtensionFailedVssWriterInBadState")


def test_restore_points_are_listed_with_their_collection(azure, compute, conforms):
    plane = azure.plane
    machine = plane.require(azure.facts["vm_id"])
    collection_id = azure.facts["resource_group_id"] + (
        "/providers/Microsoft.Compute/restorePointCollections/AzureBackup_srv-Web01"
    )
    create_collection(plane, collection_id, machine)
    for i in range(18):
        create_point(plane, collection_id, f"AzureBackup_{i:02}", disks={"os": f"snapshot-{i}"})
    name = "AzureBackup_srv-Web01"
    plain = conforms(compute.restore_point_collections.get(GROUP, name))
    assert plain.properties.restore_points is None
    full = conforms(compute.restore_point_collections.get(GROUP, name, expand="restorePoints"))
    assert len(full.properties.restore_points) == 18
    point = conforms(compute.restore_points.get(GROUP, name, "AzureBackup_03"))
    assert point.properties.consistency_mode == "ApplicationConsistent"
    compute.restore_points.begin_delete(GROUP, name, "AzureBackup_03").result()
    full = compute.restore_point_collections.get(GROUP, name, expand="restorePoints")
    assert len(full.properties.restore_points) == 17
    compute.restore_point_collections.begin_delete(GROUP, name).result()
    with pytest.raises(ResourceNotFoundError):
        compute.restore_points.get(GROUP, name, "AzureBackup_04")


def test_disks_are_created_listed_and_deleted(compute, conforms):
    wanted = m.Disk(
        location="westeurope",
        properties=m.DiskProperties(creation_data=m.CreationData(create_option="Empty"), disk_size_gb=4),
    )
    made = conforms(compute.disks.begin_create_or_update(GROUP, "data", wanted).result())
    assert made.properties.disk_state == "Unattached"
    assert [conforms(one).name for one in compute.disks.list()] == ["data"]
    compute.disks.begin_delete(GROUP, "data").result()
    assert list(compute.disks.list_by_resource_group(GROUP)) == []


def test_tags_can_be_patched_and_nothing_else_can(azure, compute, conforms):
    update = m.VirtualMachineUpdate(tags={"owner": "ops"})
    assert conforms(compute.virtual_machines.begin_update(GROUP, VM, update).result()).tags == {
        "owner": "ops"
    }
    bigger = m.VirtualMachineUpdate(
        properties=m.VirtualMachineProperties(hardware_profile=m.HardwareProfile(vm_size="Standard_D2s_v3"))
    )
    with pytest.raises(HttpResponseError) as refused:
        compute.virtual_machines.begin_update(GROUP, VM, bigger)
    assert refused.value.status_code == 501


def test_a_machines_name_cannot_be_changed(compute):
    machine = compute.virtual_machines.get(GROUP, VM)
    machine.properties.os_profile.computer_name = "OTHER"
    with pytest.raises(ResourceExistsError) as refused:
        compute.virtual_machines.begin_create_or_update(GROUP, VM, machine)
    assert refused.value.error.code == "PropertyChangeNotAllowed"


def test_deleting_the_machine_frees_its_interface(azure, compute):
    compute.virtual_machines.begin_delete(GROUP, VM).result()
    with pytest.raises(ResourceNotFoundError) as missing:
        compute.virtual_machines.get(GROUP, VM)
    assert missing.value.error.message.startswith(
        f"The Resource 'Microsoft.Compute/virtualMachines/{VM}' under resource group '{GROUP}' was not found."
    )
    assert "virtualMachine" not in azure.plane.require(azure.facts["nic_id"]).properties
