from __future__ import annotations

import pytest

from lab.errors import UsageError
from lab.model import catalog


@pytest.fixture
def folder(write, tmp_path, monkeypatch):
    write()
    monkeypatch.setenv("LAB_SCENARIOS", str(tmp_path))
    return tmp_path


def test_scenarios_are_found_by_name_or_path(folder):
    assert catalog.names() == ["light_off"]
    assert catalog.find("light_off").id == "light_off"
    assert catalog.find(str(folder / "light_off")).id == "light_off"
    assert catalog.find(str(folder / "light_off" / "scenario.yaml")).id == "light_off"


def test_an_unknown_one_is_refused_with_the_nearest_and_the_list(folder):
    with pytest.raises(UsageError) as raised:
        catalog.find("light_of")
    assert raised.value.message == "unknown scenario 'light_of'; did you mean light_off?"
    assert raised.value.detail == "Scenarios:\n  light_off"
    assert raised.value.exit_code == 2


def test_a_wrong_folder_is_refused(monkeypatch):
    monkeypatch.setenv("LAB_SCENARIOS", "/no/such/folder")
    with pytest.raises(UsageError, match="LAB_SCENARIOS=/no/such/folder: there is no such folder"):
        catalog.names()
