"""The guest as a host of the run engine, in a real container with the real agent."""

from __future__ import annotations

import hashlib
import json
import signal
import time

import pytest

from lab.errors import CommandTimeout, HostUnreachable, StartTimeout, UsageError
from lab.hosts.base import Host
from tests.lab.hosts.linux.fabric import ACCOUNT, EXTENSION, STORAGE_ADDRESS

pytestmark = pytest.mark.engine


def test_it_is_a_host(lab):
    _, guest = lab
    assert isinstance(guest, Host)
    assert (guest.name, guest.os) == ("vm", "linux")
    assert guest.fidelity["agent"].startswith("real")


def test_the_real_agent_reports_ready(lab):
    fabric, guest = lab
    report = fabric.wait_report(lambda _: True, 20)
    assert (report.status, report.version) == ("Ready", "2.7.3.0")
    assert fabric.not_simulated.entries() == []
    assert "waagent" in guest.run("ps -e", "bash").stdout


def test_a_stopped_agent_falls_silent_and_returns(lab):
    fabric, guest = lab
    fabric.wait_report(lambda _: True, 20)
    assert guest.run("systemctl stop walinuxagent", "bash").ok
    assert "waagent" not in guest.run("ps -e", "bash").stdout
    silent = fabric.reports
    with pytest.raises(AssertionError, match="no such report"):
        fabric.wait_report(lambda _: fabric.reports > silent, 3)
    assert guest.run("service walinuxagent start", "bash").ok
    fabric.wait_report(lambda _: fabric.reports > silent, 20)


def test_the_agent_installs_the_extension_which_takes_a_snapshot(lab):
    fabric, guest = lab
    answer = fabric.ask_for_snapshot("os.vhd?sig=ok", "data.vhd?sig=ok")
    assert (answer.status, answer.handler_state) == ("success", "Ready")
    [snapshots] = [part for part in answer.substatus if part.name == "snapshots"]
    assert [one["lun"] for one in json.loads(snapshots.message)] == [-1, 0]
    assert fabric.storage.asked == [
        "/vhds/os.vhd?sig=ok&comp=snapshot",
        "/vhds/data.vhd?sig=ok&comp=snapshot",
    ]
    logs = guest.logs()
    assert "snapshot 2026" in logs[f"/var/log/azure/{EXTENSION}/extension.log"]
    assert "sig=ok" not in logs[f"/var/log/azure/{EXTENSION}/extension.log"]
    assert "Ready" not in logs["gateway"]
    assert "walinuxagent" in logs["journal"] or "waagent" in logs["journal"]


def test_storage_that_refuses_is_not_a_missing_network(lab):
    fabric, _ = lab
    answer = fabric.ask_for_snapshot("os.vhd?sig=forged")
    assert (answer.status, answer.code) == ("error", 15)
    assert "403 AuthenticationFailed" in answer.message


def test_blocked_storage_is_reported_as_no_network_while_the_agent_answers(lab):
    fabric, guest = lab
    block = f"""
table inet nsg {{
  chain forward {{
    type filter hook forward priority 0; policy accept;
    ip daddr {STORAGE_ADDRESS} counter drop
  }}
}}
"""
    (fabric.guest / "ruleset.nft").write_text(block)
    started = time.monotonic()
    guest.gateway.wait_ruleset(hashlib.sha256(block.encode()).hexdigest(), 5)
    assert time.monotonic() - started < 1
    answer = fabric.ask_for_snapshot()
    [error] = [part for part in answer.substatus if part.name == "error"]
    assert answer.code == 76
    assert error.message.startswith("ExtensionSnapshotFailedNoNetwork: ")
    assert fabric.storage.asked == []

    # A command on the guest meets the network as it was last written, without waiting for it.
    probe = f"nc -z -w 1 {STORAGE_ADDRESS} 443"
    assert not guest.run(probe, "bash").ok
    for verdict in ("accept", "drop", "accept"):
        (fabric.guest / "ruleset.nft").write_text(block.replace("counter drop", f"counter {verdict}"))
        assert guest.run(probe, "bash").ok is (verdict == "accept")
    assert fabric.ask_for_snapshot().status == "success"


