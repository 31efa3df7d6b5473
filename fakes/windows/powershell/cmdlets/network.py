"""Test-NetConnection and Test-Connection through the host's network."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.web_transport import TCP_CONNECT_TIMEOUT, _is_address
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.values import PSObject

_PORTS = {"HTTP": 80, "RDP": 3389, "SMB": 445, "WINRM": 5985}


@cmdlet(
    "Test-NetConnection",
    aliases=["TNC"],
    module="NetTCPIP",
    default_set="ICMP",
    class_name="Test-NetConnection",
)
class TestNetConnection(PSCmdlet):
    """Tries a TCP port and says whether it answered."""

    ComputerName = Param(
        "string",
        position=0,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        aliases=["RemoteAddress", "cn"],
        default="internetbeacon.msedge.net",
    )
    Port = Param(
        "int", mandatory=True, from_pipeline_by_property_name=True, aliases=["RemotePort"], sets="RemotePort"
    )
    CommonTCPPort = Param(
        "string",
        position=1,
        mandatory=True,
        validate_set=["HTTP", "RDP", "SMB", "WINRM"],
        sets="CommonTCPPort",
    )
    InformationLevel = Param("string", validate_set=["Quiet", "Detailed"], default="Detailed")
    TraceRoute = Unsimulated("switch")
    Hops = Unsimulated("int")
    DiagnoseRouting = Unsimulated("switch")
    ConstrainSourceAddress = Unsimulated("string")
    ConstrainInterface = Unsimulated("int")

    def process(self) -> None:
        port = int(self.Port) if self.Port is not None else _PORTS.get(str(self.CommonTCPPort or "").upper())
        name = str(self.ComputerName)
        if port is None:
            raise self.not_simulated("Test-NetConnection without a port (ICMP echo)")
        network = self.context.host.network
        address = name if _is_address(name) else network.resolve(name)
        quiet = str(self.InformationLevel).lower() == "quiet"
        reached = False
        if address is None:
            self.warning(f"Name resolution of {name} failed")
        else:
            reached = self._answers(network, address, port)
            if not reached:
                self.warning(f"TCP connect to ({address} : {port}) failed")
        if quiet:
            self.write(reached)
            return
        self.write(self._result(name, address, port, reached=reached))

    def _answers(self, network: Any, address: str, port: int) -> bool:
        try:
            network.connect(address, port, TCP_CONNECT_TIMEOUT).close()
        except (TimeoutError, ConnectionRefusedError):
            return False
        return True

    def _result(self, name: str, address: str | None, port: int, *, reached: bool) -> PSObject:
        """The ping that 5.1 tries after a failed connection is never answered here (Azure drops ICMP)."""
        properties: dict[str, Any] = {
            "ComputerName": name,
            "RemoteAddress": address,
            "RemotePort": port,
            "InterfaceAlias": "Ethernet",
            "SourceAddress": getattr(self.context.host.network, "source_address", None),
            "TcpTestSucceeded": reached,
        }
        if not reached:
            properties.update({"PingSucceeded": False, "PingReplyDetails": None})
        return PSObject(["TestNetConnectionResult", "System.Object"], properties)
