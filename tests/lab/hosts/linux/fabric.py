"""A small stand-in for the fabric's process: the real wire server, and storage that says 201."""

from __future__ import annotations

import asyncio
import http.server
import json
import socketserver
import ssl
import threading
from pathlib import Path

from fakes.clock import Clock
from fakes.fabric.serving import serving, unix_socket
from fakes.notsimulated import NotSimulatedLog
from fakes.tls import Authority
from fakes.wireserver.app import wire_app
from fakes.wireserver.goalstate import GoalStates
from fakes.wireserver.hostga import hostga_app
from fakes.wireserver.imds import imds_app
from fakes.wireserver.status import StatusMonitor

ACCOUNT = "labstore.blob.core.windows.net"
STORAGE_ADDRESS = "20.60.40.4"
VM = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
EXTENSION = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"
VERSION = "1.0.9196.0"


class _Storage(http.server.BaseHTTPRequestHandler):
    """Answers a snapshot request as storage does, and keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(self.path)
        if "slow" in self.path:
            self.server.asked_slowly.set()
            self.server.release.wait(60)
        refused = "sig=forged" in self.path
        body = b'<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code></Error>' if refused else b""
        self.send_response(403 if refused else 201)
        if not refused:
            self.send_header("x-ms-snapshot", "2026-01-01T00:00:00.0000000Z")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

    def address_string(self):
        return "guest"


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def __init__(self, path: Path, context: ssl.SSLContext):
        self.asked: list[str] = []
        self.asked_slowly, self.release = threading.Event(), threading.Event()
        self.context = context
        super().__init__(str(path), _Storage)

    def get_request(self):
        connection, address = super().get_request()
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), (
            address or ("guest", 0)
        )

    def handle_error(self, request, client_address):
        pass


class Fabric:
    """Serves one guest's sockets from a thread."""

    def __init__(self, folder: Path, address: str = "10.0.0.4", packages=None):
        self.sockets = folder / "sockets"
        self.guest = self.sockets / address
        self.guest.mkdir(parents=True)
        self.authority = Authority(folder / "ca")
        self.not_simulated = NotSimulatedLog()
        self.goals = GoalStates(self.not_simulated)
        self.vm = self.goals.add(VM, f"https://{ACCOUNT}/status/vm?sig=ok")
        self.monitor = StatusMonitor(Clock())
        self.packages = packages or {}
        self._arrived = threading.Condition()
        self._reports = 0
        (self.guest / "dns.json").write_text(json.dumps({ACCOUNT: STORAGE_ADDRESS}))
        certificate = self.authority.issue(ACCOUNT)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.cert, certificate.key)
        self.storage = _UnixServer(self.guest / "storage.sock", context)
        self._loop = asyncio.new_event_loop()
        self._stop = None
        self._started = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),)),
            threading.Thread(target=self.storage.serve_forever, kwargs={"poll_interval": 0.05}),
        ]
        for thread in self._threads:
            thread.start()
        assert self._started.wait(10)

    async def _serve(self):
        self._stop = asyncio.Event()

        async def fetch(method, url, headers, body):
            return 201, b""

        def on_status(document: bytes):
            with self._arrived:
                self.monitor.received(VM, document)
                self._reports += 1
                self._arrived.notify_all()

        log = self.not_simulated
        apps = {
            "wire.sock": wire_app(self.vm, self.packages, log),
            "hostga.sock": hostga_app(VM, fetch, on_status, log),
            "imds.sock": imds_app({"name": "vm", "location": "westeurope"}, {}, log),
        }
        async with asyncio.TaskGroup() as group:
            ready = []
            for name, app in apps.items():
                event = asyncio.Event()
                ready.append(event)
                group.create_task(self._one(app, name, event))
            for event in ready:
                await event.wait()
            self._started.set()

    async def _one(self, app, name, ready):
        async with serving(app, unix_socket(self.guest / name)):
            ready.set()
            await self._stop.wait()

    def wait_report(self, condition, timeout: float):
        """Return the first agent report for which ``condition`` holds."""

        def holds():
            report = self.monitor.latest(VM)
            return report if report is not None and condition(report) else None

        with self._arrived:
            report = self._arrived.wait_for(holds, timeout)
        assert report, f"no such report in {timeout} s; the last was {self.monitor.latest(VM)}"
        return report

    def ask_for_snapshot(self, *blobs: str, timeout: float = 60):
        """Publish a goal state with the extension; return what the handler answers to it."""
        urls = [f"https://{ACCOUNT}/vhds/{blob}" for blob in blobs or ("os.vhd?sig=ok",)]
        settings = {
            "commandToExecute": "snapshot",
            "taskId": "11111111-2222-3333-4444-555555555555",
            "disks": [{"lun": number - 1, "snapshotUri": url} for number, url in enumerate(urls)],
        }
        sequence = self.goals.publish_extension(VM, EXTENSION, VERSION, settings)

        def answered(report):
            handler = report.handler(EXTENSION)
            return handler and handler.sequence == sequence and handler.status in {"success", "error"}

        return self.wait_report(answered, timeout).handler(EXTENSION)

    def wait_next_report(self, timeout: float):
        """Return the next report that arrives from now on."""
        before = self._reports
        return self.wait_report(lambda _: self._reports > before, timeout)

    @property
    def reports(self) -> int:
        return self._reports

    def close(self):
        self.storage.release.set()
        self._loop.call_soon_threadsafe(self._stop.set)
        self.storage.shutdown()
        for thread in self._threads:
            thread.join(10)
        self.storage.server_close()
        self._loop.close()
