"""Provisions a world for a scenario, and reaches one that another process left."""

from __future__ import annotations

import importlib
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab import fabric_process, storage_setup
from lab.errors import InfrastructureError, LabError, StartTimeout
from lab.fabric_config import FabricConfig, FabricHost, Ready
from lab.fabric_process import FabricProcess
from lab.fabric_world import LabWorld, Target
from lab.hosts.base import Host
from lab.identity import Identity, make_identity
from lab.model.loader import Scenario
from lab.session import Session

if TYPE_CHECKING:
    from lab.hosts.linux import LinuxGuest

Say = Callable[[str], None]

READY_SECONDS = 180.0
LONGEST_SOCKET = "s/255.255.255.255/storage.sock"
COMPUTE_API = "2024-07-01"


@dataclass(frozen=True)
class WorldOptions:
    """How to make a world.

    Attributes:
        seed: Seed of its names.
        detached: Its fabric outlives this process.
        targets: Host -> real machine.
        setup: Install a missing engine where that is possible.
    """

    seed: int = 0
    detached: bool = False
    targets: Mapping[str, Target] = field(default_factory=dict)
    setup: bool = False


def provision(
    scenario: Scenario, session: Session, options: WorldOptions, say: Say = lambda _: None
) -> LabWorld:
    """Make a fresh world for a scenario.

    Args:
        scenario: Its hosts are what is made.
        session: Everything made carries its id and is in its registry entry.
        options: Seed, real targets, life.
        say: Told what takes long.

    Raises:
        InfrastructureError: Something could not be started; nothing is left behind.
        Refused: A real target is not marked as disposable.
    """
    spec = scenario.spec
    os_of = {name: host.os for name, host in spec.hosts.items()}
    identity = make_identity(options.seed, next(iter(os_of.values())))
    engine = _engine(options, say) if "linux" in os_of.values() else None
    if engine is not None:
        session.uses(engine.socket)
    storage_setup.ensure(say)
    folder = session.dir / f"w{sum(1 for _ in session.dir.iterdir()) + 1}"
    if engine is not None:
        _require_short(folder)
    folder.mkdir()
    config = FabricConfig(
        session=session.id, dir=folder, expires=session.expires, seed=options.seed, identity=identity,
        hosts=_fabric_hosts(os_of, options.targets), detached=options.detached,
    )  # fmt: skip
    threading.Thread(target=_preload, args=(set(os_of.values()),), daemon=True).start()
    fabric = fabric_process.start(config, timeout=120, note=lambda pid: session.started(pid, "fabric"))
    world = LabWorld(fabric.ready, identity, os_of, options.targets)
    world.fabric = fabric
    session.on_close(world.close)
    world.ended = session.ended
    try:
        _populate(world, engine, session, config, say)
    except BaseException as error:
        _explain(error, fabric)
        world.close()
        raise
    return world


def _require_short(folder: Path) -> None:
    """Refuse a folder in whose depth no socket of a guest can be bound: unix(7) allows 107 bytes."""
    too_long = len(os.fsencode(folder / LONGEST_SOCKET)) - 107
    if too_long > 0:
        raise InfrastructureError(
            f"the temporary folder {folder.parent.parent} has a path that is {too_long} characters too long "
            "for unix sockets below it; set TMPDIR to a shorter one, such as /tmp"
        )


def _populate(world: LabWorld, engine: Any, session: Session, config: FabricConfig, say: Say) -> None:
    guests = []
    for name, host in config.hosts.items():
        if host.os == "windows":
            world.add_host(name, windows_host(world, name, world.targets.get(name)))
            continue
        guest = _guest(engine, world.ready, session.id, session.expires, name, host, world.identity)
        world.required.append(guest.gateway.require_running)
        world.on_close(guest.stop)  # before its start: what a broken start left goes too
        say(f"starting guest {name}")
        guest.start()
        world.add_host(name, guest)
        guests.append(guest)
    for added in world.hosts.values():
        added.wait_ready(READY_SECONDS)
    if guests:
        _wait_for_agent(world)


