"""Removes what sessions left behind: processes, containers, folders, registry entries.

Only what is known to be the lab's is touched: processes by number *and* time of creation,
containers and networks by the lab's label, folders named in the registry. A session is left
alone while it has not expired and its owner lives.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab import registry
from lab.errors import InfrastructureError
from lab.registry import ProcessId, Record

LABEL = "lab.session"
EXPIRES = "lab.expires"
ORPHAN_AGE = 24 * 3600
STOP_SECONDS = 5.0


@dataclass
class Reaped:
    """What was removed, and what could not be."""

    sessions: list[str] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unfinished: set[str] = field(default_factory=set, repr=False)

    def problem(self, text: str, session: str = "") -> None:
        """Note what could not be removed; its session stays known, so that the next try finds it."""
        self.problems.append(text)
        self.unfinished.add(session)

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to remove."""
        return not (self.sessions or self.processes or self.containers or self.networks or self.folders)


def reap(
    *, only: str | None = None, everything: bool = False, engine: Callable[[], Any] | None = None
) -> Reaped:
    """Remove what abandoned sessions left.

    Args:
        only: One session, abandoned or not.
        everything: All sessions, also those that run (another terminal's too).
        engine: Finds the container engine; the lab's own search by default.

    Returns:
        What was done. Nothing is raised for a thing that resists; it is told in ``problems``.
    """
    done = Reaped()
    known = list(registry.records())
    for record in known:
        wanted = record.id == only if only else everything or record.abandoned
        if wanted:
            _processes(record, done)
        else:
            done.kept.append(record.id)
    _containers(done, only=only, everything=everything, engine=engine)
    for record in known:
        if record.id not in done.kept and record.id not in done.unfinished:
            _folder(Path(record.dir), done)
            if not Path(record.dir).exists():
                record.remove()
                done.sessions.append(record.id)
    if only is None:
        _orphan_folders({Path(record.dir) for record in known}, done)
        for path in registry.broken():
            path.unlink(missing_ok=True)
            done.sessions.append(path.stem)
    return done


def end_process(identity: ProcessId, seconds: float = STOP_SECONDS) -> bool:
    """End one process, politely first; True when it lived and is gone now.

    Raises:
        InfrastructureError: It does not go, or is not ours.
    """
    import psutil

    if not identity.alive():
        return False
    try:
        process = psutil.Process(identity.pid)
        family = [process, *process.children(recursive=True)]
        for one in family:
            one.terminate()
        _, alive = psutil.wait_procs(family, timeout=seconds)
        for one in alive:
            one.kill()
        _, alive = psutil.wait_procs(alive, timeout=seconds)
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        raise InfrastructureError(
            f"process {identity.pid} ({identity.what}) belongs to somebody else"
        ) from None
    if alive:
        raise InfrastructureError(f"process {identity.pid} ({identity.what}) does not end")
    return True


def _processes(record: Record, done: Reaped) -> None:
    """The owner first, or it would go on making things."""
    owner = [record.owner] if not record.detached and record.owner.pid != os.getpid() else []
    for identity in [*owner, *record.pids]:
        if identity.pid == os.getpid():
            continue  # the session's own watchdog may be doing this
        try:
            if end_process(identity):
                done.processes.append(f"{identity.pid} {identity.what}".strip())
        except InfrastructureError as error:
            done.problem(error.message, record.id)


def _containers(
    done: Reaped, *, only: str | None, everything: bool, engine: Callable[[], Any] | None
) -> None:
    dead = {record.id: record for record in registry.records() if record.id not in done.kept}

    def doomed(labels: dict[str, str]) -> bool:
        session = labels.get(LABEL, "")
        if only:
            return session == only
        return everything or session in dead or _number(labels.get(EXPIRES)) <= time.time()

    for found in _engines(dead.values(), engine, done):
        try:
            _clear(found, doomed, done)
        except OSError as error:  # of the transport: the engine's own refusals are told one by one
            for session in dead:
                done.problem(f"the container engine stopped answering: {error}", session)


def _engines(dead: Iterable[Record], engine: Callable[[], Any] | None, done: Reaped) -> Iterator[Any]:
    """The engine one would use now, and those that dead sessions have used."""
    from lab.engine_setup import find

    seen = set()
    with contextlib.suppress(InfrastructureError):  # whether one is missed, the sessions know
        found = (engine or find)()
        seen.add(str(found.socket))
        yield found
    for record in dead:
        if not record.engine or record.engine in seen:
            continue
        try:
            yield find({"DOCKER_HOST": f"unix://{record.engine}"})
        except InfrastructureError as error:
            why = error.detail or "no such socket"
            done.problem(
                f"containers of {record.id} may be left: its engine at {record.engine} does not answer "
                f"({why}); start it and reap again",
                record.id,
            )
        else:
            seen.add(record.engine)


def _clear(engine: Any, doomed: Callable[[dict[str, str]], bool], done: Reaped) -> None:
    client = engine.client
    for container in client.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True):
        if doomed(container.labels):
            name = str(container.name)
            remove = functools.partial(_remove, engine, name)
            _attempt(remove, name, container.labels, done.containers, done)
    for network in client.networks.list(filters={"label": LABEL}):
        labels = (network.attrs or {}).get("Labels") or {}
        if doomed(labels):
            _attempt(network.remove, str(network.name), labels, done.networks, done)


def _remove(engine: Any, name: str) -> None:
    """Remove a container; a frozen file system in it is thawed first."""
    from lab.hosts import linux_container

    linux_container.release_devices(engine, name)
    linux_container.remove(engine, name)


def _attempt(
    action: Callable[[], Any], name: str, labels: dict[str, str], removed: list[str], done: Reaped
) -> None:
    import docker.errors

    try:
        action()
    except docker.errors.NotFound:
        return
    except docker.errors.APIError as error:
        done.problem(f"{name}: {error.explanation or error}", labels.get(LABEL, ""))
        return
    removed.append(name)


def _folder(path: Path, done: Reaped) -> None:
    if not path.exists():
        return
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        done.problems.append(f"{path}: cannot be removed")
    else:
        done.folders.append(str(path))


def _orphan_folders(known: Iterable[Path], done: Reaped) -> None:
    """Folders named like ours that no session knows, once they are a day old.

    A younger one may belong to a session that is registered in another state folder.
    """
    taken = set(known)
    for path in Path(tempfile.gettempdir()).glob("lab-????????"):
        if path in taken or not path.is_dir() or path.is_symlink() or not _hexadecimal(path.name[4:]):
            continue
        status = path.stat()
        if status.st_uid != os.getuid():
            continue
        if time.time() - status.st_mtime > ORPHAN_AGE:
            _folder(path, done)


def _hexadecimal(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
