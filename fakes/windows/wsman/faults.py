"""Faults as Windows gives them: SOAP code, WS-Management subcode, Win32 code, texts.

Codes are those of the Windows SDK (wsman error header); texts and layout are as in answers
of Windows Server 2016 to 2022 that others recorded (for example jborean93/pypsrp,
tests/responses). From memory, no record at hand: the texts of :func:`schema_violation` and
:func:`action_not_supported`.
"""

from __future__ import annotations

from . import envelope
from .envelope import escape

_ACTION = f"{envelope.W[:-4]}/fault"
_ADDRESSING_ACTION = f"{envelope.A}/fault"
_DETAIL = f"{envelope.W[:-4]}/faultDetail/"
_PLUGIN = 'provider="Shell cmd plugin" path="%systemroot%\\system32\\winrscmd.dll"'
_WSMANFAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"


class Fault(Exception):
    """A fault on its way to the client.

    Args:
        code: ``s:Sender`` or ``s:Receiver``.
        subcode: Qualified name such as ``w:TimedOut``.
        number: ``Code`` of the WSManFault, a Win32 error or HRESULT.
        reason: Text of s:Reason.
        message: Text of the WSManFault; the reason when empty.
        detail: Last part of wsman:FaultDetail, or empty.
        from_plugin: The plug-in of the command shell says so, not WinRM itself.
    """

    def __init__(
        self,
        code: str,
        subcode: str,
        number: int,
        reason: str,
        *,
        message: str = "",
        detail: str = "",
        from_plugin: bool = False,
    ) -> None:
        super().__init__(message or reason)
        self.code = code
        self.subcode = subcode
        self.number = number
        self.reason = reason
        self.message = message or reason
        self.detail = detail
        self.from_plugin = from_plugin

    def to_envelope(self, relates_to: str, machine: str) -> bytes:
        """Return the SOAP envelope of the fault."""
        detail = f"<w:FaultDetail>{_DETAIL}{self.detail}</w:FaultDetail>" if self.detail else ""
        message = f"{escape(self.message)} "
        if self.from_plugin:
            message = f"<f:ProviderFault {_PLUGIN}>{message}</f:ProviderFault>"
        action = _ADDRESSING_ACTION if self.subcode.startswith("a:") else _ACTION
        return envelope.build(
            action,
            relates_to,
            f"<s:Fault><s:Code><s:Value>{self.code}</s:Value>"
            f"<s:Subcode><s:Value>{self.subcode}</s:Value></s:Subcode></s:Code>"
            f'<s:Reason><s:Text xml:lang="en-US">{escape(self.reason)} </s:Text></s:Reason>'
            f'<s:Detail>{detail}<f:WSManFault xmlns:f="{_WSMANFAULT}" Code="{self.number}" '
            f"Machine={envelope.attribute(machine)}><f:Message>{message}</f:Message>"
            "</f:WSManFault></s:Detail></s:Fault>",
        )


def operation_timed_out() -> Fault:
    """No output within OperationTimeout: normal traffic, the client asks again."""
    return Fault(
        "s:Receiver",
        "w:TimedOut",
        2150858793,
        "The WS-Management service cannot complete the operation within the time specified "
        "in OperationTimeout.",
    )


def shell_not_found(shell_id: str) -> Fault:
    """The ShellId selector names no shell of this user."""
    return _unexpected_selectors(
        f"The request for the Windows Remote Shell with ShellId {shell_id} failed because the "
        "shell was not found on the server. Possible causes are: the specified ShellId is "
        "incorrect or the shell no longer exists on the server. Provide the correct ShellId or "
        "create a new shell and retry the operation."
    )


def command_not_found() -> Fault:
    """The CommandId names no command of the shell."""
    return _unexpected_selectors(
        "The Windows Remote Shell received a request to perform an operation on a command "
        "identifier that does not exist. Either the command has completed execution or the "
        "client specified an invalid command identifier."
    )


