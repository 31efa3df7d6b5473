"""What a fabric is told at its start, and what it tells when it is ready; both are JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lab.errors import InfrastructureError
from lab.identity import Identity


@dataclass(frozen=True)
class FabricHost:
    """A host as the fabric is told of it."""

    os: str
    kind: str = "simulated"
    address: str = "10.0.0.4"
    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class FabricConfig:
    """What a fabric is told at its start."""

    session: str
    dir: Path
    expires: float
    seed: int
    identity: Identity
    hosts: dict[str, FabricHost]
    detached: bool = False

    def as_line(self) -> str:
        """One line of JSON."""
        return json.dumps(
            {
                "session": self.session,
                "dir": str(self.dir),
                "expires": datetime.fromtimestamp(self.expires, UTC).isoformat(),
                "detached": self.detached,
                "seed": self.seed,
                "identity": self.identity.as_dict(),
                "hosts": {name: asdict(host) for name, host in self.hosts.items()},
            }
        )


@dataclass(frozen=True)
class Ready:
    """What a fabric tells when it is ready.

    Attributes:
        pid: Its process.
        arm: Base address of the control plane.
        arm_token: Bearer token for it.
        ca: The lab's CA certificate (PEM file).
        control: Base address of the control API.
        control_token: Bearer token for it.
        sockets: Folder of unix sockets for gateways.
        storage: Account, host, port and key of the storage account.
        hosts: Windows hosts: http, https, user, password.
        facts: Ids of the landscape.
    """

    pid: int
    arm: str
    arm_token: str = field(repr=False)
    ca: str
    control: str
    control_token: str = field(repr=False)
    sockets: str
    storage: dict[str, Any] = field(repr=False)
    hosts: dict[str, dict[str, str]] = field(repr=False)
    facts: dict[str, str]

    @classmethod
    def parse(cls, data: dict[str, Any]) -> Ready:
        """Read the ready line.

        Raises:
            InfrastructureError: Something is missing.
        """
        names = [item.name for item in fields(cls)]
        missing = [name for name in names if name not in data]
        if missing:
            raise InfrastructureError(f"the fabric's ready line lacks {', '.join(missing)}")
        return cls(**{name: data[name] for name in names})

    @property
    def secrets(self) -> list[str]:
        """Values that must not be written down."""
        passwords = [host.get("password", "") for host in self.hosts.values()]
        return [self.arm_token, self.control_token, str(self.storage.get("key", "")), *passwords]
