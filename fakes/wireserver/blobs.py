"""Status blobs: written for agents by the host, or by the agents themselves.

The newest agents send their status through HostGAPlugin; where that fails they write the
blob directly. The fabric reads the blob either way, as Azure does.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from fakes.storage.client import BlobClient
from fakes.storage.errors import StorageError
from fakes.wireserver.status import StatusMonitor

CONTAINER = "status"
_LOOK_EVERY = 1.0  # real seconds


class StatusBlobs:
    """The status blobs of all VMs.

    Args:
        client: The account that holds them.
        monitor: Told of each document.
    """

    def __init__(self, client: BlobClient, monitor: StatusMonitor) -> None:
        self._client = client
        self._monitor = monitor
        self._seen: dict[str, str] = {}

    def uri(self, vm_id: str) -> str:
        """Return where a VM's agent puts its status (SAS to read and write)."""
        return self._client.sas_url(CONTAINER, _name(vm_id), "rw")

    async def fetch(
        self, vm_id: str, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Make one request of HostGAPlugin to storage and remember the version that it wrote."""
        answer = await asyncio.to_thread(self._client.request_url, method, url, headers, body)
        if method == "PUT" and answer.status < 400 and body:
            self._seen[vm_id] = answer.headers.get("etag", "")
        return answer.status, answer.body

    def received(self, vm_id: str, document: bytes) -> Any:
        """Take in a document that HostGAPlugin has just stored."""
        return self._monitor.received(vm_id, document)

    async def watch(self, vm_id: str) -> None:
        """Look for documents that the agent wrote itself, for ever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            with contextlib.suppress(
                ConnectionError, ValueError, StorageError
            ):  # gone, or not a document: look again
                await self._look(vm_id)

    async def _look(self, vm_id: str) -> None:
        found = await asyncio.to_thread(self._client.head, CONTAINER, _name(vm_id))
        version = (found or {}).get("etag", "")
        if found is None or version == self._seen.get(vm_id):
            return
        document = await asyncio.to_thread(self._client.read, CONTAINER, _name(vm_id))
        self._seen[vm_id] = version
        self._monitor.received(vm_id, document)


def _name(vm_id: str) -> str:
    return f"{vm_id.rsplit('/', 1)[-1].lower()}.status"
