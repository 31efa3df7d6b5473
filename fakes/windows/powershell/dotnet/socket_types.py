"""``System.Net.Sockets.TcpClient`` as scripts probe a port with it, and ``[System.Net.Dns]::GetHostName``.

Data is not exchanged: the stream of a client is refused. Messages: the system's sentences of
WSAETIMEDOUT, WSAECONNREFUSED and WSAHOST_NOT_FOUND, to which SocketException adds the end point.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from fakes.windows.powershell.conversion import convert, to_string
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.values import PropertyGetter, PSObject

PATIENCE = 21.0  # seconds of SYN retries before Windows gives up
_TIMED_OUT = (
    "A connection attempt failed because the connected party did not properly respond after a period of time, or "
    "established connection failed because connected host has failed to respond"
)
_REFUSED = "No connection could be made because the target machine actively refused it"
_EXCEPTION = "System.Net.Sockets.SocketException"


class TcpClient(PSObject):
    """One client; connected or not."""

    __slots__ = ("connected",)

    def __init__(self, name: Any = None, port: Any = None) -> None:
        self.connected = False
        methods: dict[str, Callable[..., Any]] = {
            "Connect": self.connect,
            "BeginConnect": self.begin,
            "EndConnect": self.end,
            "Close": self.close,
            "Dispose": self.close,
        }
        properties: dict[str, Any] = {"Connected": PropertyGetter(lambda _: self.connected, kind="Property")}
        super().__init__(["System.Net.Sockets.TcpClient", "System.Object"], properties, methods)
        if name is not None:
            self.connect(name, port)

    def connect(self, name: Any, port: Any, patience: float = PATIENCE) -> None:
        """Connect.

        Raises:
            NetError: SocketException, when nobody answers, somebody refuses or the name is unknown.
        """
        network = required_interpreter("TcpClient").host.network
        host, number = to_string(name), int(convert(port, "int"))
        address = host if _is_address(host) else network.resolve(host)
        if address is None:
            raise NetError(_EXCEPTION, "No such host is known")
        try:
            network.connect(address, number, patience).close()
        except TimeoutError:
            raise NetError(_EXCEPTION, f"{_TIMED_OUT} {address}:{number}") from None
        except ConnectionRefusedError:
            raise NetError(_EXCEPTION, f"{_REFUSED} {address}:{number}") from None
        self.connected = True

    def begin(self, name: Any, port: Any, _callback: Any = None, _state: Any = None) -> PSObject:
        """``BeginConnect``; the attempt is made when somebody waits for it."""
        failure: list[NetError] = []

        def wait(milliseconds: Any = -1, _exit: Any = None) -> bool:
            limit = int(convert(milliseconds, "int"))
            try:
                self.connect(name, port, PATIENCE if limit < 0 else min(limit / 1000, PATIENCE))
            except NetError as error:
                failure[:] = [error]
                return not error.message.startswith(_TIMED_OUT) or limit < 0
            return True

        handle = PSObject(
            ["System.Threading.ManualResetEvent", "System.Object"],
            {},
            {"WaitOne": wait, "Close": lambda: None},
        )
        shown = {
            "AsyncWaitHandle": handle,
            "IsCompleted": PropertyGetter(lambda _: self.connected or bool(failure), kind="Property"),
        }
        return PSObject(
            ["System.Net.Sockets.Socket+MultipleAddressConnectAsyncResult", "System.Object"],
            {**shown, "failure": failure},
        )

    def end(self, pending: Any) -> None:
        """``EndConnect``: raises what the attempt met."""
        if not self.connected and not pending.get("failure"):
            pending.get("AsyncWaitHandle").method("WaitOne")()
        for error in pending.get("failure"):
            raise error

    def close(self) -> None:
        """``Close`` and ``Dispose``."""
        self.connected = False


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


tcp_client = net_class("System.Net.Sockets.TcpClient")
tcp_client.constructor(())(TcpClient)
tcp_client.constructor(("string", "int"))(TcpClient)

dns = net_class("System.Net.Dns")
dns.exists("GetHostEntry GetHostAddresses GetHostByName Resolve GetHostByAddress")
dns.static("GetHostName", ())(lambda: required_interpreter("[System.Net.Dns]").host.name)
