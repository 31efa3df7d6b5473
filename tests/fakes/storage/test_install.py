import json
import threading
from pathlib import Path

import pytest

from fakes.storage import install
from fakes.storage.errors import StorageSetupError
from fakes.storage.node import Node

# An npm that does what `npm ci` leaves behind, or fails as npm fails. No script of a package may run.
GOOD_NPM = """#!/bin/sh
case " $* " in " ci "*" --ignore-scripts "*) ;; *) echo "npm error called with $*"; exit 8;; esac
echo run >> "$LAB_CACHE_DIR/runs"
test -f package-lock.json || exit 9
for n in $(seq 41); do echo "npm http fetch GET 200 https://registry.invalid/p/-/p-$n.tgz 5ms"; done
mkdir -p node_modules/azurite/dist/src/blob
echo '// azurite' > node_modules/azurite/dist/src/blob/main.js
"""
BAD_NPM = """#!/bin/sh
echo "npm error code EAI_AGAIN"
echo "npm error syscall getaddrinfo"
exit 1
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def use_npm(tmp_path, monkeypatch):
    def use(script):
        npm = tmp_path / "npm"
        npm.write_text(script)
        npm.chmod(0o755)
        monkeypatch.setattr(install, "find_node", lambda: Node(Path("/usr/bin/env"), (str(npm),)))

    return use


def test_the_manifest_pins_the_version_and_the_lock_names_no_address():
    manifest = json.loads((install._MANIFESTS / "package.json").read_text())
    lock = json.loads((install._MANIFESTS / "package-lock.json").read_text())
    assert manifest["dependencies"] == {"azurite": install.AZURITE_VERSION}
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages["node_modules/azurite"]["version"] == install.AZURITE_VERSION
    assert all(
        "resolved" not in entry and entry["integrity"].startswith("sha512-") for entry in packages.values()
    )


def test_fetches_once_and_reports_progress(cache, use_npm):
    use_npm(GOOD_NPM)
    lines = []
    first = install.ensure(lines.append)
    second = install.ensure(lines.append)
    assert first.entry.is_file()
    assert second == first
    assert (cache / "runs").read_text() == "run\n"
    assert any("40 of" in line for line in lines)
    assert [path.name for path in cache.glob("*.part-*")] == []


def test_two_at_a_time_fetch_once(cache, use_npm):
    use_npm(GOOD_NPM)
    threads = [threading.Thread(target=install.ensure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (cache / "runs").read_text() == "run\n"


def test_a_failed_fetch_is_one_clear_line_and_leaves_nothing(cache, use_npm):
    use_npm(BAD_NPM)
    with pytest.raises(StorageSetupError, match=r"code EAI_AGAIN.*check the network") as error:
        install.ensure()
    assert "\n" not in str(error.value)
    assert [path.name for path in cache.iterdir()] == [f"azurite-{install.AZURITE_VERSION}.lock"]
    assert install.find() is None


def test_left_overs_of_a_killed_fetch_go(cache, use_npm):
    use_npm(GOOD_NPM)
    left_over = cache / f"azurite-{install.AZURITE_VERSION}.part-dead"
    left_over.mkdir(parents=True)
    install.ensure()
    assert not left_over.exists()


def test_a_cache_that_cannot_be_written_says_what_to_do(monkeypatch, tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("LAB_CACHE_DIR", str(blocker / "cache"))
    with pytest.raises(StorageSetupError, match="set LAB_CACHE_DIR"):
        install.ensure()
