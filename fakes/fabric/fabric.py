"""Composes one lab's Azure: the only module that knows all the parts."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import math
import os
import secrets
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fakes.arm import landscape as arm_landscape
from fakes.arm.app import create_app
from fakes.arm.plane import ControlPlane
from fakes.backup import landscape as backup_landscape
from fakes.backup.rest import register as register_backup
from fakes.clock import Clock
from fakes.control.app import Machine, control_app
from fakes.fabric.config import ConfigError, FabricConfig, HostConfig
from fakes.fabric.lifetime import Lifetime
from fakes.fabric.machines import GuestPlace, add_linux, add_windows
from fakes.fabric.serving import serving, tcp_socket
from fakes.network.service_tags import endpoint_address
from fakes.notsimulated import NotSimulatedLog
from fakes.storage.client import BlobClient
from fakes.storage.server import AzuriteServer
from fakes.tls import Authority
from fakes.wireserver.blobs import CONTAINER, StatusBlobs
from fakes.wireserver.goalstate import GoalStates
from fakes.wireserver.status import StatusMonitor

# Virtual seconds per real second while a job waits, in a lab with real guests: the agent
# there asks for its goal state every real second, and must have several chances in the ten
# minutes for which the engine waits for a sign of life.
GUEST_RATE = 150.0
# Real seconds that a real guest has at least for what it is known to be at: to install and
# run the extension, and to report again once it has asked for its goal state (after a
# restart it first runs the enable command of each extension, which takes it 2 s).
GUEST_PATIENCE = 40.0


class Fabric:
    """One fabric; see the package's ``__main__``.

    Args:
        config: What it was told.
        authority: The lab's certificate authority.
        storage: Azurite, started.
    """

    def __init__(self, config: FabricConfig, authority: Authority, storage: AzuriteServer) -> None:
        self.config = config
        self.authority = authority
        self.storage = storage
        linux = any(host.os == "linux" for host in config.hosts.values())
        self.clock = Clock(rate=GUEST_RATE if linux else math.inf)
        self._patience = GUEST_PATIENCE if linux else 0.0
        self.not_simulated = NotSimulatedLog()
        self.goal_states = GoalStates(self.not_simulated)
        self.monitor = StatusMonitor(self.clock)
        self.plane = ControlPlane(
            self.clock,
            tenant=config.identity.tenant,
            not_simulated=self.not_simulated,
            agents=self.monitor,
            goal_state=self.goal_states,
        )
        self.machines: dict[str, Machine] = {}
        self.parts: dict[str, str] = {}
        self.sockets = Path(config.dir) / "s"
        self._lifetime = Lifetime(config.expires, detached=config.detached)

    # -- what the control API asks ------------------------------------------------
    def state(self) -> dict[str, Any]:
        """Return the control plane's resources."""
        return self.plane.store.dump()

    def fidelity(self) -> dict[str, str]:
        """Return of each part whether it is real, emulated or modelled, and what it is."""
        return {
            "control plane": "emulated: ARM and Recovery Services over TLS, driven by REST",
            "backup service": "modelled: a state machine that tries what Azure tries",
            "storage": "real: Azurite, page blobs and snapshots over TLS",
            "wire server": "emulated: goal state, HostGAPlugin and instance metadata over HTTP",
            **self.parts,
        }

    def turn(self, knob: dict[str, Any]) -> None:
        """Refuse: the fabric has no knobs."""
        raise self.not_simulated.refuse(f"knob {', '.join(knob) or '(none)'}", "fabric")

    def broken(self) -> str:
        """Return which part has died, empty while all live."""
        code = self.storage.exit_code()
        return "" if code is None else f"storage (Azurite) has ended with exit code {code}"

    def stop(self) -> None:
        """Begin to end."""
        self._lifetime.stop()

    # -- life ---------------------------------------------------------------------
    async def run(self) -> None:
        """Serve until the end of the fabric's life.

        Raises:
            OSError: A port or address cannot be had.
            StorageSetupError: Azurite did not come up.
        """
        async with AsyncExitStack() as stack:
            ready = await self._start(stack)
            print(json.dumps(ready), flush=True)
            await self._lifetime.end()

    async def _start(self, stack: AsyncExitStack) -> dict[str, Any]:
        self.sockets.mkdir(exist_ok=True)
        identity = {**asdict(self.config.identity), "storage_key": self.storage.key}
        hosts = {name: asdict(host) for name, host in self.config.hosts.items()}
        try:
            facts = arm_landscape.build(self.plane, identity, hosts)
            address = endpoint_address("Storage", identity["location"], identity["storage_account"])
        except ValueError as error:  # an unknown region, a name that Azure would refuse
            raise ConfigError(f"the landscape cannot be built: {error}") from error
        if any(host.os == "windows" for host in self.config.hosts.values()):
            self.background(stack, asyncio.to_thread(_import_windows))
        endpoint = await asyncio.to_thread(self.storage.endpoint)
        client = BlobClient(endpoint)
        stack.callback(client.close)
        engine = register_backup(self.plane, client, patience=self._patience)
        stack.push_async_callback(engine.close)
        facts |= backup_landscape.build(self.plane, identity)
        await asyncio.to_thread(self._fill_storage, client, facts["vm_id"])
        blobs = StatusBlobs(client, self.monitor)
        place = GuestPlace(
            fabric=self, stack=stack, facts=facts, blobs=blobs, names={endpoint.host: address},
            storage=(address, endpoint.port),
        )  # fmt: skip
        reached = {name: await self._add(place, name, host) for name, host in self.config.hosts.items()}
        token, control_token = self.plane.tokens.issue("lab"), secrets.token_urlsafe(32)
        certificate = self.authority.issue("localhost", "127.0.0.1", "management.azure.com")
        arm = await stack.enter_async_context(serving(create_app(self.plane), tcp_socket(), certificate))
        control = await stack.enter_async_context(serving(control_app(self, control_token), tcp_socket()))
        return {
            "ready": True,
            "pid": os.getpid(),
            "storage_pid": self.storage.pid,
            "arm": arm,
            "arm_token": token,
            "ca": str(self.authority.ca_file),
            "control": control,
            "control_token": control_token,
            "sockets": str(self.sockets),
            "storage": {
                "account": endpoint.account, "host": endpoint.host, "port": endpoint.port, "key": endpoint.key,
                "address": address,
            },
            "hosts": reached,
            "facts": {**facts, "storage_host": endpoint.host, "location": identity["location"]},
        }  # fmt: skip

    def _fill_storage(self, client: BlobClient, vm_id: str) -> None:
        client.create_container(CONTAINER)
        backup_landscape.upload_disks(self.plane, vm_id, client)

    async def _add(self, place: GuestPlace, name: str, host: HostConfig) -> dict[str, Any]:
        if host.os == "windows":
            return await add_windows(place, name, host)
        return await add_linux(place, name, host)

    def background(self, stack: AsyncExitStack, coroutine: Any) -> None:
        """Run a coroutine until the end of the fabric."""
        task = asyncio.get_running_loop().create_task(coroutine)

        async def end() -> None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

        stack.push_async_callback(end)


def _import_windows() -> None:
    """Import what the first command on a simulated host needs while storage still starts."""
    for name in (
        "fakes.windows.wsman.server",
        "fakes.courier",
        "winrm.protocol",
        "fakes.windows.powershell.program",
        "fakes.windows.powershell.runtime",
        "fakes.windows.powershell.cmdlets",
    ):
        importlib.import_module(name)
