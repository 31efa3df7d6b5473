"""Find a Docker engine (or Podman's Docker API) that shares this machine's file system."""

from __future__ import annotations

import functools
import os
import socket
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import InfrastructureError

if TYPE_CHECKING:
    from docker import DockerClient

PING_SECONDS = 5.0


class EngineMissing(InfrastructureError):
    """No engine answers; the message says what to install or start."""


@dataclass(frozen=True)
class Engine:
    """An engine that answered.

    Attributes:
        socket: Its unix socket. The lab shares a folder of sockets with its gateways, so
            an engine on another machine (TCP, SSH) cannot serve.
        timeout: Seconds after which one API call counts as failed.
    """

    socket: Path
    timeout: float = 120

    @functools.cached_property
    def client(self) -> DockerClient:
        """The SDK's client, made on first use (its import costs 0.2 s)."""
        import docker

        client = docker.DockerClient(
            base_url=f"unix://{self.socket}", timeout=int(self.timeout), max_pool_size=20
        )
        weakref.finalize(self, client.close)  # its pooled connections end with the engine
        return client

    def describe(self) -> str:
        """Return product, version and socket in one line."""
        version = self.client.version()
        platform = (version.get("Platform") or {}).get("Name") or "Docker Engine"
        return f"{platform} {version.get('Version', '?')} at {self.socket}"


def candidates(environ: Mapping[str, str] | None = None) -> Iterator[Path]:
    """Yield the sockets at which an engine may listen, the likeliest first.

    ``DOCKER_HOST`` decides alone when it is set, as for the ``docker`` command.

    >>> [str(path) for path in candidates({"DOCKER_HOST": "unix:///run/my.sock"})]
    ['/run/my.sock']

    Raises:
        InfrastructureError: ``DOCKER_HOST`` names an engine that is not on a unix socket.
    """
    environ = os.environ if environ is None else environ
    chosen = environ.get("DOCKER_HOST", "")
    if chosen:
        if not chosen.startswith("unix://"):
            raise InfrastructureError(
                f"DOCKER_HOST={chosen}: the lab needs an engine on a unix socket of this machine; "
                "unset DOCKER_HOST or give it as unix:///path"
            )
        yield Path(chosen.removeprefix("unix://"))
        return
    yield Path("/var/run/docker.sock")
    runtime = environ.get("XDG_RUNTIME_DIR")
    if runtime:
        yield Path(runtime, "docker.sock")
    home = environ.get("HOME")
    if home:
        yield Path(home, ".docker/run/docker.sock")
        yield Path(home, ".docker/desktop/docker.sock")
    if runtime:
        yield Path(runtime, "podman/podman.sock")
    yield Path("/run/podman/podman.sock")


def answers(path: Path, timeout: float = PING_SECONDS) -> str | None:
    """Ask an engine for a sign of life without loading the SDK.

    Returns:
        ``None`` when it answers ``GET /_ping`` with 200, else why it does not.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(os.fspath(path))
            connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n")
            status = connection.recv(64).split(b"\r\n", 1)[0]
    except FileNotFoundError:
        return "no such socket"
    except OSError as error:
        return str(error) or type(error).__name__
    if b" 200" in status:
        return None
    return f"answered {status.decode(errors='replace')!r}"


def find(environ: Mapping[str, str] | None = None) -> Engine:
    """Return the first engine that answers.

    Raises:
        EngineMissing: None does. The message says what was tried and what to do.
    """
    tried = []
    for path in candidates(environ):
        trouble = answers(path)
        if trouble is None:
            return Engine(path)
        if trouble != "no such socket":
            tried.append(f"{path}: {trouble}")
    chosen = (os.environ if environ is None else environ).get("DOCKER_HOST")
    if chosen:
        reason = tried[0].rpartition(": ")[2] if tried else "no such socket"
        raise EngineMissing(
            f"no Docker engine answers at DOCKER_HOST={chosen} ({reason}): start it, or unset DOCKER_HOST",
            detail="\n".join(tried),
        )
    raise EngineMissing(
        "no Docker engine answers: install docker.io (or Docker Engine, or Podman with its API "
        "socket) and start it, or set DOCKER_HOST; as root on Debian or Ubuntu, "
        "`lab doctor --fix` does it",
        detail="\n".join(tried),
    )
