"""Invoke-WebRequest and its kin against a real server, through the network of the host."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

SNAPSHOT = "2026-11-20T06:00:00.0000000Z"
EXTENSION = Path(__file__).parents[5] / "fakes" / "extension" / "windows" / "vmsnapshot.ps1"


class Storage(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: ClassVar[list] = []

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, dict(self.headers), body))
        if "full" in self.path:
            self.answer(
                409, b"<Error><Code>SnapshotCountExceeded</Code></Error>", Content_Type="application/xml"
            )
        elif "denied" in self.path:
            self.answer(403)
        else:
            self.answer(201, x_ms_snapshot=SNAPSHOT)

    def do_GET(self):
        if "json" in self.path:
            self.answer(200, b'{"a": [1, 2], "b": null}', Content_Type="application/json")
        else:
            self.answer(200, b"plain", Content_Type="text/plain")

    def do_POST(self):
        self.answer(200, self.rfile.read(int(self.headers["Content-Length"])), Content_Type="text/plain")

    def log_message(self, *args):
        pass


class Wire:
    """A network on which one name leads to one server, and a second address never answers."""

    def __init__(self, port):
        self.port = port

    def resolve(self, name):
        return {"lab.blob.core.windows.net": "10.0.0.8", "blocked.blob.core.windows.net": "10.0.0.9"}.get(
            name
        )

    def connect(self, address, port, timeout):
        if address != "10.0.0.8":
            raise TimeoutError
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def tls_context(self):
        raise AssertionError("not reached")


@pytest.fixture
def wired(shell, host):
    Storage.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    host.network = Wire(server.server_address[1])
    yield shell
    server.shutdown()
    server.server_close()
    thread.join()


URL = "http://lab.blob.core.windows.net"


def test_a_snapshot_request(wired):
    script = f"""
        $r = Invoke-WebRequest -Uri '{URL}/vhds/os.vhd?sig=x&comp=snapshot' -Method Put -UseBasicParsing `
            -Headers @{{'x-ms-version'='2018-03-28'}}
        $r.StatusCode; $r.StatusDescription; $r.Headers['x-ms-snapshot']; $r.RawContentLength
    """
    assert wired.ps(script).lines == ["201", "Created", SNAPSHOT, "0"]
    path, headers, body = Storage.seen[0]
    assert (path, body) == ("/vhds/os.vhd?sig=x&comp=snapshot", b"")
    assert headers["x-ms-version"] == "2018-03-28"
    assert "WindowsPowerShell/5.1.17763" in headers["User-Agent"]


def test_an_error_status_is_a_webexception_with_its_response(wired):
    script = f"""
        try {{ Invoke-WebRequest '{URL}/denied' -Method Put -UseBasicParsing }} catch {{
            $_.Exception.Message; $_.Exception.Response.StatusCode; [int]$_.Exception.Response.StatusCode
            "$($_.Exception.Status)"; $_.FullyQualifiedErrorId }}
    """
    assert wired.ps(script).lines == [
        "The remote server returned an error: (403) Forbidden.",
        "Forbidden",
        "403",
        "ProtocolError",
        "WebCmdletWebResponseException,Microsoft.PowerShell.Commands.InvokeWebRequestCommand",
    ]


def test_the_body_of_an_error_is_shown_without_its_tags(wired):
    result = wired.ps(f"Invoke-WebRequest '{URL}/full' -Method Put -UseBasicParsing")
    assert result.message.startswith("Invoke-WebRequest : SnapshotCountExceeded At line:2")


@pytest.mark.parametrize(
    ("name", "message", "status"),
    [
        ("blocked.blob.core.windows.net", "Unable to connect to the remote server", "ConnectFailure"),
        (
            "nowhere.example",
            "The remote name could not be resolved: 'nowhere.example'",
            "NameResolutionFailure",
        ),
    ],
)
def test_no_answer(wired, name, message, status):
    script = f'try {{ Invoke-RestMethod http://{name}/ }} catch {{ $_.Exception.Message; "$($_.Exception.Status)" }}'
    assert wired.ps(script).lines == [message, status]


def test_rest_gives_objects_and_text(wired):
    script = f"(Invoke-RestMethod {URL}/json).a.Count; Invoke-RestMethod {URL}/; Invoke-RestMethod {URL}/ -Method Post -Body @{{q='a b'}}"
    assert wired.ps(script).lines == ["2", "plain", "q=a+b"]


def test_without_basic_parsing_a_page_needs_internet_explorer(wired):
    assert "the Internet Explorer engine is not available" in wired.ps(f"Invoke-WebRequest {URL}/").message


def test_test_netconnection_tells_open_from_blocked(wired):
    script = """
        (Test-NetConnection lab.blob.core.windows.net -Port 80).TcpTestSucceeded
        Test-NetConnection blocked.blob.core.windows.net -Port 443 -InformationLevel Quiet -WarningAction SilentlyContinue
    """
    assert wired.ps(script).lines == ["True", "False"]


def run_extension(shell, url):
    settings = json.dumps({"taskId": "t1", "disks": [{"lun": -1, "snapshotUri": url}]})
    shell.host.files.write(r"C:\vmsnapshot.ps1", EXTENSION.read_bytes())
    result = shell.ps(f"& C:\\vmsnapshot.ps1 -Settings '{settings}'; exit $LASTEXITCODE")
    assert result.err == ""
    return result.code, json.loads(result.lines[-1])


def test_the_backup_extension_takes_a_snapshot(wired, host):
    code, answer = run_extension(wired, f"{URL}/vhds/os.vhd?sig=x")
    assert (code, answer["status"]) == (0, "success")
    assert json.loads(answer["substatus"][0]["message"]) == [{"lun": -1, "snapshot": SNAPSHOT}]
    assert host.vss.shadows() == []


def test_the_backup_extension_names_the_wedged_writer(wired, host):
    host.inject({"vss_writer": "System Writer", "state": 8, "last_error": "Non-retryable error"})
    code, answer = run_extension(wired, f"{URL}/vhds/os.vhd?sig=x")
    assert (code, answer["status"]) == (1, "error")
    assert answer["substatus"][0]["message"].startswith("ExtensionFailedVssWriterInBadState: ")


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://blocked.blob.core.windows.net/os.vhd?sig=x", "ExtensionSnapshotFailedNoNetwork"),
        (f"{URL}/full?sig=x", "ExtensionFailedSnapshotLimitReachedError"),
    ],
)
def test_the_backup_extension_says_why_there_is_no_snapshot(wired, url, error):
    code, answer = run_extension(wired, url)
    assert (code, answer["substatus"][0]["message"].partition(":")[0]) == (1, error)
