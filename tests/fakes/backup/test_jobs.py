from datetime import timedelta

import pytest

from fakes.backup.jobs import TAKE_SNAPSHOT, TRANSFER, Job, running_job, steps_of, wire_duration


@pytest.fixture
def job(world):
    return Job(world.plane, world.item_id, "container", "srv-1")


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(seconds=1.25), "PT1.25S"),
        (timedelta(minutes=10), "PT10M0S"),
        (timedelta(hours=13, seconds=1), "PT13H1S"),
    ],
)
def test_durations(length, text):
    assert wire_duration(length) == text


def test_a_new_job_runs_and_can_be_cancelled(world, job):
    shown = world.plane.require(job.id).properties
    assert (shown["status"], shown["actionsInfo"]) == ("InProgress", ["Cancellable"])
    assert running_job(world.plane, world.item_id.upper()) == job.id
    job.complete()
    assert running_job(world.plane, world.item_id) is None


def test_data_on_its_way_is_not_called_back(world, job):
    job.task(TAKE_SNAPSHOT, "Completed")
    job.task(TRANSFER, "InProgress")
    assert world.plane.require(job.id).properties["actionsInfo"] == []


def test_steps_carry_the_virtual_time(world, job):
    world.clock.advance(90)
    job.step("guest agent", "wait", "nothing came")
    (step,) = steps_of(world.plane, job.id)
    assert 90 <= step["after"] < 95
    assert (step["stage"], step["tried"], step["observed"]) == ("guest agent", "wait", "nothing came")


def test_only_documented_errors_fail_a_job(job):
    with pytest.raises(KeyError):
        job.fail("NoSuchCode", "")
