"""For WinRM clients of others: a simulated host with its real shell behind http and https."""

from __future__ import annotations

import pytest

from fakes.clock import Clock
from fakes.tls import Authority
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


@pytest.fixture(autouse=True)
def no_bundle_from_the_environment(monkeypatch):
    """pywinrm warns about authorities named in the environment."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("winrm-ca"))


@pytest.fixture(scope="session")
def certificate(authority):
    made = authority.issue("127.0.0.1", "localhost")
    return made.cert, made.key


@pytest.fixture
def windows():
    host = Host.server_2019("SRV1", clock=Clock())
    host.users.add(USER, PASSWORD, ["Administrators"])
    return host


@pytest.fixture
def winrm_listener(windows, certificate):
    with Listener(windows, certificate=certificate) as listener:
        yield listener
