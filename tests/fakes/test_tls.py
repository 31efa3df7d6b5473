"""The lab's certificate authority."""

from __future__ import annotations

import ssl
import stat

from fakes.tls import Authority


def test_the_key_is_the_owners_alone(tmp_path):
    certificate = Authority(tmp_path).issue("localhost", "127.0.0.1")
    assert stat.S_IMODE(certificate.key.stat().st_mode) == 0o600
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)


def test_clients_trust_this_authority_only(tmp_path):
    authority = Authority(tmp_path)
    assert len(authority.client_context().get_ca_certs()) == 1


def test_a_wildcard_name_gives_an_ordinary_file_name(tmp_path):
    assert (
        Authority(tmp_path).issue("*.blob.core.windows.net").cert.name == "wildcard.blob.core.windows.net.pem"
    )
