"""The gateway on its own: when it does not get ready, it says why."""

from __future__ import annotations

import time
import uuid

import pytest

from lab import images
from lab.errors import InfrastructureError, StartTimeout
from lab.hosts import plumbing
from lab.hosts.gateway import Gateway
from lab.hosts.plumbing import Wire

pytestmark = pytest.mark.engine


@pytest.fixture
def gateway(engine, tmp_path):
    session = f"test-{uuid.uuid4().hex[:8]}"
    labels = {"lab.session": session, "lab.expires": str(int(time.time()) + 600)}
    made = Gateway(
        engine, f"lab-{session}-gateway", images.DEFINITIONS["gateway"].tag, tmp_path / "s", labels
    )
    made.folder.mkdir()
    yield made
    made.stop()


def test_it_gets_ready_without_a_fabric_and_stops_twice(gateway):
    gateway.start()
    gateway.wait_ready()
    gateway.settle()
    gateway.stop()
    gateway.stop()


def test_a_missing_fabric_folder_is_named(gateway):
    gateway.folder.rmdir()
    with pytest.raises(InfrastructureError, match="the fabric of this session is not running"):
        gateway.start()


def test_names_that_cannot_be_read_end_it_with_its_log(gateway):
    (gateway.folder / "dns.json").write_text("{")
    gateway.start()
    with pytest.raises(StartTimeout, match="ended with exit code 1") as told:
        gateway.wait_ready(10)
    assert "JSONDecodeError" in told.value.detail


def test_a_ruleset_that_nft_refuses_is_an_error_of_the_lab(gateway):
    (gateway.folder / "ruleset.nft").write_text("table inet x { nonsense }\n")
    gateway.start()
    with pytest.raises(InfrastructureError, match="nft refused the ruleset") as told:
        gateway.wait_ready(10)
    assert "nonsense" in told.value.detail


def test_a_container_that_is_not_running_cannot_be_wired(gateway, engine):
    gateway.start()
    gateway.wait_ready()
    engine.client.api.kill(gateway.name)
    engine.client.api.wait(gateway.name)
    with pytest.raises(InfrastructureError, match="is not running: exited"):
        plumbing.lay(
            engine.client.api,
            image=gateway.image,
            gateway=gateway.name,
            guest=gateway.name,
            wire=Wire(),
            labels=gateway.labels,
        )


def test_a_wire_that_cannot_be_laid_tells_why_and_leaves_no_helper(gateway, engine):
    gateway.start()
    gateway.wait_ready()
    with pytest.raises(InfrastructureError, match="could not be laid") as told:
        plumbing.lay(
            engine.client.api,
            image=gateway.image,
            gateway=gateway.name,
            guest=gateway.name,
            wire=Wire(guest="not-an-address"),
            labels=gateway.labels,
        )
    assert "not-an-address" in told.value.detail
    label = f"lab.session={gateway.labels['lab.session']}"
    left = engine.client.containers.list(all=True, filters={"label": label})
    assert [container.name for container in left] == [gateway.name]


def test_one_that_does_not_do_its_work_is_told(gateway, engine):
    gateway.start()
    gateway.wait_ready()
    gateway.require_running()
    engine.client.api.pause(gateway.name)
    with pytest.raises(InfrastructureError, match=r"lab itself is broken: .*-gateway is paused"):
        gateway.require_running()
    engine.client.api.unpause(gateway.name)
    engine.client.api.kill(gateway.name)
    with pytest.raises(InfrastructureError, match=r"has ended with exit code 137"):
        gateway.require_running()
    gateway.stop()
    with pytest.raises(InfrastructureError, match="cannot be asked for"):
        gateway.require_running()
