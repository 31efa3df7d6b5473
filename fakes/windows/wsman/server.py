"""The WinRM listener of one simulated host, on http and, given a certificate, https."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
import time
from collections.abc import Mapping
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Self

from .accounts import Accounts
from .auth import ConnectionAuth
from .connection import Connection
from .service import Service
from .shells import CommandSession, Quotas, SessionFactory, Shells
from .sockets import listen, reset, shut
from .tls import TlsServer

if TYPE_CHECKING:
    from fakes.windows.model.host import Host

_log = logging.getLogger(__name__)

# Real seconds in which the answer to "shutdown /r" reaches its client before the line goes dead;
# a real machine takes longer to go down.
GRACE_AT_RESTART = 1.0
LAST_WORDS = 1.0
MAX_CONNECTIONS = 300  # MaxConnections of winrm/config/service


class Listener:
    """WinRM of one host.

    Args:
        host: The simulated host.
        address: Address to listen on.
        http_port: Port of the http listener; 0 takes a free one.
        https_port: The same for https; used only with a certificate.
        certificate: Paths of (certificate chain, key), PEM; None for no https.
        sessions: Makes the session behind a shell; by default the host's own.
        quotas: Limits on shells.

    Raises (on start):
        OSError: The address or a port cannot be had.
    """

    def __init__(
        self,
        host: Host,
        *,
        address: str = "127.0.0.1",
        http_port: int = 0,
        https_port: int = 0,
        certificate: tuple[str | PathLike[str], str | PathLike[str]] | None = None,
        sessions: SessionFactory | None = None,
        quotas: Quotas | None = None,
    ) -> None:
        self._host = host
        self._address = address
        self._ports: dict[str, int] = {"http": http_port}
        if certificate is not None:
            self._ports["https"] = https_port
        self._accounts = Accounts(host)
        self._shells = Shells(sessions or _HostSessions(host), host.not_simulated, host.name, quotas)
        self._service = Service(
            host.name, self._shells, host.not_simulated, self._accounts.may_use_shells, host.files.is_file
        )
        self._lock = threading.Lock()
        self._sockets: dict[str, socket.socket] = {}
        self._wake: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._tls = None if certificate is None else TlsServer(*certificate)

    def start(self) -> None:
        """Listen; returns when clients can connect."""
        if self._thread is not None:
            raise RuntimeError(f"the WinRM listener of {self._host.name} is already started")
        try:
            for scheme, port in self._ports.items():
                self._sockets[scheme] = listen(self._address, port)
        except OSError:
            self._close_sockets()
            raise
        wake, self._wake = socket.socketpair()
        self._thread = threading.Thread(
            target=self._accept_loop, args=(wake,), name=f"winrm {self._host.name}", daemon=True
        )
        self._thread.start()
        self._host.restarted.append(self._host_restarted)

    def stop(self) -> None:
        """Close ports, connections and shells; returns when all threads have ended."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._host.restarted.remove(self._host_restarted)
        if self._wake is not None:
            self._wake.close()
        thread.join()
        self._close_sockets()
        self.disconnect()

    def disconnect(self) -> None:
        """End all connections and shells, as when the host goes down."""
        with self._lock:
            connections = dict(self._connections)
        connections.pop(threading.current_thread(), None)
        for how in (socket.SHUT_RD, socket.SHUT_RDWR):
            # First an answer under way may leave; then a client that does not take it is cut off.
            for connection in connections.values():
                shut(connection, how)
            self._shells.close()
            deadline = time.monotonic() + LAST_WORDS
            for thread in connections:
                thread.join(max(0.0, deadline - time.monotonic()))
            connections = {t: c for t, c in connections.items() if t.is_alive()}

    def _host_restarted(self) -> None:
        """End what the restart ended; a command that asked for it may first tell so."""
        command = threading.current_thread()
        if not self._shells.owns(command):
            self.disconnect()
            return

        def go_down() -> None:
            command.join(GRACE_AT_RESTART)
            self._shells.wait_drained(GRACE_AT_RESTART)
            self.disconnect()

        threading.Thread(target=go_down, name=f"restart {self._host.name}", daemon=True).start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def http_url(self) -> str:
        """URL of the http endpoint."""
        return self._url("http")

    @property
    def https_url(self) -> str | None:
        """URL of the https endpoint, None without a certificate."""
        return self._url("https") if "https" in self._ports else None

    @property
    def shells(self) -> Shells:
        """The open shells."""
        return self._shells

    def _url(self, scheme: str) -> str:
        listening = self._sockets.get(scheme)
        port = listening.getsockname()[1] if listening else self._ports[scheme]
        address = f"[{self._address}]" if ":" in self._address else self._address
        return f"{scheme}://{address}:{port}/wsman"

    def _accept_loop(self, wake: socket.socket) -> None:
        with selectors.DefaultSelector() as selector, wake:
            selector.register(wake, selectors.EVENT_READ, "stop")
            for scheme, listening in self._sockets.items():
                selector.register(listening, selectors.EVENT_READ, scheme)
            while True:
                for key, _ in selector.select():
                    if key.data == "stop":
                        return
                    self._accept(key.data)

    def _accept(self, scheme: str) -> None:
        try:
            connection, peer = self._sockets[scheme].accept()
        except OSError as error:
            # The client left before we came to it, or this process is out of descriptors.
            _log.warning("%s: connection lost before it was accepted: %s", scheme, error)
            return
        thread = threading.Thread(
            target=self._serve,
            args=(connection, peer[0], scheme == "https"),
            name=f"winrm {self._host.name} {peer[0]}:{peer[1]}",
            daemon=True,
        )
        with self._lock:
            refused = len(self._connections) >= MAX_CONNECTIONS or not self._running()
            if not refused:
                self._connections[thread] = connection
                # Under the lock: whoever finds the thread in the table may join it.
                thread.start()
        if refused:
            reset(connection)

    def _running(self) -> bool:
        with self._host.lock:
            # Not in the middle of a restart, when every service is down for a moment that takes
            # no time in the host's world.
            service = self._host.services.find("WinRM")
            if service is not None and service.running:
                return True
        # The service's end was the end of its shells.
        for shell in self._shells.all():
            self._shells.delete(shell)
        return False

    def _serve(self, connection: socket.socket, client_ip: str, tls: bool) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            bindings = None
            if tls and self._tls is not None:
                connection, bindings = self._tls.wrap(connection)
                with self._lock:
                    self._connections[threading.current_thread()] = connection
            auth = ConnectionAuth(
                self._host.name,
                self._accounts,
                self._host.clock.now,
                self._host.not_simulated,
                basic=tls,
                bindings=bindings,
            )
            Connection(
                connection, client_ip, auth, self._service, running=self._running, encrypted_channel=tls
            ).serve()
        except OSError as error:
            # Includes ssl.SSLError: a client that does not trust us, or no TLS client at all.
            _log.info("%s: connection of %s ended: %s", self._host.name, client_ip, error)
        finally:
            with contextlib.suppress(OSError):
                connection.close()
            with self._lock:
                self._connections.pop(threading.current_thread(), None)

    def _close_sockets(self) -> None:
        for scheme, listening in self._sockets.items():
            self._ports[scheme] = listening.getsockname()[1]
            listening.close()
        self._sockets.clear()


class _HostSessions:
    """Makes the real sessions of a host; the shell is imported when the first one opens."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def __call__(
        self, user: str, *, cwd: str | None, env: Mapping[str, str] | None, codepage: int
    ) -> CommandSession:
        from fakes.windows.shell.session import Session

        environment = dict(env) if env else None
        session: CommandSession = Session(self._host, user, cwd=cwd, env=environment, codepage=codepage)
        return session