def test_the_guest_trusts_the_lab_authority_and_knows_its_names(lab):
    _, guest = lab
    host = guest.testinfra
    assert host.addr(ACCOUNT).ipv4_addresses == [STORAGE_ADDRESS]
    assert not host.addr("example.com").is_resolvable
    answer = guest.run(
        f"curl -sS -o /dev/null -w '%{{http_code}}' -X PUT -d '' 'https://{ACCOUNT}/c/b?x'", "bash"
    )
    assert (answer.exit_code, answer.stdout) == (0, "201")
    python = f"import urllib.request as u; u.urlopen(u.Request('https://{ACCOUNT}/c', method='PUT'))"
    assert guest.run(f'python3 -c "{python}"', "bash").ok


def test_restart_boots_systemd_again_behind_a_new_wire(lab):
    fabric, guest = lab
    fabric.wait_report(lambda _: True, 20)
    boot = guest.run("cat /proc/1/stat | cut -d' ' -f22; touch /tmp/gone /root/kept", "bash").stdout
    before = guest.capture_state()
    guest.restart(30)
    after = guest.run("cat /proc/1/stat | cut -d' ' -f22; ls /tmp /root", "bash").stdout
    assert after.split()[0] != boot.strip()
    assert "gone" not in after
    assert "kept" in after
    fabric.wait_next_report(20)
    assert guest.capture_state() == before


@pytest.mark.parametrize(("command", "became"), [("systemctl reboot", ""), ("poweroff", "is switched off")])
def test_a_guest_that_goes_down_comes_back_only_from_a_restart(lab, command, became):
    _, guest = lab
    booted = guest.run("cat /proc/1/stat | cut -d' ' -f22", "bash").stdout

    guest.run(command, "bash")

    assert guest.settle(guest.pulse(), 60) == became
    if became:
        with pytest.raises(HostUnreachable):
            guest.run("true", "bash")
        guest.restart(60)
    assert guest.run("cat /proc/1/stat | cut -d' ' -f22", "bash").stdout != booted
    assert guest.settle(guest.pulse(), 60) == ""


def test_capture_state_sees_what_a_fault_changes_and_nothing_else(lab):
    fabric, guest = lab
    fabric.ask_for_snapshot()
    before = guest.capture_state()
    assert before["packages"]["waagent"].startswith("2.7.3.0")
    assert before["units"]["walinuxagent.service"] == "enabled active"
    assert before["agent"] == {f"{EXTENSION}-1.0.9196.0": "Enabled"}
    fabric.wait_next_report(20)
    assert guest.capture_state() == before, "the state must not change by itself"
    change = (
        "systemctl disable -q --now walinuxagent; echo '# x' >> /etc/waagent.conf; nft add table inet fault"
    )
    assert guest.run(change, "bash").ok
    after = guest.capture_state()
    assert after["units"]["walinuxagent.service"] == "disabled inactive"
    changed = {
        f"{part}/{key}"
        for part in before
        for key in {*before[part], *after[part]}
        if before[part].get(key) != after[part].get(key) and "/etc/rc" not in key  # systemctl's SysV links
    }
    assert changed == {
        "units/walinuxagent.service",
        "files//etc/waagent.conf",
        "files//etc/systemd/system/multi-user.target.wants/walinuxagent.service",
        "network/nft",
    }


def test_run_gives_both_streams_input_environment_and_exit_code(lab):
    _, guest = lab
    result = guest.run("cat; echo $LAB_X >&2; exit 7", "bash", stdin="grüß\n", env={"LAB_X": "a b"})
    assert (result.exit_code, result.stdout, result.stderr) == (7, "grüß\n", "a b\n")
    large = "x" * 300_000
    assert guest.run("cat", "bash", stdin=large).stdout == large
    assert guest.run("head -c 3; exit 0", "bash", stdin=large).stdout == "xxx"


