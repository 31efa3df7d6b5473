"""The control API, asked over a real socket."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
import requests

from fakes.clock import Clock
from fakes.control.app import control_app
from fakes.fabric.serving import serving, tcp_socket
from fakes.notsimulated import NotSimulatedLog


class FakeMachine:
    def __init__(self):
        self.calls = []

    def inject(self, change):
        if "service" not in change:
            raise ValueError("unknown change 'x'; did you mean 'service'?")
        self.calls.append(change)

    def dump(self):
        return {"services": {}}

    def restart(self):
        self.calls.append("restart")

    def reset(self):
        self.calls.append("reset")


class FakeWorld:
    def __init__(self):
        self.clock = Clock(datetime(2018, 6, 25, tzinfo=UTC))
        self.not_simulated = NotSimulatedLog()
        self.machine = FakeMachine()
        self.machines = {"vm": self.machine}
        self.stopped = False
        self.part = ""

    def broken(self):
        return self.part

    def state(self):
        return {"resources": {}}

    def fidelity(self):
        return {"storage": "real"}

    def turn(self, knob):
        raise self.not_simulated.refuse(f"knob {next(iter(knob))}")

    def stop(self):
        self.stopped = True


@pytest.fixture
def panel():
    world, ready, ends, urls = FakeWorld(), threading.Event(), [], []

    async def main():
        end = asyncio.Event()
        ends.append((asyncio.get_running_loop(), end))
        async with serving(control_app(world, "s3cret"), tcp_socket()) as url:
            urls.append(url)
            ready.set()
            await end.wait()

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(10)

    def call(method, path, body=None, token="s3cret", **kwargs):
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, urls[0] + path, json=body, headers=headers, timeout=10, **kwargs)

    yield world, call
    loop, end = ends[0]
    loop.call_soon_threadsafe(end.set)
    thread.join(10)
    assert not thread.is_alive()


def test_a_wrong_token_is_refused(panel):
    _, call = panel
    assert call("GET", "/state", token="guess").status_code == 401


def test_a_host_can_be_changed_read_restarted_and_reset(panel):
    world, call = panel
    assert call("POST", "/hosts/vm/inject", {"service": "VSS"}).status_code == 200
    assert call("GET", "/hosts/vm/state").json() == {"services": {}}
    assert call("POST", "/hosts/vm/restart").status_code == 200
    assert call("POST", "/hosts/vm/reset").status_code == 200
    assert world.machine.calls == [{"service": "VSS"}, "restart", "reset"]


def test_mistakes_get_one_clear_line(panel):
    _, call = panel
    assert call("POST", "/hosts/vm/inject", {"x": 1}).json() == {
        "error": "unknown change 'x'; did you mean 'service'?"
    }
    answer = call("GET", "/hosts/db/state")
    assert (answer.status_code, answer.json()["error"]) == (
        404,
        "no simulated host is named 'db'; there are: vm",
    )
    assert call("POST", "/clock/advance", {"seconds": "soon"}).status_code == 400
    assert call("POST", "/clock/advance", [1]).status_code == 400


def test_time_passes_on_request(panel):
    world, call = panel
    before = world.clock.now()
    assert call("POST", "/clock/advance", {"seconds": 3600}).status_code == 200
    assert world.clock.now() - before >= timedelta(hours=1)


def test_an_unknown_knob_is_on_the_record(panel):
    _, call = panel
    assert call("POST", "/knobs", {"gravity": 2}).status_code == 501
    assert [entry["construct"] for entry in call("GET", "/not-simulated").json()] == ["knob gravity"]


def test_it_can_be_stopped(panel):
    world, call = panel
    assert call("POST", "/stop").status_code == 200
    assert world.stopped


def test_once_a_part_has_died_only_stop_is_answered(panel):
    world, call = panel
    world.part = "storage (Azurite) has ended with exit code -9"
    for method, path in [("GET", "/not-simulated"), ("GET", "/state"), ("POST", "/hosts/vm/restart")]:
        answer = call(method, path)
        assert (answer.status_code, answer.json()) == (503, {"error": world.part})
    assert world.machine.calls == []
    assert call("POST", "/stop").status_code == 200
    assert world.stopped
