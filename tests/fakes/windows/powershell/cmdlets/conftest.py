"""A simulated host whose powershell.exe the tests run, as WinRS would."""

import base64
from dataclasses import dataclass

import pytest
from winrm import Session as WinRMSession

from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.shell.session import Session
from fakes.windows.shell.streams import Bytes


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def message(self):
        """Standard error on one line, blanks collapsed."""
        return " ".join(self.err.split())

    @property
    def lines(self):
        """Lines of standard output without trailing blanks."""
        return [line.rstrip() for line in self.out.split("\n")][:-1]


class Shell:
    """Runs command lines on a host; standard error of encoded commands is read by pywinrm."""

    def __init__(self, host, network=None):
        self.host = host
        self.session = Session(host, "labadmin", codepage=65001)

    def cmd(self, line, stdin=b""):
        out, err = [], []
        code = self.session.run(line, stdin=Bytes(stdin), stdout=out.append, stderr=err.append)
        return Result(
            code, b"".join(out).decode().replace("\r\n", "\n"), b"".join(err).decode().replace("\r\n", "\n")
        )

    def raw(self, script, stdin=b""):
        """An encoded command with standard error as it is on the wire."""
        encoded = base64.b64encode(script.encode("utf-16-le")).decode()
        out, err = [], []
        code = self.session.run(
            f"powershell -NoProfile -EncodedCommand {encoded}",
            stdin=Bytes(stdin),
            stdout=out.append,
            stderr=err.append,
        )
        return code, b"".join(out), b"".join(err)

    def ps(self, script, stdin=b""):
        code, out, err = self.raw("$ProgressPreference='SilentlyContinue'\n" + script, stdin)
        cleaned = WinRMSession("localhost", auth=("u", "p"))._clean_error_msg(err).decode()
        return Result(code, out.decode().replace("\r\n", "\n"), cleaned)


@pytest.fixture
def host():
    made = Host.server_2019("SRV1", clock=Clock(), seed=7)
    made.users.add("labadmin", "Pa55w.rd", ["Administrators"])
    return made


@pytest.fixture
def shell(host):
    return Shell(host)
