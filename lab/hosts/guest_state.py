"""Print a Linux machine's state as JSON; this file is run *on the guest* by its python3.

What a fault or a cure can change is in it; what changes by itself (times, process ids,
counters, the agent's caches) is not. Uses the standard library only, and nothing of it is
imported by the lab.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HASHED = ("/etc", "/usr/local", "/opt", "/srv", "/root", "/home", "/var/spool/cron")
LISTED = ("/usr/sbin", "/usr/bin", "/usr/lib/systemd/system")
AGENT = "/var/lib/waagent"

# Caches that programs rebuild, and histories of shells.
VOLATILE = {
    "/etc/mtab",
    "/etc/machine-id",
    "/etc/ld.so.cache",
    "/etc/.pwd.lock",
    "/etc/.updated",
    "/root/.bash_history",
    "/root/.lesshst",
}
VOLATILE_FOLDERS = {"__pycache__", ".cache"}
TRANSIENT_UNITS = (".scope", ".slice", ".device", ".mount", ".swap")
PSEUDO = {"proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue", "securityfs"}
ENGINE_MOUNTS = ("/proc/", "/sys/", "/dev/", "/run/credentials/")


def output(*command: str) -> str:
    """Return what a command prints; a missing or failing program yields its error as text."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"({command[0]}: {error})"
    if result.returncode:
        return f"({command[0]}: exit code {result.returncode}: {result.stderr.strip()})"
    return result.stdout


def walk(top: str) -> Iterator[Path]:
    """Yield every file and link below a folder, sorted."""
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(set(folders) - VOLATILE_FOLDERS)
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted(files + links):
            path = Path(folder, name)
            if str(path) not in VOLATILE:
                yield path


def describe(path: Path, *, content: bool) -> str:
    """Return type, mode, owner and content hash (or size) of a file in one line."""
    try:
        status = path.lstat()
        head = f"{stat.filemode(status.st_mode)} {status.st_uid}:{status.st_gid}"
        if stat.S_ISLNK(status.st_mode):
            return f"link {path.readlink()}"
        if not stat.S_ISREG(status.st_mode):
            return head
        if content:
            return f"{head} {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
        return f"{head} {status.st_size}"
    except OSError as error:
        return f"({error.strerror})"


def packages() -> dict[str, str]:
    """Return package -> version and dpkg status of everything dpkg knows."""
    lines = output("dpkg-query", "-W", "-f", "${Package}\\t${Version} ${db:Status-Abbrev}\\n")
    return dict(line.rstrip().split("\t", 1) for line in lines.splitlines() if "\t" in line)


def units() -> dict[str, str]:
    """Return unit -> enablement and activity, of units that are no mere reflection of a mount."""
    found: dict[str, list[str]] = {}
    for line in output("systemctl", "list-unit-files", "--no-legend", "--plain").splitlines():
        fields = line.split()
        if len(fields) >= 2 and not fields[0].endswith(TRANSIENT_UNITS):
            found[fields[0]] = [fields[1], "inactive"]
    for line in output("systemctl", "list-units", "--all", "--no-legend", "--plain").splitlines():
        fields = line.split()
        if len(fields) >= 4 and not fields[0].endswith(TRANSIENT_UNITS):
            found.setdefault(fields[0], ["-", ""])[1] = fields[2]
    return {name: " ".join(states) for name, states in sorted(found.items())}


def mounts() -> dict[str, str]:
    """Return mount point -> source, type and options, without what the engine mounts."""
    found = {}
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        source, point, kind, options, *_ = line.split()
        if kind in PSEUDO or point.startswith(ENGINE_MOUNTS) or point in {"/dev", "/sys", "/proc"}:
            continue
        if kind == "overlay" or point in VOLATILE:
            source, options = kind, options.split(",", 1)[0]
        found[point] = f"{source} {kind} {options}"
    return dict(sorted(found.items()))


def agent() -> dict[str, str]:
    """Return the agent's installed handlers with their states and its protocol endpoint."""
    found = {}
    for path in sorted(Path(AGENT).glob("*-*/config/HandlerState")):
        found[path.parts[-3]] = path.read_text(encoding="utf-8", errors="replace").strip()
    return found


def network() -> dict[str, Any]:
    """Return addresses, routes and the packet filter's rules without counters."""
    return {
        # Without the "@if3" of a veth: the index differs after each start.
        "addresses": re.sub(r"@if\d+", "", output("ip", "-4", "-brief", "address")).splitlines(),
        "routes": output("ip", "-4", "route", "show", "table", "all").splitlines(),
        "nft": output("nft", "-s", "list", "ruleset").splitlines(),
        "resolv.conf": describe(Path("/etc/resolv.conf"), content=True),
    }


def capture() -> dict[str, Any]:
    """Return the whole state, in a stable order."""
    return {
        "packages": packages(),
        "units": units(),
        "files": {str(path): describe(path, content=True) for top in HASHED for path in walk(top)},
        "programs": {str(path): describe(path, content=False) for top in LISTED for path in walk(top)},
        "mounts": mounts(),
        "network": network(),
        "agent": agent(),
    }


if __name__ == "__main__":
    json.dump(capture(), sys.stdout)
