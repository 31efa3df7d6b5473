import asyncio
import base64
import json

import pytest

from fakes.courier import Courier
from fakes.courier.winrm_shell import LogonRefused, Output


@pytest.fixture
def courier(fabric, host):
    return Courier(
        url="",
        user="",
        password="",
        wire=fabric.wire,
        hostga=fabric.hostga,
        clock=fabric.clock,
        not_simulated=fabric.not_simulated,
        shell=host,
    )


def test_a_running_agent_with_an_open_way_reports(fabric, courier):
    courier.round()
    assert (fabric.report.status, fabric.report.handlers) == ("Ready", {})
    assert fabric.report.version.startswith("2.7.")
    assert fabric.stored[0][1].startswith("https://labstore.blob.core.windows.net/status/")


@pytest.mark.parametrize("state", ["Stopped", "missing", "StopPending"])
def test_an_agent_that_does_not_run_is_silent(fabric, host, courier, state):
    host.agent = state
    courier.round()
    assert fabric.report is None
    assert courier.condition == f"service WindowsAzureGuestAgent: {state}"


@pytest.mark.parametrize("port", [80, 32526])
def test_a_closed_way_is_silence(fabric, host, courier, port):
    host.open[port] = False
    courier.round()
    assert fabric.report is None
    assert str(port) in courier.condition


def test_a_host_that_is_away_is_silence_and_no_defect(fabric, host, courier):
    host.reachable = False
    courier.round()
    assert fabric.report is None
    assert fabric.not_simulated.entries() == []
    host.reachable = True
    courier.round()
    assert fabric.report is not None


def test_rounds_become_rare_while_nothing_happens(fabric, host, courier):
    def periods(rounds):
        found = []
        for _ in range(rounds):
            courier.round()
            found.append(courier.period)
        return found

    assert periods(6) == [15, 30, 60, 120, 200, 200]
    host.agent = "Stopped"
    assert periods(3) == [15, 30, 60]
    host.agent = "Running"
    assert periods(2) == [15, 30]
    fabric.publish()
    assert periods(2) == [15, 30]


def test_an_answer_without_sense_is_a_defect_of_the_lab(fabric, host, courier, monkeypatch):
    monkeypatch.setattr(host, "powershell", lambda command, stdin="": Output(1, "", "it broke"))
    courier.round()
    assert "it broke" in fabric.not_simulated.entries()[0]["construct"]


def test_an_exception_of_ours_is_a_defect_of_the_lab(fabric, host, courier, monkeypatch, caplog):
    def broken(command, stdin=""):
        raise RuntimeError("a bug")

    monkeypatch.setattr(host, "powershell", broken)
    courier.round()
    assert "a bug" in fabric.not_simulated.entries()[0]["construct"]


def test_new_settings_run_the_script_once(fabric, host, courier):
    part = {"name": "snapshots", "status": "success", "code": 0, "message": "[]"}
    host.result = {"status": "success", "code": 0, "message": "taken", "substatus": [part]}
    sequence = fabric.publish({"taskId": "t-1", "disks": [{"lun": -1, "snapshotUri": "https://x"}]})
    courier.round()
    courier.round()
    assert len(host.ran) == 1
    script, settings = (base64.b64decode(text).decode() for text in host.ran[0].split("|"))
    assert "vssadmin list writers" in script
    assert json.loads(settings)["taskId"] == "t-1"
    found = fabric.handler()
    assert (found.sequence, found.status, found.message, found.handler_state) == (
        sequence,
        "success",
        "taken",
        "Ready",
    )
    assert (found.substatus[0].name, found.substatus[0].message) == ("snapshots", "[]")
    fabric.publish({"taskId": "t-2", "disks": []})
    courier.round()
    assert len(host.ran) == 2
    assert fabric.handler().sequence == sequence + 1


def test_an_error_of_the_extension_is_reported_as_it_came(fabric, host, courier):
    part = {
        "name": "error",
        "status": "error",
        "code": 3,
        "message": "ExtensionFailedVssWriterInBadState: System Writer",
    }
    host.result = {"status": "error", "code": 3, "message": "Snapshot failed", "substatus": [part]}
    host.noise = 'some output {not json\r\n{"status": "nonsense"}\r\n'
    fabric.publish()
    courier.round()
    found = fabric.handler()
    assert (found.status, found.code, found.substatus[0].code) == ("error", 3, 3)
    assert found.substatus[0].message.startswith("ExtensionFailedVssWriterInBadState")


def test_a_script_without_a_result_leaves_the_handler_not_ready(fabric, host, courier):
    host.result = None
    host.stderr = "NOT SIMULATED: cmdlet Get-Foo"
    fabric.publish()
    courier.round()
    found = fabric.handler()
    assert (found.handler_state, found.status) == ("NotReady", "")
    assert "Get-Foo" in found.message


def test_a_version_that_is_not_offered_leaves_the_handler_not_ready(fabric, host, courier):
    fabric.goals.publish_extension(
        fabric.vm.vm_id, "Microsoft.Azure.RecoveryServices.VMSnapshot", "9.9.9.9", {}
    )
    courier.round()
    assert fabric.handler().handler_state == "NotReady"
    assert host.ran == []


def test_an_uninstalled_handler_is_forgotten(fabric, courier):
    fabric.publish()
    courier.round()
    assert fabric.handler() is not None
    fabric.goals.remove_extension(fabric.vm.vm_id, "Microsoft.Azure.RecoveryServices.VMSnapshot")
    courier.round()
    assert fabric.handler() is None


def test_it_works_on_the_fabrics_clock(fabric, courier):
    async def some_minutes():
        working = asyncio.create_task(courier.run())
        with fabric.clock.demand():
            await fabric.clock.sleep(300)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    asyncio.run(some_minutes())
    assert 4 <= len(fabric.stored) <= 7


def test_refused_credentials_are_not_tried_again(fabric, host, courier, caplog):
    """A real domain locks an account after a few refused logons."""
    asked = []

    def refuse(command, stdin=""):
        asked.append(command)
        raise LogonRefused("http://host: the credentials were rejected")

    host.powershell = refuse
    asyncio.run(asyncio.wait_for(courier.run(), 10))
    assert len(asked) == 1
    assert "refuses the courier" in caplog.text
