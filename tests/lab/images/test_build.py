from __future__ import annotations

import dataclasses
import uuid

import pytest

from lab import images
from lab.engine_setup import find
from lab.errors import InfrastructureError, UsageError
from lab.images import build, store
from lab.images.definition import Definition


@pytest.fixture
def engine():
    return find()


@pytest.fixture
def definition(engine, tmp_path, monkeypatch):
    """An image of our own, small and unlike any other."""
    (tmp_path / "Dockerfile").write_text(
        f"ARG BASE\nFROM ${{BASE}}\nLABEL test={uuid.uuid4().hex}\nCOPY apt/ /tmp/apt/\n"
    )
    made = Definition("probe", tmp_path)
    monkeypatch.setitem(images.DEFINITIONS, "probe", made)
    yield made
    for info in store.list_images(engine):
        if info.name == "probe":
            engine.client.images.remove(info.tag)


def test_an_unknown_image_is_a_usage_error(engine):
    with pytest.raises(UsageError, match="there are gateway, guest"):
        images.ensure(engine, "windows")


@pytest.mark.engine
def test_an_image_is_built_once_listed_and_pruned_when_its_inputs_change(engine, definition):
    said = []
    assert images.ensure(engine, "probe", said.append) == definition.tag
    assert any(line.startswith("building the probe image, step 2/") for line in said)
    said.clear()
    images.ensure(engine, "probe", said.append)
    assert said == []
    [info] = [info for info in images.list_images(engine) if info.name == "probe"]
    assert (info.tag, info.current) == (definition.tag, True)

    with (definition.folder / "Dockerfile").open("a") as file:
        file.write("LABEL changed=1\n")
    changed = dataclasses.replace(definition)
    images.DEFINITIONS["probe"] = changed
    assert images.ensure(engine, "probe") == changed.tag != definition.tag
    assert [info.tag for info in images.prune(engine) if info.name == "probe"] == [definition.tag]


@pytest.mark.engine
def test_a_build_that_fails_shows_the_builders_words(engine, definition):
    with (definition.folder / "Dockerfile").open("a") as file:
        file.write("RUN echo what went wrong; exit 7\n")
    images.DEFINITIONS["probe"] = broken = dataclasses.replace(definition)
    with pytest.raises(InfrastructureError, match=r"building the probe image failed: .*7") as told:
        images.ensure(engine, "probe")
    assert "what went wrong" in told.value.detail
    assert not build.present(engine, broken)
