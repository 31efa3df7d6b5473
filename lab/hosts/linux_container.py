"""The container of a Linux guest: created so that systemd boots in it, read and removed."""

from __future__ import annotations

import io
import math
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager

from lab.engine_setup import Engine
from lab.errors import CommandTimeout, HostUnreachable, InfrastructureError
from lab.hosts.container import execute

CAPABILITIES = ["SYS_ADMIN", "NET_ADMIN", "NET_RAW"]
"""What systemd (mounts) and network faults (packet filters) need on top of the engine's default."""

TEMPORARY = {"/run": "", "/run/lock": "", "/tmp": "exec"}  # noqa: S108 - the guest's own /tmp
NAME_SERVER = "168.63.129.16"
SHUT_DOWN_SECONDS = 20
LOG_FOLDER = "/var/log"
LOG_LIMIT = 512 * 1024

RELEASE_DEVICES = """
grep '^/dev/\\(loop\\|zram\\)' /proc/mounts | while read -r device point rest; do
  fsfreeze -u "$point" 2>/dev/null
  umount "$point" || umount -l "$point"
  losetup -d "$device" 2>/dev/null
done
true
"""
"""Loop devices are the whole machine's: attached ones would outlive the container."""

LAST_WORD = "/var/lib/lab-last-word"
NOTE_LAST_WORDS = f"""
hook=/usr/lib/systemd/system-shutdown/lab-last-word
printf '#!/bin/sh\\necho "$1" > {LAST_WORD}\\n' > "$hook" && chmod +x "$hook"
"""
"""systemd-shutdown(8) calls these with poweroff, halt or reboot, the last thing before its end."""


def create(
    engine: Engine,
    name: str,
    *,
    image: str,
    hostname: str,
    labels: dict[str, str],
    loop_devices: bool,
) -> None:
    """Create the container, not yet started and without any network.

    Raises:
        InfrastructureError: The engine refused.
    """
    from docker.errors import APIError

    api = engine.client.api
    legacy_cgroups = str(engine.client.info().get("CgroupVersion", "1")) == "1"
    try:
        api.create_container(
            image,
            name=name,
            hostname=hostname,
            labels={**labels, "lab.role": "guest"},
            host_config=api.create_host_config(
                network_mode="none",
                cap_add=CAPABILITIES,
                security_opt=["seccomp=unconfined", "apparmor=unconfined"],
                tmpfs=TEMPORARY,
                dns=[NAME_SERVER],
                # cgroup v1: systemd finds the machine's hierarchies, read-only. With v2 the
                # container has a namespace of its own, which its init makes writable.
                binds=["/sys/fs/cgroup:/sys/fs/cgroup:ro"] if legacy_cgroups else [],
                cgroupns=None if legacy_cgroups else "private",
                devices=["/dev/loop-control:/dev/loop-control:rwm"] if loop_devices else [],
                device_cgroup_rules=["b 7:* rmw"] if loop_devices else [],
            ),
        )
    except APIError as error:
        raise InfrastructureError(
            f"the engine did not create the guest {name}: {error.explanation or error}"
        ) from error


def start(engine: Engine, name: str) -> None:
    """Start the container; its init waits for the wire before systemd boots.

    Raises:
        InfrastructureError: The engine refused.
    """
    from docker.errors import APIError

    try:
        engine.client.api.start(name)
    except APIError as error:
        raise InfrastructureError(f"the guest {name} did not start: {error.explanation or error}") from error


def shut_down(engine: Engine, name: str) -> None:
    """Ask systemd to halt and wait for it; after 20 s the engine pulls the plug.

    Raises:
        InfrastructureError: The container is gone, or the engine refused.
    """
    from docker.errors import APIError

    release_devices(engine, name)
    try:
        engine.client.api.stop(name, timeout=SHUT_DOWN_SECONDS)
    except APIError as error:
        raise InfrastructureError(f"the guest {name} did not stop: {error.explanation or error}") from error


def running(engine: Engine, name: str) -> bool:
    """Whether the container runs.

    Raises:
        InfrastructureError: It is gone, or the engine does not answer.
    """
    with _asked(name):
        return bool(engine.client.api.inspect_container(name)["State"]["Running"])


def wait_stopped(engine: Engine, name: str, timeout: float) -> None:
    """Wait until a container that shuts itself down has stopped.

    Raises:
        InfrastructureError: It did not in ``timeout`` seconds.
    """
    with _asked(name):
        engine.client.api.wait(name, timeout=math.ceil(timeout))


def note_last_words(engine: Engine, name: str) -> None:
    """Let the guest note whether it restarts or is switched off: its container cannot tell.

    Without CAP_SYS_BOOT, which would be the whole machine's, both end with exit code 0.
    """
    execute(engine, name, ["/bin/sh", "-c", NOTE_LAST_WORDS], timeout=20)


def last_word(engine: Engine, name: str) -> str:
    """Return what a guest did last: ``reboot``, ``poweroff``, ``halt``; nothing when it was killed."""
    from docker.errors import NotFound

    with _asked(name):
        try:
            chunks, _ = engine.client.api.get_archive(name, LAST_WORD)
            content = b"".join(chunks)
        except NotFound:
            return ""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        file = archive.extractfile(archive.getmembers()[0])
        return file.read().decode(errors="replace").strip() if file else ""


@contextmanager
def _asked(name: str) -> Iterator[None]:
    """Turn what the engine raises into one clear line."""
    import requests
    from docker.errors import APIError

    try:
        yield
    except APIError as error:
        raise InfrastructureError(f"guest {name}: {error.explanation or error}") from error
    except requests.RequestException as error:
        raise InfrastructureError(f"guest {name}: the engine does not answer: {error}") from error


def release_devices(engine: Engine, name: str) -> None:
    """Thaw, unmount and detach the guest's loop devices, if it runs and has any."""
    try:
        execute(engine, name, ["/bin/sh", "-c", RELEASE_DEVICES], timeout=20)
    except (HostUnreachable, CommandTimeout):
        return  # not running (nothing is mounted), or stuck: removal takes the mounts with it


def remove(engine: Engine, name: str) -> None:
    """Remove the container; one that is gone, or just going, is fine."""
    from docker.errors import APIError, NotFound

    try:
        engine.client.api.remove_container(name, force=True, v=True)
    except NotFound:
        return
    except APIError as error:
        if error.status_code != 409:
            raise


def tail(engine: Engine, name: str) -> str:
    """Return the end of the container's console."""
    from docker.errors import APIError

    try:
        return bytes(engine.client.api.logs(name, tail=50)).decode(errors="replace")
    except APIError as error:
        return f"(no console: {error.explanation or error})"


def log_files(engine: Engine, name: str) -> dict[str, str]:
    """Return path -> text (its last 512 KiB) of the agent's and extensions' log files.

    Works on a stopped guest, too.
    """
    from docker.errors import APIError

    try:
        chunks, _ = engine.client.api.get_archive(name, LOG_FOLDER)
        content = b"".join(chunks)
    except APIError as error:
        return {"logs": f"({error.explanation or error})"}
    found = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            wanted = "waagent" in member.name or member.name.startswith("log/azure/")
            stream = archive.extractfile(member) if wanted and member.isfile() else None
            if stream is not None:
                found[f"/var/{member.name}"] = stream.read()[-LOG_LIMIT:].decode(errors="replace")
    return dict(sorted(found.items()))
