from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from lab.views.junit import junit, write

RUN = {
    "event": "run",
    "time": "2026-01-02T03:04:05+00:00",
    "at": 0,
    "scenario": "x",
    "mode": "prove",
    "title": "X",
    "session": "s",
    "seed": 1,
}


def outcome(name, **more):
    return {"event": "outcome", "at": 1, "outcome": name, "reason": "r", "seconds": 1.5, **more}


def verdict(number, *, ok):
    return {"event": "verdict", "at": 1, "proof": number, "name": "n", "ok": ok, "text": "seen"}


def phase(name, status):
    return {"event": "phase", "at": 1, "phase": name, "state": "end", "status": status, "seconds": 0.5}


@pytest.mark.parametrize(
    ("events", "failures", "errors", "skipped"),
    [
        ([RUN, phase("inject", "ok"), verdict(1, ok=True), outcome("proven")], 0, 0, 0),
        ([RUN, verdict(5, ok=False), outcome("not healed")], 2, 0, 0),
        ([RUN, phase("provision", "error"), outcome("lab error", detail="trace\x00back")], 0, 2, 0),
        ([RUN, verdict(5, ok=False), outcome("inconclusive")], 0, 0, 2),
        ([RUN, phase("inject", "interrupted"), outcome("interrupted")], 0, 2, 0),
        ([RUN], 0, 1, 0),  # killed: the journal ends early
    ],
)
def test_outcomes_have_their_own_kinds(events, failures, errors, skipped):
    suite = junit(events).find("testsuite")
    counts = tuple(int(suite.get(name)) for name in ("failures", "errors", "skipped"))
    assert counts == (failures, errors, skipped)
    assert int(suite.get("tests")) == len(suite.findall("testcase"))


def test_the_file_is_xml_with_properties(tmp_path):
    write([RUN, outcome("proven", fidelity={"storage": "real: Azurite"})], tmp_path / "deep" / "j.xml")
    properties = ET.parse(tmp_path / "deep" / "j.xml").getroot().iter("property")
    assert {p.get("name"): p.get("value") for p in properties} == {
        "session": "s", "seed": "1", "title": "X", "fidelity.storage": "real: Azurite",
    }  # fmt: skip
