"""Setting an engine up, with stand-ins for apt-get and dockerd on the PATH."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time

import pytest

from lab.engine_setup import Engine, EngineMissing, find, install
from lab.errors import InfrastructureError, StartTimeout

DOCKERD = f"""#!{sys.executable}
import os, socket
print("stand-in for dockerd", flush=True)
open(os.environ["FAKE_DIR"] + "/starts", "a").write("start\\n")
open(os.environ["FAKE_DIR"] + "/pid", "w").write(str(os.getpid()))
server = socket.socket(socket.AF_UNIX)
server.bind(os.environ["FAKE_DIR"] + "/engine.sock")
server.listen()
while True:
    connection, _ = server.accept()
    connection.recv(1000)
    connection.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nOK")
    connection.close()
"""

APT = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "$FAKE_DIR/apt"
case "$*" in
  install*) cp "$FAKE_DIR/dockerd.new" "$FAKE_DIR/bin/dockerd" ;;
esac
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of ours: an empty PATH but for our own stand-ins, a socket of our own."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("FAKE_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(install, "SOCKET", tmp_path / "engine.sock")
    monkeypatch.setattr(install, "LOG", tmp_path / "dockerd.log")
    monkeypatch.setattr(
        install, "find", lambda _environ=None: find({"DOCKER_HOST": f"unix://{tmp_path}/engine.sock"})
    )
    monkeypatch.setattr(install, "may_install", lambda: None)
    monkeypatch.setattr(install, "SYSTEMD", tmp_path / "systemd")
    monkeypatch.setattr(
        install.shutil,
        "which",
        lambda name: found if os.access(found := f"{tmp_path}/bin/{name}", os.X_OK) else None,
    )

    def start(say, **_):
        return original(say, socket=tmp_path / "engine.sock", log=tmp_path / "dockerd.log", timeout=10)

    original = install.start_daemon
    monkeypatch.setattr(install, "start_daemon", start)
    program(tmp_path / "dockerd.new", DOCKERD)
    program(tmp_path / "bin/apt-get", APT)
    yield tmp_path
    if (tmp_path / "pid").exists():
        pid = int((tmp_path / "pid").read_text())
        os.kill(pid, signal.SIGTERM)
        with contextlib.suppress(ChildProcessError):  # the stand-in for systemctl started it
            os.waitpid(pid, 0)


def program(path, text):
    path.write_text(text)
    path.chmod(0o755)


def test_it_installs_starts_and_says_so_once(machine):
    said = []
    engine = install.ensure(said.append, allow_install=True)
    assert engine == Engine(machine / "engine.sock")
    assert said == [
        "installing docker.io with apt",
        f"starting dockerd (log: {machine / 'dockerd.log'})",
    ]
    assert (machine / "apt").read_text().splitlines() == [
        "noninteractive update -qq",
        "noninteractive install -y -qq --no-install-recommends docker.io",
    ]
    assert install.ensure(said.append, allow_install=True) == engine
    assert len(said) == 2, "a second call finds the first one's engine"
    assert (machine / "dockerd.log").read_text() == "stand-in for dockerd\n"


def test_the_daemon_has_a_session_of_its_own_and_none_of_our_streams(machine):
    install.ensure(lambda _: None, allow_install=True)
    pid = int((machine / "pid").read_text())
    assert os.getsid(pid) == pid
    streams = [os.readlink(f"/proc/{pid}/fd/{number}") for number in (0, 1, 2)]  # noqa: PTH115
    assert streams == ["/dev/null", str(machine / "dockerd.log"), str(machine / "dockerd.log")]


def test_parallel_callers_set_up_one_engine(machine):
    program(machine / "bin/dockerd", DOCKERD)
    found = []
    callers = [
        threading.Thread(target=lambda: found.append(install.ensure(lambda _: None, allow_install=True)))
        for _ in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert found == [Engine(machine / "engine.sock")] * 4
    assert (machine / "starts").read_text() == "start\n"


def test_a_daemon_that_ends_is_reported_with_its_words(machine):
    program(machine / "bin/dockerd", "#!/bin/sh\necho 'failed to start: no iptables' >&2\nexit 1\n")
    started = time.monotonic()
    with pytest.raises(StartTimeout, match="ended with exit code 1") as told:
        install.ensure(lambda _: None, allow_install=True)
    assert "no iptables" in told.value.detail
    assert time.monotonic() - started < 5


def test_apt_that_fails_is_reported_with_its_words(machine):
    program(machine / "bin/apt-get", "#!/bin/sh\necho 'E: Unable to locate package' >&2\nexit 100\n")
    with pytest.raises(InfrastructureError, match="exit code 100") as told:
        install.ensure(lambda _: None, allow_install=True)
    assert "Unable to locate" in told.value.detail


def test_nothing_is_installed_unasked(machine):
    with pytest.raises(EngineMissing, match="no Docker engine answers"):
        install.ensure(lambda _: None, allow_install=False)
    assert not (machine / "apt").exists()


def test_an_engine_named_by_the_user_is_not_replaced(machine):
    with pytest.raises(EngineMissing):
        install.ensure(lambda _: None, allow_install=True, environ={"DOCKER_HOST": "unix:///nowhere"})
    assert not (machine / "apt").exists()


def test_what_is_not_ours_to_install_says_why(machine, monkeypatch):
    monkeypatch.setattr(install, "may_install", lambda: "not root")
    with pytest.raises(EngineMissing, match=r"\(not root here\)"):
        install.ensure(lambda _: None, allow_install=True)


def test_only_root_on_debian_may_install(monkeypatch):
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000)
    assert install.may_install() == "not root"


def test_where_systemd_runs_the_service_is_started(machine):
    (machine / "systemd").mkdir()
    program(machine / "bin/systemctl", '#!/bin/sh\necho "$*" > "$FAKE_DIR/asked"\nsetsid "$FAKE_DIR/dockerd.new" >/dev/null 2>&1 &\n'
            'until [ -S "$FAKE_DIR/engine.sock" ]; do sleep 0.05; done\n')  # fmt: skip
    program(machine / "bin/dockerd", "#!/bin/sh\nexit 1\n")
    said = []
    assert install.ensure(said.append, allow_install=True) == Engine(machine / "engine.sock")
    assert said == ["starting docker.service"]
    assert (machine / "asked").read_text() == "start docker.service\n"


def test_a_service_that_fails_is_reported(machine):
    (machine / "systemd").mkdir()
    program(machine / "bin/systemctl", "#!/bin/sh\necho 'Unit docker.service not found.' >&2\nexit 5\n")
    program(machine / "bin/dockerd", "#!/bin/sh\nexit 1\n")
    with pytest.raises(StartTimeout, match="journalctl -u docker") as told:
        install.ensure(lambda _: None, allow_install=True)
    assert "not found" in told.value.detail
