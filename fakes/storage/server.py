"""Azurite as a child process: the lab's storage account.

It keeps everything in memory, listens on a loopback port that the system chooses, and
answers to its account's public name. It ends with its parent, however that ends (see
``azurite/guard.cjs``). Telemetry is off, so nothing leaves the machine.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import secrets
import select
import ssl
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, Self

from fakes.storage.client import Endpoint
from fakes.storage.errors import StorageSetupError
from fakes.storage.install import Azurite, ensure

_GUARD = Path(__file__).parent / "azurite" / "guard.cjs"
_LISTENS = re.compile(rb"listens on https?://[^\s:]+:(\d+)")
_MEMORY_MIB = 512


def new_account_key() -> str:
    """Return a fresh account key: 64 random bytes, base64."""
    return base64.b64encode(secrets.token_bytes(64)).decode()


class AzuriteServer:
    """One Azurite blob service with one account.

    ``start()`` returns at once, ``endpoint()`` waits until the service listens, so that
    the rest of a fabric can start in between (Azurite takes about 0.3 s).

    Args:
        account: Account name; its host name is ``<account>.blob.core.windows.net``.
        key: Account key, base64; a new one when left out.
        certificate: Paths of the PEM certificate chain and key; plain HTTP when left out.
        ca_file: PEM of the authority that signed it.
        installed: The Azurite to run; fetched when left out and missing.
    """

    def __init__(
        self,
        account: str,
        *,
        key: str | None = None,
        certificate: tuple[Path, Path] | None = None,
        ca_file: Path | None = None,
        installed: Azurite | None = None,
    ) -> None:
        self.account = account
        self.key = key or new_account_key()
        self.host = f"{account}.blob.core.windows.net"
        self._certificate = certificate
        self._ca_file = ca_file
        self._installed = installed
        self._process: subprocess.Popen[bytes] | None = None
        self._output = bytearray()
        self._endpoint: Endpoint | None = None

    @property
    def pid(self) -> int:
        """Return the process id of the running service."""
        assert self._process is not None, "start() first"
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return the exit code of a service that ended though nobody stopped it, else ``None``."""
        return self._process.poll() if self._process is not None else None

    def start(self) -> None:
        """Start the process without waiting for it.

        Raises:
            StorageSetupError: Azurite cannot be fetched or run.
        """
        azurite = self._installed = self._installed or ensure()
        command = [
            *(str(azurite.node.binary), "--require", str(_GUARD), str(azurite.entry)),
            *("--blobHost", "127.0.0.1", "--blobPort", "0"),
            *("--inMemoryPersistence", "--extentMemoryLimit", str(_MEMORY_MIB)),
            *("--disableTelemetry", "--skipApiVersionCheck", "--silent"),
        ]
        if self._certificate:
            cert, key = self._certificate
            command += ["--cert", str(cert), "--key", str(key)]
        environment = {
            **{
                name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"
            },  # meant for others
            "AZURITE_ACCOUNTS": f"{self.account}:{self.key}",
            "NODE_COMPILE_CACHE": str(azurite.compile_cache),
        }
        try:
            self._process = subprocess.Popen(
                command,
                cwd=azurite.folder,  # it keeps everything in memory and writes nothing here
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C at the terminal is the parent's to handle
            )
        except OSError as error:
            raise StorageSetupError(f"cannot start Azurite with {azurite.node.binary}: {error}") from error

    def endpoint(self, timeout: float = 20.0) -> Endpoint:
        """Wait until the service listens and return where.

        Raises:
            StorageSetupError: It ended or said nothing within ``timeout`` real seconds.
        """
        if self._endpoint is None:
            port = self._await_port(time.monotonic() + timeout)
            tls = None
            if self._certificate:
                tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                tls.load_verify_locations(cafile=str(self._ca_file) if self._ca_file else None)
            self._endpoint = Endpoint(self.account, self.key, self.host, "127.0.0.1", port, tls)
        return self._endpoint

    def stop(self) -> None:
        """End the process and wait for it; harmless when it is not running."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # it holds nothing that needs an orderly end
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()

    def __enter__(self) -> Self:
        """Start and wait."""
        try:
            self.start()
            self.endpoint()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop."""
        self.stop()

    # -- private ------------------------------------------------------------------
    def _await_port(self, deadline: float) -> int:
        """Read the start-up lines until the one that names the port (it was asked for as 0)."""
        process = self._process
        assert process is not None, "start() first"
        assert process.stdout is not None
        descriptor = process.stdout.fileno()
        while True:
            left = deadline - time.monotonic()
            readable = select.select([descriptor], [], [], max(left, 0.0))[0]
            data = os.read(descriptor, 65536) if readable else b""
            self._output += data
            found = _LISTENS.search(self._output)
            if found:
                threading.Thread(
                    target=_drain, args=(process.stdout,), name="azurite-output", daemon=True
                ).start()
                return int(found[1])
            if not data:
                state = "ended while starting" if readable else "said no port in time"
                self.stop()
                raise StorageSetupError(f"Azurite {state}; {self._complaint()}")

    def _complaint(self) -> str:
        """What it said last; Node prints the reason first, then a trace."""
        lines = self._output.decode(errors="replace").strip().splitlines() or ["nothing"]
        missing = next((line for line in lines if line.startswith("Error: Cannot find module")), None)
        if missing is None:
            return f"its last line: {lines[-1]}"
        folder = self._installed.folder if self._installed else "its folder in the cache"
        return (
            f"{folder} is incomplete ({missing.removeprefix('Error: ')}); remove it, it is then fetched again"
        )


def _drain(stream: IO[bytes]) -> None:
    """Read what else the child prints, so that it never blocks on a full pipe."""
    with contextlib.suppress(OSError, ValueError):  # closed by stop()
        while stream.read(65536):
            pass
