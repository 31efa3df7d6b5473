"""Mutated input: whatever arrives, there is an answer, and never an internal error."""

from __future__ import annotations

import random
import socket
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
import spnego

from fakes.notsimulated import NotSimulatedLog
from fakes.windows.wsman import encryption, envelope
from fakes.windows.wsman.auth import ConnectionAuth
from fakes.windows.wsman.connection import Connection
from fakes.windows.wsman.ntlm import LogonFailure, MessageSecurity, NtlmAcceptor, nt_hash_of
from fakes.windows.wsman.service import CMD_SHELL, Service
from fakes.windows.wsman.shells import Shells
from fakes.windows.wsman.spnego import NegotiateAcceptor

SEEDS = range(12)
ROUNDS = 150
HEADER = (
    f'<s:Envelope xmlns:s="{envelope.S}" xmlns:a="{envelope.A}" xmlns:w="{envelope.W}" xmlns:r="{envelope.RSP}">'
    "<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID><w:OperationTimeout>PT0.01S"
    f"</w:OperationTimeout><w:ResourceURI>{CMD_SHELL}</w:ResourceURI><w:OptionSet>"
    '<w:Option Name="WINRS_CODEPAGE">437</w:Option></w:OptionSet><w:SelectorSet>'
    '<w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></s:Header><s:Body>{body}</s:Body>'
    "</s:Envelope>"
)
REQUESTS = {
    f"{envelope.X}/Create": "<r:Shell><r:InputStreams>stdin</r:InputStreams></r:Shell>",
    f"{envelope.X}/Get": "",
    f"{envelope.RSP}/Command": "<r:CommandLine><r:Command>echo</r:Command><r:Arguments>x</r:Arguments></r:CommandLine>",
    f"{envelope.RSP}/Send": '<r:Send><r:Stream Name="stdin" CommandId="{command}" End="true">QUJD</r:Stream></r:Send>',
    f"{envelope.RSP}/Receive": '<r:Receive><r:DesiredStream CommandId="{command}">stdout</r:DesiredStream></r:Receive>',
    f"{envelope.RSP}/Signal": '<r:Signal CommandId="{command}"><r:Code>x/signal/ctrl_c</r:Code></r:Signal>',
}


def mutated(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(5):
            case 0:
                del changed[at : at + chance.randrange(1, 40)]
            case 1:
                changed[at:at] = chance.randbytes(chance.randrange(1, 8))
            case 2:
                piece = changed[at : at + chance.randrange(1, 60)]
                changed[at:at] = piece * chance.randrange(1, 4)
            case 3 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case _:
                changed[at : at + 4] = chance.choice(
                    [b"\0\0\0\0", b"\xff" * 4, b"\xff\xff\0\0", b"-1", b"<", b"&#0;"]
                )
    return bytes(changed)


class Quiet:
    def run(self, command_line, *, stdin, stdout, stderr, stop, skip_cmd_shell=False):
        stdout(command_line.encode("utf-8", "replace"))
        return 0


@pytest.fixture
def connection(host):
    shells = Shells(lambda *_, **__: Quiet(), host.not_simulated, "SRV1")
    service = Service("SRV1", shells, host.not_simulated, lambda _: True, lambda _: True)
    auth = ConnectionAuth("SRV1", None, host.clock.now, NotSimulatedLog(), basic=True)
    with socket.socket() as unused:
        yield Connection(unused, "127.0.0.1", auth, service, running=lambda: True, encrypted_channel=True)
    shells.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_mutated_envelopes(connection, seed):
    chance = random.Random(seed)
    shells = connection._service.shells
    shell = shells.create("labadmin", client_ip="", shell_id=None, cwd=None, env={}, codepage=437)
    command = shells.start(shell, "x", None, skip_cmd_shell=False)
    for _ in range(ROUNDS):
        action, body = chance.choice(list(REQUESTS.items()))
        text = HEADER.format(action=action, shell=shell.id, body=body.format(command=command.id))

        status, answer = connection._process(mutated(chance, text.encode()), "labadmin")

        assert status in (HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR)
        assert b"An internal error occurred" not in answer
        for other in shells.all():
            if other is not shell:
                shells.delete(other)


def handshake(protocol):
    """Return a client, an acceptor and the client's first token."""
    client = spnego.client(
        "labadmin", "secret", protocol=protocol, options=spnego.NegotiateOptions.use_negotiate
    )
    hashed = nt_hash_of("secret")
    ntlm = NtlmAcceptor(
        "SRV1", lambda name: hashed if name == "labadmin" else None, lambda: datetime.now(UTC)
    )
    return client, NegotiateAcceptor(ntlm), client.step()


@pytest.mark.parametrize("protocol", ["ntlm", "negotiate"])
@pytest.mark.parametrize("seed", range(4))
def test_mutated_tokens(protocol, seed):
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        client, acceptor, token = handshake(protocol)
        first = chance.random() < 0.5
        try:
            answer = acceptor.step(mutated(chance, token) if first else token)
            if not first:
                acceptor.step(mutated(chance, client.step(answer)))
        except LogonFailure:
            continue
        if acceptor.complete:
            # The mutation hit a part that carries no proof, such as the workstation's name.
            assert acceptor.ntlm.user == "labadmin"


@pytest.mark.parametrize("seed", SEEDS)
def test_mutated_multipart_is_never_taken_for_another_message(seed):
    chance = random.Random(seed)
    client, acceptor, token = handshake("ntlm")
    acceptor.step(client.step(acceptor.step(token)))
    message = b"<plain/>" * 5
    header, sealed, _ = client.wrap_winrm(message)
    body = encryption.encrypt(message, _Fixed(header, sealed))
    broken = mutated(chance, body)

    try:
        plain = encryption.decrypt(broken, acceptor.security)
    except encryption.MalformedMultipart:
        return
    assert plain == message


class _Fixed(MessageSecurity):
    """Hands out what the client has sealed."""

    def __init__(self, header, sealed):
        self._parts = header, sealed

    def wrap(self, message):
        return self._parts
