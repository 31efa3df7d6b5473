"""The lab's own certificate authority, made anew for every fabric.

Guests, SDK clients and simulated hosts trust this CA and nothing else of ours. Keys
live in the session's folder with mode 0600 and go with it.
"""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """Paths of one server certificate chain and its key, both PEM."""

    cert: Path
    key: Path


class Authority:
    """A certificate authority whose files live in one folder.

    Args:
        folder: Where ``ca.pem`` and the certificates are written; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        import trustme

        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._ca = trustme.CA(organization_name="Azure VM Backup fault lab")
        self.ca_file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.ca_file))

    def issue(self, *names: str) -> Certificate:
        """Issue a server certificate for host names or IP addresses (the first names the files)."""
        leaf = self._ca.issue_cert(*names)
        stem = names[0].replace("*", "wildcard")
        certificate = Certificate(self.folder / f"{stem}.pem", self.folder / f"{stem}.key")
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        certificate.cert.write_bytes(chain)
        descriptor = os.open(certificate.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(leaf.private_key_pem.bytes())
        return certificate

    def client_context(self) -> ssl.SSLContext:
        """Return a TLS context that trusts this authority only."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=str(self.ca_file))
        return context
