"""Operations and resources beside those of the command shell."""

from __future__ import annotations

import pytest
import winrm
import xmltodict
from winrm.exceptions import WSManFaultError

from fakes.windows.wsman import envelope

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"
CMD = f"{envelope.RSP}/cmd"


@pytest.fixture
def protocol(listener):
    made = winrm.Session(listener.http_url, auth=(USER, PASSWORD), transport="ntlm").protocol
    yield made
    made.transport.close_session()


def ask(protocol, action, resource, shell=None, body=None):
    request = {"env:Envelope": protocol.build_wsman_header(action, resource, shell)}
    request["env:Envelope"]["env:Body"] = body or {}
    return protocol.send_message(xmltodict.unparse(request)).decode()


def fault(protocol, *args):
    with pytest.raises(WSManFaultError) as caught:
        ask(protocol, *args)
    return caught.value


def test_identify_after_logon_tells_the_version(protocol):
    request = f'<s:Envelope xmlns:s="{envelope.S}" xmlns:i="{envelope.ID}"><s:Body><i:Identify/></s:Body></s:Envelope>'

    assert b"OS: 10.0.17763 SP: 0.0 Stack: 3.0" in protocol.send_message(request)


def test_get_describes_a_shell(protocol):
    shell = protocol.open_shell()

    answer = ask(protocol, f"{envelope.X}/Get", envelope.RSP, shell)

    assert f"<rsp:ShellId>{shell}</rsp:ShellId>" in answer
    assert "<rsp:Owner>labadmin</rsp:Owner>" in answer
    assert "<rsp:ClientIP>127.0.0.1</rsp:ClientIP>" in answer


def test_answers_name_action_and_request(protocol):
    shell = protocol.open_shell()
    header = protocol.build_wsman_header(f"{envelope.X}/Get", CMD, shell, "7A-b")
    answer = protocol.send_message(xmltodict.unparse({"env:Envelope": {**header, "env:Body": {}}}))

    assert f"<a:Action>{envelope.X}/GetResponse</a:Action>".encode() in answer
    assert b"<a:RelatesTo>uuid:7A-b</a:RelatesTo>" in answer


@pytest.mark.parametrize(
    ("resource", "construct"),
    [
        ("http://schemas.microsoft.com/powershell/Microsoft.PowerShell", "PowerShell Remoting (PSRP)"),
        ("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*", "WMI over WS-Management"),
        ("http://schemas.microsoft.com/wbem/wsman/1/config/service", "changes and parts of winrm/config"),
    ],
)
def test_known_resource_that_is_not_simulated(protocol, host, resource, construct):
    answer = fault(protocol, f"{envelope.X}/Get", resource)

    assert answer.wsman_fault_code == 2150858818
    assert answer.reason.startswith(f"NOT SIMULATED: {construct}")
    assert construct in host.not_simulated.entries()[0]["construct"]


def test_unknown_resource(protocol, host):
    answer = fault(protocol, f"{envelope.X}/Get", "http://example.org/x")

    assert (answer.wsman_fault_code, answer.fault_subcode) == (2150858752, "a:DestinationUnreachable")
    assert host.not_simulated.entries() == []


def test_operation_windows_has_and_we_do_not(protocol, host):
    answer = fault(protocol, f"{envelope.RSP}/Disconnect", CMD, protocol.open_shell())

    assert answer.reason.strip() == "NOT SIMULATED: WS-Management Disconnect on a shell"
    assert host.not_simulated.entries()[0]["where"] == "SRV1"


def test_unknown_action(protocol):
    assert fault(protocol, "http://example.org/Do", CMD).wsman_fault_code == 2150858771


@pytest.mark.parametrize(
    ("action", "body", "says"),
    [
        (f"{envelope.X}/Create", {}, "rsp:Shell is missing"),
        (f"{envelope.RSP}/Command", {}, "rsp:CommandLine is missing"),
        (f"{envelope.RSP}/Command", {"rsp:CommandLine": {}}, "rsp:Command is missing"),
        (f"{envelope.RSP}/Command", {"rsp:CommandLine": {"@CommandId": "x", "rsp:Command": "a"}}, "no GUID"),
        (f"{envelope.RSP}/Send", {}, "rsp:Stream is missing"),
        (f"{envelope.RSP}/Send", {"rsp:Send": {"rsp:Stream": {"@Name": "other"}}}, "not stdin"),
        (f"{envelope.RSP}/Receive", {}, "rsp:DesiredStream is missing"),
        (f"{envelope.RSP}/Signal", {}, "rsp:Signal is missing"),
    ],
)
def test_incomplete_body(protocol, action, body, says):
    answer = fault(protocol, action, CMD, protocol.open_shell(), body)

    assert answer.wsman_fault_code == 2150858817
    assert says in answer.reason


def test_request_that_is_no_xml_is_answered_and_the_connection_lives(protocol):
    with pytest.raises(WSManFaultError) as caught:
        protocol.send_message("<no xml")

    assert caught.value.wsman_fault_code == 2150858817
    assert protocol.open_shell()


def test_receive_without_a_command(protocol):
    body = {"rsp:Receive": {"rsp:DesiredStream": "stdout"}}

    answer = fault(protocol, f"{envelope.RSP}/Receive", CMD, protocol.open_shell(), body)

    assert (answer.wsman_fault_code, answer.fault_subcode) == (87, "w:InvalidParameter")
    assert "winrscmd.dll" in answer.response


def test_shell_is_found_again_under_the_url_of_the_client(protocol):
    answer = ask(protocol, f"{envelope.X}/Create", CMD, body={"rsp:Shell": {"rsp:InputStreams": "stdin"}})

    assert "<a:Address>http://windows-host:5985/wsman</a:Address>" in answer


def test_config_tells_the_limits(protocol):
    answer = ask(protocol, f"{envelope.X}/Get", "http://schemas.microsoft.com/wbem/wsman/1/config")

    assert "<cfg:MaxEnvelopeSizekb>500</cfg:MaxEnvelopeSizekb>" in answer
    assert "<cfg:IdleTimeout>7200000</cfg:IdleTimeout>" in answer
    assert "<cfg:AllowUnencrypted>false</cfg:AllowUnencrypted>" in answer