def test_run_refuses_the_shells_of_windows(lab):
    _, guest = lab
    with pytest.raises(UsageError, match="no powershell"):
        guest.run("Get-Service", "powershell")


def test_a_command_that_takes_too_long_is_killed_with_its_children(lab):
    _, guest = lab
    started = time.monotonic()
    with pytest.raises(CommandTimeout, match="did not end in 1 s"):
        guest.run("echo begun; setsid sleep 4711 & sleep 4711", "bash", timeout=1)
    assert time.monotonic() - started < 4
    assert "sleep 4711" not in guest.run("ps -eo args", "bash").stdout.replace("ps -eo args", "")


def test_an_interrupted_command_is_killed_too(lab):
    _, guest = lab

    def interrupt(_signal, _frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        with pytest.raises(KeyboardInterrupt):
            guest.run("sleep 4711", "bash")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert guest.run("pgrep -f 'sleep 471[1]'", "bash").stdout == ""


def test_scripts_run_as_files_with_arguments(lab, tmp_path):
    _, guest = lab
    shell = tmp_path / "fix it.sh"
    shell.write_text('#!/bin/bash\necho "$0|$1|$2"; read -r line || echo no input\n')
    result = guest.run_script(shell, args=["a b", "$HOME"])
    first, second = result.stdout.splitlines()
    assert first.endswith("/fix it.sh|a b|$HOME")
    assert second == "no input"
    python = tmp_path / "probe.py"
    python.write_text("import sys, os\nprint(sys.argv[1:], os.environ['X'])\nsys.exit(3)\n")
    result = guest.run_script(python, args=["1"], env={"X": "y"})
    assert (result.exit_code, result.stdout) == (3, "['1'] y\n")
    assert guest.run("ls /tmp", "bash").stdout == ""
    other = tmp_path / "fix.ps1"
    other.write_text("")
    with pytest.raises(UsageError, match=r"\.sh or \.py"):
        guest.run_script(other)


def test_a_guest_that_is_gone_is_unreachable_and_stops_quietly(lab):
    _, guest = lab
    guest.stop()
    with pytest.raises(HostUnreachable):
        guest.run("true", "bash")
    guest.stop()


def test_a_guest_that_does_not_boot_is_a_start_timeout(lab):
    _, guest = lab
    guest.run("ln -sf /bin/false /sbin/init", "bash")
    with pytest.raises((StartTimeout, HostUnreachable)):
        guest.restart(3)


def test_files_of_the_engine_are_the_guests_own_and_survive_a_restart(lab):
    _, guest = lab
    mounts = guest.run("grep /dev/ /proc/mounts | grep -v ^devpts", "bash").stdout.splitlines()
    assert [line for line in mounts if line.split()[1].startswith("/etc")] == []
    assert (
        guest.run("cat /etc/hostname /etc/resolv.conf", "bash").stdout
        == "srv-linux\nnameserver 168.63.129.16\n"
    )
    change = "sed -i s/168.63.129.16/192.0.2.53/ /etc/resolv.conf && echo 10.0.0.9 peer >> /etc/hosts"
    assert guest.run(change, "bash").ok
    guest.restart(30)
    after = guest.run("cat /etc/resolv.conf /etc/hosts", "bash").stdout
    assert "192.0.2.53" in after
    assert "10.0.0.9" in after


def test_testinfra_asserts_on_the_guest(lab):
    _, guest = lab
    host = guest.testinfra
    assert host.service("walinuxagent").is_enabled
    assert host.package("waagent").is_installed
    assert host.file("/etc/waagent.conf").contains("Extensions.GoalStatePeriod=1")
    assert host.run("exit 3").rc == 3
