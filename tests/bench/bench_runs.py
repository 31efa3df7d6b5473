"""Whole runs as a user starts them, against the floor that no lab of this kind can beat.

Run with ``make bench``. For a Linux run the floor is measured in the same session: the start
of two bare containers of the same images, the agent's own time to its first report, and
its own time to install and run the extension.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.bench_linux import bare_start
from tests.bench.targets import judge

ROUNDS = 5
LAB = str(Path(sys.executable).with_name("lab"))


def seconds_of(*arguments: str, folder: Path) -> float:
    begun = time.perf_counter()
    done = subprocess.run([LAB, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - begun


@pytest.fixture
def folder(tmp_path):
    """A folder from which the project's scenarios are found."""
    (tmp_path / "scenarios").symlink_to(Path(__file__).parents[2] / "scenarios")
    return tmp_path


def test_prove_on_a_simulated_host(folder):
    seconds_of("prove", "vss_bad_state", folder=folder)  # warm the caches of a first run
    times = {
        what: statistics.median(seconds_of(*command, folder=folder) for _ in range(ROUNDS))
        for what, command in {
            "lab list": ("list",),
            "lab run vss_bad_state": ("run", "vss_bad_state"),
            "lab prove vss_bad_state": ("prove", "vss_bad_state"),
        }.items()
    }
    print()
    for what, seconds in times.items():
        print(f"  {what:26} {seconds:6.2f} s")
    judge("lab prove vss_bad_state", times["lab prove vss_bad_state"], 2, "s")


@pytest.mark.engine
def test_run_on_a_real_guest(folder, tmp_path):
    from fakes.extension.linux import packages
    from lab import images
    from lab.engine_setup import find
    from lab.hosts.linux import GuestSpec, LinuxGuest
    from tests.lab.hosts.linux.fabric import VERSION, Fabric

    engine = find()
    images.ensure_all(engine)
    bare, report, snapshot, restart, whole = [], [], [], [], []
    for number in range(3):
        bare.append(bare_start(engine))
        fabric = Fabric(tmp_path / str(number), packages=packages(VERSION))
        guest = LinuxGuest(
            engine, GuestSpec(), session=f"bench{number}", expires=int(time.time()) + 600,
            sockets=fabric.sockets, ca=fabric.authority.ca_file,
        )  # fmt: skip
        try:
            begun = time.perf_counter()
            guest.start()
            fabric.wait_report(lambda _: True, 30)
            report.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            guest.run("systemctl restart walinuxagent", "bash")
            fabric.wait_next_report(30)
            restart.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            assert fabric.ask_for_snapshot().status == "success"
            snapshot.append(time.perf_counter() - begun)
        finally:
            guest.stop()
            fabric.close()
        whole.append(seconds_of("run", "waagent_stopped", folder=folder))
    floor = sum(statistics.median(part) for part in (report, restart, snapshot))
    run = statistics.median(whole)
    print(
        f"\n  two bare containers {statistics.median(bare):.2f} s; guest to the agent's first report"
        f" {statistics.median(report):.2f} s, its restart to a report {statistics.median(restart):.2f} s,"
        f" its first snapshot {statistics.median(snapshot):.2f} s; floor in all {floor:.2f} s"
    )
    print(f"  lab run waagent_stopped {run:.2f} s")
    judge("run over the floor", run / floor, 2, "times")
    judge("lab run waagent_stopped", run, 25, "s")
