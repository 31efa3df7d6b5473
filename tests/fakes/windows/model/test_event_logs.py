from __future__ import annotations

import itertools

import pytest

from fakes.windows.model.win32 import Win32Error


def test_the_past_is_ordinary_and_older_than_the_host(host):
    born = host.clock.now()
    events = host.event_logs.read("System")
    assert len(events) == host.event_logs.count("System") > 300
    assert [event.record for event in events] == list(range(1, len(events) + 1))
    assert all(a.time <= b.time < born for a, b in itertools.pairwise(events))
    assert {event.level for event in events} == {"Information", "Warning"}
    assert host.event_logs.read("Setup") == []


def test_records_go_on_after_the_past(host):
    past = host.event_logs.count("Application")
    event = host.event_logs.write("application", "App", 1000, "Error", "Faulting application", data=["x"])
    assert (event.log, event.record, event.time <= host.clock.now()) == ("Application", past + 1, True)
    assert host.event_logs.read("Application")[-1] is event


def test_clearing_keeps_the_numbers(host):
    host.event_logs.write("System", "a", 1, "Information", "x")
    before = host.event_logs.count("System")
    host.event_logs.clear("System")
    assert host.event_logs.read("System") == []
    assert host.event_logs.write("System", "a", 2, "Information", "y").record == before + 1


def test_an_unknown_log_and_level(host):
    with pytest.raises(Win32Error) as caught:
        host.event_logs.read("Nothing")
    assert caught.value.code == 15007
    with pytest.raises(ValueError, match="unknown event level"):
        host.event_logs.write("System", "a", 1, "Fatal", "x")
