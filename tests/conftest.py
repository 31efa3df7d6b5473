"""What the tests share: what some of them need of the machine, and what happens without.

A machine that can have no container engine still runs the rest of the tests; one closing
line says how many were left out and what to install. In CI (``CI=true``) a missing part is
a failure: a green run there must mean that everything ran.
"""

from __future__ import annotations

import functools
import os
import shutil

import pytest

NEEDS = {
    "engine": "a Docker engine that answers (on Debian or Ubuntu as root: lab doctor --fix)",
    "azurite": "Azurite (lab doctor --fix fetches it with npm)",
    "kernel": "network namespaces and nftables: root, and the programs ip and nft",
}
IN_CI = os.environ.get("CI", "").lower() == "true"


@functools.cache
def _engine_answers() -> bool:
    import docker
    from docker.errors import DockerException

    try:
        client = docker.from_env(timeout=10)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()


@functools.cache
def _azurite_is_installed() -> bool:
    from fakes.storage.install import find

    return find() is not None


def _kernel_takes_rules() -> bool:
    return os.geteuid() == 0 and all(shutil.which(program) for program in ("ip", "nft"))


_PRESENT = {"engine": _engine_answers, "azurite": _azurite_is_installed, "kernel": _kernel_takes_rules}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for need, what in NEEDS.items():
        if item.get_closest_marker(need) and not _PRESENT[need]():
            if IN_CI:
                pytest.fail(f"needs {what}; with CI=true nothing may be left out", pytrace=False)
            pytest.skip(f"needs {what}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        for need, what in NEEDS.items():
            if f"needs {what}" in str(report.longrepr):
                counts[need] = counts.get(need, 0) + 1
    for need, count in counts.items():
        terminalreporter.write_line(f"{count} tests left out: they need {NEEDS[need]}")
