"""Commands in a container: the time-out, the streams and the engine's refusals."""

from __future__ import annotations

import threading
import time
import uuid

import pytest

from lab import images
from lab.errors import CommandTimeout, HostUnreachable
from lab.hosts.container import execute

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def container(engine):
    """A container that does nothing, with a shell."""
    api = engine.client.api
    name = f"lab-test-{uuid.uuid4().hex[:8]}"
    api.create_container(
        images.DEFINITIONS["gateway"].tag,
        name=name,
        entrypoint=["/bin/sh", "-c", "trap exit TERM; while :; do sleep 1000 & wait; done"],
        labels={"lab.session": name, "lab.expires": str(int(time.time()) + 600)},
        host_config=api.create_host_config(network_mode="none"),
    )
    api.start(name)
    yield name
    api.remove_container(name, force=True, v=True)


def test_large_input_and_output_cross_at_once(engine, container):
    data = bytes(range(256)) * 20_000
    done = execute(engine, container, ["cat"], stdin=data)
    assert (done.exit_code, done.stdout == data, done.stderr) == (0, True, b"")


def test_interleaved_streams_stay_apart(engine, container):
    program = "i=0; while [ $i -lt 300 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done; exit 5"
    done = execute(engine, container, ["sh", "-c", program])
    assert done.exit_code == 5
    assert done.stdout == b"".join(b"o%d\n" % i for i in range(300))
    assert done.stderr == b"".join(b"e%d\n" % i for i in range(300))


def test_a_timeout_tells_what_was_said_so_far(engine, container):
    started = time.monotonic()
    with pytest.raises(CommandTimeout) as told:
        execute(engine, container, ["sh", "-c", "echo half way; sleep 4712"], timeout=0.5)
    assert time.monotonic() - started < 3
    assert told.value.detail == "half way\n"
    left = execute(engine, container, ["sh", "-c", "grep -lsaF 4712 /proc/[0-9]*/cmdline || true"])
    assert b"sleep" not in left.stdout


def test_other_commands_survive_a_timeout(engine, container):
    execute(engine, container, ["sh", "-c", "setsid sleep 4713 >/dev/null 2>&1 &"])
    with pytest.raises(CommandTimeout):
        execute(engine, container, ["sleep", "4714"], timeout=0.3)
    survivors = execute(engine, container, ["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"]).stdout
    assert b"sleep 4713" in survivors
    assert b"sleep 4714" not in survivors


def test_a_missing_program_is_the_engines_126_or_127(engine, container):
    assert execute(engine, container, ["/nowhere/program"]).exit_code in {126, 127}


def test_a_missing_container_is_unreachable(engine):
    with pytest.raises(HostUnreachable, match="takes no commands"):
        execute(engine, "lab-nobody", ["true"])


def test_a_paused_container_is_a_time_out_that_says_so(engine, container):
    threading.Timer(0.3, engine.client.api.pause, [container]).start()
    try:
        with pytest.raises(CommandTimeout, match=r"could not be killed: .* is paused"):
            execute(engine, container, ["sleep", "60"], timeout=1)
    finally:
        engine.client.api.unpause(container)
