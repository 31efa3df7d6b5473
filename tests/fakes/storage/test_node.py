from pathlib import Path

import pytest

from fakes.storage import node
from fakes.storage.errors import StorageSetupError


def test_the_wheel_brings_node_and_npm():
    found = node.find_node()
    assert found.binary.is_file()
    assert found.npm
    assert Path(found.npm[-1]).exists()


def test_an_old_node_on_path_is_not_taken(tmp_path, monkeypatch):
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.19.0\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node, "_from_wheel", lambda: None)
    with pytest.raises(StorageSetupError, match=r"no Node\.js 22\.1 or newer: install"):
        node.find_node()


def test_a_recent_node_on_path_is_taken_where_there_is_no_wheel(tmp_path, monkeypatch):
    recent = tmp_path / "node"
    recent.write_text("#!/bin/sh\necho v23.4.5\n")
    recent.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node, "_from_wheel", lambda: None)
    assert node.find_node() == node.Node(recent, None)
