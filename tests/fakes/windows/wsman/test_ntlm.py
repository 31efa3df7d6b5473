"""The acceptor of NTLM and SPNEGO against pyspnego's client."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
from datetime import UTC, datetime

import pytest
import spnego
from spnego.channel_bindings import GssChannelBindings

from fakes.windows.wsman import pyspnego_internals as raw
from fakes.windows.wsman.ntlm import LogonFailure, NtlmAcceptor, NtlmV1Refused, nt_hash_of
from fakes.windows.wsman.spnego import KerberosRefused, NegotiateAcceptor

NOW = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
END_POINT = b"tls-server-end-point:" + hashlib.sha256(b"certificate").digest()


def acceptor(bindings=None, password="secret"):
    hashed = nt_hash_of(password)
    known = {"labadmin": hashed}
    return NtlmAcceptor("SRV1", lambda name: known.get(name.lower()), lambda: NOW, bindings)


def client(protocol="ntlm", user="labadmin", bindings=None):
    return spnego.client(
        user,
        "secret",
        protocol=protocol,
        channel_bindings=GssChannelBindings(application_data=bindings) if bindings else None,
        options=spnego.NegotiateOptions.use_negotiate
        if protocol == "negotiate"
        else spnego.NegotiateOptions.use_ntlm,
    )


def shake(initiator, server):
    token = initiator.step()
    while token is not None:
        answer = server.step(token)
        token = initiator.step(answer) if answer else None
    return server


def test_nt_hash_is_that_of_the_specification():
    # MS-NLMP 4.2.2.1.2
    assert nt_hash_of("Password").hex() == "a4f49c406510bdcab6824ee7c30fd852"


@pytest.mark.parametrize("protocol", ["ntlm", "negotiate"])
@pytest.mark.parametrize("user", ["labadmin", "LabAdmin", r"SRV1\labadmin", r"X\labadmin"])
def test_handshake_and_sealing_both_ways(protocol, user):
    initiator = client(protocol, user)

    server = shake(initiator, NegotiateAcceptor(acceptor()))

    assert server.complete
    for number in range(3):
        sealed = initiator.wrap_winrm(b"to %d" % number)
        assert server.security.unwrap(sealed.header, sealed.data) == b"to %d" % number
        signature, data = server.security.wrap(b"fro %d" % number)
        assert initiator.unwrap_winrm(signature, data) == b"fro %d" % number


def test_challenge_names_the_host_its_time_and_version():
    challenge = raw.Challenge.unpack(acceptor().challenge(client().step()))

    info = challenge.target_info
    assert challenge.target_name == "SRV1"
    assert {info[key] for key in (raw.AvId.nb_computer_name, raw.AvId.nb_domain_name)} == {"SRV1"}
    assert abs((info[raw.AvId.timestamp].replace(tzinfo=UTC) - NOW).total_seconds()) < 1
    assert (challenge.version.major, challenge.version.build) == (10, 17763)


@pytest.mark.parametrize(
    ("server", "user", "says"),
    [
        (acceptor(password="other"), "labadmin", "wrong password of user labadmin"),
        (acceptor(), "nobody", "no local user nobody"),
    ],
)
def test_logon_failure(server, user, says):
    with pytest.raises(LogonFailure, match=says):
        shake(client(user=user), NegotiateAcceptor(server))


@pytest.mark.parametrize("given", [None, END_POINT])
def test_channel_bindings_relaxed(given):
    assert shake(client(bindings=given), NegotiateAcceptor(acceptor(END_POINT))).complete


def test_bindings_of_another_channel_are_a_relayed_logon():
    with pytest.raises(LogonFailure, match="another TLS channel"):
        shake(client(bindings=b"tls-server-end-point:x"), NegotiateAcceptor(acceptor(END_POINT)))


def test_ntlm_v1_is_refused(monkeypatch):
    monkeypatch.setenv("LM_COMPAT_LEVEL", "2")
    with pytest.raises(NtlmV1Refused):
        shake(client(), NegotiateAcceptor(acceptor()))


def test_tampered_handshake_fails_its_integrity_code():
    server, initiator = acceptor(), client()
    message = raw.Authenticate.unpack(initiator.step(server.challenge(initiator.step())))
    message.mic = bytes(15) + b"\1"

    with pytest.raises(LogonFailure, match="integrity code"):
        server.authenticate(message.pack())


def test_replayed_message_is_refused():
    initiator = client()
    security = shake(initiator, NegotiateAcceptor(acceptor())).security
    sealed = initiator.wrap_winrm(b"once")
    security.unwrap(sealed.header, sealed.data)

    with pytest.raises(LogonFailure, match="signature"):
        security.unwrap(sealed.header, sealed.data)


def test_offer_of_kerberos_first_is_answered_with_ntlm_and_a_signed_list():
    initiator, server = client(), NegotiateAcceptor(acceptor())
    mechanisms = ["1.2.840.48018.1.2.2", raw.GSSMech.ntlm.value]
    first = raw.unpack_token(server.step(raw.NegTokenInit(mechanisms, mech_token=b"AP-REQ").pack()))
    assert (first.neg_state, first.supported_mech) == (raw.NegState.request_mic, mechanisms[1])

    second = raw.unpack_token(server.step(raw.NegTokenResp(response_token=initiator.step()).pack()))
    token = initiator.step(second.response_token)
    packed = raw.pack_mech_type_list(mechanisms)
    last = raw.NegTokenResp(response_token=token, mech_list_mic=initiator.sign(packed))
    done = raw.unpack_token(server.step(last.pack()))

    assert (server.complete, done.neg_state) == (True, raw.NegState.accept_complete)
    initiator.verify(packed, done.mech_list_mic)


def test_unsigned_list_after_kerberos_was_passed_over_is_refused():
    initiator, server = client(), NegotiateAcceptor(acceptor())
    mechanisms = ["1.2.840.48018.1.2.2", raw.GSSMech.ntlm.value]
    server.step(raw.NegTokenInit(mechanisms, mech_token=b"AP-REQ").pack())
    second = raw.unpack_token(server.step(raw.NegTokenResp(response_token=initiator.step()).pack()))

    with pytest.raises(LogonFailure, match="mechListMIC required"):
        server.step(raw.NegTokenResp(response_token=initiator.step(second.response_token)).pack())
    assert not server.complete


def test_kerberos_only():
    offer = raw.NegTokenInit(["1.2.840.113554.1.2.2"], mech_token=b"AP-REQ").pack()

    with pytest.raises(KerberosRefused, match="Kerberos"):
        NegotiateAcceptor(acceptor()).step(offer)


def test_third_message_first():
    server, initiator = acceptor(), client()
    token = initiator.step(server.challenge(initiator.step()))

    with pytest.raises(LogonFailure, match="without a challenge"):
        NegotiateAcceptor(acceptor()).step(token)


@pytest.mark.parametrize("installed", ["0.10.2", "0.13.0", "1.0.0"])
def test_foreign_version_of_pyspnego_is_refused_loudly(monkeypatch, installed):
    monkeypatch.setattr(importlib.metadata, "version", lambda _: installed)

    with pytest.raises(ImportError, match=rf"pyspnego {installed} is installed.*>=0.11,<0.13"):
        importlib.reload(raw)
