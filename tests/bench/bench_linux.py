"""What a Linux guest costs over the bare container, and over the agent's own waiting.

Run with ``pytest tests/bench/bench_linux.py -s``; figures are printed beside their targets.
The floor is measured in the same run: two bare containers of the same images (a lab has
guest and gateway), started together, and the agent's own time from its start to its report.
"""

from __future__ import annotations

import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from fakes.extension.linux import packages
from lab import images
from lab.engine_setup import find
from lab.hosts.linux import GuestSpec, LinuxGuest
from tests.bench.targets import judge
from tests.lab.hosts.linux.fabric import VERSION, Fabric

pytestmark = [pytest.mark.engine, pytest.mark.slow]
ROUNDS = 5


@pytest.fixture(scope="module")
def engine():
    found = find()
    images.ensure_all(found)
    return found


def bare_start(engine) -> float:
    """Create and start two containers of the lab's images that only sleep; return the seconds."""
    api = engine.client.api
    names = {f"lab-bench-{uuid.uuid4().hex[:8]}": name for name in images.DEFINITIONS}
    labels = {"lab.session": "bench", "lab.expires": str(int(time.time()) + 600)}

    def start(container: str) -> None:
        api.create_container(
            images.DEFINITIONS[names[container]].tag,
            name=container,
            entrypoint=["sleep", "600"],
            labels=labels,
            host_config=api.create_host_config(network_mode="none"),
        )
        api.start(container)

    begun = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start, names))
    seconds = time.perf_counter() - begun
    for name in names:
        api.remove_container(name, force=True)
    return seconds


def test_a_guest_from_start_to_its_agents_first_report(engine, tmp_path):
    figures: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        figures.setdefault(name, []).append(seconds)

    for number in range(ROUNDS):
        note("bare containers", bare_start(engine))
        fabric = Fabric(tmp_path / str(number), packages=packages(VERSION))
        guest = LinuxGuest(
            engine,
            GuestSpec(),
            session=f"bench-{uuid.uuid4().hex[:8]}",
            expires=int(time.time()) + 600,
            sockets=fabric.sockets,
            ca=fabric.authority.ca_file,
        )
        try:
            begun = time.perf_counter()
            guest.start()
            note("started and wired", time.perf_counter() - begun)
            guest.wait_ready(30)
            note("booted", time.perf_counter() - begun)
            fabric.wait_report(lambda _: True, 30)
            note("first report", time.perf_counter() - begun)
            for _ in range(10):
                note("run('true')", guest.run("true", "bash").seconds)
            begun = time.perf_counter()
            guest.capture_state()
            note("capture_state", time.perf_counter() - begun)
            begun = time.perf_counter()
            guest.run("systemctl restart walinuxagent", "bash")
            fabric.wait_next_report(30)
            note("agent alone", time.perf_counter() - begun)
            begun = time.perf_counter()
            guest.restart(30)
            fabric.wait_next_report(30)
            note("restart to report", time.perf_counter() - begun)
        finally:
            begun = time.perf_counter()
            guest.stop()
            note("stop", time.perf_counter() - begun)
            fabric.close()
    medians = {name: statistics.median(values) for name, values in figures.items()}
    print()
    for name, seconds in medians.items():
        print(f"{name:20} {seconds * 1000:8.0f} ms (median of {len(figures[name])})")
    floor = medians["bare containers"] + medians["agent alone"]
    print(f"{'factor to the floor':20} {medians['first report'] / floor:8.2f}")
    judge("start to first report, over the floor", medians["first report"] / floor, 2, "times")
    judge("a command", medians["run('true')"], 0.2, "s")


def test_a_snapshot_through_the_real_agent(engine, tmp_path):
    fabric = Fabric(tmp_path / "f", packages=packages(VERSION))
    guest = LinuxGuest(
        engine,
        GuestSpec(),
        session=f"bench-{uuid.uuid4().hex[:8]}",
        expires=int(time.time()) + 600,
        sockets=fabric.sockets,
        ca=fabric.authority.ca_file,
    )
    try:
        guest.start()
        fabric.wait_report(lambda _: True, 30)
        times = []
        for _ in range(3):
            begun = time.perf_counter()
            assert fabric.ask_for_snapshot().status == "success"
            times.append(time.perf_counter() - begun)
    finally:
        guest.stop()
        fabric.close()
    print(f"\nfirst snapshot (with installation) {times[0]:.1f} s, next {times[1]:.1f} s, {times[2]:.1f} s")
    # The agent's own: up to 2 s to the next goal state, 2 s for each handler command.
    judge("first snapshot", times[0], 9, "s")
    judge("next snapshot", max(times[1:]), 7, "s")
