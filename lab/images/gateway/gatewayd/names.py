"""The virtual network's name server: dnsmasq with the fabric's names and nothing else."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Mapping
from pathlib import Path

ADDRESS = "168.63.129.16"


def read_names(folder: Path) -> dict[str, str]:
    """Return host name -> IPv4 address from ``dns.json``; empty when there is none yet."""
    try:
        names = json.loads((folder / "dns.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {str(name).lower(): str(address) for name, address in names.items()}


def hosts_file(names: Mapping[str, str]) -> str:
    """Return the names in the format of hosts(5)."""
    return "".join(f"{address} {name}\n" for name, address in sorted(names.items()))


class NameServer:
    """dnsmasq as a child process. A name it does not know does not exist (NXDOMAIN)."""

    def __init__(self, state: Path) -> None:
        self._hosts = state / "hosts"
        self._process: asyncio.subprocess.Process | None = None
        self._names: dict[str, str] | None = None

    async def start(self, names: Mapping[str, str]) -> None:
        """Start dnsmasq with these names."""
        self._write(names)
        self._process = await asyncio.create_subprocess_exec(
            "dnsmasq",
            "--no-daemon",  # in the foreground, as the user it was started as
            "--conf-file=/dev/null",
            "--bind-interfaces",
            "--except-interface=lo",
            f"--listen-address={ADDRESS}",
            "--no-resolv",
            "--no-hosts",
            "--local=/#/",
            "--local-ttl=60",
            f"--addn-hosts={self._hosts}",
        )

    def update(self, names: Mapping[str, str]) -> None:
        """Serve other names from now on."""
        if dict(names) != self._names and self._process is not None:
            self._write(names)
            self._process.send_signal(signal.SIGHUP)

    async def wait(self) -> int:
        """Return dnsmasq's exit code when it ends, which it should not."""
        if self._process is None:
            raise RuntimeError("the name server was not started")
        return await self._process.wait()

    def _write(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)
        self._hosts.write_text(hosts_file(names), encoding="utf-8")
