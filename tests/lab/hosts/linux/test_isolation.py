"""A guest reaches its lab and nothing else, whatever its root user tries."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

CONNECT = """
import socket, sys
for target in sys.argv[1:]:
    host, port = target.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), 1.5).close()
        print("REACHED", target)
    except OSError as error:
        print("failed", target, error)
"""

SPRAY = """
# Every kind of packet a root user can make, over every route they can add.
ip route replace 192.0.2.0/24 via 10.0.0.1
ip route replace 172.16.0.0/12 via 10.0.0.1 onlink dev eth0
ip route replace default dev eth0
ip addr add 172.17.0.99/16 dev eth0
for target in "$@"; do
  ping -c 1 -W 1 "$target" >/dev/null 2>&1 && echo "REACHED $target by ping"
  ping -c 1 -W 1 -r "$target" >/dev/null 2>&1 && echo "REACHED $target by ping without routing"
done
python3 - "$@" <<'EOT'
import socket, struct, sys, time
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
link.bind(("eth0", 0))
link.settimeout(1.0)
def packet(target):
    payload = b"lab leak"
    udp = struct.pack(">HHHH", 4711, 4711, 8 + len(payload), 0) + payload
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0,
                       socket.inet_aton("10.0.0.4"), socket.inet_aton(target))
    return head + udp
for target in sys.argv[1:]:
    for _ in range(3):
        try:
            raw.sendto(packet(target), (target, 0))
        except OSError:
            pass
        link.send(b"\\xff" * 6 + b"\\x02\\x00\\x00\\x00\\x00\\x01" + b"\\x08\\x00" + packet(target))
print("sprayed")
EOT
"""


def host_addresses() -> list[str]:
    """Return the IPv4 addresses of this machine, the engine's bridge among them."""
    lines = subprocess.run(
        ["ip", "-4", "-o", "addr"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [line.split()[3].split("/")[0] for line in lines if " lo " not in line]


def test_a_root_user_cannot_connect_out_of_the_lab(lab):
    _, guest = lab
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        targets = [f"{address}:{port}" for address in host_addresses()]
        assert targets, "this machine has no address to try"
        targets += ["192.0.2.1:80", "198.51.100.1:443", "10.0.0.1:80", "10.0.0.1:22", "168.63.129.16:22"]
        result = guest.run(f"python3 - {' '.join(targets)}", "bash", stdin=CONNECT, timeout=60)
    assert result.ok, result.output
    assert "REACHED" not in result.stdout
    assert result.stdout.count("failed") == len(targets)


def test_no_packet_of_a_guest_arrives_at_the_host(lab, tmp_path):
    _, guest = lab
    seen: list[bytes] = []
    listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    listener.settimeout(0.2)
    done = threading.Event()

    def listen():
        while not done.is_set():
            try:
                frame = listener.recv(65535)
            except TimeoutError:
                continue
            if b"lab leak" in frame:
                seen.append(frame)

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            control.sendto(b"lab leak control", (host_addresses()[0], 4711))
        script = tmp_path / "spray.sh"
        script.write_text(SPRAY)
        result = guest.run_script(script, args=[*host_addresses(), "192.0.2.1", "172.17.0.1"], timeout=60)
    finally:
        done.set()
        thread.join()
        listener.close()
    assert "sprayed" in result.stdout, result.output
    assert "REACHED" not in result.stdout
    assert any(b"control" in frame for frame in seen), "the listener heard nothing at all"
    assert [frame for frame in seen if b"control" not in frame] == []


def test_the_guest_has_one_wire_and_no_other_interface(lab):
    _, guest = lab
    names = guest.run("ls /sys/class/net", "bash").stdout.split()
    assert set(names) - {"eth0", "lo"} <= {
        "tunl0",
        "sit0",
        "gre0",
        "gretap0",
        "erspan0",
        "ip6tnl0",
        "ip_vti0",
    }
    networks = guest.engine.client.containers.get(guest.container).attrs["NetworkSettings"]["Networks"]
    assert list(networks) == ["none"]


def test_two_labs_with_the_same_addresses_do_not_see_each_other(labs):
    (first_fabric, first), (second_fabric, second) = labs(), labs()
    assert first.run("ip -4 -o addr show eth0", "bash").stdout.split()[3] == "10.0.0.4/24"
    assert second.run("ip -4 -o addr show eth0", "bash").stdout.split()[3] == "10.0.0.4/24"
    first_fabric.wait_report(lambda _: True, 20)
    second_fabric.wait_report(lambda _: True, 20)
    first.run("systemctl stop walinuxagent", "bash")
    assert second_fabric.ask_for_snapshot().status == "success"
    assert first_fabric.storage.asked == []


def links() -> set[str]:
    """Return the network interfaces of the host's own namespace."""
    return {line.split()[0] for line in output("ip", "-br", "link").splitlines()}


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_nothing_is_left_after_stop(labs):
    before = links()
    _, guest = labs(loop_devices=True)
    api = guest.engine.client.api
    pids = [api.inspect_container(name)["State"]["Pid"] for name in (guest.container, guest.gateway.name)]
    children = output("ps", "-o", "pid=", "--ppid", str(pids[1])).split()
    namespaces = {str(Path(f"/proc/{pid}/ns/net").readlink())[5:-1] for pid in [*pids, *children]}
    assert len(namespaces) == 3, "guest, gateway, cloud"
    nodes = "for i in $(seq 0 63); do [ -e /dev/loop$i ] || mknod /dev/loop$i b 7 $i; done"
    mount = "truncate -s 16M /tmp/d && mkfs.ext4 -q /tmp/d && mkdir /d && mount -o loop /tmp/d /d && fsfreeze -f /d"
    assert guest.run(f"{nodes}; {mount}", "bash").ok
    device = guest.run("findmnt -no SOURCE /d", "bash").stdout.strip()
    assert links() == before, "the wire never shows in the host's own namespace"

    guest.stop()

    label = f"lab.session={guest.labels['lab.session']}"
    assert guest.engine.client.containers.list(all=True, filters={"label": label}) == []
    assert links() == before
    assert device not in output("losetup", "-n", "-O", "NAME").split()
    deadline = time.monotonic() + 5  # the kernel takes namespaces down after their last process
    while (left := namespaces & set(output("lsns", "-t", "net", "-n", "-o", "NS").split())) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)
    assert left == set()
