"""The instance view of a VM: what the platform knows, and what the guest agent says.

Texts of the agent that reports: what it sent itself. "VM Agent is unresponsive." and its code
are a capture (Azure/azure-sdk-for-ruby#1274).
"""

from __future__ import annotations

from datetime import timedelta

from fakes.arm.http import Json
from fakes.arm.operations import timestamp
from fakes.arm.plane import ControlPlane
from fakes.arm.store import Resource
from fakes.fabric.ports import AgentReport, HandlerStatus

AGENT_SILENT_AFTER = timedelta(minutes=5)
"""Age of the last report from which on an agent counts as unresponsive (lab-assigned)."""

_POWER_TEXTS = {
    "starting": "VM starting",
    "running": "VM running",
    "stopping": "VM stopping",
    "stopped": "VM stopped",
    "deallocating": "VM deallocating",
    "deallocated": "VM deallocated",
}
# Extension status document -> code, level and text of the instance view.
_STATUS_TEXTS = {
    "success": ("ProvisioningState/succeeded", "Info", "Provisioning succeeded"),
    "warning": ("ProvisioningState/succeeded", "Warning", "Provisioning succeeded"),
    "transitioning": ("ProvisioningState/transitioning", "Info", "Transitioning"),
    "error": ("ProvisioningState/failed/{code}", "Error", "Provisioning failed"),
}


def power_state(machine: Resource) -> str:
    """Return a VM's power state: ``running``, ``stopped``, ``deallocated`` or a passing one."""
    return str(machine.state["power"])


def fresh_report(plane: ControlPlane, machine: Resource) -> AgentReport | None:
    """Return the agent's last report if it is recent, else ``None``."""
    report = plane.agents.latest(machine.id)
    if report is None or plane.clock.now() - report.received > AGENT_SILENT_AFTER:
        return None
    return report


def instance_view(plane: ControlPlane, machine: Resource) -> Json:
    """Return the instance view (REST: VirtualMachineInstanceView)."""
    now = timestamp(plane.clock.now())
    power = power_state(machine)
    provisioning = str(machine.properties["provisioningState"]).lower()
    view: Json = {"hyperVGeneration": "V1"}
    report = fresh_report(plane, machine)
    if power == "running":
        profile = machine.properties.get("osProfile") or {}
        if report is not None:
            view["computerName"] = profile.get("computerName", machine.body["name"])
            view["osName"] = report.os_name
        view["vmAgent"] = _agent(plane, machine, report)
    view["disks"] = [
        {"name": name, "statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded", now)]}
        for name in _disk_names(machine)
    ]
    extensions = [extension_view(plane, one) for one in extensions_of(plane, machine.id)]
    if extensions:
        view["extensions"] = extensions
    view["statuses"] = [
        _status(
            machine.state.get("provisioningCode") or f"ProvisioningState/{provisioning}",
            f"Provisioning {provisioning}",
            now,
            level="Error" if provisioning == "failed" else "Info",
        ),
        _status(f"PowerState/{power}", _POWER_TEXTS[power]),
    ]
    return view


def extensions_of(plane: ControlPlane, machine_id: str) -> list[Resource]:
    """Return the extensions of a VM."""
    return plane.store.list(machine_id, "Microsoft.Compute/virtualMachines/extensions")


def extension_view(plane: ControlPlane, extension: Resource) -> Json:
    """Return the instance view of one extension, from what its handler last reported."""
    properties = extension.properties
    kind = handler_name(extension)
    view: Json = {
        "name": extension.body["name"],
        "type": kind,
        "typeHandlerVersion": properties["typeHandlerVersion"],
        "statuses": [],
    }
    report = plane.agents.latest(extension.id.rsplit("/", 2)[0])
    handler = report.handler(kind) if report else None
    if report is None or handler is None or not handler.status:
        return view
    when = timestamp(report.received)
    view["typeHandlerVersion"] = handler.version
    view["statuses"] = [_handler_result(handler, when)]
    if handler.substatus:
        view["substatuses"] = [
            {
                "code": f"ComponentStatus/{one.name}/{'succeeded' if one.status == 'success' else one.status}",
                "level": "Error" if one.status == "error" else "Info",
                "displayStatus": _STATUS_TEXTS.get(one.status, ("", "", one.status))[2],
                "message": one.message,
            }
            for one in handler.substatus
        ]
    return view


def handler_name(extension: Resource) -> str:
    """Return ``Publisher.Type``, the name under which the agent reports."""
    return f"{extension.properties['publisher']}.{extension.properties['type']}"


def _agent(plane: ControlPlane, machine: Resource, report: AgentReport | None) -> Json:
    if report is None:
        silent = plane.agents.latest(machine.id) is not None
        message = "VM Agent is unresponsive." if silent else "VM status blob is found but not yet populated."
        when = timestamp(plane.clock.now())
        status = _status("ProvisioningState/Unavailable", "Not Ready", when, level="Warning", message=message)
        return {"vmAgentVersion": "Unknown", "statuses": [status]}
    when = timestamp(report.received)
    ready = report.status == "Ready"
    status = _status(
        "ProvisioningState/succeeded" if ready else "ProvisioningState/Unavailable",
        "Ready" if ready else "Not Ready",
        when,
        level="Info" if ready else "Warning",
        message=report.message,
    )
    handlers = [
        {"type": one.name, "typeHandlerVersion": one.version, "status": _handler_state(one)}
        for one in report.handlers.values()
    ]
    return {"vmAgentVersion": report.version, "extensionHandlers": handlers, "statuses": [status]}


def _handler_state(handler: HandlerStatus) -> Json:
    if handler.handler_state == "Ready":
        return _status("ProvisioningState/succeeded", "Ready")
    if handler.handler_state == "Installing":
        return _status("ProvisioningState/installing", "Installing")
    return _status("ProvisioningState/failed", "Not Ready", level="Error", message=handler.message)


def _handler_result(handler: HandlerStatus, when: str) -> Json:
    code, level, text = _STATUS_TEXTS.get(handler.status, _STATUS_TEXTS["transitioning"])
    return _status(code.format(code=handler.code), text, when, level=level, message=handler.message)


def _status(code: str, text: str, time: str = "", *, level: str = "Info", message: str = "") -> Json:
    status: Json = {"code": code, "level": level, "displayStatus": text}
    if message:
        status["message"] = message
    if time:
        status["time"] = time
    return status


def _disk_names(machine: Resource) -> list[str]:
    profile = machine.properties["storageProfile"]
    return [profile["osDisk"]["name"], *(disk["name"] for disk in profile["dataDisks"])]
