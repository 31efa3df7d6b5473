"""Start every part, tell the lab through ``gateway.ready``, and end when one part ends."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from pathlib import Path

from . import link
from .cloud import fork_cloud
from .names import NameServer, read_names
from .relay import Relay
from .ruleset import Ruleset, write_atomically
from .watch import FolderWatch

WIRE_SERVER, INSTANCE_METADATA = link.PLATFORM_ADDRESSES
SERVICES = (
    (WIRE_SERVER, 80, "wire.sock"),
    (WIRE_SERVER, 32526, "hostga.sock"),
    (INSTANCE_METADATA, 80, "imds.sock"),
)
log = logging.getLogger("gateway")


async def _wait_for_child(pid: int) -> int:
    """Return the exit code of a child process that should not end."""
    descriptor = os.pidfd_open(pid)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ended.set)
    await ended.wait()
    loop.remove_reader(descriptor)
    os.close(descriptor)
    # It has ended (the pidfd is readable), so this cannot block.
    return os.waitstatus_to_exitcode(os.waitpid(pid, os.WNOHANG)[1])  # noqa: ASYNC222


async def _follow(folder: Path, rules: Ruleset, names: NameServer) -> None:
    """Apply each change of the shared folder."""
    watch = FolderWatch(folder)
    while True:
        rules.refresh()
        names.update(read_names(folder))
        await watch.changed()


async def serve(folder: Path, cloud_pid: int, cloud_report: int) -> int:
    """Run the gateway until it is told to stop (0) or a part of it ends (1)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    for address, port, name in SERVICES:
        await Relay(address, port, folder / name).start()
    rules = Ruleset(folder)
    rules.refresh()
    names = NameServer(Path("/run"))
    await names.start(read_names(folder))
    if await asyncio.to_thread(os.read, cloud_report, 1) != b"1":
        log.error("the cloud side did not start")
        return 1
    parts = {
        asyncio.create_task(stop.wait(), name="stop"),
        asyncio.create_task(names.wait(), name="dnsmasq"),
        asyncio.create_task(_wait_for_child(cloud_pid), name="cloud"),
        asyncio.create_task(_follow(folder, rules, names), name="follow"),
    }
    write_atomically(folder / "gateway.ready", json.dumps({"ready": True}) + "\n")
    done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        return 0
    for task in done:
        log.error("%s ended: %s", task.get_name(), task.exception() or task.result())
    return 1


def main() -> int:
    """Entry point: the one argument is the folder shared with the fabric."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/fabric")
    cloud_pid, go, report = fork_cloud(folder)
    if os.read(report, 1) != b"1":
        return 1
    link.set_up_gateway(cloud_pid)
    os.close(go)
    return asyncio.run(serve(folder, cloud_pid, report))


if __name__ == "__main__":
    sys.exit(main())
