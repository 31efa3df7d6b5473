from __future__ import annotations

from contextlib import contextmanager

import pytest

from lab.engine.steps import StepResult
from lab.engine.world import BackupResult
from lab.errors import HostUnreachable, Inconclusive, InfrastructureError
from lab.outcome import Outcome
from lab.registry import ProcessId, Record
from lab.training import check as checking
from lab.training.check import judge, look
from lab.training.state import Training


def result(*, ok, backup=None, name="Every writer is stable"):
    return StepResult(
        name, "cmd", "vm", "vssadmin list writers", ok, "" if ok else "CryptSvc is stopped", backup=backup
    )


def test_healed_when_everything_holds():
    answer = judge([result(ok=True)], [])
    assert (answer.outcome, answer.failing) == (Outcome.HEALED, 0)


def test_not_healed_tells_the_backup_and_never_the_cause():
    failed = BackupResult("Failed", "SomeError", tasks={"Take Snapshot": "Failed"})
    answer = judge([result(ok=False), result(ok=False, backup=failed)], [])
    assert (answer.outcome, answer.failing) == (Outcome.NOT_HEALED, 2)
    assert answer.text == "not healed: a new backup Failed with SomeError"
    assert answer.notes == ["Take Snapshot: Failed"]
    assert "CryptSvc" not in answer.text


def test_a_backup_alone_is_not_health():
    answer = judge([result(ok=True, backup=BackupResult("Completed")), result(ok=False)], [])
    assert answer.text == "not healed: a backup completes, but the fault is still there"


def test_what_is_not_simulated_leaves_it_open():
    answer = judge([result(ok=False)], ["program x.exe"])
    assert (answer.outcome, answer.notes) == (Outcome.INCONCLUSIVE, ["program x.exe"])


@pytest.mark.parametrize(("light", "good"), [("on", True), ("off", False)])
def test_looking_takes_detections_the_other_way_round(lamp, light, good):
    from lab.engine.steps import Steps

    world = lamp.world_class(light=light)
    results = look(lamp.scenario(), Steps(lamp.scenario(), world))
    assert [r.ok for r in results] == [good, good, good]  # the light, the backup, the detection


@pytest.fixture
def training(tmp_path):
    record = Record("aaaa0001", "x", 4e9, str(tmp_path), ProcessId(1, 1.0), detached=True)
    return Training(record, scenario=str(tmp_path), seed=1, ready={}, report=str(tmp_path))


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (InfrastructureError("its fabric has ended"), Outcome.LAB_ERROR),
        (HostUnreachable("no answer"), Outcome.LAB_ERROR),
        (Inconclusive("knob"), Outcome.INCONCLUSIVE),
    ],
)
def test_a_broken_lab_is_its_own_answer(training, monkeypatch, error, outcome):
    def attached(_training):
        raise error

    monkeypatch.setattr(checking, "attached", attached)
    assert checking.check(training).outcome is outcome
    assert training.checks[0][1] == str(outcome)


def test_a_lab_whose_fabric_is_gone_is_broken(training):
    assert checking.check(training).outcome is Outcome.LAB_ERROR


@pytest.mark.parametrize(
    ("became", "outcome", "text"),
    [
        ("is switched off", Outcome.NOT_HEALED, "not healed: vm is switched off"),
        ("", Outcome.LAB_ERROR, "no answer; try `lab check` again"),
    ],
)
def test_a_machine_that_the_trainee_lost_is_not_a_broken_lab(
    training, lamp, monkeypatch, became, outcome, text
):
    @contextmanager
    def attached(_training):
        yield lamp.scenario(), lamp.world_class(on_settle=lambda _: became), None

    def unreachable(*_):
        raise HostUnreachable("no answer")

    monkeypatch.setattr(checking, "attached", attached)
    monkeypatch.setattr(checking, "look", unreachable)
    answer = checking.check(training)
    assert (answer.outcome, answer.text) == (outcome, text)
