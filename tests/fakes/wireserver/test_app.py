"""The wire server, HostGAPlugin and IMDS, asked over real sockets."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree as ET

import pytest
import requests

from fakes.fabric.serving import serving, tcp_socket
from fakes.notsimulated import NotSimulatedLog
from fakes.wireserver.app import wire_app
from fakes.wireserver.goalstate import GoalStates
from fakes.wireserver.hostga import hostga_app
from fakes.wireserver.imds import imds_app

NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"


@contextmanager
def served(app) -> Iterator[str]:
    ready, stop, url = threading.Event(), None, ""

    async def main() -> None:
        nonlocal stop, url
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with serving(app, tcp_socket()) as url:
            quit_ = stop

            def end() -> None:
                loop.call_soon_threadsafe(quit_.set)

            stop = end
            ready.set()
            await quit_.wait()

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(10)
    try:
        yield url
    finally:
        stop()
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def log() -> NotSimulatedLog:
    return NotSimulatedLog()


@pytest.fixture
def states(log) -> GoalStates:
    return GoalStates(log)


def test_an_agent_walks_from_versions_to_settings(states, log):
    vm = states.add("/subscriptions/s/vm1", "https://acct.blob.core.windows.net/status/vm1?sig=x&se=y")
    states.publish_extension(vm.vm_id, NAME, "1.0.9100.0", {"taskId": "<1>"})
    with served(wire_app(vm, {NAME: {"1.0.9100.0": lambda: b"PK"}}, log)) as url:
        assert "2012-11-30" in requests.get(f"{url}/?comp=versions", timeout=5).text
        goal = ET.fromstring(requests.get(f"{url}/machine/?comp=goalstate", timeout=5).text)
        assert goal.findtext("Incarnation") == "2"
        for kind in ("HostingEnvironmentConfig", "SharedConfig"):
            ET.fromstring(requests.get(goal.findtext(f".//{kind}"), timeout=5).text)
        config = ET.fromstring(requests.get(goal.findtext(".//ExtensionsConfig"), timeout=5).text)
        assert config.findtext("StatusUploadBlob").endswith("?sig=x&se=y")
        assert '"taskId": "<1>"' in config.findtext(".//RuntimeSettings")
        location = config.find(".//Plugins/Plugin").get("location")
        manifest = ET.fromstring(requests.get(location, timeout=5).text)
        assert requests.get(manifest.findtext(".//Uri"), timeout=5).content == b"PK"
    assert log.entries() == []


def test_a_removed_extension_is_to_be_uninstalled(states, log):
    vm = states.add("vm")
    states.publish_extension("vm", NAME, "1.0", {})
    states.remove_extension("VM", NAME)
    with served(wire_app(vm, {}, log)) as url:
        goal = ET.fromstring(requests.get(f"{url}/machine?comp=goalstate", timeout=5).text)
        config = ET.fromstring(requests.get(goal.findtext(".//ExtensionsConfig"), timeout=5).text)
    assert config.find(".//Plugins/Plugin").get("state") == "uninstall"
    assert config.find(".//PluginSettings/Plugin") is None


def test_another_containers_configuration_is_gone(states, log):
    with served(wire_app(states.add("vm"), {}, log)) as url:
        answer = requests.get(f"{url}/machine/other/x?comp=config&type=sharedConfig", timeout=5)
    assert answer.status_code == 410


@pytest.mark.parametrize("path", ["/machine?comp=certificates", "/?comp=nothing", "/unknown"])
def test_unknown_requests_are_refused_loudly(states, log, path):
    with served(wire_app(states.add("vm"), {}, log)) as url:
        answer = requests.get(url + path, timeout=5)
    assert answer.status_code == 501
    assert answer.text.startswith("NOT SIMULATED: wire server request GET")
    assert len(log.entries()) == 1


def test_protected_settings_are_refused(states, log):
    states.add("vm")
    with pytest.raises(Exception, match="protectedSettings"):
        states.publish_extension("vm", NAME, "1.0", {}, {"secret": 1})
    assert log.entries()


def test_the_host_plugin_carries_a_status_blob(log):
    calls, seen = [], []

    async def fetch(method, url, headers, body):
        calls.append((method, url, headers, body))
        return (201, b"") if "good" in url else (403, b"AuthenticationFailed")

    def order(uri):
        return {
            "requestUri": uri,
            "headers": [{"headerName": "x-ms-blob-type", "headerValue": "BlockBlob"}],
            "content": base64.b64encode(b"{}").decode(),
        }

    with served(hostga_app("vm", fetch, seen.append, log)) as url:
        assert "2015-09-01" in requests.get(f"{url}/versions", timeout=5).json()
        assert requests.get(f"{url}/vmSettings", timeout=5).status_code == 404
        assert requests.put(f"{url}/status", json=order("https://good/"), timeout=5).status_code == 200
        assert requests.put(f"{url}/status", json=order("https://bad/"), timeout=5).status_code == 403
        assert requests.put(f"{url}/status", data="{", timeout=5).status_code == 400
    assert calls[0] == ("PUT", "https://good/", {"x-ms-blob-type": "BlockBlob"}, b"{}")
    assert seen == [b"{}"]


def test_instance_metadata_wants_its_header_and_version(log):
    with served(imds_app({"name": "srv1", "osType": "Linux"}, {"interface": []}, log)) as url:
        compute = f"{url}/metadata/instance/compute"
        good = {"headers": {"Metadata": "true"}, "params": {"api-version": "2021-02-01"}, "timeout": 5}
        assert requests.get(compute, **good).json()["name"] == "srv1"
        assert requests.get(f"{compute}/osType", **good).text == "Linux"
        assert set(requests.get(f"{url}/metadata/instance", **good).json()) == {"compute", "network"}
        assert requests.get(compute, timeout=5).status_code == 400
        assert requests.get(f"{compute}/nothing", **good).status_code == 404
        assert requests.get(f"{url}/metadata/attested/document", **good).status_code == 501
