from __future__ import annotations

import pytest

from fakes.windows.model.service_config import StartType


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"vss_writters": "System Writer"}, ["unknown change 'vss_writters'", "'vss_writer'"]),
        ({"vss_writer": "Sistem Writer"}, ["unknown vss_writer", "'System Writer'"]),
        ({"vss_writer": "System Writer", "stat": 8}, ["does not take 'stat'", "'state'"]),
        ({"vss_writer": "System Writer", "state": 99}, ["unknown state 99"]),
        (
            {"vss_writer": "System Writer", "state": 8, "last_error": "Non-retriable error"},
            ["'Non-retryable error'"],
        ),
        ({"vss_writer": "BITS Writer", "state": 8}, ["does not live", "BITS does not run"]),
        ({"service": "CrypSvc", "state": "stopped"}, ["unknown service 'CrypSvc'", "'CryptSvc'"]),
        ({"service": "CryptSvc", "state": "stoped"}, ["unknown state", "'stopped'"]),
        ({"service": "CryptSvc", "start": "disable"}, ["unknown start", "'disabled'"]),
        ({"service": "CryptSvc", "account": r".\\nobody"}, ["account name is invalid", "(1057)"]),
        ({"registry": r"HKLN\X", "name": "a", "data": 1}, ["(87)"]),
        (
            {"registry": r"HKLM\X", "name": "a", "type": "REG_WORD", "data": 1},
            ["unknown type", "'REG_QWORD'"],
        ),
        ({"registry": r"HKLM\X", "name": "a", "type": "REG_DWORD", "data": "x"}, ["does not fit"]),
        ({"registry": r"HKLM\X", "name": "a", "delete": True}, ["cannot find the file"]),
        ({"file": r"E:\x", "text": ""}, ["cannot find the path"]),
        ({"event": "System", "source": "x", "id": 1}, ["event needs 'message'"]),
        ({"process": "cryptsvc.exe", "end": True}, ["no process"]),
        ({"user": "labadmim", "enabled": False}, ["'labadmin'"]),
    ],
)
def test_bad_input_is_one_clear_line(host, change, words):
    with pytest.raises(ValueError) as caught:
        host.inject(change)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith("simulated: ")
    for word in words:
        assert word in text


def test_service_changes(host):
    host.inject({"service": "cryptsvc", "state": "stopped", "start": "disabled"})
    service = host.services.get("CryptSvc")
    assert (service.running, service.config.start) == (False, StartType.DISABLED)
    host.inject({"service": "CryptSvc", "start": "delayed-auto", "state": "running"})
    assert host.services.get("CryptSvc").config.delayed
    host.inject({"service": "CryptSvc", "start": "auto"})
    assert not host.services.get("CryptSvc").config.delayed
    host.inject({"service": "nsi", "state": "stopped"})
    assert not host.services.get("Dnscache").running
    assert not host.services.get("nsi").running
    host.inject({"service": "WindowsAzureGuestAgent", "delete": True})
    assert host.services.find("WindowsAzureGuestAgent") is None


def test_registry_and_file_changes(host):
    host.inject({"registry": r"HKLM\SOFTWARE\A", "name": "l", "data": ["x", "y"]})
    assert host.registry.value(r"HKLM\SOFTWARE\A", "l").data == ("x", "y")
    host.inject({"registry": r"HKLM\SOFTWARE\A", "name": "d", "type": "REG_DWORD", "data": "0x10"})
    assert host.registry.get(r"HKLM\SOFTWARE\A", "d") == 16
    host.inject({"registry": r"HKLM\SOFTWARE\A", "delete": True})
    assert not host.registry.exists(r"HKLM\SOFTWARE\A")
    host.inject({"file": r"C:\a\b\c.txt", "text": "t", "version": "1.2.3.4"})
    assert host.files.read(r"C:\a\b\c.txt") == b"t"
    host.inject({"file": r"C:\a", "delete": True})
    assert not host.files.exists(r"C:\a")
