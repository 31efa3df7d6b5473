"""The machine's own apt configuration, so that a build uses the same mirror and proxy."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

PROXY_VARIABLES = ("http_proxy", "https_proxy", "no_proxy")


def source_files(suite: str, root: Path = Path("/etc/apt")) -> list[Path]:
    """Return the machine's package sources that serve a Debian release.

    Args:
        suite: Code name, ``bookworm``.
        root: The apt configuration folder.

    Returns:
        ``sources.list`` and ``*.list``/``*.sources`` that name the suite's main archive;
        empty on a machine of another release or distribution.
    """
    found = []
    for path in [root / "sources.list", *sorted(root.glob("sources.list.d/*"))]:
        if path.suffix not in {".list", ".sources"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
        words = " ".join(lines).split()
        if suite in words and "main" in words:
            found.append(path)
    return found


def proxy_settings() -> str:
    """Return apt's own proxy settings in the format of apt.conf(5), or an empty text."""
    if shutil.which("apt-config") is None:
        return ""
    dump = subprocess.run(
        ["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=False
    ).stdout
    lines = [line for line in dump.splitlines() if "::Proxy" in line.split(" ", 1)[0]]
    return "".join(f"{line}\n" for line in lines if '""' not in line)


def context_files(suite: str, *, base_has_sources: bool) -> dict[str, bytes]:
    """Return the ``apt/`` folder of a build context.

    Args:
        suite: The release that is installed.
        base_has_sources: The base image was made with this machine's sources already.
    """
    files: dict[str, bytes] = {"apt/": b""}
    sources = [] if base_has_sources else source_files(suite)
    for index, path in enumerate(sources):
        # debian.sources is the base image's own file: the machine's takes its place.
        name = f"debian{index or ''}{path.suffix}"
        files[f"apt/sources.list.d/{name}"] = path.read_bytes()
    if sources and not any(path.suffix == ".sources" for path in sources):
        files["apt/sources.list.d/debian.sources"] = b""
    proxy = proxy_settings()
    if proxy:
        files["apt/apt.conf.d/90machine-proxy"] = proxy.encode()
    return files


def build_arguments(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the proxy variables of the environment, which Docker passes to RUN steps."""
    environ = os.environ if environ is None else environ
    both = [*PROXY_VARIABLES, *(name.upper() for name in PROXY_VARIABLES)]
    return {name: environ[name] for name in both if environ.get(name)}
