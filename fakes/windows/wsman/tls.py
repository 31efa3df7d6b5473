"""The TLS side of a listener, made when the first client comes."""

from __future__ import annotations

import socket
import ssl
import threading
from os import PathLike
from pathlib import Path

HANDSHAKE_TIMEOUT = 10.0


class TlsServer:
    """A certificate, and the connections it serves.

    Args:
        cert: Path of the certificate chain, PEM.
        key: Path of its key, PEM.
    """

    def __init__(self, cert: str | PathLike[str], key: str | PathLike[str]) -> None:
        self._cert = cert
        self._key = key
        self._lock = threading.Lock()
        self._made: tuple[ssl.SSLContext, bytes] | None = None

    def wrap(self, connection: socket.socket) -> tuple[ssl.SSLSocket, bytes]:
        """Do the handshake; return the TLS socket and its channel binding data (RFC 5929).

        Raises:
            OSError: The client speaks no TLS, does not trust us, or is too slow.
        """
        with self._lock:
            if self._made is None:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self._cert, self._key)
                self._made = context, _end_point_binding(self._cert)
            context, bindings = self._made
        connection.settimeout(HANDSHAKE_TIMEOUT)
        return context.wrap_socket(connection, server_side=True), bindings


def _end_point_binding(cert: str | PathLike[str]) -> bytes:
    """Return ``tls-server-end-point:`` and the hash of the certificate (RFC 5929 4.1)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    certificate = x509.load_pem_x509_certificate(Path(cert).read_bytes())
    algorithm = certificate.signature_hash_algorithm
    if algorithm is None or algorithm.name in ("md5", "sha1"):
        algorithm = hashes.SHA256()
    return b"tls-server-end-point:" + certificate.fingerprint(algorithm)
