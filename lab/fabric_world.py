"""A world made of one fabric and its hosts: what the engine asks, answered over the network."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from lab.backup import take_backup
from lab.engine.world import AzureReply, BackupResult, Refusal
from lab.errors import LabError
from lab.fabric_client import ArmClient, ControlClient
from lab.fabric_config import Ready
from lab.fabric_process import FabricProcess
from lab.hosts.base import Host
from lab.identity import Identity


@dataclass(frozen=True)
class Target:
    """A real Windows host that takes the place of a simulated one."""

    url: str
    user: str
    password: str = field(repr=False)


class LabWorld:
    """A provisioned world; implements `lab.engine.world.World`."""

    def __init__(
        self, ready: Ready, identity: Identity, os_of: Mapping[str, str], targets: Mapping[str, Target]
    ) -> None:
        self.ready = ready
        self.identity = identity
        self.targets = dict(targets)
        self.fabric: FabricProcess | None = None
        self.ended: Callable[[int], None] = lambda _pid: None
        self.control = ControlClient(ready.control, ready.control_token)
        self.arm = ArmClient(ready.arm, ready.arm_token, ready.ca)
        self.required: list[Callable[[], None]] = []
        """Each raises `PartDied` once a part of the lab has died."""
        self._os_of = dict(os_of)
        self._hosts: dict[str, Host] = {}
        self._closing = ExitStack()
        self.on_close(self._stop_fabric)
        self.on_close(self.control.close)
        self.on_close(self.arm.close)

    @property
    def hosts(self) -> Mapping[str, Host]:
        """Name -> host."""
        return self._hosts

    def add_host(self, name: str, host: Host) -> None:
        """Let the world know of a host."""
        self._hosts[name] = host
        self.on_close(host.close)

    def on_close(self, action: Callable[[], None]) -> None:
        """Do something when the world is taken down; the last registered comes first."""
        self._closing.callback(action)

    @property
    def facts(self) -> Mapping[str, str]:
        """What scenarios may name as ``${fact}``."""
        storage = self.ready.storage
        return {
            **self.identity.facts(),
            "storage_account": str(storage.get("account", self.identity.storage_account)),
            "storage_host": str(storage.get("host", self.identity.facts()["storage_host"])),
            **{name: str(value) for name, value in self.ready.facts.items()},
        }

    @property
    def secrets(self) -> Sequence[str]:
        """Values that must not enter the journal."""
        passwords = [target.password for target in self.targets.values()]
        return [*self.ready.secrets, self.identity.admin_password, *passwords]

    @property
    def fidelity(self) -> Mapping[str, str]:
        """Part -> ``real``, ``emulated`` or ``modelled``, with what stands behind it."""
        parts = dict(self.control.fidelity())
        for name, host in self._hosts.items():
            prefix = "" if len(self._hosts) == 1 else f"{name}: "
            parts |= {prefix + part: text for part, text in host.fidelity.items()}
        return parts

    @property
    def python_env(self) -> Mapping[str, str]:
        """Environment of ``python:`` steps and scripts."""
        facts = {f"LAB_{name.upper()}": value for name, value in self.facts.items()}
        inherited = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        return {
            **inherited,
            **facts,
            "LAB_ARM_ENDPOINT": self.ready.arm,
            "LAB_ARM_TOKEN": self.ready.arm_token,
            "REQUESTS_CA_BUNDLE": self.ready.ca,
            "SSL_CERT_FILE": self.ready.ca,
            "NO_PROXY": "localhost,127.0.0.1",
        }

    def is_simulated(self, host: str) -> bool:
        """Whether ``simulated:`` injections apply to a host."""
        return self._os_of[host] == "windows" and host not in self.targets

    def inject(self, host: str, change: Mapping[str, Any]) -> None:
        """Change the state of a simulated host."""
        self.control.inject(host, change)

    def backup(self, timeout: float) -> BackupResult:
        """Take an on-demand backup and wait for the job's end."""
        return take_backup(self.arm, self.ready.facts["item_id"], timeout)

    def azure(self, method: str, path: str, body: Any, timeout: float) -> AzureReply:
        """Call the control plane and follow a long-running operation to its end."""
        return self.arm.call(method, path, body, timeout=timeout)

    def knob(self, settings: Mapping[str, Any]) -> None:
        """Set knobs of the fabric."""
        self.control.knob(settings)

    def advance(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.control.advance(seconds)

    def restart(self, host: str, timeout: float) -> None:
        """Restart a host and wait until it takes commands."""
        self._hosts[host].restart(timeout)

    def not_simulated(self) -> Sequence[Refusal]:
        """Everything refused as not simulated since the world began, in order.

        Raises:
            PartDied: A part of the lab has died, so that what was seen says nothing.
        """
        for require in self.required:
            require()
        return self.control.not_simulated()

    def capture_state(self) -> dict[str, Any]:
        """State of hosts and control plane, for differences."""
        return {
            **{name: host.capture_state() for name, host in self._hosts.items()},
            "azure": self.control.state(),
        }

    def logs(self) -> Mapping[str, str]:
        """Logs worth keeping when a run fails."""
        found: dict[str, str] = {}
        if self.fabric is not None:
            found["fabric"] = self.fabric.log_tail(2000)
        for name, host in self._hosts.items():
            try:
                if self.is_simulated(name):
                    found[f"{name}-state"] = json.dumps(self.control.host_state(name), indent=1)
                else:
                    found |= {f"{name}-{log}": text for log, text in host.logs().items()}
            except LabError as error:
                found[f"{name}-unreadable"] = error.message
        return found

    def close(self) -> None:
        """Take the world down; every part is tried, the first failure is raised at the end."""
        self._closing.close()

    def leave(self) -> None:
        """Let go of a detached world; it lives on until it expires."""
        self._closing.pop_all()
        for host in self._hosts.values():
            host.close()
        self.control.close()
        self.arm.close()
        if self.fabric is not None:
            self.fabric.leave()

    def _stop_fabric(self) -> None:
        if self.fabric is not None:
            self.fabric.stop()
            self.ended(self.fabric.pid)
