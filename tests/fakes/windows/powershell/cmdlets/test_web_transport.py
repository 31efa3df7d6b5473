"""Requests of a simulated host over real sockets, and failures as .NET names them."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fakes.windows.powershell.cmdlets.web_transport import WebFailure, send


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        status = 403 if "denied" in self.path else 201
        self.send_response(status)
        self.send_header("x-ms-snapshot", "2026-11-20T06:00:00.0000000Z")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/old":
            self.send_response(302)
            self.send_header("Location", "/new")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"new")

    def log_message(self, *args):
        pass


class Wire:
    """The host's network: one name, one server."""

    def __init__(self, port, answer=None):
        self.port, self.answer = port, answer

    def resolve(self, name):
        return "10.0.0.8" if name == "account.blob.core.windows.net" else None

    def connect(self, address, port, timeout):
        if self.answer is not None:
            raise self.answer
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def tls_context(self):
        raise AssertionError("not reached")


@pytest.fixture(scope="module")
def server():
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield httpd.server_address[1]
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def test_a_put_without_body_carries_length_zero_and_reads_headers(server):
    response = send(
        Wire(server), "PUT", "http://account.blob.core.windows.net/vhds/os.vhd?comp=snapshot", {}, None
    )
    assert (response.status, response.header("X-Ms-Snapshot")) == (201, "2026-11-20T06:00:00.0000000Z")


def test_an_error_status_is_a_response(server):
    assert send(Wire(server), "PUT", "http://10.0.0.8/denied", {}, b"abc").body == b"abc"


def test_redirections_are_followed(server):
    response = send(Wire(server), "GET", "http://10.0.0.8/old", {}, None)
    assert (response.body, response.url) == (b"new", "http://10.0.0.8/new")


@pytest.mark.parametrize(
    ("answer", "timeout", "status", "text", "inner"),
    [
        (
            TimeoutError(),
            None,
            "ConnectFailure",
            "Unable to connect to the remote server",
            "A connection attempt failed",
        ),
        (TimeoutError(), 5.0, "Timeout", "The operation has timed out.", ""),
        (
            ConnectionRefusedError(),
            None,
            "ConnectFailure",
            "Unable to connect to the remote server",
            "No connection could be made because the target machine actively refused it 10.0.0.8:80",
        ),
    ],
)
def test_failures_to_connect(answer, timeout, status, text, inner):
    with pytest.raises(WebFailure) as caught:
        send(Wire(0, answer), "GET", "http://account.blob.core.windows.net/", {}, None, timeout=timeout)
    assert (caught.value.status, caught.value.text) == (status, text)
    assert caught.value.inner.startswith(inner)


def test_a_name_nobody_knows():
    with pytest.raises(WebFailure, match=r"The remote name could not be resolved: 'nowhere\.example'"):
        send(Wire(0), "GET", "http://nowhere.example/", {}, None)
