"""System.Uri, and of System.Net: IPAddress and ServicePointManager."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from fakes.windows.powershell.containers import TypedArray
from fakes.windows.powershell.conversion import convert, to_string
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.values import PSObject


class Uri(PSObject):
    """``System.Uri``."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        parts = urlsplit(text)
        absolute = bool(parts.scheme)
        port = (
            parts.port
            if parts.port is not None
            else {"http": 80, "https": 443, "ftp": 21}.get(parts.scheme, -1)
        )
        shown = text if parts.path or not absolute else text + "/"
        super().__init__(
            ["System.Uri", "System.Object"],
            {
                "AbsolutePath": parts.path or "/", "AbsoluteUri": shown, "LocalPath": unquote(parts.path or "/"),
                "Authority": parts.netloc, "HostNameType": "Dns", "IsDefaultPort": parts.port is None, "IsFile": parts.scheme == "file",
                "PathAndQuery": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), "Query": f"?{parts.query}" if parts.query else "",
                "Fragment": f"#{parts.fragment}" if parts.fragment else "", "Host": (parts.hostname or ""), "Port": port,
                "Scheme": parts.scheme, "OriginalString": text, "DnsSafeHost": parts.hostname or "", "IsAbsoluteUri": absolute,
                "Segments": [], "UserEscaped": False, "UserInfo": parts.username or "",
            },
            text=shown,
        )  # fmt: skip


uri = net_class(
    "System.Uri",
    convert=lambda value: value if value is None or isinstance(value, Uri) else Uri(to_string(value)),
)
uri.exists("TryCreate MakeRelativeUri GetLeftPart IsWellFormedUriString CheckHostName HexEscape")
uri.constructor(("string",))(Uri)
uri.static("EscapeDataString", ("string",))(lambda text: quote(text, safe="-_.~"))
uri.static("UnescapeDataString", ("string",))(unquote)
uri.static("EscapeUriString", ("string",))(lambda text: quote(text, safe="-_.~!*'();:@&=+$,/?#[]"))


class IPAddress(PSObject):
    """``System.Net.IPAddress``."""

    __slots__ = ("value",)

    def __init__(self, text: str) -> None:
        self.value = ipaddress.ip_address(text)
        family = "InterNetwork" if self.value.version == 4 else "InterNetworkV6"
        super().__init__(
            ["System.Net.IPAddress", "System.Object"],
            {"Address": int.from_bytes(self.value.packed, "little") if self.value.version == 4 else None, "AddressFamily": family,
             "IPAddressToString": str(self.value)},
            {"GetAddressBytes": lambda: TypedArray([convert(one, "byte") for one in self.value.packed], "System.Byte")},
            text=str(self.value),
        )  # fmt: skip

    def sort_key(self) -> int:
        """What equality compares."""
        return int(self.value)


def _to_ip(value: Any) -> Any:
    if value is None or isinstance(value, IPAddress):
        return value
    try:
        return IPAddress(to_string(value))
    except ValueError:
        raise ValueError("An invalid IP address was specified.") from None


address = net_class("System.Net.IPAddress", convert=_to_ip)
address.exists("HostToNetworkOrder NetworkToHostOrder IPv6Any IPv6Loopback MapToIPv4")
address.static_property("Any")(lambda: IPAddress("0.0.0.0"))
address.static_property("Loopback")(lambda: IPAddress("127.0.0.1"))


@address.static("Parse", ("string",))
def _parse_ip(text: str) -> IPAddress:
    try:
        return IPAddress(text)
    except ValueError:
        raise NetError("System.FormatException", "An invalid IP address was specified.") from None


@address.static("TryParse", ("string", "object"))
def _try_parse_ip(text: str, result: Any) -> bool:
    try:
        result.set("Value", IPAddress(text))
    except ValueError:
        result.set("Value", None)
        return False
    return True


service_points = net_class("System.Net.ServicePointManager")


def _set_protocol(value: Any) -> None:
    required_interpreter("[Net.ServicePointManager]").security_protocol = convert(
        value, "System.Net.SecurityProtocolType"
    )


def _protocol() -> Any:
    chosen = getattr(required_interpreter("[Net.ServicePointManager]"), "security_protocol", None)
    return chosen if chosen is not None else convert("Ssl3, Tls", "System.Net.SecurityProtocolType")


service_points.static_property("SecurityProtocol", _set_protocol)(_protocol)
service_points.exists(
    "ServerCertificateValidationCallback Expect100Continue DefaultConnectionLimit CheckCertificateRevocationList"
)
