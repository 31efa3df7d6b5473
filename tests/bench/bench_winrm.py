"""What WinRM costs: a command with a fresh NTLM logon, and a hundred hosts.

Run with ``pytest tests/bench/bench_winrm.py -s``; figures are printed beside their targets.
The listener runs in a process of its own, as in a fabric; floor and figure come from the
same run, so that the factor means something on any machine.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import requests
import winrm

from tests.bench.targets import judge

USER, PASSWORD = "labadmin", "Pa55word!"
# Empty logon request and its two 401s, Create, Command, Receive, Signal, Delete.
EXCHANGES = 8
ROUNDS = 25

SERVE = f"""
import sys
from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener
host = Host.server_2019("SRV1", clock=Clock())
host.users.add({USER!r}, {PASSWORD!r}, ["Administrators"])
with Listener(host) as listener:
    print(listener.http_url, flush=True)
    sys.stdin.read()
"""

HUNDRED = """
import time, psutil
from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.wsman.server import Listener
process = psutil.Process()
before = process.memory_info().rss
clock = Clock()
begun = time.perf_counter()
listeners = []
for number in range(100):
    host = Host.server_2019(f"SRV{number}", clock=clock, seed=number)
    host.users.add("labadmin", "Pa55word!", ["Administrators"])
    listener = Listener(host)
    listener.start()
    listeners.append(listener)
seconds = time.perf_counter() - begun
memory = process.memory_info().rss
for listener in listeners:
    listener.stop()
print(seconds, memory, memory - before)
"""


@pytest.fixture(autouse=True)
def no_bundle_from_the_environment(monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def url():
    child = subprocess.Popen(
        [sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield child.stdout.readline().strip()
    child.stdin.close()
    child.wait(10)
    child.stdout.close()


def median_ms(action) -> float:
    """Return the best of three medians: other work on the machine comes and goes."""
    action()
    medians = []
    for _ in range(3):
        figures = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            action()
            figures.append(time.perf_counter() - begun)
        medians.append(statistics.median(figures))
    return min(medians) * 1000


def test_run_cmd_with_a_fresh_logon(url):
    parts = urlsplit(url)
    other = f"http://{parts.netloc}/elsewhere"

    def exchanges():
        with requests.Session() as session:
            session.trust_env = False
            for _ in range(EXCHANGES):
                session.post(other, data=b"x" * 1500)

    def run_cmd():
        client = winrm.Session(url, auth=(USER, PASSWORD), transport="ntlm")
        assert client.run_cmd("hostname").std_out == b"SRV1\r\n"

    protocol = winrm.Session(url, auth=(USER, PASSWORD), transport="ntlm").protocol
    shell = protocol.open_shell()

    def in_open_shell():
        command = protocol.run_command(shell, "hostname")
        assert protocol.get_command_output(shell, command)[2] == 0
        protocol.cleanup_command(shell, command)

    floor, fresh, open_shell = median_ms(exchanges), median_ms(run_cmd), median_ms(in_open_shell)
    protocol.close_shell(shell)
    print(
        f"\nrun_cmd, fresh NTLM session: {fresh:.1f} ms (floor, {EXCHANGES} HTTP exchanges: {floor:.1f} ms, "
        f"factor {fresh / floor:.1f}); in an open shell: {open_shell:.1f} ms"
    )
    judge("run_cmd with a fresh logon", fresh, 15, "ms")


def test_a_hundred_hosts():
    out = subprocess.run(
        [sys.executable, "-c", HUNDRED], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()
    seconds, memory, growth = float(out[0]), int(out[1]) / 2**20, int(out[2]) / 2**20
    print(f"\n100 hosts: {seconds:.3f} s, {memory:.0f} MB in all, {growth:.0f} MB of them for the hosts")
    judge("100 hosts started", seconds, 0.5, "s")
    judge("100 hosts in memory", memory, 100, "MB")
