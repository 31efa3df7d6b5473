"""A small lab and a client that speaks to it without a socket."""

from types import SimpleNamespace

import pytest

from fakes.arm.app import create_app
from fakes.arm.inprocess import InProcessClient
from fakes.arm.landscape import build
from fakes.arm.plane import ControlPlane
from fakes.clock import Clock

IDENTITY = {
    "subscription": "11111111-1111-4111-8111-111111111111",
    "resource_group": "rg-Lab",
    "location": "westeurope",
    "vm": "srv1",
    "computer_name": "SRV1",
    "nic": "nic1",
    "nsg": "nsg1",
    "vnet": "vnet1",
    "subnet": "default",
    "storage_account": "labdisks",
    "admin_user": "u",
    "admin_password": "p",
}


@pytest.fixture
def lab():
    plane = ControlPlane(Clock())
    facts = build(plane, IDENTITY, {"vm": {"os": "linux", "address": "10.0.0.4"}})
    client = InProcessClient(create_app(plane), plane.tokens.issue("test"))
    yield SimpleNamespace(plane=plane, facts=facts, client=client, call=client.call, wait=client.wait)
    client.loop.run_until_complete(plane.operations.close())
    client.close()
