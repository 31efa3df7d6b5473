from __future__ import annotations

import pytest

from lab.images import apt

SOURCES = (
    "Types: deb\nURIs: mirror+file:/etc/apt/mirrors\nSuites: bookworm bookworm-updates\nComponents: main\n"
)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_the_machines_sources_of_the_release_are_found(root):
    (root / "sources.list").write_text("# deb x bookworm main\ndeb x trixie main\n")
    (root / "sources.list.d/debian.sources").write_text(SOURCES)
    (root / "sources.list.d/other.list").write_text("deb [signed-by=/k] y stable main\n")
    (root / "sources.list.d/more.list").write_text("deb z bookworm main contrib\n")
    (root / "sources.list.d/off.list.disabled").write_text("deb z bookworm main\n")
    assert [path.name for path in apt.source_files("bookworm", root)] == ["debian.sources", "more.list"]
    assert apt.source_files("sid", root) == []


def test_a_machine_without_apt_has_no_sources(tmp_path):
    assert apt.source_files("bookworm", tmp_path / "none") == []


def test_the_machines_mirror_replaces_the_bases_own(root, monkeypatch):
    (root / "sources.list").write_text("deb x bookworm main\n")
    monkeypatch.setattr(apt, "source_files", lambda _suite: [root / "sources.list"])
    monkeypatch.setattr(apt, "proxy_settings", lambda: 'Acquire::http::Proxy "p";\n')
    assert apt.context_files("bookworm", base_has_sources=False) == {
        "apt/": b"",
        "apt/sources.list.d/debian.list": b"deb x bookworm main\n",
        "apt/sources.list.d/debian.sources": b"",
        "apt/apt.conf.d/90machine-proxy": b'Acquire::http::Proxy "p";\n',
    }
    assert set(apt.context_files("bookworm", base_has_sources=True)) == {
        "apt/",
        "apt/apt.conf.d/90machine-proxy",
    }


def test_only_proxies_of_the_environment_are_handed_on():
    given = {"http_proxy": "p", "NO_PROXY": "n", "https_proxy": "", "HOME": "/h"}
    assert apt.build_arguments(given) == {"http_proxy": "p", "NO_PROXY": "n"}
