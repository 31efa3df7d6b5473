"""The fabric's configuration: what is wrong is named."""

from __future__ import annotations

import pytest

from fakes.fabric.config import ConfigError, FabricConfig

NAMES = (
    "tenant subscription resource_group location vm computer_name nic nsg vnet subnet "
    "storage_account vault policy admin_user admin_password"
)


def config(tmp_path, **changes):
    data = {
        "session": "abc",
        "dir": str(tmp_path),
        "expires": "2030-01-01T00:00:00+00:00",
        "identity": {name: name for name in NAMES.split()},
        "hosts": {"vm": {"os": "windows"}},
    }
    return {key: value for key, value in {**data, **changes}.items() if value is not None}


def test_a_whole_configuration_is_read(tmp_path):
    parsed = FabricConfig.parse(config(tmp_path, seed=7))
    assert (parsed.seed, parsed.dir, parsed.hosts["vm"].kind) == (7, tmp_path, "simulated")


def test_passwords_do_not_show(tmp_path):
    assert "'admin_password'" not in repr(FabricConfig.parse(config(tmp_path)).identity)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"session": None}, "session: missing"),
        ({"identity": None}, "identity: missing"),
        ({"colour": 1}, "colour: unknown"),
        ({"hosts": {"vm": {}}}, "hosts.vm.os: missing"),
        ({"hosts": {"vm": {"os": "beos"}}}, "hosts.vm.os: expected windows or linux, found 'beos'"),
        ({"hosts": {"vm": {"os": "windows", "kind": "x"}}}, "hosts.vm.kind: expected simulated or real"),
        ({"expires": "soon"}, "soon"),
        ({"expires": "2030-01-01T00:00:00"}, "expires: needs a time zone"),
        ({"dir": "/nonexistent/x"}, "dir: .* is not a folder"),
        ({"hosts": []}, "items"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, changes, complaint):
    with pytest.raises(ConfigError, match=complaint):
        FabricConfig.parse(config(tmp_path, **changes))
