"""For Microsoft's own management clients: a control plane over TLS, and a check of what they get."""

import asyncio
import enum
import gc
import sys
import threading
import types
import typing
from dataclasses import dataclass
from datetime import datetime

import pytest
from azure.core.credentials import AccessToken

from fakes.arm.app import create_app
from fakes.arm.landscape import build
from fakes.arm.plane import ControlPlane
from fakes.clock import Clock
from fakes.fabric.serving import serving, tcp_socket
from fakes.tls import Authority

IDENTITY = {
    "tenant": "22222222-2222-4222-8222-222222222222",
    "subscription": "11111111-1111-4111-8111-111111111111",
    "resource_group": "rg-Contoso",
    "location": "westeurope",
    "vm": "srv-Web01",
    "computer_name": "SRVWEB01",
    "nic": "srv-Web01-nic",
    "nsg": "srv-Web01-nsg",
    "vnet": "vnet-contoso",
    "subnet": "default",
    "storage_account": "contosodisks",
    "admin_user": "azureuser",
    "admin_password": "n0t-a-secret",
}


class Agents:
    """What tests let the guest agents have said."""

    def __init__(self):
        self.reports = {}

    def contacted(self, vm_id):
        return None

    def latest(self, vm_id):
        return self.reports.get(vm_id.lower())


@dataclass
class Served:
    """A control plane that answers on ``url``."""

    plane: ControlPlane
    agents: Agents
    facts: dict
    url: str
    token: str
    ca: str

    def client(self, kind, **kwargs):
        """Construct a management client as the facts of its documentation say."""
        token = self.token

        class Credential:
            def get_token(self, *scopes, **_):
                return AccessToken(token, 4102444800)

        return kind(
            Credential(),
            IDENTITY["subscription"],
            base_url=self.url,
            credential_scopes=[self.url + "/.default"],
            connection_verify=self.ca,
            retry_total=0,
            **kwargs,
        )


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    made = Authority(tmp_path_factory.mktemp("ca"))
    return made, made.issue("localhost", "127.0.0.1")


@pytest.fixture(scope="session")
def event_loop_thread():
    """One event loop for all servers: a TLS connection may close after its test has ended."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop

    async def drain():
        while loop._selector.get_map().keys() - {loop._ssock.fileno()}:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.005)

    gc.collect()  # azure-core keeps a response's socket open as long as the response is reachable
    asyncio.run_coroutine_threadsafe(drain(), loop).result(40)  # asyncio waits 30 s for a TLS goodbye
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def azure(authority, event_loop_thread):
    """A lab's resources behind a control plane that is served over TLS."""
    ca, certificate = authority
    agents = Agents()
    plane = ControlPlane(Clock(), tenant=IDENTITY["tenant"], agents=agents)
    facts = build(plane, IDENTITY, {"vm": {"os": "windows"}})
    server = serving(create_app(plane), tcp_socket(), certificate)

    def run(coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, event_loop_thread).result(10)

    url = run(server.__aenter__())
    yield Served(plane, agents, facts, url, plane.tokens.issue("test"), str(ca.ca_file))
    run(plane.operations.close())
    run(server.__aexit__(None, None, None))


def _hints(model):
    names = {}
    for base in model.__mro__:
        names |= vars(sys.modules[base.__module__])
        package = base.__module__.rpartition(".models.")[0]
        if package:
            names["_models"] = sys.modules[f"{package}.models"]
    return typing.get_type_hints(model, names | {"datetime": sys.modules["datetime"]})


def _walk(model, data, path):
    fields = model({})._attr_to_rest_field
    wire = {field._rest_name: attribute for attribute, field in fields.items()}
    hints = _hints(model)
    for name, value in data.items():
        if name not in wire:
            yield f"{path}.{name}: {model.__name__} has no such property"
        else:
            yield from _check(hints[wire[name]], value, f"{path}.{name}")


def _check(hint, value, path):
    if value is None or hint is typing.Any:
        return
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        kinds = [one for one in args if one is not type(None)]
        enums = [one for one in kinds if isinstance(one, type) and issubclass(one, enum.Enum)]
        if enums:
            if value not in {member.value for kind in enums for member in kind}:
                yield f"{path}: {value!r} is not in {enums[0].__name__}"
        else:
            yield from _check(kinds[0], value, path)
    elif origin is list:
        if isinstance(value, list):
            for i, one in enumerate(value):
                yield from _check(args[0], one, f"{path}[{i}]")
        else:
            yield f"{path}: {value!r} is no list"
    elif origin is dict:
        for name, one in value.items():
            yield from _check(args[1], one, f"{path}.{name}")
    elif hasattr(hint, "_attr_to_rest_field") or "model_base" in str(getattr(hint, "__mro__", "")):
        if isinstance(value, dict):
            yield from _walk(hint, value, path)
        else:
            yield f"{path}: {value!r} is no {hint.__name__}"
    elif hint is datetime:
        if not isinstance(value, str):
            yield f"{path}: {value!r} is no time"
    elif hint in {str, int, float, bool} and (
        not isinstance(value, hint) or (hint is int and isinstance(value, bool))
    ):
        yield f"{path}: {value!r} is no {hint.__name__}"


@pytest.fixture
def conforms():
    """Refuse properties and enum values that the client's own model does not know."""

    def check(model):
        problems = list(_walk(type(model), model.as_dict(), type(model).__name__))
        assert not problems, "\n".join(problems)
        return model

    return check
