"""JUnit XML of a run, in the shape of pytest's ``xunit2``: one test case per phase and proof.

A failed proof is a ``failure``; a broken lab is an ``error``; what could not be judged is
``skipped`` with its reason, so that no reader of the file counts it as a pass.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lab.journal.journal import Event


def junit(events: Iterable[Event]) -> ET.Element:
    """Return the XML of a journal's events."""
    known = list(events)
    run: dict[str, Any] = next(
        (e for e in known if e["event"] == "run"), {"scenario": "unknown", "mode": "run"}
    )
    outcome: dict[str, Any] = next(
        (e for e in known if e["event"] == "outcome"),
        {
            "outcome": "lab error",
            "reason": "the journal ends before the run did",
            "seconds": known[-1]["at"] if known else 0,
        },
    )
    name = f"lab.{run['mode']}.{run['scenario']}"
    cases: list[ET.Element] = []
    for event in known:
        if event["event"] == "phase" and event["state"] == "end":
            case = _case(name, f"phase {event['phase']}", event["seconds"])
            if event["status"] in {"error", "interrupted"}:
                ET.SubElement(case, "error", message=f"phase {event['phase']}: {event['status']}")
            cases.append(case)
        elif event["event"] == "verdict":
            case = _case(name, f"proof {event['proof']} {event['name']}", 0)
            if not event["ok"]:
                kind = "skipped" if outcome["outcome"] == "inconclusive" else "failure"
                ET.SubElement(case, kind, message=event["text"])
            cases.append(case)
    cases.append(_outcome_case(name, outcome))
    count = {
        kind: sum(case.find(kind) is not None for case in cases) for kind in ("failure", "error", "skipped")
    }
    when = {"timestamp": str(known[0]["time"])} if known else {}
    attributes = {
        "name": name,
        "tests": str(len(cases)),
        "failures": str(count["failure"]),
        "errors": str(count["error"]),
        "skipped": str(count["skipped"]),
        "time": f"{outcome['seconds']:.3f}",
        **when,
    }
    suite = ET.Element("testsuite", attributes)
    properties = ET.SubElement(suite, "properties")
    for key in ("session", "seed", "title"):
        if key in run:
            ET.SubElement(properties, "property", name=key, value=str(run[key]))
    for part, text in (outcome.get("fidelity") or {}).items():
        ET.SubElement(properties, "property", name=f"fidelity.{part}", value=_xml_safe(str(text)))
    suite.extend(cases)
    root = ET.Element("testsuites")
    root.append(suite)
    return root


def write(events: Iterable[Event], path: Path) -> None:
    """Write the XML to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(junit(events)).write(path, encoding="utf-8", xml_declaration=True)


def _case(suite: str, name: str, seconds: float) -> ET.Element:
    return ET.Element("testcase", classname=suite, name=name, time=f"{seconds:.3f}")


def _outcome_case(suite: str, outcome: dict[str, Any]) -> ET.Element:
    case = _case(suite, "outcome", outcome["seconds"])
    ended, reason = outcome["outcome"], _xml_safe(str(outcome.get("reason") or ""))
    if ended in {"not healed", "not proven"}:
        ET.SubElement(case, "failure", message=f"{ended}: {reason}")
    elif ended == "inconclusive":
        ET.SubElement(case, "skipped", message=f"inconclusive: {reason}")
    elif ended not in {"healed", "proven"}:
        error = ET.SubElement(case, "error", message=f"{ended}: {reason}")
        error.text = _xml_safe(str(outcome.get("detail") or ""))
    return case


def _xml_safe(text: str) -> str:
    """Drop the control characters XML 1.0 cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
