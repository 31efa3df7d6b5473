from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

from fakes.extension.linux import NAME, build, packages


def test_the_package_is_what_the_agent_expects():
    with zipfile.ZipFile(io.BytesIO(build("1.0.9196.0"))) as archive:
        names = archive.namelist()
        [entry] = json.loads(archive.read("HandlerManifest.json"))
        mode = archive.getinfo("handle.sh").external_attr >> 16
    assert entry["version"] == "1.0.9196.0"
    assert entry["handlerManifest"]["enableCommand"] == "handle.sh enable"
    assert entry["handlerManifest"]["reportHeartbeat"] is False
    assert mode == 0o755
    assert {"handle.sh", "vmsnapshot/__main__.py", "vmsnapshot/freeze.py"} <= set(names)
    assert names == sorted(names)


def test_the_same_files_give_the_same_bytes():
    first = build("1.0.0.0")
    build.cache_clear()
    assert build("1.0.0.0") == first
    assert build("1.0.0.1") != first


def test_packages_are_built_when_asked_for():
    offered = packages("1.0.0.0", "1.0.0.1")
    assert list(offered) == [NAME]
    assert offered[NAME]["1.0.0.1"]() == build("1.0.0.1")


def test_the_package_runs_alone(tmp_path):
    """Extracted anywhere, with nothing of the lab importable, a command works."""
    with zipfile.ZipFile(io.BytesIO(build("1.0.0.0"))) as archive:
        archive.extractall(tmp_path)
    folders = {key: str(tmp_path / key) for key in ("configFolder", "statusFolder", "logFolder")}
    environment = [{"handlerEnvironment": {**folders, "heartbeatFile": str(tmp_path / "heartbeat.log")}}]
    (tmp_path / "HandlerEnvironment.json").write_text(json.dumps(environment))
    program = (
        "import runpy, sys; sys.path.insert(0, '.'); sys.argv = ['vmsnapshot', 'install']; "
        "runpy.run_module('vmsnapshot', run_name='__main__')"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert "command install" in (tmp_path / "logFolder" / "extension.log").read_text()
