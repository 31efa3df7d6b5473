"""Install and start a Docker engine where that is ours to do: as root on Debian or Ubuntu."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from lab.engine_setup.find import Engine, EngineMissing, answers, find
from lab.engine_setup.locking import exclusive
from lab.errors import InfrastructureError, StartTimeout

LOG = Path("/var/log/dockerd-lab.log")
SOCKET = Path("/var/run/docker.sock")
SYSTEMD = Path("/run/systemd/system")
START_SECONDS = 60.0
APT_SECONDS = 600.0

Say = Callable[[str], None]


def is_debian_like(os_release: str) -> bool:
    r"""Tell from the text of ``/etc/os-release`` whether apt installs packages here.

    >>> is_debian_like('ID=ubuntu\nID_LIKE=debian\n')
    True
    >>> is_debian_like('ID=fedora\n')
    False
    """
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    names = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    return bool({"debian", "ubuntu"} & set(names))


def may_install() -> str | None:
    """Return ``None`` when this process can install an engine, else the reason why not."""
    if os.geteuid() != 0:
        return "not root"
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except FileNotFoundError:
        return "not Debian or Ubuntu"
    if not is_debian_like(release) or shutil.which("apt-get") is None:
        return "not Debian or Ubuntu"
    return None


def apt_install(packages: list[str], say: Say) -> None:
    """Install packages with apt, without questions.

    Raises:
        InfrastructureError: apt failed; the detail holds the end of its output.
    """
    say(f"installing {' '.join(packages)} with apt")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        try:
            result = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=APT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise InfrastructureError(f"{' '.join(command)} did not end in {APT_SECONDS:.0f} s") from error
        if result.returncode != 0:
            tail = "\n".join((result.stdout + result.stderr).splitlines()[-15:])
            raise InfrastructureError(
                f"{' '.join(command)} failed with exit code {result.returncode}; "
                "install the packages by hand, then run this again",
                detail=tail,
            )


def start_daemon(
    say: Say, *, socket: Path = SOCKET, log: Path = LOG, timeout: float = START_SECONDS
) -> Engine:
    """Start ``dockerd`` in a session of its own and wait for its socket.

    The daemon outlives this process, holds none of its streams (a CI step that waits for
    the end of its output ends), and logs to a file.

    Raises:
        StartTimeout: It ended, or did not answer in time; the detail is the log's end.
    """
    say(f"starting dockerd (log: {log})")
    with log.open("ab") as stream:
        offset = stream.tell()
        daemon = subprocess.Popen(
            ["dockerd"],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            cwd="/",
        )
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if answers(socket) is None:
            daemon.returncode = 0  # it lives on: no ResourceWarning about a running child
            return Engine(socket)
        try:
            daemon.wait(0.1)  # the poll interval; returns early when the daemon dies
        except subprocess.TimeoutExpired:
            continue
        break
    ended = (
        f"ended with exit code {daemon.returncode}"
        if daemon.returncode is not None
        else (f"did not answer in {timeout:.0f} s")
    )
    with log.open("rb") as stream:
        stream.seek(offset)
        tail = stream.read().decode(errors="replace").splitlines()[-15:]
    raise StartTimeout(f"dockerd {ended}; see {log}", detail="\n".join(tail))


def start(say: Say) -> Engine:
    """Start the installed engine: as systemd's service where systemd runs, else by hand."""
    if not SYSTEMD.is_dir():
        return start_daemon(say)
    say("starting docker.service")
    result = subprocess.run(
        ["systemctl", "start", "docker.service"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    trouble = answers(SOCKET, START_SECONDS)
    if result.returncode or trouble:
        raise StartTimeout(
            f"docker.service did not start ({trouble or f'exit code {result.returncode}'}); "
            "see journalctl -u docker.service",
            detail=result.stderr,
        )
    return Engine(SOCKET)


def packages_needed() -> list[str]:
    """Return the packages that a local engine lacks; its command-line client is not needed."""
    return [] if shutil.which("dockerd") else ["docker.io"]


def ensure(say: Say, *, allow_install: bool, environ: Mapping[str, str] | None = None) -> Engine:
    """Return an engine that answers; install and start one if need be and if allowed.

    Safe to call in parallel: one caller works, the others wait and find the result.

    Args:
        say: Takes one line of progress.
        allow_install: Whether packages may be installed and a daemon started
            (``lab doctor --fix``, ``make test``, CI).
        environ: The environment to read instead of this process's.

    Raises:
        EngineMissing: There is none, and it is not ours to install one.
        InfrastructureError: Installing or starting failed.
    """
    try:
        return find(environ)
    except EngineMissing as missing:
        if not allow_install or (os.environ if environ is None else environ).get("DOCKER_HOST"):
            raise
        obstacle = may_install()
        if obstacle is not None:
            raise EngineMissing(f"{missing.message} ({obstacle} here)") from missing
    with exclusive("engine", lambda: say("another run is setting up the Docker engine: waiting")):
        try:
            return find(environ)
        except EngineMissing:
            packages = packages_needed()
            if packages:
                apt_install(packages, say)
            if answers(SOCKET) is None:  # the package's own unit or policy started it
                return Engine(SOCKET)
            return start(say)
