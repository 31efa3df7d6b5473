import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from fakes.storage.client import BlobClient
from fakes.storage.errors import StorageSetupError
from fakes.storage.install import Azurite, find
from fakes.storage.node import Node, find_node
from fakes.storage.server import AzuriteServer

PARENT = """
import sys, time
from fakes.storage.server import AzuriteServer
server = AzuriteServer("labstore")
server.start()
print(server.pid, server.endpoint().port, flush=True)
time.sleep(60)
"""


def gone(pid, within=5.0):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.azurite
def test_starts_on_less_than_a_second_of_processor_time_once_its_code_is_cached():
    with AzuriteServer("labstore"):
        deadline = time.monotonic() + 20
        while not any(find().compile_cache.rglob("*")) and time.monotonic() < deadline:
            time.sleep(0.05)  # it writes its cache shortly after its start
    with AzuriteServer("labstore") as server:
        spent = psutil.Process(server.pid).cpu_times()  # a busy machine slows the clock on the wall
        client = BlobClient(server.endpoint())
        client.create_container("vhds")
        client.close()
    assert spent.user + spent.system < 1.0


@pytest.mark.azurite
def test_stop_frees_the_port_and_may_be_repeated():
    server = AzuriteServer("labstore")
    with server:
        port = server.endpoint().port
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


@pytest.mark.azurite
def test_listens_on_loopback_only_and_calls_nobody(azurite, blobs):
    blobs.create_container("quiet")
    connections = psutil.Process(azurite.pid).net_connections("inet")
    assert {one.laddr.ip for one in connections} == {"127.0.0.1"}
    assert {one.raddr.ip for one in connections if one.raddr} <= {"127.0.0.1"}


@pytest.mark.azurite
def test_dies_with_a_parent_that_was_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline().split()[0])
    assert psutil.pid_exists(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone(pid)


@pytest.fixture
def broken(tmp_path):
    def script(text):
        entry = tmp_path / "main.js"
        entry.write_text(text)
        return Azurite(tmp_path, entry, find_node())

    return script


def test_an_azurite_that_ends_while_starting_is_one_clear_line(broken):
    server = AzuriteServer(
        "labstore", installed=broken("console.log('Exit due to unhandled error: no'); process.exit(1)")
    )
    server.start()
    with pytest.raises(
        StorageSetupError, match="ended while starting; its last line: Exit due to unhandled error: no"
    ):
        server.endpoint()


def test_an_azurite_that_is_incomplete_comes_with_advice(broken, tmp_path):
    server = AzuriteServer("labstore", installed=broken("require('express')"))
    server.start()
    with pytest.raises(StorageSetupError, match=rf"{tmp_path} is incomplete .*'express'.*; remove it"):
        server.endpoint()


def test_an_azurite_that_never_listens_is_given_up(broken):
    server = AzuriteServer("labstore", installed=broken("setInterval(() => {}, 1000)"))
    server.start()
    with pytest.raises(StorageSetupError, match="said no port in time"):
        server.endpoint(timeout=0.3)


def test_a_node_that_cannot_run_is_one_clear_line(tmp_path):
    nowhere = Azurite(tmp_path, tmp_path / "main.js", Node(tmp_path / "node", None))
    with pytest.raises(StorageSetupError, match="cannot start Azurite with"):
        AzuriteServer("labstore", installed=nowhere).start()
