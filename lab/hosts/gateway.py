"""A guest's gateway container: started, watched and stopped."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.engine_setup import Engine
from lab.errors import InfrastructureError, PartDied, StartTimeout

CAPABILITIES = ["NET_ADMIN", "SYS_ADMIN", "NET_RAW", "NET_BIND_SERVICE", "DAC_OVERRIDE"]
"""SYS_ADMIN makes the cloud's network namespace; DAC_OVERRIDE opens a user's sockets."""

READY_SECONDS = 30.0
LOOK_SECONDS = 0.01
ALIVE_SECONDS = 0.5
"""How often a waiting lab asks the engine whether the container still runs."""


@dataclass
class Gateway:
    """The gateway of one guest.

    Args:
        engine: Where it runs.
        name: Name of its container.
        image: Tag of the gateway image.
        folder: The guest's folder of sockets; the fabric writes ``dns.json`` and
            ``ruleset.nft`` there, the gateway ``gateway.ready`` and ``ruleset.applied``.
        labels: Labels of the session.
    """

    engine: Engine
    name: str
    image: str
    folder: Path
    labels: dict[str, str]

    def start(self) -> None:
        """Create and start the container.

        Raises:
            InfrastructureError: The folder is missing, or the engine refused.
        """
        from docker.errors import APIError

        if not self.folder.is_dir():
            raise InfrastructureError(
                f"{self.folder} does not exist: the fabric of this session is not running"
            )
        (self.folder / "gateway.ready").unlink(missing_ok=True)
        (self.folder / "ruleset.applied").unlink(missing_ok=True)
        api = self.engine.client.api
        try:
            api.create_container(
                self.image,
                name=self.name,
                labels={**self.labels, "lab.role": "gateway"},
                host_config=api.create_host_config(
                    network_mode="none",
                    cap_drop=["ALL"],
                    cap_add=CAPABILITIES,
                    security_opt=["seccomp=unconfined", "apparmor=unconfined"],
                    sysctls={"net.ipv4.ip_forward": "1"},
                    binds=[f"{self.folder}:/fabric"],
                ),
            )
            api.start(self.name)
        except APIError as error:
            raise InfrastructureError(
                f"the gateway {self.name} did not start: {error.explanation or error}"
            ) from error

    def wait_ready(self, timeout: float = READY_SECONDS) -> None:
        """Wait until every part of it answers and the fabric's ruleset is in force.

        Raises:
            InfrastructureError: nft refused the ruleset.
            StartTimeout: It ended, or was not ready in time; the detail is its log.
        """
        self._await_file("gateway.ready", timeout)
        self.settle(timeout)

    def settle(self, timeout: float = READY_SECONDS) -> None:
        """Wait until the ruleset that the fabric has written last is in force.

        To be called after a change of the network through the control plane, before a
        packet is to meet it. Without a ruleset nothing is waited for.

        Raises:
            InfrastructureError: nft refused the ruleset.
            StartTimeout: The gateway did not take it up in time.
        """
        source = self.folder / "ruleset.nft"
        if source.exists():
            self.wait_ruleset(hashlib.sha256(source.read_bytes()).hexdigest(), timeout)

    def wait_ruleset(self, digest: str, timeout: float = READY_SECONDS) -> None:
        """Wait until the packet filter with this SHA-256 (of ``ruleset.nft``) is in force.

        Raises:
            InfrastructureError: nft refused the ruleset; the detail is what it said.
            StartTimeout: The gateway did not take it up in time.
        """
        answer = self.folder / "ruleset.applied"
        for _ in _looks(timeout):
            text = answer.read_text(encoding="utf-8") if answer.exists() else ""
            first, _, rest = text.partition("\n")
            if first == digest:
                return
            if first == f"error {digest}":
                raise InfrastructureError(f"{self.name}: nft refused the ruleset", detail=rest)
        raise StartTimeout(
            f"{self.name}: the ruleset was not in force after {timeout:g} s", detail=self.log()
        )

    def require_running(self) -> None:
        """Raise unless the gateway does its work: without it, a guest looks as if its network were broken.

        Raises:
            PartDied: It has ended, is paused, or the engine does not answer.
        """
        try:
            state = self.engine.client.api.inspect_container(self.name)["State"]
        except OSError as error:  # the engine's refusals are of that kind, too
            raise PartDied(f"the lab itself is broken: {self.name} cannot be asked for: {error}") from None
        if not state["Running"] or state["Paused"]:
            how = "is paused" if state["Paused"] else f"has ended with exit code {state['ExitCode']}"
            raise PartDied(f"the lab itself is broken: {self.name} {how}", detail=self.log())

    def log(self) -> str:
        """Return the end of the gateway's log."""
        from docker.errors import APIError

        try:
            return bytes(self.engine.client.api.logs(self.name, tail=50)).decode(errors="replace")
        except APIError as error:
            return f"(no log: {error.explanation or error})"

    def stop(self) -> None:
        """Remove the container; one that is gone already is fine."""
        from docker.errors import APIError, NotFound

        try:
            self.engine.client.api.remove_container(self.name, force=True, v=True)
        except NotFound:
            return
        except APIError as error:
            if error.status_code != 409:  # somebody else (the reaper) is removing it
                raise

    def _await_file(self, name: str, timeout: float) -> None:
        path = self.folder / name
        checked = time.monotonic()
        for _ in _looks(timeout):
            if path.exists():
                return
            if time.monotonic() - checked > ALIVE_SECONDS:
                checked = time.monotonic()
                state = self.engine.client.api.inspect_container(self.name)["State"]
                if not state["Running"]:
                    raise StartTimeout(
                        f"{self.name} ended with exit code {state['ExitCode']}", detail=self.log()
                    )
        raise StartTimeout(
            f"{self.name} was not ready after {timeout:g} s (does the engine share "
            f"{self.folder} with this process?)",
            detail=self.log(),
        )


def _looks(timeout: float) -> Iterator[None]:
    """Yield for each look at the shared folder, until the time is up."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        yield
        time.sleep(LOOK_SECONDS)  # no event of a folder shared with an engine works on every system
