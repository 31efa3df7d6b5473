"""Win32 error codes and the sentences Windows prints for them.

The texts are those of FormatMessage on an English system (winerror.h, lmerr.h), as
``net helpmsg N`` shows them: MicrosoftDocs/win32, "System Error Codes".
"""

from __future__ import annotations

MESSAGES: dict[int, str] = {
    0: "The operation completed successfully.",
    1: "Incorrect function.",
    2: "The system cannot find the file specified.",
    3: "The system cannot find the path specified.",
    5: "Access is denied.",
    6: "The handle is invalid.",
    8: "Not enough memory resources are available to process this command.",
    13: "The data is invalid.",
    14: "Not enough memory resources are available to complete this operation.",
    15: "The system cannot find the drive specified.",
    21: "The device is not ready.",
    32: "The process cannot access the file because it is being used by another process.",
    50: "The request is not supported.",
    53: "The network path was not found.",
    67: "The network name cannot be found.",
    80: "The file exists.",
    86: "The specified network password is not correct.",
    87: "The parameter is incorrect.",
    109: "The pipe has been ended.",
    112: "There is not enough space on the disk.",
    122: "The data area passed to a system call is too small.",
    123: "The filename, directory name, or volume label syntax is incorrect.",
    126: "The specified module could not be found.",
    127: "The specified procedure could not be found.",
    145: "The directory is not empty.",
    161: "The specified path is invalid.",
    183: "Cannot create a file when that file already exists.",
    193: "%1 is not a valid Win32 application.",
    203: "The system could not find the environment option that was entered.",
    206: "The filename or extension is too long.",
    216: "This version of %1 is not compatible with the version of Windows you're running. Check your "
    "computer's system information and then contact the software publisher.",
    231: "All pipe instances are busy.",
    234: "More data is available.",
    258: "The wait operation timed out.",
    259: "No more data is available.",
    267: "The directory name is invalid.",
    1009: "The configuration registry database is corrupt.",
    1018: "Illegal operation attempted on a registry key that has been marked for deletion.",
    1051: "A stop control has been sent to a service that other running services are dependent on.",
    1052: "The requested control is not valid for this service.",
    1053: "The service did not respond to the start or control request in a timely fashion.",
    1054: "A thread could not be created for the service.",
    1055: "The service database is locked.",
    1056: "An instance of the service is already running.",
    1057: "The account name is invalid or does not exist, or the password is invalid for the account name "
    "specified.",
    1058: "The service cannot be started, either because it is disabled or because it has no enabled devices "
    "associated with it.",
    1059: "Circular service dependency was specified.",
    1060: "The specified service does not exist as an installed service.",
    1061: "The service cannot accept control messages at this time.",
    1062: "The service has not been started.",
    1063: "The service process could not connect to the service controller.",
    1064: "An exception occurred in the service when handling the control request.",
    1065: "The database specified does not exist.",
    1066: "The service has returned a service-specific error code.",
    1067: "The process terminated unexpectedly.",
    1068: "The dependency service or group failed to start.",
    1069: "The service did not start due to a logon failure.",
    1070: "After starting, the service hung in a start-pending state.",
    1071: "The specified service database lock is invalid.",
    1072: "The specified service has been marked for deletion.",
    1073: "The specified service already exists.",
    1074: "The system is currently running with the last-known-good configuration.",
    1075: "The dependency service does not exist or has been marked for deletion.",
    1077: "No attempts to start the service have been made since the last boot.",
    1078: "The name is already in use as either a service name or a service display name.",
    1079: "The account specified for this service is different from the account specified for other services "
    "running in the same process.",
    1083: "The executable program that this service is configured to run in does not implement the service.",
    1115: "A system shutdown is in progress.",
    1168: "Element not found.",
    1219: "Multiple connections to a server or shared resource by the same user, using more than one user "
    "name, are not allowed. Disconnect all previous connections to the server or shared resource and try "
    "again.",
    1311: "There are currently no logon servers available to service the logon request.",
    1312: "A specified logon session does not exist. It may already have been terminated.",
    1314: "A required privilege is not held by the client.",
    1317: "The specified account does not exist.",
    1326: "The user name or password is incorrect.",
    1327: "Account restrictions are preventing this user from signing in. For example: blank passwords aren't "
    "allowed, sign-in times are limited, or a policy restriction has been enforced.",
    1331: "This user can't sign in because this account is currently disabled.",
    1332: "No mapping between account names and security IDs was done.",
    1378: "The specified account name is already a member of the group.",
    1385: "Logon failure: the user has not been granted the requested logon type at this computer.",
    1450: "Insufficient system resources exist to complete the requested service.",
    1460: "This operation returned because the timeout period expired.",
    1601: "The Windows Installer Service could not be accessed. This can occur if the Windows Installer is "
    "not correctly installed. Contact your support personnel for assistance.",
    1603: "Fatal error during installation.",
    1618: "Another installation is already in progress. Complete that installation before proceeding with "
    "this install.",
    1619: "This installation package could not be opened. Verify that the package exists and that you can "
    "access it, or contact the application vendor to verify that this is a valid Windows Installer package.",
    1722: "The RPC server is unavailable.",
    1747: "The authentication service is unknown.",
    1753: "There are no more endpoints available from the endpoint mapper.",
    1783: "The stub received bad data.",
    2182: "The requested service has already been started.",
    2185: "The service name is invalid.",
    2186: "The service is not responding to the control function.",
    2189: "The service could not be controlled in its present state.",
    2190: "The service database is locked.",
    2191: "The requested pause, continue, or stop is not valid for this service.",
    2221: "The user name could not be found.",
    2224: "The account already exists.",
    2220: "The group name could not be found.",
    2250: "The network connection could not be found.",
    3521: "The *** service is not started.",
    3523: "The *** service could not be started.",
    3533: "The service is starting or stopping.  Please try again later.",
    3534: "The service did not report an error.",
    3547: "A service specific error occurred: ***.",
    4312: "The object identifier does not represent a valid object.",
}


def message(code: int) -> str:
    """Return the system's sentence for ``code``.

    Returns:
        The text without a line end; ``"Unknown error (0x...)"`` for a code that is
        not in the table.

    >>> message(1062)
    'The service has not been started.'
    """
    return MESSAGES.get(code, f"Unknown error (0x{code & 0xFFFFFFFF:x})")


class Win32Error(Exception):
    """A call to the host's model failed as the Win32 call would have.

    Attributes:
        code: The Win32 error code, for example 1062.
        detail: What the call was about, for example a service's name; may be empty.
    """

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        """Return the system's sentence."""
        return message(self.code)
