"""What ``winrm get winrm/config`` tells of the service (MS-WSMV 2.2.4.10, 3.1.4.1.31)."""

from __future__ import annotations

from .shells import Quotas

RESOURCE = "http://schemas.microsoft.com/wbem/wsman/1/config"

Tree = dict[str, "str | int | bool | Tree"]


def describe(quotas: Quotas) -> str:
    """Return the configuration as XML, values as on Windows Server 2019 with Basic enabled."""
    ports: Tree = {"HTTP": 5985, "HTTPS": 5986}
    client: Tree = {
        "NetworkDelayms": 5000,
        "URLPrefix": "wsman",
        "AllowUnencrypted": False,
        "Auth": {
            "Basic": True,
            "Digest": True,
            "Kerberos": True,
            "Negotiate": True,
            "Certificate": True,
            "CredSSP": False,
        },
        "DefaultPorts": ports,
        "TrustedHosts": "",
    }
    service: Tree = {
        "RootSDDL": "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)",
        "MaxConcurrentOperations": 4294967295,
        "MaxConcurrentOperationsPerUser": 1500,
        "EnumerationTimeoutms": 240000,
        "MaxConnections": 300,
        "MaxPacketRetrievalTimeSeconds": 120,
        "AllowUnencrypted": False,
        "Auth": {
            "Basic": True,
            "Kerberos": True,
            "Negotiate": True,
            "Certificate": False,
            "CredSSP": False,
            "CbtHardeningLevel": "Relaxed",
        },
        "DefaultPorts": ports,
        "IPv4Filter": "*",
        "IPv6Filter": "*",
        "EnableCompatibilityHttpListener": False,
        "EnableCompatibilityHttpsListener": False,
        "CertificateThumbprint": "",
        "AllowRemoteAccess": True,
    }
    winrs: Tree = {
        "AllowRemoteShellAccess": True,
        "IdleTimeout": round(quotas.idle_timeout * 1000),
        "MaxConcurrentUsers": 2147483647,
        "MaxShellRunTime": 2147483647,
        "MaxProcessesPerShell": quotas.processes_per_shell,
        "MaxMemoryPerShellMB": 2147483647,
        "MaxShellsPerUser": quotas.shells_per_user,
    }
    whole: Tree = {
        "MaxEnvelopeSizekb": 500,
        "MaxTimeoutms": 60000,
        "MaxBatchItems": 32000,
        "MaxProviderRequests": 4294967295,
        "Client": client,
        "Service": service,
        "Winrs": winrs,
    }
    return f'<cfg:Config xmlns:cfg="{RESOURCE}">{_elements(whole)}</cfg:Config>'


def _elements(tree: Tree) -> str:
    return "".join(f"<cfg:{name}>{_text(value)}</cfg:{name}>" for name, value in tree.items())


def _text(value: str | int | bool | Tree) -> str:
    if isinstance(value, dict):
        return _elements(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
