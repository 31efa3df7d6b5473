from __future__ import annotations

import asyncio

import pytest

from lab.images.gateway.gatewayd.relay import Relay


async def echo_upper(reader, writer):
    writer.write((await reader.read()).upper())
    await writer.drain()
    writer.close()


def run(scenario):
    asyncio.run(asyncio.wait_for(scenario, 10))


def test_bytes_and_half_closes_pass_in_both_directions(tmp_path):
    async def scenario():
        server = await asyncio.start_unix_server(echo_upper, tmp_path / "s")
        relay = Relay("127.0.0.1", 0, tmp_path / "s")
        await relay.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writer.write(b"hello " * 50_000)
        writer.write_eof()
        assert await reader.read() == b"HELLO " * 50_000
        writer.close()
        await relay.stop()
        server.close()

    run(scenario())


def test_without_the_fabric_a_connection_is_reset(tmp_path):
    async def scenario():
        relay = Relay("127.0.0.1", 0, tmp_path / "nobody")
        await relay.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()
        await relay.stop()

    run(scenario())


def test_the_fabric_may_come_back(tmp_path):
    async def scenario():
        relay = Relay("127.0.0.1", 0, tmp_path / "s")
        await relay.start()
        for _ in range(2):
            server = await asyncio.start_unix_server(echo_upper, tmp_path / "s")
            reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
            writer.write(b"x")
            writer.write_eof()
            assert await reader.read() == b"X"
            writer.close()
            server.close()
            (tmp_path / "s").unlink(missing_ok=True)
        await relay.stop()

    run(scenario())


def test_stopping_cuts_open_connections(tmp_path):
    async def scenario():
        async def silent(reader, writer):
            await reader.read()
            writer.close()

        server = await asyncio.start_unix_server(silent, tmp_path / "s")
        relay = Relay("127.0.0.1", 0, tmp_path / "s")
        await relay.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writer.write(b"x")
        await asyncio.sleep(0.05)
        await relay.stop()
        assert await reader.read() == b""
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", relay.port)
        writer.close()
        server.close()

    run(scenario())
