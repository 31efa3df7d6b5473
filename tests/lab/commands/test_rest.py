"""The control plane for a trainee."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab.commands.rest import filled
from lab.errors import UsageError

LAB = str(Path(sys.executable).with_name("lab"))
ROOT = Path(__file__).parents[3]
FACTS = {"vm_id": "/subscriptions/s/vm", "nsg_id": "/subscriptions/s/nsg"}


def test_names_in_braces_are_filled_in():
    assert (
        filled("{nsg_id}/securityRules?api-version=1", FACTS)
        == "/subscriptions/s/nsg/securityRules?api-version=1"
    )
    assert filled("${vm_id}", FACTS) == "/subscriptions/s/vm"


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("{nsg_idd}", r"\{nsg_idd\}: no such name; did you mean 'nsg_id'\?"),
        ("https://x", "a path starts with /"),
    ],
)
def test_a_bad_path_is_one_clear_line(path, complaint):
    with pytest.raises(UsageError, match=complaint):
        filled(path, FACTS)


@pytest.mark.azurite
def test_a_trainee_reads_and_changes_a_rule_and_it_is_recorded(tmp_path):
    environment = {
        **os.environ,
        "LAB_STATE_DIR": str(tmp_path / "state"),
        "LAB_SCENARIOS": str(ROOT / "scenarios"),
    }

    def lab(*arguments):
        done = subprocess.run(
            [LAB, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr

    rule = {
        "priority": 150, "direction": "Outbound", "access": "Allow", "protocol": "*", "sourceAddressPrefix": "*",
        "sourcePortRange": "*", "destinationAddressPrefix": "Storage", "destinationPortRange": "*",
    }  # fmt: skip
    body = json.dumps({"properties": rule})
    rules = "{nsg_id}/securityRules"
    assert lab("train", "vss_bad_state")[0] == 0
    (session,) = [path.stem for path in (tmp_path / "state" / "sessions").glob("*.json")]
    try:
        assert "nsg_id " in lab("rest")[1]
        assert lab("rest", "PUT", f"{rules}/Mine?api-version=2018-02-01", "--body", body)[0] == 0
        code, out, _ = lab("rest", "get", f"{rules}?api-version=2018-02-01")
        assert (code, [one["name"] for one in json.loads(out)["value"]]) == (0, ["Mine"])
        code, _, err = lab("rest", "GET", f"{rules}/None?api-version=2018-02-01")
        assert (code, err.strip()) == (1, "HTTP 404")
        assert lab("rest", "PUT", f"{rules}/Mine?api-version=2018-02-01", "--body", "{")[0] == 2
    finally:
        lab("reap", session)
    recorded = "".join(path.read_text() for path in tmp_path.rglob("shell.jsonl"))
    assert "securityRules/Mine" in recorded
