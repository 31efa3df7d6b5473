"""The checks of scenarios, on a real guest."""

from __future__ import annotations

import pytest

from lab.engine.guest_checks import judge
from lab.model.checks import FileCheck, PackageCheck, PortCheck, ProcessCheck, ServiceCheck

pytestmark = pytest.mark.engine


def test_checks_see_what_a_stopped_agent_changes(lab):
    _, guest = lab
    checks = [
        ServiceCheck(service="walinuxagent", exists=True, running=True, enabled=True),
        ProcessCheck(process="waagent"),
        PackageCheck(package="waagent"),
        FileCheck(file="/etc/waagent.conf", finds=["^Provisioning.Agent=disabled"]),
        PortCheck(port=22, listening=False),
    ]
    assert [judge(check, guest.testinfra) for check in checks] == [None] * len(checks)
    guest.run("systemctl stop walinuxagent", "bash")
    assert judge(checks[0], guest.testinfra) == "walinuxagent is not running"
    assert judge(checks[1], guest.testinfra) == "waagent is not running"
