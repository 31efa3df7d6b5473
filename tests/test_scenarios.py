"""The scenarios that ship with the project: each names the catalogue's faults and runs as documented."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FOLDERS = sorted(path.parent for path in SCENARIOS.glob("*/scenario.yaml"))


@pytest.fixture(scope="module")
def faults() -> set[str]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    catalogue = yaml.load((SCENARIOS / "catalogue.yaml").read_text(encoding="utf-8"), Loader=loader)
    assert len(catalogue["faults"]) == 89
    return {fault["id"] for fault in catalogue["faults"]}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_covers_faults_of_the_catalogue(folder, faults):
    scenario = yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    assert set(scenario["covers"]) <= faults


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_ticket_never_names_the_cause(folder):
    scenario = yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    ticket = scenario["training"]["ticket"].lower()
    for word in (
        "vss",
        "writer",
        "cryptsvc",
        "waagent",
        "nsg",
        "priority",
        "network security group",
        scenario["error"].lower(),
    ):
        assert word not in ticket