def _unexpected_selectors(message: str) -> Fault:
    return Fault(
        "s:Sender",
        "w:InvalidSelectors",
        2150858843,
        "The WS-Management service cannot process the request because the request contained "
        "invalid selectors for the resource.",
        message=message,
        detail="UnexpectedSelectors",
    )


def command_missing() -> Fault:
    """A Receive that names no command: the command shell has no streams of its own."""
    return Fault(
        "s:Sender",
        "w:InvalidParameter",
        87,
        "The parameter is incorrect.",
        detail="InvalidValue",
        from_plugin=True,
    )


def file_not_found() -> Fault:
    """WINRS_SKIP_CMD_SHELL, and the command is not the full path of a program."""
    return Fault(
        "s:Receiver",
        "w:InternalError",
        2147942402,
        "The system cannot find the file specified.",
        from_plugin=True,
    )


def aborted() -> Fault:
    """A Receive was pending when its shell or command went away (ERROR_OPERATION_ABORTED)."""
    return Fault(
        "s:Receiver",
        "w:InternalError",
        995,
        "The I/O operation has been aborted because of either a thread exit or an application request.",
    )


def too_many_shells(limit: int) -> Fault:
    """MaxShellsPerUser is reached."""
    start = "The WS-Management service cannot process the request. "
    end = "Close existing shells or raise the quota for this user."
    return Fault(
        "s:Sender",
        "w:QuotaLimit",
        2150859173,
        f"{start}The maximum number of concurrent shells for this user has been exceeded. {end}",
        message=f"{start}This user is allowed a maximum number of {limit} concurrent shells, which has "
        f"been exceeded. {end}",
    )


def too_many_commands(limit: int) -> Fault:
    """More commands at a time in one shell than MaxConcurrentOperationsPerUser allows."""
    start = "The WS-Management service cannot process the request. "
    end = "Close existing operations for this user, or raise the quota for this user."
    return Fault(
        "s:Receiver",
        "w:InternalError",
        2150859174,
        f"{start}The maximum number of concurrent operations for this user has been exceeded. {end}",
        message=f"{start}This user is allowed a maximum number of {limit} concurrent operations, which "
        f"has been exceeded. {end}",
    )


def access_denied() -> Fault:
    """The user is known but may not use the shell (not an administrator)."""
    return Fault("s:Sender", "w:AccessDenied", 5, "Access is denied.")


def resource_not_found(resource: str) -> Fault:
    """No plug-in answers for the resource URI."""
    start = "The WS-Management service cannot process the request. "
    return Fault(
        "s:Sender",
        "a:DestinationUnreachable",
        2150858752,
        f"{start}The service cannot find the resource identified by the resource URI and selectors.",
        message=f"{start}The resource URI ({resource}) was not found in the WS-Management catalog.",
        detail="InvalidResourceURI",
    )


def action_not_supported(action: str) -> Fault:
    """The resource has no such operation."""
    return Fault(
        "s:Sender",
        "a:ActionNotSupported",
        2150858771,
        f"The WS-Management service cannot process the request. The action {action} is not "
        "supported by the service.",
    )


def schema_violation(what: str) -> Fault:
    """The XML is not what the operation's schema asks for."""
    return Fault(
        "s:Sender",
        "w:SchemaValidationError",
        2150858817,
        f"The SOAP XML in the message does not match the corresponding XML schema definition. {what}",
    )


def not_simulated(construct: str) -> Fault:
    """Real WinRM could do this, the simulated host cannot (ERROR_WSMAN_UNSUPPORTED_FEATURE)."""
    return Fault("s:Receiver", "w:UnsupportedFeature", 2150858818, f"NOT SIMULATED: {construct}")


def internal_error(what: str) -> Fault:
    """The simulated service itself failed (ERROR_INTERNAL_ERROR); always a bug of ours."""
    return Fault("s:Receiver", "w:InternalError", 1359, f"An internal error occurred: {what}")
