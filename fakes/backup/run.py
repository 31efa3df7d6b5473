"""What the stages of one backup share: the world they act on and what they have found so far."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from fakes.arm.plane import ControlPlane
from fakes.backup.failure import JobCancelled
from fakes.backup.jobs import Job
from fakes.backup.target import Disk, Target
from fakes.storage.client import BlobClient

T = TypeVar("T")
_POLL = 2.0  # virtual seconds between two looks


@dataclass(frozen=True)
class DiskSnapshot:
    """A snapshot of one disk, found on storage."""

    disk: Disk
    stamp: str


@dataclass
class Run:
    """One backup under way.

    Attributes:
        plane: The control plane.
        storage: The account that holds the disks, and stands for the vault's storage too.
        job: The job that is shown.
        item_id: The protected item.
        vm_id: The VM behind it.
        patience: Real seconds that the guest is given at least for its snapshot.
        task_id: What the extension is given to name its snapshots by.
        started: When the job began, virtual time.
        target: The VM as found.
        consistency: ``AppConsistent``, ``FileSystemConsistent`` or ``CrashConsistent``.
        snapshots: The snapshots found on storage.
        recovery_point: Name of the restore point made, empty before.
    """

    plane: ControlPlane
    storage: BlobClient
    job: Job
    item_id: str
    vm_id: str
    patience: float = 0.0
    task_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    target: Target = field(default_factory=Target)
    consistency: str = "CrashConsistent"
    snapshots: list[DiskSnapshot] = field(default_factory=list)
    recovery_point: str = ""

    @property
    def started(self) -> datetime:
        """When the job began."""
        return self.job.started

    async def blocking(self, work: Callable[[], T]) -> T:
        """Do real work in a thread while virtual time stands ready to go on, but does not jump."""
        with self.plane.clock.busy():
            return await asyncio.to_thread(work)

    async def wait_for(
        self,
        condition: Callable[[], bool],
        timeout: float,
        *,
        patience: float = 0.0,
        hope: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Wait for a condition, or for somebody to cancel the job.

        Args:
            condition: Looked at every two virtual seconds.
            timeout: Virtual seconds.
            patience: Real seconds to wait at least: a real guest works no faster because
                virtual time does.
            hope: Ends the patience when it is false.

        Raises:
            JobCancelled: The job was cancelled meanwhile.
        """
        clock, job, began = self.plane.clock, self.job, time.monotonic()

        def met_or_cancelled() -> bool:
            return job.cancel_requested or condition()

        met = await clock.wait_for(met_or_cancelled, timeout, poll=_POLL)
        while not met and hope() and time.monotonic() - began < patience:
            await clock.sleep(_POLL)
            met = met_or_cancelled()
        self.stop_if_cancelled()
        return met

    def stop_if_cancelled(self) -> None:
        """Stop here when the job was cancelled.

        Raises:
            JobCancelled: It was.
        """
        if self.job.cancel_requested:
            raise JobCancelled
