"""VSS writers: who they are, and the states and errors vssadmin prints for them.

Ids: MicrosoftDocs/win32, desktop-src/VSS/in-box-vss-writers.md. The instance ids of the
express writers are the same on every machine. Which service stands behind which writer
is the practitioners' table (Carbonite, "List of VSS Writers and Services";
sysadmin256/VSSAdmin, VSSWriterServices.xml).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class WriterState(IntEnum):
    """VSS_WRITER_STATE (MicrosoftDocs/sdk-api, ne-vss-vss_writer_state.md)."""

    UNKNOWN = 0
    STABLE = 1
    WAITING_FOR_FREEZE = 2
    WAITING_FOR_THAW = 3
    WAITING_FOR_POST_SNAPSHOT = 4
    WAITING_FOR_BACKUP_COMPLETE = 5
    FAILED_AT_IDENTIFY = 6
    FAILED_AT_PREPARE_BACKUP = 7
    FAILED_AT_PREPARE_SNAPSHOT = 8
    FAILED_AT_FREEZE = 9
    FAILED_AT_THAW = 10
    FAILED_AT_POST_SNAPSHOT = 11
    FAILED_AT_BACKUP_COMPLETE = 12
    FAILED_AT_PRE_RESTORE = 13
    FAILED_AT_POST_RESTORE = 14
    FAILED_AT_BACKUPSHUTDOWN = 15

    @property
    def failed(self) -> bool:
        """Whether it is one of the failed states."""
        return self >= WriterState.FAILED_AT_IDENTIFY

    @property
    def text(self) -> str:
        """The words vssadmin prints after the number; every failed state is ``Failed``."""
        words = {0: "Unknown", 1: "Stable", 5: "Waiting for completion"}
        words.update(
            {2: "Waiting for freeze", 3: "Waiting for thaw", 4: "Waiting for post-snapshot"}
        )  # fmt: skip
        return "Failed" if self.failed else words[int(self)]


# Last errors as vssadmin prints them, with the HRESULT a requester gets (vsserror.h).
LAST_ERRORS = {
    "No error": 0,
    "Inconsistent shadow copy": 0x800423F0,
    "Out of resources": 0x800423F1,
    "Timed out": 0x800423F2,
    "Retryable error": 0x800423F3,
    "Non-retryable error": 0x800423F4,
    "Unexpected error": 0x8000FFFF,
}
# What the VSS events 8229 say of each HRESULT.
MEANINGS = {
    0x800423F0: "The shadow-copy set only contains only a subset of the volumes needed to correctly backup the "
    "selected components of the writer.",
    0x800423F1: "A resource allocation failed while processing this operation.",
    0x800423F2: "The writer's timeout expired between the Freeze and Thaw events.",
    0x800423F3: "The writer experienced a transient error.  If the backup process is retried,\nthe error may not "
    "reoccur.",
    0x800423F4: "The writer experienced a non-transient error.  If the backup process is retried,\nthe error is "
    "likely to reoccur.",
    0x8000FFFF: "Catastrophic failure",
}


@dataclass(frozen=True, slots=True)
class Writer:
    """A writer that this kind of machine can have.

    Attributes:
        name: As vssadmin prints it.
        id: Its class id.
        instance: The instance id if it is the same on every machine (express writers), else empty.
        service: The service in whose process it lives; restarting that service starts it anew.
    """

    name: str
    id: str
    instance: str
    service: str


# In the order in which vssadmin lists them: express writers first.
WRITERS = tuple(Writer(*line.split("|")) for line in """\
Task Scheduler Writer|d61d61c8-d73a-4eee-8cdd-f6f9786b7124|1bddd48e-5052-49db-9b07-b96f96727e6b|Schedule
VSS Metadata Store Writer|75dfb225-e2e4-4d39-9ac9-ffaff65ddf06|088e7a7d-09a8-4cc6-a609-ad90e75ddc93|VSS
Performance Counters Writer|0bada1de-01a9-4625-8278-69e735f39dd2|f0086dda-9efc-47c5-8eb6-a944c3d09381|VSS
System Writer|e8132975-6f93-4464-a53e-1050253ae220||CryptSvc
ASR Writer|be000cbe-11fe-4426-9c58-531aa6355fc4||VSS
Shadow Copy Optimization Writer|4dc3bdd4-ab48-4d07-adb0-3bee2926fd7f||VSS
Registry Writer|afbab4a2-367d-4d15-a586-71dbb18f8485||VSS
COM+ REGDB Writer|542da469-d3e1-473c-9f4f-7847f01fc64f||VSS
WMI Writer|a6ad56c2-b509-4e6c-bb19-49d8f43532f0||Winmgmt
BITS Writer|4969d978-be47-48b0-b100-f328f07ac1e0||BITS
MSSearch Service Writer|cd3f2362-8bef-46c7-9181-d62844cdc0b2||WSearch
IIS Config Writer|2a40fd15-dfca-4aa8-a654-1f8c654603f6||AppHostSvc
IIS Metabase Writer|59b1f0cf-90ef-465f-9609-6ca8b2938366||IISADMIN
SqlServerWriter|a65faa63-5ea8-4ebc-9dbd-a0c4db26912a||SQLWriter
NTDS|b2014c9e-8711-4c5c-a5a9-3cf384484757||NTDS
Microsoft Hyper-V VSS Writer|66841cd4-6ded-4f4b-8f17-fd23f8ddc3de||vmms
""".splitlines())  # fmt: skip
BY_NAME = {writer.name.lower(): writer for writer in WRITERS}
