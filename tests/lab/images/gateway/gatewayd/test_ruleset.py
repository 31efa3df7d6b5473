from __future__ import annotations

import subprocess

import pytest

from lab.images.gateway.gatewayd import ruleset
from lab.images.gateway.gatewayd.ruleset import Ruleset, digest, transaction


@pytest.fixture
def nft(monkeypatch):
    """Stands in for nft: keeps its input, refuses what contains the word ``refuse``."""
    loaded = []

    def run(command, **given):
        assert command == ["nft", "-f", "-"]
        if "refuse" in given["input"]:
            return subprocess.CompletedProcess(command, 1, "", "syntax error, unexpected string")
        loaded.append(given["input"])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(ruleset.subprocess, "run", run)
    return loaded


def test_without_a_file_the_network_is_open_and_the_gateway_guarded(tmp_path, nft):
    rules = Ruleset(tmp_path)
    assert rules.refresh()
    assert "policy accept" in nft[0]
    assert "table inet gateway" in nft[0]
    assert not rules.refresh()
    assert not rules.answer.exists()


def test_a_change_is_applied_once_and_answered_with_its_hash(tmp_path, nft):
    rules = Ruleset(tmp_path)
    for text in ("table inet a {}", "table inet b {}", ""):
        rules.source.write_text(text)
        assert rules.refresh()
        assert nft[-1] == transaction(text)
        assert rules.answer.read_text() == digest(text) + "\n"
        assert not rules.refresh()


def test_a_refused_ruleset_leaves_the_former_in_force_and_says_why(tmp_path, nft):
    rules = Ruleset(tmp_path)
    rules.source.write_text("good")
    rules.refresh()
    rules.source.write_text("refuse this")
    assert not rules.refresh()
    assert len(nft) == 1
    first, second = rules.answer.read_text().splitlines()
    assert first == f"error {digest('refuse this')}"
    assert second == "syntax error, unexpected string"
    rules.source.write_text("good")
    assert rules.refresh()


def test_one_transaction_replaces_everything():
    text = transaction("X")
    assert text.startswith("flush ruleset\nX\n")
    assert text.index("table inet gateway") > text.index("X")