def _explain(error: BaseException, fabric: FabricProcess) -> None:
    """A fabric that died is the reason for whatever else went wrong."""
    if isinstance(error, LabError) and not fabric.alive():
        error.message += "; the fabric has died"
        error.detail = fabric.log_tail()


def attach(ready: Ready, identity: Identity, scenario: Scenario, *, session: str, expires: int) -> LabWorld:
    """Reach a world that another process made and left; closing it lets go of connections only.

    Raises:
        InfrastructureError: Its Linux guests need an engine, and none answers.
    """
    os_of = {name: host.os for name, host in scenario.spec.hosts.items()}
    world = LabWorld(ready, identity, os_of, {})
    for name, host in _fabric_hosts(os_of, {}).items():
        if host.os == "windows":
            world.add_host(name, windows_host(world, name, None))
        else:
            from lab import engine_setup

            engine = engine_setup.find()
            guest = _guest(engine, ready, session, expires, name, host, identity)
            world.required.append(guest.gateway.require_running)
            world.add_host(name, guest)
    return world


def windows_host(world: LabWorld, name: str, target: Target | None) -> Host:
    """Driver of a Windows host: of the simulated one the fabric made, or of a real target."""
    from lab.hosts.windows import WindowsHost
    from lab.hosts.winrm.client import Endpoint
    from lab.hosts.winrm.credentials import Credentials

    if target is not None:
        return WindowsHost(
            name, Endpoint.parse(target.url), Credentials(target.user, target.password), kind="real"
        )
    told = world.ready.hosts[name]
    return WindowsHost(
        name,
        Endpoint(told["http"]),
        Credentials(told["user"], told["password"]),
        restart=lambda: world.control.restart(name, 60),
        capture=lambda: world.control.host_state(name),
    )


def linux_spec(name: str, address: str, computer_name: str) -> Any:
    """The guest's specification, the same for whoever starts it and whoever attaches to it."""
    from lab.hosts.linux import GuestSpec
    from lab.hosts.plumbing import Wire

    return GuestSpec(name=name, hostname=computer_name, wire=Wire(guest=address))


def _preload(systems: set[str]) -> None:
    """Import the drivers while the fabric starts: this process would only wait."""
    for module in ("lab.hosts.windows", "winrm.protocol") if "windows" in systems else ("lab.hosts.linux",):
        importlib.import_module(module)


def _fabric_hosts(os_of: Mapping[str, str], targets: Mapping[str, Target]) -> dict[str, FabricHost]:
    hosts = {}
    for number, (name, os_name) in enumerate(os_of.items()):
        address = f"10.0.0.{4 + number}"
        target = targets.get(name)
        if target is not None:
            hosts[name] = FabricHost(os_name, "real", address, target.url, target.user, target.password)
        else:
            hosts[name] = FabricHost(os_name, "simulated" if os_name == "windows" else "real", address)
    return hosts


def _engine(options: WorldOptions, say: Say) -> Any:
    from lab import engine_setup, images

    engine = engine_setup.ensure(say, allow_install=options.setup)
    images.ensure_all(engine, say)
    return engine


def _guest(
    engine: Any, ready: Ready, session: str, expires: int, name: str, host: FabricHost, identity: Identity
) -> LinuxGuest:
    from lab.hosts.linux import LinuxGuest

    told = {"sockets": ready.sockets, "ca": ready.ca}
    spec = linux_spec(name, host.address, identity.computer_name)
    return LinuxGuest.from_ready(engine, told, spec, session=session, expires=expires)


def _wait_for_agent(world: LabWorld, timeout: float = 120.0) -> None:
    """Wait until the control plane has the agent's first report, as a new VM's portal page does."""
    deadline = time.monotonic() + timeout
    path = f"{world.ready.facts['vm_id']}/instanceView?api-version={COMPUTE_API}"
    while True:
        agent = (world.arm.call("GET", path).body or {}).get("vmAgent") or {}
        statuses = [status.get("displayStatus") for status in agent.get("statuses", [])]
        if statuses == ["Ready"]:
            return
        if time.monotonic() > deadline:
            raise StartTimeout(
                f"the guest agent had not reported after {timeout:g} s; it is {statuses or 'unknown'}"
            )
        threading.Event().wait(0.1)
