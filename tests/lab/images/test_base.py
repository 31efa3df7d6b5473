"""Where the base image comes from, with an engine and a mmdebstrap that are stand-ins."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from docker.errors import APIError, ImageNotFound

from lab.errors import InfrastructureError
from lab.images import base
from lab.images.base import BASE_IMAGE, BOOTSTRAPPED, Base, ensure_base


class FakeEngine:
    """An engine with some images, and a registry that has Debian's or is out of reach."""

    def __init__(self, *present, registry=False):
        self.present, self.registry = set(present), registry
        self.asked: list[str] = []
        self.socket = Path("/nowhere/engine.sock")
        self.client = SimpleNamespace(
            images=SimpleNamespace(get=self._get, pull=self._pull, get_registry_data=self._look),
            api=SimpleNamespace(import_image_from_file=self._import),
            close=lambda: None,
        )

    def _get(self, name):
        if name not in self.present:
            raise ImageNotFound("no such image")

    def _look(self, name):
        self.asked.append(f"look {name}")
        if not self.registry:
            raise APIError("500 Server Error", explanation="no such host")

    def _pull(self, name):
        self.asked.append(f"pull {name}")

    def _import(self, path, *, repository, tag, changes):
        self.asked.append(f"import {Path(path).read_text()} as {repository}:{tag} {changes}")


@pytest.fixture
def mmdebstrap(monkeypatch):
    """Returns the commands given to mmdebstrap, which writes its first argument's tar."""
    commands: list[list[str]] = []

    def run(command, **_):
        commands.append(command)
        Path(command[command.index(base.SUITE) + 1]).write_text("archive")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(base.subprocess, "run", run)
    monkeypatch.setattr(base.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(base.apt, "source_files", lambda _suite: [Path("/etc/apt/sources.list")])
    return commands


@pytest.fixture
def engine(monkeypatch):
    def make(*present, **more):
        fake = FakeEngine(*present, **more)
        monkeypatch.setattr("docker.DockerClient", lambda **_: fake.client)
        return fake

    return make


def test_what_the_engine_has_is_taken(engine):
    assert ensure_base(engine(BASE_IMAGE), print) == Base(BASE_IMAGE, has_sources=False)
    assert ensure_base(engine(BOOTSTRAPPED), print) == Base(BOOTSTRAPPED, has_sources=True)


def test_a_registry_that_answers_gives_debians_own(engine, mmdebstrap):
    fake, said = engine(registry=True), []
    assert ensure_base(fake, said.append) == Base(BASE_IMAGE, has_sources=False)
    assert fake.asked == [f"look {BASE_IMAGE}", f"pull {BASE_IMAGE}"]
    assert said == [f"pulling {BASE_IMAGE}"]
    assert mmdebstrap == []


def test_without_a_registry_mmdebstrap_makes_it_from_the_machines_mirror(engine, mmdebstrap):
    fake, said = engine(), []
    assert ensure_base(fake, said.append) == Base(BOOTSTRAPPED, has_sources=True)
    [command] = mmdebstrap
    assert command[-1] == "/etc/apt/sources.list"
    assert fake.asked[-1] == f"import archive as {BOOTSTRAPPED} ['LABEL lab.image=base']"
    assert said == ["no image registry answers: making a Debian base with mmdebstrap"]


def test_a_missing_mmdebstrap_is_installed_where_that_is_ours_to_do(engine, mmdebstrap, monkeypatch):
    installed = []
    monkeypatch.setattr(base.shutil, "which", lambda _: None)
    monkeypatch.setattr(base, "may_install", lambda: None)
    monkeypatch.setattr(base, "apt_install", lambda packages, _say: installed.extend(packages))
    ensure_base(engine(), lambda _: None)
    assert installed == ["mmdebstrap"]


def test_elsewhere_the_message_says_what_to_do(engine, mmdebstrap, monkeypatch):
    monkeypatch.setattr(base.shutil, "which", lambda _: None)
    monkeypatch.setattr(base, "may_install", lambda: "not root")
    with pytest.raises(InfrastructureError, match="not root, so the lab cannot"):
        ensure_base(engine(), lambda _: None)


def test_a_failing_mmdebstrap_is_told_with_its_words(engine, mmdebstrap, monkeypatch):
    failed = subprocess.CompletedProcess([], 25, "", "E: cannot resolve the mirror")
    monkeypatch.setattr(base.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(InfrastructureError, match="exit code 25") as told:
        ensure_base(engine(), lambda _: None)
    assert "cannot resolve" in told.value.detail
