"""The wire of a simulated Windows host: judged by the evaluator, connected to real sockets."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping

from fakes.arm.providers.network.effective import interface_view
from fakes.arm.store import ResourceStore
from fakes.clock import Clock
from fakes.network.evaluate import evaluate
from fakes.network.model import Flow
from fakes.network.service_tags import INSTANCE_METADATA, WIRE_SERVER

Service = tuple[str, int]
"""Address and port."""


class HostWire:
    """Implements :class:`fakes.windows.model.network.Network`.

    What the groups of the host's interface deny is dropped, as in Azure: the caller waits
    its whole time-out, in virtual time. What they allow reaches the service behind the
    address, or nobody.

    Args:
        store: The control plane's resources, among them the interface.
        nic_id: The host's network interface.
        names: What the name server knows, lower case.
        services: Address and port in Azure -> where this process serves it.
        tls: Trusts the lab's authority.
        clock: Whose time a time-out takes.
    """

    def __init__(
        self,
        store: ResourceStore,
        nic_id: str,
        names: Mapping[str, str],
        services: Mapping[Service, Service],
        tls: ssl.SSLContext,
        clock: Clock,
    ) -> None:
        self._store = store
        self._nic_id = nic_id
        self._names = names
        self._services = services
        self._tls = tls
        self._clock = clock

    def resolve(self, name: str) -> str | None:
        """Return the address of a name, or ``None`` when the name server has none."""
        return self._names.get(name.lower().rstrip("."))

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        """Open a TCP connection.

        Raises:
            TimeoutError: A rule dropped it, or nobody is there.
            ConnectionRefusedError: The machine is there and the port is closed.
        """
        interface = interface_view(self._store, self._nic_id)
        flow = Flow("Outbound", "Tcp", interface.addresses[0], address, port)
        if evaluate(interface, flow).allow:
            if behind := self._services.get((address, port)):
                return socket.create_connection(behind, timeout)
            if address in {WIRE_SERVER, INSTANCE_METADATA}:
                raise ConnectionRefusedError(f"{address}:{port}")
        self._clock.advance(timeout)
        raise TimeoutError(f"{address}:{port} did not answer within {timeout:g} s")

    def tls_context(self) -> ssl.SSLContext:
        """Return a context that trusts the lab's authority."""
        return self._tls
