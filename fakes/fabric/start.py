"""What starts before the rest of the fabric is even imported: storage."""

from __future__ import annotations

from fakes.fabric.config import FabricConfig
from fakes.storage.server import AzuriteServer
from fakes.tls import Authority


def storage_server(config: FabricConfig, authority: Authority) -> AzuriteServer:
    """Return Azurite for the lab's storage account, not yet started."""
    account = config.identity.storage_account
    certificate = authority.issue(f"{account}.blob.core.windows.net", "localhost", "127.0.0.1")
    return AzuriteServer(account, certificate=(certificate.cert, certificate.key), ca_file=authority.ca_file)
