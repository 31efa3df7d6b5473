"""The extension script on a simulated host, with real page blobs on Azurite behind its network."""

import base64
import io
import json
import socket
import threading
import uuid

import pytest

from fakes.clock import Clock
from fakes.courier import handlers
from fakes.courier.winrm_shell import Output
from fakes.courier.wire import ExtensionGoal
from fakes.extension.windows.package import NAME, build
from fakes.storage.client import BlobClient
from fakes.storage.server import AzuriteServer
from fakes.tls import Authority
from fakes.windows.model.host import Host
from fakes.windows.shell.session import Session

STORAGE_ADDRESS = "20.60.1.1"


class Wire:
    """The host's network: the storage account, when ``open`` and ``known``."""

    def __init__(self, endpoint, authority):
        self.endpoint = endpoint
        self.authority = authority
        self.open = True
        self.known = True

    def resolve(self, name):
        return STORAGE_ADDRESS if self.known and name == self.endpoint.host else None

    def connect(self, address, port, timeout):
        if not self.open or (address, port) != (STORAGE_ADDRESS, 443):
            raise TimeoutError(f"{address}:{port}")
        return socket.create_connection((self.endpoint.address, self.endpoint.port), timeout)

    def tls_context(self):
        return self.authority.client_context()


class SessionShell:
    """A host's PowerShell without WinRM in between."""

    def __init__(self, host):
        self.host = host

    def powershell(self, command, stdin=""):
        class Source:
            read = io.BytesIO(stdin.encode()).read

        out, err = bytearray(), bytearray()
        line = f"powershell.exe -NoProfile -EncodedCommand {base64.b64encode(command.encode('utf-16-le')).decode()}"
        session = Session(self.host, "labadmin", codepage=65001)
        code = session.run(line, stdin=Source(), stdout=out.extend, stderr=err.extend, stop=threading.Event())
        return Output(code, out.decode(), err.decode())


class Machine:
    """A host with a disk on storage."""

    def __init__(self, endpoint, authority):
        self.wire = Wire(endpoint, authority)
        self.storage = BlobClient(endpoint)
        self.host = Host.server_2019("SRV1", clock=Clock(), network=self.wire)
        self.host.users.add("labadmin", "Pa55-w0rd", groups=["Administrators"])
        self.shell = SessionShell(self.host)
        self.container = f"c{uuid.uuid4().hex[:12]}"
        self.storage.create_container(self.container)
        self.storage.create_page_blob(self.container, "os.vhd", 1024)

    def settings(self, permissions="rw"):
        url = self.storage.sas_url(self.container, "os.vhd", permissions)
        return {"taskId": "task-1", "disks": [{"lun": -1, "snapshotUri": url}]}

    def snapshot(self, settings=None):
        """Run the extension as the courier does; returns the handler."""
        goal = ExtensionGoal(NAME, "1.0.111.0", "enabled", "", 0, settings or self.settings())
        found = handlers.enable(self.shell, handlers.script_of(build("1.0.111.0")), goal)
        assert found.state == "Ready", found.message
        return found.result

    def code(self, settings=None):
        """Return the documented code of a failed run."""
        result = self.snapshot(settings)
        assert result["status"] == "error", result
        (part,) = result["substatus"]
        return part["message"].partition(":")[0]

    def taken(self):
        return self.storage.snapshots(self.container, "os.vhd")

    def snapshots_of(self, result):
        return json.loads(result["substatus"][0]["message"])


@pytest.fixture(scope="session")
def account(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("ca"))
    certificate = authority.issue("labstore.blob.core.windows.net")
    server = AzuriteServer(
        "labstore", certificate=(certificate.cert, certificate.key), ca_file=authority.ca_file
    )
    with server:
        yield server.endpoint(), authority


@pytest.fixture
def machine(account):
    made = Machine(*account)
    yield made
    made.storage.close()
