"""Requests per second of a GET of a VM, against a bare Starlette route that sends the same bytes.

Both are served by uvicorn over plain HTTP in the same process and asked by the same client, so
what is compared is the control plane's own cost: authentication, dispatch, store and JSON.
"""

import asyncio
import contextlib
import socket
import statistics
import threading
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from fakes.arm.app import create_app
from fakes.arm.landscape import build
from fakes.arm.plane import ControlPlane
from fakes.clock import Clock
from fakes.fabric.serving import serving, tcp_socket
from tests.bench.targets import judge

REQUESTS, ROUNDS = 400, 7


class Connection:
    """A keep-alive HTTP/1.1 client that costs next to nothing."""

    def __init__(self, url, path, token):
        host, _, port = url.removeprefix("http://").partition(":")
        self.sock = socket.create_connection((host, int(port)))
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        self.length = 0

    def get(self):
        self.sock.sendall(self.request)
        raw = b""
        while b"\r\n\r\n" not in raw:
            more = self.sock.recv(65536)
            assert more, raw
            raw += more
        head, _, body = raw.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            more = self.sock.recv(65536)
            assert more, "the server closed in the middle of an answer"
            body += more
        return body

    def close(self):
        self.sock.close()

    def rate(self):
        started = time.perf_counter()
        for _ in range(REQUESTS):
            self.get()
        return REQUESTS / (time.perf_counter() - started)


@pytest.fixture
def servers():
    identity = dict.fromkeys(
        ("subscription", "resource_group", "vm", "computer_name", "nic", "nsg", "vnet", "subnet", "storage_account",
         "admin_user", "admin_password"), "name",
    ) | {"location": "westeurope"}  # fmt: skip
    plane = ControlPlane(Clock())
    facts = build(plane, identity, {"vm": {"os": "linux"}})
    path = facts["vm_id"] + "?api-version=2024-07-01"
    ready, stop, urls = threading.Event(), asyncio.Event(), []
    content = []

    async def bare(_request):
        return Response(content[0], media_type="application/json")

    async def serve():
        plain = Starlette(routes=[Route("/{path:path}", bare)])
        async with serving(create_app(plane), tcp_socket()) as ours, serving(plain, tcp_socket()) as theirs:
            urls.extend((ours, theirs))
            ready.set()
            await stop.wait()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        with contextlib.ExitStack() as stack:
            ours, theirs = (
                stack.enter_context(contextlib.closing(Connection(url, path, plane.tokens.issue("bench"))))
                for url in urls
            )
            content.append(ours.get())
            assert theirs.get() == content[0]
            yield ours, theirs
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


@pytest.mark.slow
def test_a_get_against_a_bare_route(servers, record_property):
    ours, theirs = servers
    pairs = [(ours.rate(), theirs.rate()) for _ in range(ROUNDS)]
    ratio = statistics.median(a / b for a, b in pairs)
    figures = {
        name: round(statistics.median(one))
        for name, one in zip(("arm", "bare"), zip(*pairs, strict=True), strict=True)
    }
    record_property("requests_per_second", figures)
    record_property("ratio", round(ratio, 2))
    print(f"\nGET of a VM: {figures['arm']}/s, bare Starlette route: {figures['bare']}/s, ratio {ratio:.2f}")
    judge("bare route over ours", 1 / ratio, 2, "times")
