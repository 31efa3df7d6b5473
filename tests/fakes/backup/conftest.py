"""A world for the backup engine: a control plane, a guest played by the test, storage in memory."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from fakes.arm import landscape as arm_landscape
from fakes.arm.plane import ControlPlane
from fakes.backup import landscape
from fakes.backup.jobs import steps_of
from fakes.backup.rest import register
from fakes.clock import Clock
from fakes.fabric.ports import AgentReport, HandlerStatus, Substatus
from fakes.storage.client import Blob
from fakes.storage.errors import StorageError

IDENTITY = {
    "subscription": "11111111-2222-3333-4444-555555555555",
    "resource_group": "rg-lab",
    "location": "westeurope",
    "vm": "srv-1",
    "vault": "vault-1",
    "policy": "DailyPolicy",
    "computer_name": "SRV1",
    "nic": "srv-1-nic",
    "nsg": "srv-1-nsg",
    "vnet": "vnet-1",
    "subnet": "default",
    "storage_account": "labstore",
    "admin_user": "azureadmin",
    "admin_password": "unused",
}


class MemoryStorage:
    """The blob client's calls on dictionaries; ``refuse`` makes an operation fail so many times."""

    def __init__(self):
        self.blobs = {}
        self.taken = {}
        self.refuse = {}
        self.stamps = 0

    def _maybe_refuse(self, operation):
        left = self.refuse.get(operation, 0)
        if left:
            self.refuse[operation] = left - 1
            raise StorageError(503, "ServerBusy", operation)

    def create_container(self, name):
        pass

    def create_page_blob(self, container, name, size, metadata=None):
        self._maybe_refuse("create_page_blob")
        self.blobs[container, name] = bytearray(size)

    def put_pages(self, container, name, offset, data):
        self.blobs[container, name][offset : offset + len(data)] = data

    def snapshot(self, container, name, metadata=None):
        self._maybe_refuse("snapshot")
        self.stamps += 1
        stamp = f"2018-06-25T10:00:{self.stamps:02}.0000000Z"
        self.taken.setdefault((container, name), {})[stamp] = bytes(self.blobs[container, name])
        return stamp

    def snapshots(self, container, name):
        self._maybe_refuse("snapshots")
        return [Blob(name, stamp, "PageBlob", 0) for stamp in sorted(self.taken.get((container, name), {}))]

    def delete(self, container, name, *, snapshot="", with_snapshots=False):
        self._maybe_refuse("delete")
        if snapshot not in self.taken.get((container, name), {}):
            raise StorageError(404, "BlobNotFound", f"DELETE {name}")
        del self.taken[container, name][snapshot]

    def head(self, container, name, snapshot=""):
        data = self.taken.get((container, name), {}).get(snapshot)
        return None if data is None else {"content-length": str(len(data))}

    def page_ranges(self, container, name, snapshot=""):
        return [(0, 65535)]

    def read(self, container, name, *, snapshot="", first=0, last=None):
        return self.taken[container, name][snapshot][first : last + 1]

    def sas_url(self, container, name, permissions):
        return f"https://labstore.blob.core.windows.net/{container}/{name}?sig=x&sp={permissions}"


@dataclass
class Guest:
    """A guest agent whose behaviour is the test's: what it reports, and how the extension ends.

    Attributes:
        reports: Whether it reports at all.
        answers: Called with the public settings when the extension is asked for; returns
            (status, substatus list), or ``None`` for no answer.
        handler_state: How the agent shows the handler.
        period: Virtual seconds between two reports.
        behind: How many goal states the handler is behind.
    """

    clock: Clock
    storage: MemoryStorage
    reports: bool = True
    asks: bool = False
    status: str = "Ready"
    handler_state: str = "Ready"
    show_handler: bool = True
    answers: object = None
    goals: list = field(default_factory=list)
    report: AgentReport | None = None
    silent_after_goal: bool = False
    period: float = 15
    behind: int = 0

    # fakes.fabric.ports.AgentMonitor
    def contacted(self, vm_id):
        return self.clock.now() if self.asks else None

    def latest(self, vm_id):
        assert vm_id.endswith("/srv-1")
        return self.report

    # fakes.fabric.ports.GoalStatePublisher
    def publish_extension(self, vm_id, name, version, settings, protected=None):
        self.goals.append((name, version, settings))
        if self.silent_after_goal:
            self.reports = False
        return len(self.goals) - 1

    def remove_extension(self, vm_id, name):
        pass

    async def live(self):
        while True:
            await self.clock.sleep(self.period)
            if self.reports:
                self.beat()

    def beat(self):
        handlers = {}
        if self.goals and self.show_handler:
            name, version, settings = self.goals[-1]
            status, substatus = (self.answers or self.snapshot)(settings)
            sequence = len(self.goals) - 1 - self.behind
            handlers[name.lower()] = HandlerStatus(
                name, version, self.handler_state, sequence, status, 0, "", tuple(substatus)
            )
        self.report = AgentReport(self.clock.now(), "2.7.3.0", self.status, "", "", handlers)

    def snapshot(self, settings):
        """What a healthy extension does, once per task."""
        if getattr(self, "_done", None) != settings["taskId"]:
            self._done = settings["taskId"]
            taken = []
            for disk in settings["disks"]:
                container, blob = disk["snapshotUri"].split("?")[0].split("/", 4)[3:]
                taken.append({"lun": disk["lun"], "snapshot": self.storage.snapshot(container, blob)})
            self._last = [Substatus("snapshots", "success", 0, json.dumps(taken))]
        return "success", self._last


class World:
    def __init__(self, os):
        self.clock = Clock(datetime(2018, 6, 25, 10, 0, tzinfo=UTC))
        self.storage = MemoryStorage()
        self.guest = Guest(self.clock, self.storage)
        self.plane = ControlPlane(self.clock, agents=self.guest, goal_state=self.guest)
        self.vm_id = arm_landscape.build(self.plane, IDENTITY, {"vm": {"os": os}})["vm_id"]
        self.engine = register(self.plane, self.storage)
        facts = landscape.build(self.plane, IDENTITY)
        self.vault_id, self.item_id = facts["vault_id"], facts["item_id"]
        landscape.upload_disks(self.plane, self.vm_id, self.storage)

    def disk_snapshots(self):
        return list(self.storage.taken.get(("vhds", "srv-1-osdisk.vhd"), {}))

    def item(self):
        return self.plane.require(self.item_id)

    def points(self):
        return self.plane.store.list(self.item_id)

    def edit_vm(self, **properties):
        power = properties.pop("power", None)
        with self.plane.store.edit(self.vm_id) as vm:
            vm.properties.update(properties)
            if power:
                vm.state["power"] = power

    def backup(self, *, meanwhile=None):
        """Run one backup to its end and return the job's properties."""
        return asyncio.run(self._backup(meanwhile))

    async def _backup(self, meanwhile):
        living = asyncio.create_task(self.guest.live())
        job = self.engine.start(self.item())
        if meanwhile:
            await meanwhile(job)
        await self.engine.settle()
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        self.job_id = job.id
        return self.plane.require(job.id).properties

    def code(self, properties):
        return properties["extendedInfo"]["propertyBag"].get("Error Code")

    def steps(self):
        return steps_of(self.plane, self.job_id)


@pytest.fixture
def world():
    return World("windows")


@pytest.fixture
def linux():
    return World("linux")
