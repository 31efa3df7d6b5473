"""A simulated host behind the listener, with a scripted session so that the wire is tested alone."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fakes.clock import Clock
from fakes.notsimulated import NotSimulated
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


class ScriptedSession:
    """Runs lines of the form ``verb rest``; the verbs are what the tests of the wire need."""

    def __init__(
        self, host: Host, user: str, *, cwd: str | None, env: dict[str, str] | None, codepage: int
    ) -> None:
        self.host = host
        self.about = f"{user} {cwd} {env} {codepage}"

    def run(
        self,
        command_line: str,
        *,
        stdin: Any,
        stdout: Callable[[bytes], None],
        stderr: Callable[[bytes], None],
        stop: threading.Event,
        skip_cmd_shell: bool = False,
    ) -> int:
        verb, _, rest = command_line.partition(" ")
        match verb:
            case "echo":
                stdout(rest.encode() + b"\r\n")
            case "complain":
                stderr(rest.encode() + b"\r\n")
                return int(rest)
            case "about":
                stdout(f"{self.about} {skip_cmd_shell}".encode())
            case "flood":
                left = int(rest)
                while left and not stop.is_set():
                    stdout(b"x" * min(left, 700))
                    left -= min(left, 700)
            case "cat":
                stdout(stdin.read())
            case "line":
                stdout(stdin.read(5))
            case "wait":
                stop.wait(float(rest))
                stdout(b"stopped" if stop.is_set() else b"waited")
            case "restart":
                self.host.restart()
                stdout(b"going down")
            case "missing":
                raise NotSimulated("program missing.exe")
            case "crash":
                raise RuntimeError("a bug")
        return 0


@pytest.fixture(autouse=True)
def no_bundle_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """pywinrm warns about authorities named in the environment."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def host() -> Host:
    made = Host.server_2019("SRV1", clock=Clock())
    made.users.add(USER, PASSWORD, ["Administrators"])
    made.users.add("visitor", PASSWORD, ["Users"])
    made.users.add("sleeper", PASSWORD, ["Administrators"])
    made.users.change("sleeper", enabled=False)
    return made


@pytest.fixture
def sessions(host: Host) -> Callable[..., ScriptedSession]:
    return functools.partial(ScriptedSession, host)


@pytest.fixture
def listener(host: Host, sessions: Callable[..., ScriptedSession]) -> Iterator[Listener]:
    with Listener(host, sessions=sessions) as started:
        yield started


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 2
    while (left := set(threading.enumerate()) - before) and time.monotonic() < deadline:
        for thread in left:
            thread.join(0.05)
    assert not left
