"""What a fabric is told at its start, and what it tells when it is ready; both are JSON."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


class ConfigError(ValueError):
    """The configuration lacks something or holds something unknown; the text says what."""


@dataclass(frozen=True)
class Identity:
    """The made-up names of one lab, all chosen by the caller (see ``lab.identity``)."""

    tenant: str
    subscription: str
    resource_group: str
    location: str
    vm: str
    computer_name: str
    nic: str
    nsg: str
    vnet: str
    subnet: str
    storage_account: str
    vault: str
    policy: str
    admin_user: str
    admin_password: str = field(repr=False)


@dataclass(frozen=True)
class HostConfig:
    """One machine of the lab.

    Attributes:
        os: ``windows`` or ``linux``.
        kind: ``simulated`` or ``real`` for Windows; Linux guests are always real.
        address: A guest's address on its virtual network.
        url: WinRM address of a real Windows host.
        user: Account on that host.
        password: Its password.
    """

    os: str
    kind: str = "simulated"
    address: str = "10.0.0.4"
    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class FabricConfig:
    """Everything a fabric needs to start.

    Attributes:
        session: The lab session's id.
        dir: Folder for certificates and sockets; must exist.
        expires: When a detached fabric ends by itself (aware).
        detached: Live on after the starter's end of stdin closed.
        seed: Seed of everything random.
        identity: The names.
        hosts: The machines by their names in the scenario.
    """

    session: str
    dir: Path
    expires: datetime
    identity: Identity
    hosts: dict[str, HostConfig]
    detached: bool = False
    seed: int = 0

    @classmethod
    def parse(cls, data: dict[str, Any]) -> FabricConfig:
        """Read the configuration from its JSON form.

        Raises:
            ConfigError: A field is missing, unknown, or of the wrong kind.
        """
        values = dict(data)
        try:
            values["identity"] = _fill(Identity, values["identity"], "identity")
            hosts = values["hosts"].items()
            values["hosts"] = {name: _fill(HostConfig, host, f"hosts.{name}") for name, host in hosts}
            values["dir"] = Path(values["dir"])
            values["expires"] = datetime.fromisoformat(values["expires"])
        except KeyError as missing:
            raise ConfigError(f"{missing.args[0]}: missing") from missing
        except (TypeError, AttributeError, ValueError) as error:
            raise ConfigError(str(error)) from error
        config: FabricConfig = _fill(cls, values, "")
        if not config.dir.is_dir():
            raise ConfigError(f"dir: {config.dir} is not a folder")
        if config.expires.tzinfo is None:
            raise ConfigError("expires: needs a time zone")
        for name, host in config.hosts.items():
            if host.os not in {"windows", "linux"}:
                raise ConfigError(f"hosts.{name}.os: expected windows or linux, found {host.os!r}")
            if host.kind not in {"simulated", "real"}:
                raise ConfigError(f"hosts.{name}.kind: expected simulated or real, found {host.kind!r}")
        return config


def _fill(kind: type, values: dict[str, Any], where: str) -> Any:
    fields = {f.name: f for f in dataclasses.fields(kind)}
    prefix = f"{where}." if where else ""
    for name in values:
        if name not in fields:
            raise ConfigError(f"{prefix}{name}: unknown")
    for name, spec in fields.items():
        if (
            name not in values
            and spec.default is dataclasses.MISSING
            and spec.default_factory is dataclasses.MISSING
        ):
            raise ConfigError(f"{prefix}{name}: missing")
    return kind(**values)
