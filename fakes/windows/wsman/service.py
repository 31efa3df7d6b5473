"""The operations of the WS-Management service: from a parsed request to an answer."""

from __future__ import annotations

import base64
import binascii
import time
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass

from fakes.notsimulated import NotSimulatedLog

from . import config, envelope, faults
from .envelope import RSP, Message, escape
from .shells import Command, Shell, Shells

CMD_SHELL = f"{envelope.RSP}/cmd"
_POWERSHELL = "http://schemas.microsoft.com/powershell/"
_TRANSFER = f"{envelope.X}/"
_SHELL = f"{envelope.RSP}/"
_PROTOCOL_VERSION = envelope.W
# Bytes of an answer that are not Base64 of output.
_ENVELOPE_OVERHEAD = 4096
_DEFAULT_CODEPAGE = 437


@dataclass(frozen=True)
class Call:
    """One request, who makes it and where from."""

    message: Message
    user: str
    client_ip: str


class Service:
    """Answers the requests for one host.

    Args:
        name: Computer name, the ``Machine`` of faults.
        shells: The host's shells.
        log: Where what is not simulated is recorded.
        may_use_shells: Whether a user is in a group that WinRM lets in.
        is_program: Whether a full path names a file.
        os_version: As Identify states it to those who logged on.
    """

    def __init__(
        self,
        name: str,
        shells: Shells,
        log: NotSimulatedLog,
        may_use_shells: Callable[[str], bool],
        is_program: Callable[[str], bool],
        os_version: str = "10.0.17763",
    ) -> None:
        self.name = name
        self.shells = shells
        self._log = log
        self._may_use_shells = may_use_shells
        self._is_program = is_program
        self._os_version = os_version
        self._operations: dict[str, Callable[[Call], str]] = {
            f"{_TRANSFER}Create": self._create,
            f"{_TRANSFER}Delete": self._delete,
            f"{_TRANSFER}Get": self._get,
            f"{_SHELL}Command": self._command,
            f"{_SHELL}Send": self._send,
            f"{_SHELL}Receive": self._receive,
            f"{_SHELL}Signal": self._signal,
        }

    def identify(self, *, authenticated: bool) -> bytes:
        """Answer wsmid:Identify; the version is told only to those who logged on."""
        version = self._os_version if authenticated else "0.0.0"
        return (
            f'<s:Envelope xml:lang="en-US" xmlns:s="{envelope.S}"><s:Header/><s:Body>'
            f'<wsmid:IdentifyResponse xmlns:wsmid="{envelope.ID}">'
            f"<wsmid:ProtocolVersion>{_PROTOCOL_VERSION}</wsmid:ProtocolVersion>"
            "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
            f"<wsmid:ProductVersion>OS: {version} SP: 0.0 Stack: 3.0</wsmid:ProductVersion>"
            "</wsmid:IdentifyResponse></s:Body></s:Envelope>"
        ).encode()

    def handle(self, call: Call) -> bytes:
        """Carry out one request.

        Returns:
            The SOAP envelope of the answer.

        Raises:
            Fault: The request is refused.
        """
        message = call.message
        reads_config = (message.resource, message.action) == (config.RESOURCE, f"{_TRANSFER}Get")
        if not reads_config and not message.resource.startswith(RSP):
            raise self._foreign_resource(message)
        operation = self._operations.get(message.action)
        if operation is None:
            raise self._foreign_action(message)
        if not self._may_use_shells(call.user):
            raise faults.access_denied()
        body = config.describe(self.shells.quotas) if reads_config else operation(call)
        return envelope.build(f"{message.action}Response", message.message_id, body)

    def _foreign_resource(self, message: Message) -> faults.Fault:
        known = {
            _POWERSHELL: "PowerShell Remoting (PSRP) over WS-Management",
            "http://schemas.microsoft.com/wbem/wsman/1/wmi": "WMI over WS-Management",
            "http://schemas.dmtf.org/wbem/wscim": "CIM over WS-Management",
            config.RESOURCE: "changes and parts of winrm/config over WS-Management",
            "http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog": "event forwarding",
        }
        for prefix, construct in known.items():
            if message.resource.startswith(prefix):
                self._log.record(f"{construct}: {message.resource}", self.name)
                return faults.not_simulated(construct)
        return faults.resource_not_found(message.resource)

    def _foreign_action(self, message: Message) -> faults.Fault:
        if message.action.startswith((_SHELL, _TRANSFER)) or "/enumeration/" in message.action:
            name = message.action.rpartition("/")[2]
            self._log.record(f"WS-Management {name} on a shell", self.name)
            return faults.not_simulated(f"WS-Management {name} on a shell")
        return faults.action_not_supported(message.action)

    def _create(self, call: Call) -> str:
        message = call.message
        if message.resource != CMD_SHELL:
            raise faults.resource_not_found(message.resource)
        wish = message.payload
        if wish is None or wish.tag != f"{{{RSP}}}Shell":
            raise faults.schema_violation("rsp:Shell is missing.")
        codepage = message.options.get("WINRS_CODEPAGE", str(_DEFAULT_CODEPAGE))
        if not codepage.isascii() or not codepage.isdigit() or len(codepage) > 6:
            raise faults.schema_violation("WINRS_CODEPAGE is no number.")
        patience = wish.findtext(f"{{{RSP}}}IdleTimeOut")
        shell = self.shells.create(
            call.user,
            client_ip=call.client_ip,
            shell_id=_guid(wish.get("ShellId")),
            cwd=wish.findtext(f"{{{RSP}}}WorkingDirectory") or None,
            env={
                variable.get("Name") or "": variable.text or ""
                for variable in wish.iterfind(f"{{{RSP}}}Environment/{{{RSP}}}Variable")
            },
            codepage=int(codepage),
            input_streams=wish.findtext(f"{{{RSP}}}InputStreams") or "stdin",
            output_streams=wish.findtext(f"{{{RSP}}}OutputStreams") or "stdout stderr",
            idle_timeout=envelope.parse_duration(patience) if patience else None,
        )
        return (
            f"<x:ResourceCreated><a:Address>{escape(message.to)}</a:Address>"
            f"<a:ReferenceParameters><w:ResourceURI>{CMD_SHELL}</w:ResourceURI><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{escape(shell.id)}</w:Selector></w:SelectorSet>'
            f"</a:ReferenceParameters></x:ResourceCreated>{self._describe(shell)}"
        )

    def _describe(self, shell: Shell) -> str:
        now = time.monotonic()
        return (
            f"<rsp:Shell><rsp:ShellId>{escape(shell.id)}</rsp:ShellId>"
            f"<rsp:ResourceUri>{CMD_SHELL}</rsp:ResourceUri>"
            f"<rsp:Owner>{escape(shell.user)}</rsp:Owner>"
            f"<rsp:ClientIP>{escape(shell.client_ip)}</rsp:ClientIP>"
            f"<rsp:IdleTimeOut>PT{shell.idle_timeout:.3f}S</rsp:IdleTimeOut>"
            f"<rsp:InputStreams>{escape(shell.input_streams)}</rsp:InputStreams>"
            f"<rsp:OutputStreams>{escape(shell.output_streams)}</rsp:OutputStreams>"
            f"<rsp:ShellRunTime>P0DT0H0M{int(now - shell.created)}S</rsp:ShellRunTime>"
            f"<rsp:ShellInactivity>P0DT0H0M{int(now - shell.used)}S</rsp:ShellInactivity>"
            "</rsp:Shell>"
        )

    def _shell(self, call: Call) -> Shell:
        return self.shells.find(call.user, call.message.selectors.get("ShellId", ""))

    def _get(self, call: Call) -> str:
        return self._describe(self._shell(call))

    def _delete(self, call: Call) -> str:
        self.shells.delete(self._shell(call))
        return ""

    def _command(self, call: Call) -> str:
        shell = self._shell(call)
        line = call.message.payload
        if line is None or line.tag != f"{{{RSP}}}CommandLine":
            raise faults.schema_violation("rsp:CommandLine is missing.")
        command = line.findtext(f"{{{RSP}}}Command")
        if command is None:
            raise faults.schema_violation("rsp:Command is missing.")
        words = [command, *(a.text or "" for a in line.iterfind(f"{{{RSP}}}Arguments"))]
        skip = call.message.options.get("WINRS_SKIP_CMD_SHELL", "").upper() == "TRUE"
        if skip and not self._is_program(command):
            raise faults.file_not_found()
        started = self.shells.start(shell, " ".join(words), _guid(line.get("CommandId")), skip_cmd_shell=skip)
        return f"<rsp:CommandResponse><rsp:CommandId>{started.id}</rsp:CommandId></rsp:CommandResponse>"

    def _send(self, call: Call) -> str:
        shell = self._shell(call)
        streams = call.message.body.findall(f"{{{RSP}}}Send/{{{RSP}}}Stream")
        if not streams:
            raise faults.schema_violation("rsp:Stream is missing.")
        for stream in streams:
            if stream.get("Name") != "stdin":
                raise faults.schema_violation("The input stream is not stdin.")
            command = self._command_of(shell, stream)
            try:
                data = base64.b64decode(stream.text or "", validate=False)
            except binascii.Error:
                raise faults.schema_violation("rsp:Stream is not Base64.") from None
            end = (stream.get("End") or "").lower() in ("true", "1")
            # Input for a program that ended or closed its input goes nowhere, as in a pipe.
            command.stdin.feed(data, end)
        return "<rsp:SendResponse/>"

    def _command_of(self, shell: Shell, element: ET.Element) -> Command:
        return self.shells.command(shell, element.get("CommandId") or "")

    def _receive(self, call: Call) -> str:
        message = call.message
        shell = self._shell(call)
        wish = message.body.find(f"{{{RSP}}}Receive/{{{RSP}}}DesiredStream")
        if wish is None:
            raise faults.schema_violation("rsp:DesiredStream is missing.")
        if wish.get("CommandId") is None:
            raise faults.command_missing()
        command = self._command_of(shell, wish)
        limit = (message.max_envelope_size - _ENVELOPE_OVERHEAD) // 4 * 3
        try:
            received = command.output.receive(message.operation_timeout, limit)
        except InterruptedError:
            raise faults.aborted() from None
        if received is None:
            raise faults.operation_timed_out()
        shell.used = time.monotonic()
        identity = command.id
        parts = [
            f'<rsp:Stream Name="{name}" CommandId="{identity}">{base64.b64encode(data).decode()}</rsp:Stream>'
            for name, data in received.pieces
        ]
        state = f"{RSP}/CommandState/"
        if received.exit_code is None:
            parts.append(f'<rsp:CommandState CommandId="{identity}" State="{state}Running"/>')
        else:
            parts += [
                f'<rsp:Stream Name="{name}" CommandId="{identity}" End="true"></rsp:Stream>'
                for name in ("stdout", "stderr")
            ]
            parts.append(
                f'<rsp:CommandState CommandId="{identity}" State="{state}Done">'
                f"<rsp:ExitCode>{received.exit_code}</rsp:ExitCode></rsp:CommandState>"
            )
        return f"<rsp:ReceiveResponse>{''.join(parts)}</rsp:ReceiveResponse>"

    def _signal(self, call: Call) -> str:
        shell = self._shell(call)
        signal = call.message.body.find(f"{{{RSP}}}Signal")
        if signal is None:
            raise faults.schema_violation("rsp:Signal is missing.")
        command = self._command_of(shell, signal)
        code = (signal.findtext(f"{{{RSP}}}Code") or "").strip().rpartition("/")[2].lower()
        if code == "terminate":
            self.shells.terminate(shell, command)
        elif code in ("ctrl_c", "ctrl_break"):
            command.interrupt()
        else:
            raise faults.schema_violation(f"The signal code {code!r} is not known.")
        return "<rsp:SignalResponse/>"


def _guid(text: str | None) -> str | None:
    """Return a GUID chosen by the client in the usual form, or None when it chose none."""
    if not text:
        return None
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError:
        raise faults.schema_violation("An identifier is no GUID.") from None
