"""Second stage, on a running VM: the guest agent, the goal state, the extension's answer.

How the service tells the cases apart follows the article's own words: *VM agent unable to
communicate with Azure Backup* means that the service hears nothing from the agent before
it asks for anything; *could not communicate with the VM agent for snapshot status* that it
asked for a snapshot and got no answer; *VMSnapshot extension operation failed* that the
agent answers, and says that the extension does not work.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from fakes.backup import catalogue, extension
from fakes.backup.failure import BackupFailure
from fakes.backup.run import Run
from fakes.fabric.ports import AgentReport, HandlerStatus

HEARTBEAT_WAIT = 600.0  # virtual seconds for the first sign of life
SNAPSHOT_WAIT = 1200.0  # virtual seconds for the extension's answer
SILENCE = 300.0  # virtual seconds without a report after which an agent counts as silent
FAILED_HANDLER_WAIT = 60.0  # virtual seconds for which a NotReady must last to be believed,
FAILED_HANDLER_REPORTS = 3  # and in how many reports it must be repeated

_BROKEN = frozenset({"NotReady", "Unresponsive"})
_STUCK = frozenset({"Deleting", "Transitioning"})
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)  # of .NET's ticks


async def await_heartbeat(run: Run) -> None:
    """Wait for a status report that came after the job began.

    Raises:
        BackupFailure: UserErrorGuestAgentStatusUnavailable.
    """

    def alive() -> bool:
        report = run.plane.agents.latest(run.vm_id)
        return report is not None and report.received > run.started and report.status == "Ready"

    def awake() -> bool:
        """Tell whether the agent asks for its goal state, so that a report is on its way."""
        asked = run.plane.agents.contacted(run.vm_id)
        return asked is not None and asked > run.started

    met = await run.wait_for(alive, HEARTBEAT_WAIT, patience=run.patience, hope=awake)
    report = run.plane.agents.latest(run.vm_id)
    seen = _describe(report, run)
    run.job.step("guest agent", f"wait up to {HEARTBEAT_WAIT:.0f} s for a report", seen)
    if not met:
        raise BackupFailure("UserErrorGuestAgentStatusUnavailable", seen)


async def take_snapshot(run: Run) -> list[dict[str, Any]]:
    """Ask for a snapshot through the goal state and wait for the extension's answer.

    Returns:
        What the extension says it took: ``[{"lun", "snapshot", "uri"}]``.

    Raises:
        BackupFailure: The code that the extension reported, or one for its silence.
    """
    plane, target = run.plane, run.target
    if plane.goal_state is None:
        raise plane.not_simulated.refuse("a backup without a goal state publisher", run.vm_id)
    known = extension.find(plane, target)
    if known is not None and known.properties.get("provisioningState") in _STUCK:
        state = known.properties["provisioningState"]
        run.job.step("extension", f"read {known.id}", f"provisioning state {state}")
        raise BackupFailure("ExtensionStuckInDeletionState", f"the extension is {state}")
    name = extension.handler_name(target.os)
    sequence = plane.goal_state.publish_extension(
        run.vm_id, name, extension.VERSIONS[target.os], _settings(run)
    )
    asked = plane.clock.now()
    run.job.step("goal state", f"publish {name}", f"sequence number {sequence}")
    status = await _await_answer(run, name, sequence, asked)
    extension.record(plane, target, "Succeeded" if status.status == "success" else "Failed", sequence)
    if status.status != "success":
        raise _failure_of(status)
    return _snapshots_of(status)


def _settings(run: Run) -> dict[str, Any]:
    disks = [
        {"lun": disk.lun, "snapshotUri": run.storage.sas_url(disk.container, disk.blob, "rw")}
        for disk in run.target.disks
    ]
    ticks = (run.plane.clock.now() - _EPOCH) // timedelta(microseconds=1) * 10
    return {
        "commandToExecute": "snapshot",
        "taskId": run.task_id,
        "locale": "en-us",
        "vmType": "microsoft.compute/virtualmachines",
        "disks": disks,
        "objectStr": "",
        "commandStartTimeUTCTicks": str(ticks),
    }


async def _await_answer(run: Run, name: str, sequence: int, asked: datetime) -> HandlerStatus:
    clock = run.plane.clock
    broken: list[datetime] = []  # when reports came that showed the handler as not ready

    def handler() -> HandlerStatus | None:
        report = run.plane.agents.latest(run.vm_id)
        return report.handler(name) if report and report.received >= asked else None

    def answered() -> bool:
        found = handler()
        return bool(found and found.sequence == sequence and found.status in {"success", "error"})

    def settled() -> bool:
        found, report = handler(), run.plane.agents.latest(run.vm_id)
        if found is None or report is None or found.handler_state not in _BROKEN:
            broken.clear()
        elif not broken or broken[-1] != report.received:
            broken.append(report.received)
        lasting = len(broken) >= FAILED_HANDLER_REPORTS
        return answered() or (lasting and (broken[-1] - broken[0]).total_seconds() >= FAILED_HANDLER_WAIT)

    await run.wait_for(settled, SNAPSHOT_WAIT, patience=run.patience)
    found = handler()
    if found is not None and answered():
        texts = [found.message, *(f"{part.name}: {part.message}" for part in found.substatus)]
        observed = "; ".join(text for text in texts if text)
        run.job.step(
            "extension", f"wait for the status of sequence {sequence}", f"{found.status}: {observed}"
        )
        return found
    report = run.plane.agents.latest(run.vm_id)
    silent = report is None or (clock.now() - report.received).total_seconds() > SILENCE
    if silent:
        seen = f"no answer: {_describe(report, run)}"
    elif found is None:
        seen = "the agent reports, but nothing about the extension"
    else:
        seen = f"the agent reports the handler {found.handler_state} {found.status}: {found.message}"
    run.job.step("extension", f"wait up to {SNAPSHOT_WAIT:.0f} s for the status of sequence {sequence}", seen)
    # An agent that fell silent, one that does not handle extensions (Extensions.Enabled=n, see
    # MicrosoftDocs/azure-docs#42262) and a handler that never ends look the same from here: no
    # snapshot status came. Only a handler that is shown as broken is the extension's failure.
    failed = found is not None and found.handler_state in _BROKEN and not silent
    code = "ExtentionOperationFailed" if failed else "GuestAgentSnapshotTaskStatusError"
    raise BackupFailure(code, seen)


def _failure_of(status: HandlerStatus) -> BackupFailure:
    """Turn the extension's error into the job's: its substatus names a documented code."""
    for part in status.substatus:
        code, _, text = part.message.partition(":")
        if part.name == "error" and code.strip() in catalogue.errors():
            return BackupFailure(code.strip(), text.strip() or status.message)
    return BackupFailure("ExtentionOperationFailed", status.message or f"code {status.code}")


def _snapshots_of(status: HandlerStatus) -> list[dict[str, Any]]:
    for part in status.substatus:
        if part.name == "snapshots":
            try:
                taken = json.loads(part.message)
                return [{"lun": int(one["lun"]), "snapshot": str(one["snapshot"])} for one in taken]
            except (ValueError, KeyError, TypeError) as error:
                raise BackupFailure(
                    "ExtentionOperationFailed", f"unreadable snapshot list: {error!r}"
                ) from error
    return []


def _describe(report: AgentReport | None, run: Run) -> str:
    if report is None:
        return "the agent has never reported"
    age = (run.plane.clock.now() - report.received).total_seconds()
    when = "before" if report.received <= run.started else "after"
    return f"last report {age:.0f} s ago, {when} the job began: {report.status}, agent {report.version}"
