"""What stands between a listener and the outside: malformed, oversized, unsealed, unknown."""

from __future__ import annotations

import base64
import random
import socket
from urllib.parse import urlsplit

import pytest
import winrm
from winrm.exceptions import WinRMTransportError

from fakes.windows.wsman import envelope, http

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"
IDENTIFY = (
    f'<s:Envelope xmlns:s="{envelope.S}" xmlns:i="{envelope.ID}"><s:Header/><s:Body><i:Identify/></s:Body>'
    "</s:Envelope>"
)


class Client:
    """A bare TCP connection to the listener."""

    def __init__(self, listener):
        parts = urlsplit(listener.http_url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=5)
        self.stream = self.socket.makefile("rb")

    def close(self):
        self.stream.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self):
        line = self.stream.readline()
        if not line:
            return None
        headers = []
        while (row := self.stream.readline().strip()) != b"":
            headers.append(row.decode())
        lengths = [int(row.split(":")[1]) for row in headers if row.lower().startswith("content-length")]
        body = self.stream.read(lengths[0]) if lengths else b""
        return int(line.split()[1]), headers, body

    def post(self, body: bytes, *headers: str, path: str = "/wsman", method: str = "POST"):
        head = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers]
        self.send("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        return self.answer()


@pytest.fixture
def client(listener):
    made = Client(listener)
    yield made
    made.close()


def test_first_request_is_asked_to_log_on(client):
    status, headers, body = client.post(b"<x/>")

    assert (status, body) == (401, b"")
    # Neither bare NTLM nor, without TLS, Basic is offered.
    assert [row for row in headers if row.startswith("WWW-Authenticate")] == ["WWW-Authenticate: Negotiate"]
    assert "Server: Microsoft-HTTPAPI/2.0" in headers


def test_basic_over_http_is_refused_with_the_right_password(client):
    token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    assert client.post(b"<x/>", f"Authorization: Basic {token}")[0] == 401


@pytest.mark.parametrize("scheme", ["Kerberos", "CredSSP"])
def test_other_mechanisms_are_refused_and_recorded(client, host, scheme):
    assert client.post(b"", f"Authorization: {scheme} QUJD")[0] == 401
    assert [entry["construct"] for entry in host.not_simulated.entries()] == [
        f"WinRM authentication by {scheme}"
    ]


def test_identify_without_logon_hides_the_version(client):
    status, _, body = client.post(IDENTIFY.encode(), "WSMANIDENTIFY: unauthenticated")

    assert status == 200
    assert b"OS: 0.0.0 SP: 0.0 Stack: 3.0" in body


def test_the_identify_header_opens_no_other_door(client):
    request = IDENTIFY.replace("Identify", "Other").encode()

    assert client.post(request, "WSMANIDENTIFY: unauthenticated")[0] == 401


@pytest.mark.parametrize(("method", "path", "status"), [("POST", "/other", 404), ("GET", "/wsman", 405)])
def test_other_paths_and_methods(client, method, path, status):
    assert client.post(b"", method=method, path=path)[0] == status


def test_unsealed_message_after_ntlm_is_refused(listener):
    session = winrm.Session(
        listener.http_url, auth=(USER, PASSWORD), transport="ntlm", message_encryption="never"
    )

    with pytest.raises(WinRMTransportError) as caught:
        session.run_cmd("echo x")

    assert (caught.value.code, caught.value.response_text) == (500, "")


@pytest.mark.parametrize(
    "request_",
    [
        b"rubbish\r\n\r\n",
        b"POST /wsman HTTP/2.0\r\n\r\n",
        b"POST /wsman SPDY\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\n",
    ],
)
def test_malformed_request_is_answered_and_ends_the_connection(client, request_):
    client.send(request_)

    status, headers, _ = client.answer()

    assert status == 400
    assert "Connection: close" in headers
    assert client.answer() is None


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST /wsman HTTP/1.1\r\nA: " + b"x" * http.MAX_LINE + b"\r\n", 431),
        (b"POST /wsman HTTP/1.1\r\n" + b"A: b\r\n" * (http.MAX_HEADERS + 1), 431),
        (b"POST /wsman HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (http.MAX_BODY + 1), 413),
        (b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n", 413),
    ],
)
def test_oversized_request_is_refused_before_it_is_read(client, request_, status):
    client.send(request_)

    assert client.answer()[0] == status


def test_chunked_body_and_expectation(client):
    client.send(
        b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n"
        b"WSMANIDENTIFY: unauthenticated\r\n\r\n"
    )
    assert client.stream.readline() + client.stream.readline() == b"HTTP/1.1 100 Continue\r\n\r\n"
    body = IDENTIFY.encode()
    client.send(b"%x\r\n%b\r\n%x;ext=1\r\n%b\r\n0\r\n\r\n" % (50, body[:50], len(body) - 50, body[50:]))

    assert client.answer()[0] == 200


@pytest.mark.parametrize(
    "token",
    [
        "",
        "!!!",
        "QUJD",
        base64.b64encode(b"NTLMSSP\0").decode(),
        base64.b64encode(b"NTLMSSP\0\1\0\0\0").decode(),
        base64.b64encode(b"NTLMSSP\0\2\0\0\0" + bytes(60)).decode(),
        base64.b64encode(b"NTLMSSP\0\3\0\0\0" + b"\xff" * 80).decode(),
        base64.b64encode(b"\x60\x82\xff\xff" + bytes(10)).decode(),
        base64.b64encode(b"\xa1\x03\x02\x01\x00").decode(),
    ],
)
def test_broken_token_is_a_failed_logon(client, token):
    assert client.post(b"", f"Authorization: Negotiate {token}")[0] == 401
    assert client.post(b"")[0] == 401


def test_random_bytes_never_stop_the_listener(listener):
    chance = random.Random(20)
    starts = [b"", b"POST /wsman HTTP/1.1\r\nContent-Length: 20\r\n\r\n", b"\x16\x03\x01\x02\x00"]
    for _ in range(60):
        client = Client(listener)
        try:
            client.send(chance.choice(starts) + chance.randbytes(chance.randrange(200)) + b"\r\n\r\n")
        finally:
            client.close()

    session = winrm.Session(listener.http_url, auth=(USER, PASSWORD), transport="ntlm")
    assert session.run_cmd("echo alive").std_out == b"alive\r\n"


def test_tampered_sealed_message_ends_the_connection(listener):
    session = winrm.Session(listener.http_url, auth=(USER, PASSWORD), transport="ntlm")
    protocol = session.protocol
    protocol.open_shell()
    encryption = protocol.transport.encryption
    prepared = encryption.prepare_encrypted_request(
        protocol.transport.session, listener.http_url, b"<envelope/>"
    )
    for change in (
        lambda body: body[:-40] + bytes([body[-40] ^ 1]) + body[-39:],
        lambda body: body.replace(b"Length=11", b"Length=12"),
        lambda body: body.replace(b"Encrypted Boundary", b"Other Boundary", 1),
        lambda _: b"--Encrypted Boundary\r\n",
    ):
        session = winrm.Session(listener.http_url, auth=(USER, PASSWORD), transport="ntlm")
        transport = session.protocol.transport
        transport.build_session()
        prepared = transport.encryption.prepare_encrypted_request(
            transport.session, listener.http_url, b"<envelope/>"
        )
        prepared.body = change(prepared.body)
        prepared.headers["Content-Length"] = str(len(prepared.body))
        response = transport.session.send(prepared, timeout=5)
        assert (response.status_code, response.headers.get("Connection")) == (400, "close")
        transport.close_session()
    protocol.transport.close_session()
