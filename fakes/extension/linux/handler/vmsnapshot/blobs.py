"""Take snapshots of page blobs: Snapshot Blob of the Blob service's REST API."""

from __future__ import annotations

import http.client
import logging
import re
import ssl
from urllib.parse import SplitResult, urlsplit

CONNECT_SECONDS = 1.8
"""Enough for one lost packet (Linux repeats a SYN after 1 s), and less than the 2 s for which
the agent waits for each command: a blocked network then shows in the very next report."""

ANSWER_SECONDS = 30.0
log = logging.getLogger("vmsnapshot")


class NoNetwork(Exception):
    """Storage cannot be reached."""


class StorageRefused(Exception):
    """Storage answered with an error.

    Args:
        status: The HTTP status.
        code: The code in the answer, ``AuthenticationFailed``; empty when there is none.
    """

    def __init__(self, status: int, code: str, blob: str) -> None:
        super().__init__(f"storage answered {status} {code or '(no code)'} for {blob}")
        self.status = status
        self.code = code


def without_secret(url: str) -> str:
    """Return a SAS URL without its signature, for logs."""
    return url.partition("?")[0]


class Storage:
    """Connections to the storage accounts of the disks, opened before anything is frozen."""

    def __init__(self) -> None:
        self._connections: dict[str, http.client.HTTPSConnection] = {}

    def connect(self, url: str) -> None:
        """Connect to the account of a blob, unless that is done.

        Raises:
            NoNetwork: Its name cannot be resolved, or nobody answers in time.
        """
        parts = urlsplit(url)
        if parts.netloc in self._connections:
            return
        connection = http.client.HTTPSConnection(
            parts.netloc, timeout=CONNECT_SECONDS, context=ssl.create_default_context()
        )
        try:
            connection.connect()
        except ssl.SSLError as error:
            raise NoNetwork(f"{parts.netloc}: no secure connection: {error.reason or error}") from error
        except OSError as error:
            raise NoNetwork(f"{parts.netloc}: {error.strerror or error}") from error
        connection.sock.settimeout(ANSWER_SECONDS)
        self._connections[parts.netloc] = connection
        log.info("connected to %s", parts.netloc)

    def snapshot(self, url: str, task_id: str) -> str:
        """Take a snapshot of the blob behind a SAS.

        Returns:
            Its time stamp, the ``x-ms-snapshot`` header.

        Raises:
            NoNetwork: The connection broke.
            StorageRefused: The answer is not 201.
        """
        parts = urlsplit(url)
        connection = self._connections[parts.netloc]
        headers = {"Content-Length": "0", "x-ms-meta-taskid": task_id}
        try:
            connection.request("PUT", _target(parts), headers=headers)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise NoNetwork(f"{parts.netloc}: {error or type(error).__name__}") from error
        if answer.status != http.client.CREATED:
            found = re.search(r"<Code>(\w+)</Code>", body)
            code = answer.headers.get("x-ms-error-code") or (found[1] if found else "")
            raise StorageRefused(answer.status, code, without_secret(url))
        stamp = answer.headers.get("x-ms-snapshot", "")
        log.info("snapshot %s of %s", stamp, without_secret(url))
        return stamp

    def close(self) -> None:
        """Close all connections."""
        for connection in self._connections.values():
            connection.close()


def _target(parts: SplitResult) -> str:
    return f"{parts.path}?{parts.query}{'&' if parts.query else ''}comp=snapshot"
