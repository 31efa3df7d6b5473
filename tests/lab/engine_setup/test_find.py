from __future__ import annotations

import socket
import subprocess
import sys
import threading

import pytest

from lab.engine_setup import Engine, EngineMissing, find
from lab.engine_setup.find import answers, candidates
from lab.errors import InfrastructureError


class FakeEngine:
    """Answers every request on a unix socket with one status line."""

    def __init__(self, path, status="200 OK"):
        self.status = status
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        self._thread = threading.Thread(target=self._serve)

    def _serve(self):
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                if connection.recv(1024):
                    connection.sendall(f"HTTP/1.0 {self.status}\r\n\r\nOK".encode())

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


def test_docker_host_decides_alone():
    assert [str(path) for path in candidates({"DOCKER_HOST": "unix:///x", "HOME": "/h"})] == ["/x"]


@pytest.mark.parametrize("value", ["tcp://127.0.0.1:2375", "ssh://me@there", "npipe:////./pipe/docker"])
def test_an_engine_elsewhere_is_refused_with_advice(value):
    with pytest.raises(InfrastructureError, match="unix socket of this machine"):
        list(candidates({"DOCKER_HOST": value}))


def test_rootless_and_podman_sockets_are_candidates():
    found = [str(path) for path in candidates({"XDG_RUNTIME_DIR": "/run/user/7", "HOME": "/h"})]
    assert found[0] == "/var/run/docker.sock"
    assert {"/run/user/7/docker.sock", "/run/user/7/podman/podman.sock", "/run/podman/podman.sock"} <= set(
        found
    )


def test_an_engine_that_answers_is_found(tmp_path):
    path = tmp_path / "engine.sock"
    with FakeEngine(path):
        assert find({"DOCKER_HOST": f"unix://{path}"}) == Engine(path)


def test_an_engine_that_does_not_answer_is_missing_with_the_reason(tmp_path):
    path = tmp_path / "engine.sock"
    with pytest.raises(EngineMissing, match=r"engine\.sock \(no such socket\): .*unset DOCKER_HOST") as told:
        find({"DOCKER_HOST": f"unix://{path}"})
    assert told.value.exit_code == 3
    with FakeEngine(path, "500 Internal Server Error"), pytest.raises(EngineMissing) as told:
        find({"DOCKER_HOST": f"unix://{path}"})
    assert "500 Internal Server Error" in told.value.detail
    with pytest.raises(EngineMissing) as told:
        find({"DOCKER_HOST": f"unix://{path}"})
    assert "refused" in told.value.detail


def test_an_engine_that_hangs_is_given_up_in_time(tmp_path):
    path = tmp_path / "engine.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        assert "timed out" in (answers(path, timeout=0.1) or "")


def test_looking_for_an_engine_does_not_load_the_sdk():
    program = "import sys, lab.engine_setup; sys.exit('docker' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.engine
def test_the_real_engine_describes_itself():
    assert " at /" in find().describe()
