"""Reading and writing SOAP envelopes."""

from __future__ import annotations

import doctest
import xml.etree.ElementTree as ET

import pytest

from fakes.windows.wsman import envelope, faults, shells

HEADER = (
    "<a:Action>act</a:Action><a:MessageID>uuid:1</a:MessageID><w:ResourceURI>uri</w:ResourceURI>"
    "<w:OperationTimeout>PT1M30.5S</w:OperationTimeout><w:MaxEnvelopeSize>153600</w:MaxEnvelopeSize>"
    '<w:OptionSet><w:Option Name="winrs_codepage">437</w:Option></w:OptionSet>'
    '<w:SelectorSet><w:Selector Name="ShellId"> S1 </w:Selector></w:SelectorSet>'
)


def soap(header: str = HEADER, body: str = "<x/>") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{envelope.S}" xmlns:a="{envelope.A}" xmlns:w="{envelope.W}">'
        f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def test_doctests():
    for module in (envelope, shells):
        assert doctest.testmod(module).failed == 0


def test_parse_reads_every_header():
    message = envelope.parse(soap())

    assert (message.action, message.resource, message.message_id) == ("act", "uri", "uuid:1")
    assert message.operation_timeout == 90.5
    assert message.max_envelope_size == 153600
    assert message.options == {"WINRS_CODEPAGE": "437"}
    assert message.selectors == {"ShellId": "S1"}
    assert message.payload.tag == "x"


def test_parse_fills_in_the_defaults_of_winrm():
    message = envelope.parse(soap(header=""))

    assert (message.operation_timeout, message.max_envelope_size) == (60.0, 512_000)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_parse_takes_the_encodings_windows_takes(encoding):
    assert envelope.parse(soap().decode().encode(encoding)).action == "act"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"\xff\xfe\xff",
        b"\x80\x81",
        b"<s:Envelope/>",
        b"<Envelope><Body/></Envelope>",
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + soap(),
        soap(body="<x>" * 40 + "</x>" * 40),
        soap(header="<w:OperationTimeout>20</w:OperationTimeout>"),
        soap(header="<w:OperationTimeout>PT</w:OperationTimeout>"),
    ],
)
def test_parse_refuses_what_is_no_envelope(data):
    with pytest.raises(envelope.MalformedEnvelope):
        envelope.parse(data)


def test_fault_has_code_subcode_number_and_machine():
    fault = faults.shell_not_found("<ID>").to_envelope("uuid:7", 'SRV"1')

    root = ET.fromstring(fault)

    text = ET.tostring(root, encoding="unicode")
    assert root.findtext(f".//{{{envelope.A}}}RelatesTo") == "uuid:7"
    assert root.findtext(f".//{{{envelope.S}}}Code/{{{envelope.S}}}Value") == "s:Sender"
    assert root.findtext(f".//{{{envelope.S}}}Subcode/{{{envelope.S}}}Value") == "w:InvalidSelectors"
    inner = root.find(".//{http://schemas.microsoft.com/wbem/wsman/1/wsmanfault}WSManFault")
    assert (inner.get("Code"), inner.get("Machine")) == ("2150858843", 'SRV"1')
    assert "ShellId &lt;ID&gt; failed" in text
