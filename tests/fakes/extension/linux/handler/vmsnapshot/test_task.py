"""The task against a TLS server that speaks for storage."""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import ssl
import threading

import pytest

from fakes.extension.linux.handler.vmsnapshot import blobs, freeze, task
from fakes.extension.linux.handler.vmsnapshot.environment import Disk, Order
from fakes.tls import Authority

STAMP = "2026-01-01T00:00:00.1234567Z"
ANSWERS = {
    "/vhds/os": (201, ""),
    "/vhds/many": (409, "<Error><Code>SnapshotCountExceeded</Code></Error>"),
    "/vhds/fast": (409, "<Error><Code>SnapshotOperationRateExceeded</Code></Error>"),
    "/vhds/forged": (403, "<Error><Code>AuthenticationFailed</Code></Error>"),
}


class Storage(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        path, _, query = self.path.partition("?")
        if path == "/vhds/cut" or not query.endswith("comp=snapshot"):
            self.close_connection = True
            self.connection.close()
            return
        status, body = ANSWERS[path]
        self.send_response(status)
        if status == 201:
            self.send_header("x-ms-snapshot", STAMP)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def account(tmp_path, monkeypatch):
    """Base URL of a storage account behind a certificate that the handler trusts."""
    authority = Authority(tmp_path / "ca")
    certificate = authority.issue("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    server.handle_error = lambda *_: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setattr(blobs.ssl, "create_default_context", authority.client_context)
    monkeypatch.setattr(freeze, "read_mounts", list)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"https://localhost:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def carry_out(tmp_path, *urls):
    disks = tuple(Disk(number - 1, url) for number, url in enumerate(urls))
    return task.carry_out(Order("task", disks), tmp_path / "frozen.json")


def test_snapshots_are_reported_without_their_secret(account, tmp_path):
    result = carry_out(tmp_path, f"{account}/vhds/os?sig=secret", f"{account}/vhds/os")
    assert (result.status, result.code) == ("success", 1)
    _, _, text = result.substatus["snapshots"]
    assert json.loads(text) == [
        {"lun": number, "snapshot": STAMP, "uri": f"{account}/vhds/os"} for number in (-1, 0)
    ]


@pytest.mark.parametrize(
    ("blob", "code", "error"),
    [
        ("many", 85, "ExtensionFailedSnapshotLimitReachedError"),
        ("fast", 173, "ExtentionOperationFailed"),
        ("forged", 15, "ExtentionOperationFailed"),
        ("cut", 76, "ExtensionSnapshotFailedNoNetwork"),
    ],
)
def test_what_storage_does_decides_the_error(account, tmp_path, blob, code, error):
    result = carry_out(tmp_path, f"{account}/vhds/{blob}?sig=secret")
    assert (result.status, result.code) == ("error", code)
    assert result.substatus["error"][2].startswith(f"{error}: ")
    assert "secret" not in str(result)


@pytest.fixture
def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_closed_way_is_no_network_and_nothing_is_frozen(closed_port, tmp_path, monkeypatch):
    monkeypatch.setattr(freeze, "read_mounts", lambda: pytest.fail("mounts were looked at"))
    result = carry_out(tmp_path, f"https://127.0.0.1:{closed_port}/vhds/os")
    assert result.code == 76
    assert "Connection refused" in result.message


def test_a_swallowed_connection_is_no_network_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(blobs, "CONNECT_SECONDS", 0.2)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        result = carry_out(tmp_path, f"https://127.0.0.1:{silent.getsockname()[1]}/vhds/os")
    assert (result.code, result.status) == (76, "error")
    assert "timed out" in result.message


def test_a_certificate_of_somebody_else_is_no_network(account, tmp_path, monkeypatch):
    monkeypatch.setattr(blobs.ssl, "create_default_context", Authority(tmp_path / "other").client_context)
    result = carry_out(tmp_path, f"{account}/vhds/os")
    assert result.code == 76
    assert "no secure connection" in result.message


def test_a_failed_freeze_takes_no_snapshot(account, tmp_path, monkeypatch):
    class Failing:
        def __init__(self, *_):
            pass

        def __enter__(self):
            raise freeze.FreezeFailed("/data cannot be frozen: Read-only file system")

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(freeze, "Frozen", Failing)
    monkeypatch.setattr(blobs.Storage, "snapshot", lambda *_: pytest.fail("a snapshot was taken"))
    result = carry_out(tmp_path, f"{account}/vhds/os")
    assert result.code == 121
    assert result.substatus["error"][2].startswith("UserErrorFsFreezeFailed: /data cannot be frozen")
