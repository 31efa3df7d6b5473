from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path

from lab.images.definition import DEFINITIONS, Definition


def make(folder: Path, **files: str) -> Definition:
    for name, text in files.items():
        (folder / name).write_text(text)
    return Definition("guest", folder)


def test_the_tag_follows_every_input(tmp_path):
    first = make(tmp_path, Dockerfile="FROM x", setup="a").tag
    assert re.fullmatch(r"azure-vm-backup-lab/guest:[0-9a-f]{12}", first)
    assert make(tmp_path).tag == first
    assert make(tmp_path, setup="b").tag != first
    assert make(tmp_path, setup="a").tag == first
    assert make(tmp_path, more="").tag != first


def test_caches_are_no_input(tmp_path):
    before = make(tmp_path, Dockerfile="FROM x").tag
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert make(tmp_path).tag == before


def test_the_context_is_the_same_for_the_same_files(tmp_path):
    definition = make(tmp_path, Dockerfile="FROM x", run="#!/bin/sh\n")
    context = definition.context({"apt/": b"", "apt/x": b"1"})
    assert definition.context({"apt/x": b"1", "apt/": b""}) == context
    with tarfile.open(fileobj=io.BytesIO(context)) as archive:
        modes = {member.name: (member.isdir(), oct(member.mode)) for member in archive}
    assert modes == {
        "Dockerfile": (False, "0o644"),
        "apt": (True, "0o755"),
        "apt/x": (False, "0o644"),
        "run": (False, "0o755"),
    }


def test_no_image_names_a_host():
    for definition in DEFINITIONS.values():
        recipes = [(path, content.decode()) for path, content in definition.files() if path.suffix != ".py"]
        assert recipes
        for path, text in recipes:
            assert not re.search(r"https?://|\b[\w-]+\.(com|org|io)\b", text), path
