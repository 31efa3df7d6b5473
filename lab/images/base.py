"""The base of every image: Debian's published one, or the same thing made by mmdebstrap."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.engine_setup import Engine
from lab.engine_setup.install import apt_install, may_install
from lab.errors import InfrastructureError
from lab.images import apt
from lab.images.definition import BASE_IMAGE, REPOSITORY, SUITE

REGISTRY_SECONDS = 20
BOOTSTRAP_SECONDS = 600
BOOTSTRAPPED = f"{REPOSITORY}/base:{SUITE}"
UNNEEDED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")
"""What Debian's slim image leaves out as well."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Base:
    """A base image on the engine.

    Attributes:
        image: Name to give as ``BASE``.
        has_sources: It carries this machine's package sources.
    """

    image: str
    has_sources: bool


def _on_engine(engine: Engine, name: str) -> bool:
    from docker.errors import ImageNotFound

    try:
        engine.client.images.get(name)
    except ImageNotFound:
        return False
    return True


def pull(engine: Engine, say: Say) -> str | None:
    """Pull Debian's slim image; return ``None``, or why no registry gave it."""
    import docker
    from docker.errors import APIError
    from requests import RequestException

    # The engine's own look-up fails within seconds where a pull would retry for minutes.
    probe = docker.DockerClient(base_url=f"unix://{engine.socket}", timeout=REGISTRY_SECONDS)
    try:
        probe.images.get_registry_data(BASE_IMAGE)
        say(f"pulling {BASE_IMAGE}")
        engine.client.images.pull(BASE_IMAGE)
    except (APIError, RequestException) as error:
        return str(getattr(error, "explanation", None) or error)
    finally:
        probe.close()
    return None


def bootstrap(engine: Engine, say: Say) -> None:
    """Make the base with mmdebstrap and import it.

    The mirror is the machine's own when it runs the same release; otherwise the one that
    mmdebstrap knows for itself.

    Raises:
        InfrastructureError: mmdebstrap is missing or failed.
    """
    if shutil.which("mmdebstrap") is None:
        obstacle = may_install()
        if obstacle is not None:
            raise InfrastructureError(
                "no image registry answers and mmdebstrap is not installed "
                f"({obstacle}, so the lab cannot): install mmdebstrap, or load {BASE_IMAGE}"
            )
        apt_install(["mmdebstrap"], say)
    say("no image registry answers: making a Debian base with mmdebstrap")
    with tempfile.TemporaryDirectory(prefix="lab-base-") as folder:
        archive = Path(folder, "base.tar")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", "--include=ca-certificates"]
        command += [f"--dpkgopt=path-exclude={pattern}" for pattern in UNNEEDED]
        command += [SUITE, str(archive), *map(str, apt.source_files(SUITE))]
        try:
            result = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=BOOTSTRAP_SECONDS,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise InfrastructureError(f"mmdebstrap did not end in {BOOTSTRAP_SECONDS} s") from error
        if result.returncode != 0:
            raise InfrastructureError(
                f"mmdebstrap failed with exit code {result.returncode}",
                detail="\n".join(result.stderr.splitlines()[-15:]),
            )
        name, tag = BOOTSTRAPPED.split(":")
        engine.client.api.import_image_from_file(
            str(archive), repository=name, tag=tag, changes=["LABEL lab.image=base"]
        )


def ensure_base(engine: Engine, say: Say) -> Base:
    """Return a base image that is on the engine, obtaining one if there is none."""
    if _on_engine(engine, BASE_IMAGE):
        return Base(BASE_IMAGE, has_sources=False)
    if _on_engine(engine, BOOTSTRAPPED):
        return Base(BOOTSTRAPPED, has_sources=True)
    if pull(engine, say) is None:
        return Base(BASE_IMAGE, has_sources=False)
    bootstrap(engine, say)
    return Base(BOOTSTRAPPED, has_sources=True)
