"""A simulated host and a way to run command lines on it, for the tests below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.shell.session import Session
from fakes.windows.shell.streams import Bytes


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


class Runner:
    """Runs command lines in a session and hands back text with plain line ends."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.host = session.host

    def __call__(self, line: str, stdin: str = "") -> Result:
        out: list[bytes] = []
        err: list[bytes] = []
        encoding = self.session.encoding
        code = self.session.run(
            line, stdin=Bytes(stdin.encode(encoding)), stdout=out.append, stderr=err.append
        )
        texts = [b"".join(chunks).decode(encoding) for chunks in (out, err)]
        assert all("\n" not in text.replace("\r\n", "") for text in texts), "a bare line feed went out"
        return Result(code, *(text.replace("\r\n", "\n") for text in texts))

    def batch(self, text: str, arguments: str = "", name: str = "C:\\t.cmd", stdin: str = "") -> Result:
        """Write a batch file and run it."""
        self.host.files.write(name, text.replace("\n", "\r\n").encode(self.session.encoding))
        self.host.files.change(name, attributes="A")
        return self(f"{name} {arguments}".strip(), stdin)


@pytest.fixture
def host() -> Host:
    made = Host.server_2019("SRV1", clock=Clock(datetime(2018, 6, 25, 14, 5, 9, tzinfo=UTC)), seed=7)
    made.users.add("labadmin", "Pa55w.rd-for-the-lab", ["Administrators"])
    made.mark_baseline()
    return made


@pytest.fixture
def run(host: Host) -> Runner:
    return Runner(Session(host, "labadmin"))
