"""Where the agent keeps this handler's files, and what they say.

The agent writes ``HandlerEnvironment.json`` (a list of one entry) into the handler's folder
and ``config/<sequence>.settings`` for each request; it gives the newest sequence number in
``ConfigSequenceNumber``.
"""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadSettings(Exception):
    """The settings cannot be understood; the text says why."""


@dataclass(frozen=True)
class Disk:
    """A disk to take a snapshot of: its number on the VM (-1: system disk) and its blob's SAS."""

    lun: int
    url: str


@dataclass(frozen=True)
class Order:
    """A request for snapshots."""

    task_id: str
    disks: tuple[Disk, ...]


@dataclass(frozen=True)
class Environment:
    """The folders of this handler."""

    config_folder: Path
    status_folder: Path
    log_folder: Path
    heartbeat_file: Path
    state_file: Path

    @classmethod
    def load(cls, folder: Path) -> Environment:
        """Read the handler's environment from its folder."""
        document = json.loads((folder / "HandlerEnvironment.json").read_text(encoding="utf-8"))
        entry = document[0] if isinstance(document, list) else document
        paths = entry["handlerEnvironment"]
        return cls(
            config_folder=Path(paths["configFolder"]),
            status_folder=Path(paths["statusFolder"]),
            log_folder=Path(paths["logFolder"]),
            heartbeat_file=Path(paths["heartbeatFile"]),
            state_file=folder / "frozen.json",
        )

    def start_log(self) -> None:
        """Write what happens from here on to ``extension.log``."""
        self.log_folder.mkdir(parents=True, exist_ok=True)
        logging.Formatter.converter = time.gmtime
        logging.basicConfig(
            filename=self.log_folder / "extension.log",
            format="%(asctime)s.%(msecs)03dZ [%(levelname)s] %(process)d %(message)s",
            datefmt="%Y-%m-%dT%H:%M:%S",
            level=logging.INFO,
            force=True,
        )

    def write_heartbeat(self, status: str, code: int, message: str) -> None:
        """Write the heartbeat file in the agent's format."""
        document = [{"version": 1.0, "heartbeat": {"status": status, "code": code, "Message": message}}]
        self.heartbeat_file.write_text(json.dumps(document), encoding="utf-8")

    def sequence(self) -> int | None:
        """Return the number of the newest settings, or ``None`` when there are none."""
        given = os.environ.get("ConfigSequenceNumber", "")  # noqa: SIM112 - the agent's spelling
        if given.isdigit():
            return int(given)
        numbers = [int(path.stem) for path in self.config_folder.glob("*.settings") if path.stem.isdigit()]
        return max(numbers, default=None)

    def order(self, sequence: int) -> Order | None:
        """Return what the settings ask for; ``None`` when they ask for nothing.

        Raises:
            BadSettings: They are not JSON, or name an unknown command or no usable disk.
        """
        path = self.config_folder / f"{sequence}.settings"
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            public = document["runtimeSettings"][0]["handlerSettings"].get("publicSettings") or {}
            if isinstance(public, str):
                public = json.loads(public)
        except FileNotFoundError:
            return None
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise BadSettings(f"{path.name} cannot be read: {error!r}") from error
        command = public.get("commandToExecute")
        if not command:
            return None
        if command != "snapshot":
            raise BadSettings(f"{path.name}: unknown command {command!r}")
        return Order(str(public.get("taskId", "")), tuple(_disks(path.name, public.get("disks"))))


def _disks(name: str, entries: Any) -> list[Disk]:
    try:
        disks = [Disk(int(entry["lun"]), str(entry["snapshotUri"])) for entry in entries]
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"{name}: disks cannot be read: {error!r}") from error
    if not disks:
        raise BadSettings(f"{name}: no disk is named")
    for disk in disks:
        if not disk.url.startswith("https://"):
            raise BadSettings(f"{name}: disk {disk.lun} has no https address")
    return disks
