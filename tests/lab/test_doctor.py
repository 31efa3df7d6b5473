from __future__ import annotations

import sys

import pytest

from lab import doctor, storage_setup
from lab.engine_setup import EngineMissing
from lab.errors import InfrastructureError


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without engine and storage."""

    def none():
        raise EngineMissing("no engine answers at /var/run/docker.sock")

    monkeypatch.setattr("lab.engine_setup.find", none)
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path / "cache"))


def test_everything_missing_comes_with_advice(bare):
    lacking = {finding.name: finding for finding in doctor.missing(doctor.examine())}
    assert set(lacking) == {"storage", "container engine", "images"}
    assert all(finding.advice and finding.needed_for for finding in lacking.values())


def test_what_cannot_be_fixed_is_told(bare, monkeypatch):
    def refuse(_say, *, allow_install):
        raise EngineMissing("this is not Debian")

    def offline(_say):
        raise InfrastructureError("storage cannot be set up: no network")

    monkeypatch.setattr("lab.engine_setup.ensure", refuse)
    monkeypatch.setattr(storage_setup, "ensure", offline)
    assert doctor.fix(lambda _: None) == [
        "storage: storage cannot be set up: no network",
        "container engine and images: this is not Debian",
    ]


def test_storage_is_found_in_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path))
    assert storage_setup.installed() is None
    package = tmp_path / "azurite-9.9.9" / "node_modules" / "azurite"
    (package / "dist" / "src" / "blob").mkdir(parents=True)
    (package / "package.json").touch()
    assert storage_setup.installed() is None, "half of it is not enough"
    (package / "dist" / "src" / "blob" / "main.js").touch()
    assert storage_setup.installed() == tmp_path / "azurite-9.9.9"
    assert storage_setup.ensure(print, command=("/no/such/program",)) == tmp_path / "azurite-9.9.9"


def test_fetching_storage_shows_progress_and_failure(monkeypatch, tmp_path):
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path))
    said = []
    body = "import sys; print('1 of 2', file=sys.stderr); print('error: no registry', file=sys.stderr); sys.exit(3)"
    with pytest.raises(InfrastructureError, match="storage cannot be set up: no registry"):
        storage_setup.ensure(said.append, command=(sys.executable, "-c", body))
    assert said == ["1 of 2", "error: no registry"]


def finding(name):
    return next(found for found in doctor.examine() if found.name == name)


def test_a_state_folder_that_cannot_be_written_is_told(bare, monkeypatch, tmp_path):
    assert finding("state folder").status == "ok"
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("LAB_STATE_DIR", str(tmp_path / "taken" / "state"))
    assert finding("state folder").status == "missing"


def test_a_wrong_docker_host_comes_with_its_own_advice(bare, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///no/such.sock")
    assert "unset DOCKER_HOST" in finding("container engine").advice
