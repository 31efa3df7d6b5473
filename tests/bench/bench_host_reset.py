"""What a simulated host costs: building one, resetting one, restarting one, running a command on one.

Run with ``pytest tests/bench/bench_host_reset.py``; the table of pytest-benchmark is the result.
Resetting must stay far below building: a reset is a handful of assignments.
"""

from __future__ import annotations

import itertools

import pytest

from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.shell.session import Session


@pytest.fixture
def host() -> Host:
    return Host.server_2019("BENCH", clock=Clock(), seed=1)


def disturb(host: Host) -> None:
    host.inject({"vss_writer": "System Writer", "state": 8})
    host.inject({"registry": r"HKLM\SOFTWARE\New", "name": "a", "data": 1})
    host.inject({"file": r"C:\New\x.txt", "text": "hello"})


def large(host: Host, values: int) -> None:
    for i in range(values):
        host.registry.set(rf"HKLM\SOFTWARE\Big\{i % 200}", f"v{i}", "REG_DWORD", i)
    host.mark_baseline()


def test_build(benchmark):
    clock, numbers = Clock(), itertools.count()
    Host.server_2019("WARM", clock=clock)
    benchmark(lambda: Host.server_2019("BENCH", clock=clock, seed=next(numbers)))
    assert benchmark.stats.stats.median < 0.002


def test_reset(benchmark, host):
    benchmark.pedantic(host.reset, setup=lambda: disturb(host), rounds=200)
    assert benchmark.stats.stats.median < 0.001


def test_reset_with_20000_registry_values(benchmark, host):
    large(host, 20_000)
    benchmark.pedantic(host.reset, setup=lambda: disturb(host), rounds=50)
    assert benchmark.stats.stats.median < 0.005


def test_restart(benchmark, host):
    benchmark(host.restart)


def test_dump(benchmark, host):
    benchmark(host.dump)


def test_command(benchmark, host):
    session = Session(host, "labadmin")
    benchmark(lambda: session.run("vssadmin list writers", stdout=len, stderr=len))
