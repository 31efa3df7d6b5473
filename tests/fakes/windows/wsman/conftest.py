"""A host small enough for the wire to be tested alone: real accounts, a scripted session."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from fakes.notsimulated import NotSimulated, NotSimulatedLog
from fakes.windows.model.users import Users
from fakes.windows.wsman.server import Listener

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


class RealClock:
    """As much of the clock as the listener needs."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class StandInHost:
    """What the listener asks of a host."""

    name: str = "SRV1"
    users: Users = field(default_factory=lambda: Users("SRV1", "S-1-5-21-1-2-3"))
    clock: RealClock = field(default_factory=RealClock)
    not_simulated: NotSimulatedLog = field(default_factory=NotSimulatedLog)

    def __post_init__(self) -> None:
        self.users.add(USER, PASSWORD, ["Administrators"])
        self.users.add("visitor", PASSWORD, ["Users"])
        self.users.add("sleeper", PASSWORD, ["Administrators"])
        self.users.change("sleeper", enabled=False)


class ScriptedSession:
    """Runs lines of the form ``verb rest``; the verbs are what the tests of the wire need."""

    def __init__(self, user: str, *, cwd: str | None, env: dict[str, str] | None, codepage: int):
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
def host() -> StandInHost:
    return StandInHost()


@pytest.fixture
def listener(host: StandInHost) -> Iterator[Listener]:
    with Listener(host, sessions=ScriptedSession) as started:  # type: ignore[arg-type]
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
