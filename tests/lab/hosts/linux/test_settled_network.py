from __future__ import annotations

import hashlib

import pytest

from lab.engine_setup import Engine
from lab.errors import InfrastructureError
from lab.hosts.linux import GuestSpec, LinuxGuest


@pytest.mark.parametrize("way", ["run", "run_script"])
def test_no_command_meets_a_network_that_is_not_in_force(tmp_path, way):
    guest = LinuxGuest(
        Engine(tmp_path / "no.sock"), GuestSpec("vm"), session="test", expires=0, sockets=tmp_path
    )
    guest.gateway.folder.mkdir()
    rules = b"table inet broken {"
    (guest.gateway.folder / "ruleset.nft").write_bytes(rules)
    refused = f"error {hashlib.sha256(rules).hexdigest()}\nsyntax error"
    (guest.gateway.folder / "ruleset.applied").write_text(refused)
    script = tmp_path / "probe.sh"
    script.write_text("true")
    with pytest.raises(InfrastructureError, match="nft refused the ruleset") as told:
        guest.run("true", "bash") if way == "run" else guest.run_script(script)
    assert told.value.detail == "syntax error"
