from __future__ import annotations

import time

import pytest

from lab.errors import InfrastructureError, UsageError
from lab.registry import ProcessId, Record
from lab.training.state import Training, all_labs, find


@pytest.fixture
def make(tmp_path):
    def training(name, *, expires=60.0, created=None):
        record = Record(
            name, "vss_bad_state", time.time() + expires, str(tmp_path), ProcessId(1, 1.0), detached=True
        )
        record.created = created or time.time()
        made = Training(record, str(tmp_path), 7, {"control_token": "opaque"}, str(tmp_path))
        made.save()
        return made

    return training


def test_it_survives_between_commands(make):
    made = make("aaaa0001")
    made.hints, made.solved = 2, True
    made.save()
    again = find("aaaa0001")
    assert (again.hints, again.solved, again.seed, again.ready) == (2, True, 7, {"control_token": "opaque"})


def test_of_several_labs_the_one_that_is_meant_is_told(make):
    told = []
    make("aaaa0001", created=time.time() - 50)
    find(None, told.append)
    assert told == []
    make("aaaa0002")
    assert find(None, told.append).id == "aaaa0002"
    assert told == ["lab aaaa0002, the newest (name the others to reach them: aaaa0001)"]
    find("aaaa0001", told.append)
    assert len(told) == 1


def test_the_newest_is_meant_when_none_is_named(make):
    make("aaaa0002", created=time.time())
    make("aaaa0001", created=time.time() - 50)
    assert find(None).id == "aaaa0002"


def test_expired_ones_and_other_sessions_are_none(make, tmp_path):
    make("aaaa0001", expires=-1)
    Record("aaaa0002", "x", time.time() + 60, str(tmp_path), ProcessId(1, 1.0)).save()
    assert all_labs() == []
    with pytest.raises(UsageError, match="start one with"):
        find(None)


def test_an_unknown_one_is_refused_with_the_known(make):
    make("aaaa0001")
    with pytest.raises(UsageError, match=r"no training lab 'x'; known: aaaa0001 \(vss_bad_state\)"):
        find("x")


def test_what_opens_the_world_is_not_shown(make):
    assert "opaque" not in str(make("aaaa0001").as_dict())


def test_effort_for_people(make):
    made = make("aaaa0001")
    assert made.effort() == "0 min, no hint, 0 checks"
    made.hints, made.started = 2, time.time() - 600
    made.checks.append([1, "healed"])
    assert made.effort() == "10 min, 2 hints, 1 check"


def test_one_whose_fabric_has_ended_is_not_alive(make):
    with pytest.raises(InfrastructureError, match=r"fabric has ended; start again with `lab reset aaaa0001`"):
        make("aaaa0001").require_alive()
