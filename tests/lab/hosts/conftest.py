"""For the WinRM driver: a simulated host whose shell is a function of the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener
from lab.hosts.windows import WindowsHost
from lab.hosts.winrm.client import Endpoint
from lab.hosts.winrm.credentials import Credentials

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


@dataclass
class Shell:
    """What the host does with a command line, and what it was asked to do."""

    answer: Callable[..., Any] = lambda *_: ("", "", 0)
    lines: list[str] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, user, *, cwd, env, codepage):
        self.sessions.append({"user": user, "env": env, "codepage": codepage})
        return self

    def run(self, command_line, *, stdin, stdout, stderr, stop, skip_cmd_shell=False):
        self.lines.append(command_line)
        out, err, code = self.answer(command_line, stdin, stop)
        stdout(out.encode())
        stderr(err.encode())
        return code


@dataclass
class Machine:
    """A simulated host, its listener, its shell, and the driver's view of it."""

    model: Host
    listener: Listener
    shell: Shell
    host: WindowsHost

    def driver(self, user: str = USER, password: str = PASSWORD, **options: Any) -> WindowsHost:
        return WindowsHost("vm", Endpoint(self.listener.http_url), Credentials(user, password), **options)


@pytest.fixture
def machine() -> Iterator[Machine]:
    model = Host.server_2019("SRV1", clock=Clock())
    model.users.add(USER, PASSWORD, ["Administrators"])
    shell = Shell()
    with Listener(model, sessions=shell) as listener:
        made = Machine(model, listener, shell, None)  # type: ignore[arg-type]
        made.host = made.driver()
        yield made
        made.host.close()


@pytest.fixture(autouse=True)
def no_proxies_or_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def never() -> threading.Event:
    return threading.Event()
