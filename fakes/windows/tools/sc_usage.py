"""What ``sc`` prints for a command without its arguments; the exit code is 1639 (ERROR_INVALID_COMMAND_LINE).

Texts: published transcripts of ``sc config`` and ``sc start`` (a SaltStack run has the first with its
return code), and the message texts of sc for the others.
"""

from __future__ import annotations

INVALID_COMMAND_LINE = 1639


def _text(what: str, line: str, options: str = "") -> str:
    return f"DESCRIPTION:\n        {what}\nUSAGE:\n        sc <server> {line}\n{options}"


_CONFIG = """
OPTIONS:
NOTE: The option name includes the equal sign.
      A space is required between the equal sign and the value.
      To remove the dependency, use a single / as dependency value.
 type= <own|share|interact|kernel|filesys|rec|adapt|userown|usershare>
 start= <boot|system|auto|demand|disabled|delayed-auto>
 error= <normal|severe|critical|ignore>
 binPath= <BinaryPathName to the .exe file>
 group= <LoadOrderGroup>
 tag= <yes|no>
 depend= <Dependencies(separated by / (forward slash))>
 obj= <AccountName|ObjectName>
 DisplayName= <display name>
 password= <password>
"""
_MARKED = (
    "Deletes a service entry from the registry.\n        If the service is running, or another process has an\n"
    "        open handle to the service, the service is simply marked\n        for deletion."
)
USAGE = {
    "start": _text("Starts a service running.", "start [service name] <arg1> <arg2> ..."),
    "stop": _text(
        "Sends a STOP control request to a service.", "stop [service name] <reason> <comment>",
    ),
    "pause": _text("Sends a PAUSE control request to a service.", "pause [service name]"),
    "continue": _text("Sends a CONTINUE control request to a service.", "continue [service name]"),
    "config": _text(
        "Modifies a service entry in the registry and Service Database.",
        "config [service name] <option1> <option2>...", _CONFIG,
    ),
    "description": _text("Sets the description string for a service.", "description [service name] [description]"),
    "qc": _text("Queries the configuration information for a service.", "qc [service name] <bufferSize>"),
    "qdescription": _text(
        "Retrieves the description string of a service.", "qdescription [service name] <bufferSize>"
    ),
    "delete": _text(_MARKED, "delete [service name]"),
    "enumdepend": _text(
        "Enumerates the Services that are dependent on this one.", "enumdepend [service name] <bufferSize>"
    ),
    "getdisplayname": _text(
        "Gets the display name associated with a particular service.", "getdisplayname [service key name] <bufferSize>"
    ),
    "getkeyname": _text(
        "Gets the key name associated with a particular service.", "getkeyname [service display name] <bufferSize>"
    ),
}  # fmt: skip
"""By command. ``stop`` goes on with a list of reasons on Windows, which is not reproduced; see :data:`PARTIAL`."""
PARTIAL = frozenset({"stop"})
