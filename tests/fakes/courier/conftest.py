"""The fabric's real side of the agent protocol on loopback, and a host played by the test."""

import asyncio
import json
import threading
from datetime import UTC, datetime

import pytest

from fakes.clock import Clock
from fakes.courier.winrm_shell import HostUnreachable, Output
from fakes.extension.windows.package import packages
from fakes.fabric.serving import serving, tcp_socket
from fakes.notsimulated import NotSimulatedLog
from fakes.wireserver.app import wire_app
from fakes.wireserver.goalstate import GoalStates
from fakes.wireserver.hostga import hostga_app
from fakes.wireserver.status import StatusMonitor

VM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/srv-1"
NAME = "Microsoft.Azure.RecoveryServices.VMSnapshot"
VERSION = "1.0.111.0"


class FabricSide:
    """Wire server and HostGAPlugin of one VM, on a loop of their own."""

    def __init__(self):
        self.not_simulated = NotSimulatedLog()
        self.clock = Clock(datetime(2018, 6, 25, 10, 0, tzinfo=UTC))
        self.monitor = StatusMonitor(self.clock)
        self.goals = GoalStates(self.not_simulated)
        self.vm = self.goals.add(VM, "https://labstore.blob.core.windows.net/status/srv-1?sig=x")
        self.stored = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._end = None
        self._ended = None

    async def _fetch(self, method, url, headers, body):
        self.stored.append((method, url, headers, body))
        return 201, b""

    async def _serve(self, ready):
        self._end = asyncio.Event()
        wire = wire_app(self.vm, packages(VERSION), self.not_simulated)
        hostga = hostga_app(VM, self._fetch, lambda text: self.monitor.received(VM, text), self.not_simulated)
        async with serving(wire, tcp_socket()) as self.wire, serving(hostga, tcp_socket()) as self.hostga:
            ready.set()
            await self._end.wait()

    def start(self):
        ready = threading.Event()
        self._ended = asyncio.run_coroutine_threadsafe(self._serve(ready), self._loop)
        assert ready.wait(10)

    def stop(self):
        self._loop.call_soon_threadsafe(self._end.set)
        self._ended.result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def publish(self, settings=None):
        return self.goals.publish_extension(VM, NAME, VERSION, settings or {"taskId": "t", "disks": []})

    @property
    def report(self):
        return self.monitor.latest(VM)

    def handler(self):
        return self.report.handler(NAME)


class PlayedHost:
    """Answers the courier's questions and runs its extension as the test says."""

    def __init__(self):
        self.agent = "Running"
        self.open = {80: True, 32526: True}
        self.reachable = True
        self.result = {"status": "success", "code": 0, "message": "done", "substatus": []}
        self.noise = ""
        self.stderr = ""
        self.ran = []

    def powershell(self, command, stdin=""):
        if not self.reachable:
            raise HostUnreachable("http://host: no connection")
        if stdin:
            self.ran.append(stdin)
            text = json.dumps(self.result) if self.result else ""
            return Output(0, f"{self.noise}{text}\r\n", self.stderr)
        lines = [f"agent: {self.agent}"]
        if self.agent == "Running":
            for port, is_open in self.open.items():
                lines.append(f"path: {port} {is_open}")
                if not is_open:
                    break
        return Output(0, "\r\n".join(lines) + "\r\n", "")


@pytest.fixture
def fabric():
    side = FabricSide()
    side.start()
    yield side
    side.stop()


@pytest.fixture
def host():
    return PlayedHost()
