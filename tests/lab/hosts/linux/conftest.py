"""Guests of their own for each test: a container start costs half a second."""

from __future__ import annotations

import contextlib
import tempfile
import time
import uuid
from pathlib import Path

import pytest

from fakes.extension.linux import packages
from tests.lab.hosts.linux.fabric import VERSION, Fabric


@pytest.fixture(scope="session")
def engine():
    from lab import images
    from lab.engine_setup import find

    found = find()
    images.ensure_all(found)
    return found


@pytest.fixture
def labs(engine):
    """Return a function that starts one more lab: its fabric and its Linux guest."""
    from lab.hosts.linux import GuestSpec, LinuxGuest

    with contextlib.ExitStack() as stack:
        # A short path: unix sockets take at most 107 characters, and pytest's own are longer.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linux-")))

        def start(**spec):
            session = f"test-{uuid.uuid4().hex[:8]}"
            fabric = Fabric(folder / session, packages=packages(VERSION))
            stack.callback(fabric.close)
            guest = LinuxGuest(
                engine,
                GuestSpec(**spec),
                session=session,
                expires=int(time.time()) + 600,
                sockets=fabric.sockets,
                ca=fabric.authority.ca_file,
            )
            stack.callback(guest.stop)
            guest.start()
            guest.wait_ready(30)
            return fabric, guest

        yield start


@pytest.fixture
def lab(labs):
    """One lab: ``(fabric, guest)``, booted."""
    return labs()
