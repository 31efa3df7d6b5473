"""A Linux guest: a disposable container with systemd, the real agent and one wire."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab import images
from lab.engine_setup import Engine
from lab.errors import CommandTimeout, HostUnreachable, InfrastructureError, StartTimeout, UsageError
from lab.hosts import linux_container, plumbing
from lab.hosts.base import CommandResult, HostOS, Shell
from lab.hosts.container import Finished, execute
from lab.hosts.gateway import Gateway
from lab.hosts.plumbing import Wire

if TYPE_CHECKING:
    from testinfra.host import Host as TestinfraHost

INTERPRETERS = {".sh": "bash", ".py": "python3"}

RUN_STAGED = """
folder=$(mktemp -d /tmp/lab-script.XXXXXX) || exit 125
trap 'rm -rf "$folder"' EXIT
program=$1 name=$2; shift 2
cat > "$folder/$name" || exit 125
cd /root && "$program" "$folder/$name" "$@" < /dev/null
"""
"""A script is a file on the guest while it runs, so it may look at ``$0`` and read its input."""

WAIT_BOOTED = """
until [ -S /run/systemd/private ]; do sleep 0.05; done
state=$(systemctl is-system-running --wait)
while [ "$(systemctl is-active walinuxagent.service)" = activating ]; do sleep 0.05; done
echo "$state"
"""

INSTALL_CA = """
set -eu
mkdir -p /usr/local/share/ca-certificates
file=/usr/local/share/ca-certificates/azure-lab.crt
cat > "$file"
cp "$file" /etc/ssl/certs/azure-lab.pem
ln -sf azure-lab.pem "/etc/ssl/certs/$(openssl x509 -hash -noout -in "$file").0"
cat "$file" >> /etc/ssl/certs/ca-certificates.crt
"""
"""What update-ca-certificates does, for one certificate, in 10 ms instead of 1 s."""

STATE_SCRIPT = Path(__file__).with_name("guest_state.py")


@dataclass(frozen=True)
class GuestSpec:
    """What a Linux guest shall be.

    Attributes:
        name: Its name in the scenario, ``vm``.
        hostname: Its computer name.
        wire: Addresses of its network interface and gateway.
        loop_devices: It may attach loop devices (disks that can be frozen).
    """

    name: str = "vm"
    hostname: str = "srv-linux"
    wire: Wire = field(default_factory=Wire)
    loop_devices: bool = False


class LinuxGuest:
    """A guest and its gateway; implements `lab.hosts.base.Host`.

    Args:
        engine: Where both run.
        spec: What to start.
        session: Id of the session; part of container names and labels.
        expires: Time (Unix seconds) after which a reaper may remove everything.
        sockets: The fabric's folder of sockets; this guest's is the subfolder named by
            its address.
        ca: The lab's CA certificate (PEM), which the guest shall trust.
    """

    fidelity: dict[str, str] = {  # noqa: RUF012 - read-only, and part of the Host protocol
        "guest": "real: systemd and Debian's user land in a container (the kernel is the engine's)",
        "agent": "real: WALinuxAgent as Debian ships it",
        "network": "real: packets through nftables of the lab's gateway",
    }

    def __init__(
        self,
        engine: Engine,
        spec: GuestSpec,
        *,
        session: str,
        expires: int,
        sockets: Path,
        ca: Path | None = None,
    ) -> None:
        self.engine = engine
        self.spec = spec
        self.labels = {"lab.session": session, "lab.expires": str(expires)}
        self.container = f"lab-{session}-{spec.name}"
        self._ca = ca
        self._image = images.DEFINITIONS["guest"].tag
        self.gateway = Gateway(
            engine,
            f"{self.container}-gateway",
            images.DEFINITIONS["gateway"].tag,
            sockets / spec.wire.guest,
            self.labels,
        )

    @classmethod
    def from_ready(
        cls, engine: Engine, ready: Mapping[str, Any], spec: GuestSpec, *, session: str, expires: int
    ) -> LinuxGuest:
        """Return the guest that belongs to a fabric, from the line with which that got ready."""
        return cls(
            engine,
            spec,
            session=session,
            expires=expires,
            sockets=Path(ready["sockets"]),
            ca=Path(ready["ca"]),
        )

    @property
    def name(self) -> str:
        """Name of the guest in the scenario."""
        return self.spec.name

    @property
    def os(self) -> HostOS:
        """Operating system family."""
        return "linux"

    @property
    def testinfra(self) -> TestinfraHost:
        """The guest as pytest-testinfra's host object."""
        from testinfra.host import Host as Testinfra

        from lab.hosts.testinfra_backend import EngineBackend

        return Testinfra(EngineBackend(self.engine, self.container))

    # -- life -----------------------------------------------------------------------

    def start(self) -> None:
        """Start gateway and guest and lay the wire between them; the guest then boots.

        The images must exist (`lab.images.ensure_all`).

        Raises:
            InfrastructureError: The engine refused something, or a part did not come up.
        """
        with ThreadPoolExecutor(2) as pool:
            gateway = pool.submit(self._start_gateway)
            guest = pool.submit(self._start_container)
            guest.result()
            gateway.result()
        self._lay_wire()

    def stop(self) -> None:
        """Remove guest and gateway; what is gone already is fine."""
        linux_container.release_devices(self.engine, self.container)
        with ThreadPoolExecutor(3) as pool:
            parts = [
                pool.submit(linux_container.remove, self.engine, self.container),
                pool.submit(self.gateway.stop),
                pool.submit(linux_container.remove, self.engine, plumbing.helper_name(self.gateway.name)),
            ]
            for part in parts:
                part.result()

    def wait_ready(self, timeout: float) -> None:
        """Wait until systemd has booted and the agent's unit has settled.

        Raises:
            StartTimeout: It has not after ``timeout`` seconds; the detail is its log.
        """
        try:
            done = self._execute(["/bin/sh", "-c", WAIT_BOOTED], timeout=timeout)
        except CommandTimeout as error:
            raise StartTimeout(
                f"guest {self.name} had not booted after {timeout:g} s",
                detail=linux_container.tail(self.engine, self.container),
            ) from error
        state = done.stdout.decode().strip()
        if state not in {"running", "degraded"}:
            raise StartTimeout(
                f"guest {self.name} is {state or 'not running'} instead of booted",
                detail=done.stderr.decode(errors="replace"),
            )

    def restart(self, timeout: float) -> None:
        """Shut systemd down, start the container again, lay a new wire and wait for the boot."""
        linux_container.shut_down(self.engine, self.container)
        linux_container.start(self.engine, self.container)
        self._lay_wire()
        self.wait_ready(timeout)

    def pulse(self) -> None:
        """Nothing: that a guest goes down is seen in its own state."""

    def settle(self, pulse: object, timeout: float) -> str:  # noqa: ARG002  part of the protocol
        """Wait out a restart; see `lab.hosts.base.Host.settle`.

        A container that has shut itself down stays down, whatever it was told; so the guest's last
        word says whether a machine would have come back.
        """
        if linux_container.running(self.engine, self.container):
            if not self._going_down(timeout):
                return ""
            linux_container.wait_stopped(self.engine, self.container, timeout)
        if linux_container.last_word(self.engine, self.container) != "reboot":
            return "is switched off"
        linux_container.start(self.engine, self.container)
        self._lay_wire()
        self.wait_ready(timeout)
        return ""

    def close(self) -> None:
        """Nothing is kept open between commands."""

    # -- commands ---------------------------------------------------------------------

    def run(
        self,
        command: str,
        shell: Shell,
        *,
        stdin: str | None = None,
        timeout: float = 120,
        env: Mapping[str, str] | None = None,
    ) -> CommandResult:
        """Run one command line with bash as root; see `lab.hosts.base.Host.run`.

        The network is then as the control plane last said.
        """
        if shell != "bash":
            raise UsageError(f"host {self.name} is a Linux machine: it has no {shell}, use bash")
        self.gateway.settle()
        done = self._execute(
            ["/bin/bash", "-c", command], stdin=(stdin or "").encode(), timeout=timeout, env=env
        )
        return self._result(command, done)

    def run_script(
        self,
        path: Path,
        *,
        args: Sequence[str] = (),
        timeout: float = 600,
        env: Mapping[str, str] | None = None,
    ) -> CommandResult:
        """Run a ``.sh`` or ``.py`` file of this machine on the guest as root."""
        program = INTERPRETERS.get(path.suffix)
        if program is None:
            raise UsageError(
                f"{path}: a script for the Linux host {self.name} ends in "
                f"{' or '.join(INTERPRETERS)}, not {path.suffix!r}"
            )
        self.gateway.settle()
        argv = ["/bin/sh", "-c", RUN_STAGED, "run", program, path.name, *args]
        done = self._execute(argv, stdin=path.read_bytes(), timeout=timeout, env=env)
        return self._result(shlex.join([path.name, *args]), done)

    def capture_state(self) -> dict[str, Any]:
        """Return packages, units, configuration files, programs, mounts and network."""
        done = self._execute(["python3", "-"], stdin=STATE_SCRIPT.read_bytes(), timeout=60)
        if done.exit_code != 0:
            raise InfrastructureError(
                f"the state of guest {self.name} could not be read",
                detail=done.stderr.decode(errors="replace"),
            )
        state: dict[str, Any] = json.loads(done.stdout)
        return state

    def logs(self) -> dict[str, str]:
        """Return the agent's and extensions' logs, the journal and the gateway's log."""
        found = linux_container.log_files(self.engine, self.container)
        try:
            journal = self._execute(["journalctl", "--no-pager", "-o", "short-iso", "-n", "2000"])
            found["journal"] = journal.stdout.decode(errors="replace")
        except (CommandTimeout, HostUnreachable) as error:
            found["journal"] = f"({error.message})"
        found["gateway"] = self.gateway.log()
        return found

    def _going_down(self, timeout: float) -> bool:
        """Whether systemd is on its way down: it says so, until in the end it answers no more."""
        try:
            done = self._execute(["systemctl", "is-system-running"], timeout=timeout)
        except HostUnreachable:
            return True
        return done.stdout.strip().decode() not in {
            "initializing",
            "starting",
            "running",
            "degraded",
            "maintenance",
        }

    # -- parts --------------------------------------------------------------------------

    def _start_gateway(self) -> None:
        self.gateway.start()
        self.gateway.wait_ready()

    def _start_container(self) -> None:
        linux_container.create(
            self.engine,
            self.container,
            image=self._image,
            hostname=self.spec.hostname,
            labels=self.labels,
            loop_devices=self.spec.loop_devices,
        )
        linux_container.start(self.engine, self.container)
        linux_container.note_last_words(self.engine, self.container)
        if self._ca is not None:
            done = self._execute(["/bin/sh", "-c", INSTALL_CA], stdin=self._ca.read_bytes())
            if done.exit_code != 0:
                raise InfrastructureError(
                    f"the lab's CA could not be installed in guest {self.name}",
                    detail=done.stderr.decode(errors="replace"),
                )

    def _lay_wire(self) -> None:
        plumbing.lay(
            self.engine.client.api,
            image=self.gateway.image,
            gateway=self.gateway.name,
            guest=self.container,
            wire=self.spec.wire,
            labels=self.labels,
        )

    def _execute(
        self,
        argv: Sequence[str],
        *,
        stdin: bytes = b"",
        timeout: float = 60,
        env: Mapping[str, str] | None = None,
    ) -> Finished:
        return execute(self.engine, self.container, argv, stdin=stdin, timeout=timeout, env=env)

    def _result(self, command: str, done: Finished) -> CommandResult:
        return CommandResult(
            host=self.name,
            command=command,
            exit_code=done.exit_code,
            stdout=done.stdout.decode(errors="replace"),
            stderr=done.stderr.decode(errors="replace"),
            seconds=done.seconds,
        )
