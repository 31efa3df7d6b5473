"""What changes by itself on a living machine, and so says nothing about a cure.

Everything here is a claim about a kind of state, not about a scenario; what one scenario may
leave changed stands in its own ``allows``.
"""

from __future__ import annotations

VOLATILE: tuple[str, ...] = (
    "*/event_logs/*",  # every service start and stop writes events
    "*/processes/*",  # new process ids; a service's state is told by the service
    "*/runtime/*",  # ids and counters of a simulated host, kept so that its state can be loaded again
    "*/pid",
    "*/process_id",
    "*/boot_time",
    "*/started",
    "*/uptime",
    "azure/*/instanceview/*",  # times of the agent's reports
    "azure/*/backupjobs/*",  # the lab takes backups to see whether they work
    "azure/*/extensions/vmsnapshot*/state/*",  # each backup is one more goal state,
    "azure/*/extensions/vmsnapshot*/body/properties/provisioningstate",  # ends as the backup did,
    "azure/*/protecteditems/*/extendedinfo/*recoverypoint*",  # and shows on the protected item
    "azure/*/protecteditems/*/properties/health*",
    "azure/*/protecteditems/*/properties/protectionstatus",
    "azure/*/recoverypoints/*",
    "azure/*/snapshots/*",
    "azure/*/restorepointcollections/*",
    "azure/*/properties/lastbackup*",
    "azure/*/properties/lastrecoverypoint",
)
