"""The ordinary past of a machine's event logs, made from a seed.

Ids, sources and texts are those that a healthy Windows Server 2019 writes by itself; the
insertion strings vary with the seed.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from fakes.windows.model.event_logs import Event

# log -> (weight, source, id, level, task, keywords, text); {n} a number, {ip} an address.
_TEMPLATES: dict[str, tuple[tuple[int, str, int, str, str, str, str], ...]] = {
    "System": (
        (30, "Service Control Manager", 7036, "Information", "", "Classic", "The {service} service entered the {state} state."),
        (6, "Microsoft-Windows-DistributedCOM", 10016, "Warning", "", "Classic",
         ("The application-specific permission settings do not grant Local Activation permission for the COM Server "
         "application with CLSID \n{{8D8F4F83-3594-4F07-8369-FC3C3CAE4919}}\n and APPID \n"
         "{{F72671A9-012C-4725-9D2F-2A4D32D65169}}\n to the user NT AUTHORITY\\SYSTEM SID (S-1-5-18) from address "
         "LocalHost (Using LRPC) running in the application container Unavailable SID (Unavailable). This security "
         "permission can be modified using the Component Services administrative tool.")),
        (3, "Microsoft-Windows-Time-Service", 37, "Information", "", "",
         "The time provider NtpClient is currently receiving valid time data from VM IC Time Synchronization Provider."),
        (3, "EventLog", 6013, "Information", "", "Classic", "The system uptime is {n} seconds."),
        (2, "Microsoft-Windows-DNS-Client", 1014, "Warning", "(1014)", "",
         "Name resolution for the name wpad timed out after none of the configured DNS servers responded."),
        (2, "Microsoft-Windows-Kernel-General", 16, "Information", "", "",
         ("The access history in hive \\??\\C:\\Windows\\AppCompat\\Programs\\Amcache.hve was cleared updating {n} keys "
         "and creating {m} modified pages.")),
        (1, "Microsoft-Windows-WindowsUpdateClient", 19, "Information", "Windows Update Agent", "Installation,Success",
         ("Installation Successful: Windows successfully installed the following update: Security Intelligence Update "
         "for Microsoft Defender Antivirus - KB2267602 (Version 1.401.{m}.0)")),
    ),
    "Application": (
        (6, "Microsoft-Windows-Security-SPP", 16384, "Information", "", "Classic",
         "Successfully scheduled Software Protection service for re-start at 2118-08-22T05:35:{s}Z. Reason: RulesEngine."),
        (6, "Microsoft-Windows-Security-SPP", 16394, "Information", "", "Classic", "Offline downlevel migration succeeded."),
        (4, "ESENT", 326, "Information", "General", "Classic",
         ("svchost ({n},D,50) DS_Token_DB: The database engine attached a database (1, "
         "C:\\Windows\\system32\\config\\systemprofile\\AppData\\Local\\DataSharing\\Storage\\DSTokenDB2.dat). (Time=0 seconds)")),
        (2, "Microsoft-Windows-User Profiles Service", 1531, "Information", "", "",
         "The User Profile Service has started successfully. \n\n"),
        (2, "MsiInstaller", 1042, "Information", "", "Classic", "Ending a Windows Installer transaction: {n}."),
    ),
    "Security": (
        (10, "Microsoft-Windows-Security-Auditing", 4624, "Information", "Logon", "Audit Success",
         "An account was successfully logged on."),
        (10, "Microsoft-Windows-Security-Auditing", 4672, "Information", "Special Logon", "Audit Success",
         "Special privileges assigned to new logon."),
        (8, "Microsoft-Windows-Security-Auditing", 4634, "Information", "Logoff", "Audit Success",
         "An account was logged off."),
        (4, "Microsoft-Windows-Security-Auditing", 4625, "Information", "Logon", "Audit Failure",
         "An account failed to log on."),
    ),
}  # fmt: skip
_SERVICES = (
    "Windows Update", "Background Intelligent Transfer Service", "Software Protection", "Windows Modules Installer",
    "WinHTTP Web Proxy Auto-Discovery Service", "Device Setup Manager", "AppX Deployment Service (AppXSVC)",
    "Client License Service (ClipSVC)", "Application Information", "Network Setup Service",
)  # fmt: skip


def lengths(seed: int) -> dict[str, int]:
    """Return how many past events each log holds for this seed."""
    return {"System": 380 + seed % 97, "Application": 150 + seed % 53, "Security": 600 + seed % 211}


def make(log: str, count: int, *, seed: int, computer: str, end: datetime) -> list[Event]:
    """Return ``count`` events that end before ``end``, oldest first, records from 1.

    Args:
        log: The log's name; one without ordinary noise stays empty.
        count: How many.
        seed: The host's.
        computer: The host's name, so that two hosts of one seed differ.
        end: When the host was made (UTC).
    """
    templates = _TEMPLATES.get(log, ())
    if not templates or not count:
        return []
    chance = random.Random(f"{seed}:{computer}:{log}")  # noqa: S311 (a past, not a secret)
    weights = [template[0] for template in templates]
    times = sorted(end - timedelta(seconds=chance.uniform(60, 7 * 86_400)) for _ in range(count))
    events = []
    for record, (time, chosen) in enumerate(
        zip(times, chance.choices(templates, weights, k=count), strict=True), 1
    ):
        _, source, event_id, level, task, keywords, text = chosen
        filled = {
            "service": chance.choice(_SERVICES), "state": chance.choice(("running", "stopped")),
            "n": chance.randint(900, 600_000), "m": chance.randint(10, 2_400), "s": f"{chance.randint(0, 59):02}",
        }  # fmt: skip
        data = (str(filled["service"]), str(filled["state"])) if event_id == 7036 else ()
        events.append(
            Event(log, record, source, event_id, level, time, text.format(**filled), data, "", task, keywords)
        )
    return events
